import { expect, test } from "@jest/globals";
import { formatDisagreement, runSeed } from "./differential.js";
import { encodeModule } from "./encode.js";
import type { Engine } from "./engine.js";
import { generateCase } from "./generate-module.js";
import { moduleText } from "./module-text.js";
import { v8Engine } from "./v8-engine.js";

/** V8 with one operator in the place of another, wherever its opcode stands between two of the function's own. */
function engineWithWrong(from: number, to: number): Engine {
  return {
    ...v8Engine,
    name: "wrong",
    instantiate: (module, imports) => v8Engine.instantiate(swapOperator(module, from, to), imports),
  };
}

/** Swaps where the module stays valid and the byte follows a `local.get`, so that it is an operator. */
function swapOperator(module: Uint8Array, from: number, to: number): Uint8Array {
  const changed = module.slice();
  for (let at = 2; at < changed.length; at++) {
    if (changed[at] === from && changed[at - 2] === 0x20) changed[at] = to;
  }
  return changed;
}

test("an engine that gets one operator wrong is found out, by a small module that reruns by its seed", async () => {
  const wrong = engineWithWrong(0x6b, 0x6a); // i32.sub as i32.add
  for (let seed = 0; seed < 300; seed++) {
    const found = await runSeed(v8Engine, wrong, seed, 2000);
    if (!found) continue;
    expect(found.difference).toMatch(/^expected .*\n {5}got /);
    expect(found.reproduction).toContain("i32.sub");
    expect(found.reproduction.length).toBeLessThan(
      (await moduleText(encodeModule(generateCase(seed).module))).length / 3,
    );
    expect(formatDisagreement(found)).toContain(`npm run test:differential -- --seed ${seed} --engine wrong`);
    return;
  }
  throw new Error("300 modules did not tell i32.sub from i32.add");
}, 60_000);

test("the same engine agrees with itself", async () => {
  for (let seed = 0; seed < 20; seed++) expect(await runSeed(v8Engine, v8Engine, seed)).toBeUndefined();
});

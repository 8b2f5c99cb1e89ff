import { readdirSync, readFileSync } from "node:fs";
import { MANGLED } from "../wasi/names.js";

/** Names that the ports declare as an interpreter's own: members of natives, and options that natives take. */
function nativeNames(): Set<string> {
  const names = new Set<string>();
  for (const port of ["espruino", "ecmascript", "sandbox"]) {
    const folder = new URL(`../../hal/ports/${port}/`, import.meta.url);
    for (const file of readdirSync(folder)) {
      if (!file.endsWith(".ts") || file.endsWith(".spec.ts")) continue;
      const text = readFileSync(new URL(file, folder), "utf8");
      const declarations =
        file === "natives.ts"
          ? [text]
          : [...text.matchAll(/^declare [^]*?;$|^export interface RistrettoStreams [^]*?^\}$/gm)].map(
              ([declaration]) => declaration,
            );
      for (const declaration of declarations)
        for (const [, name] of declaration.matchAll(/(?:^|[{;]|readonly)\s*(\w+)\??[:(]/gm)) names.add(name);
    }
  }
  return names;
}

test("no name that is shortened belongs to an interpreter", () => {
  const natives = nativeNames();
  for (const known of ["memory", "edge", "flash_code_start", "writeTo", "listen"]) expect(natives).toContain(known);
  expect(MANGLED.filter((name) => natives.has(name))).toEqual([]);
});

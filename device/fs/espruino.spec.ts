import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { rollup } from "rollup";
import { minify } from "terser";
import ts from "typescript";
import { crc32 } from "./testing/crc32.js";
import { PROGRAM } from "./testing/espruino-program.js";

const ESPRUINO = process.env.ESPRUINO;
const room = fileURLToPath(new URL(".", import.meta.url));

/** The room as one ES5 script that defines F, the way that an image bundles it. */
async function bundle(): Promise<string> {
  const built = await rollup({
    input: join(room, "mount.ts"),
    plugins: [
      {
        name: "es5",
        resolveId: (id, importer) =>
          importer && id.startsWith(".") ? join(importer, "..", id.replace(/\.js$/, ".ts")) : null,
        transform: (code, id) =>
          ts.transpileModule(code, {
            fileName: id,
            compilerOptions: { target: ts.ScriptTarget.ES5, module: ts.ModuleKind.ESNext },
          }).outputText,
      },
    ],
  });
  const { output } = await built.generate({ format: "iife", name: "F" });
  const minified = await minify(output[0].code, { compress: { passes: 3 }, mangle: true, ecma: 5 });
  return minified.code ?? "";
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => /^=/.test(line));
}

describe("the bundled file system", () => {
  test("prints the same on a real Espruino as on Node", async () => {
    const script = await bundle();
    const onNode: string[] = [];
    runInNewContext(script + PROGRAM, { CRC: crc32, SAY: (line: string) => onNode.push("=" + line), Uint8Array });
    expect(onNode).toHaveLength(66);
    // Blocks were collected and used again.
    expect(onNode[onNode.length - 1]).toMatch(/^=flash [1-9]/);
    if (!ESPRUINO) {
      console.log("ESPRUINO is not set: not compared with a real interpreter");
      return;
    }
    const folder = mkdtempSync(join(tmpdir(), "ristretto-"));
    try {
      const file = join(folder, "fs.js");
      writeFileSync(
        file,
        script + '\nfunction CRC(b) { return E.CRC32(b); }\nfunction SAY(s) { print("=" + s); }\n' + PROGRAM,
      );
      const answer = execFileSync(ESPRUINO, [file], { input: "", timeout: 60000 }).toString();
      expect(linesOf(answer)).toEqual(onNode);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 90000);
});

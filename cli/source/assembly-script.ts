import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { Failure } from "../failure.js";
import { optionalPackage } from "./optional-package.js";
import type { Program } from "./program.js";

/** Small code, and memory that is never collected unless the program asks for a collector. */
const defaultFlags = ["--optimizeLevel", "2", "--shrinkLevel", "2", "--runtime", "stub", "--debug"];

/**
 * Compiles AssemblyScript with the WASI shim, by the compiler that npm brings. `import … from
 * "bindings/wasi_snapshot_preview1"` reaches the shim's declarations of every WASI call.
 * @param flags given to asc after the defaults, so they win: `--runtime minimal`
 * @throws Failure with the compiler's own messages
 */
export async function compileAssemblyScript(path: string, flags: readonly string[]): Promise<Program> {
  const packages = "assemblyscript @assemblyscript/wasi-shim";
  const asc = await optionalPackage(packages, "compiling AssemblyScript", () => import("assemblyscript/asc"));
  const shim = await optionalPackage(packages, "compiling AssemblyScript", async () => shimFolder());
  let wasm: Uint8Array | undefined;
  const stdout = asc.createMemoryStream();
  const stderr = asc.createMemoryStream();
  const { error } = await asc.main(
    [path, "--config", join(shim, "asconfig.json"), ...defaultFlags, ...flags, "--outFile", "program.wasm"],
    {
      // The compiler's own joins the folder to the working directory even when it is absolute, as the shim's is.
      listFiles: async (folder, base) =>
        (await readdir(resolve(base, folder))).filter((name) => /(?<!\.d)\.ts$/.test(name)),
      stdout,
      stderr,
      writeFile: (name, contents) => {
        if (name === "program.wasm") wasm = new Uint8Array(contents as Uint8Array);
      },
    },
  );
  if (error || !wasm)
    throw new Failure(`${path}: does not compile`, { detail: stderr.toString().trimEnd() || error?.message });
  return { wasm, warnings: stderr.toString() };
}

function shimFolder(): string {
  const require = createRequire(import.meta.url);
  try {
    return dirname(require.resolve("@assemblyscript/wasi-shim/package.json"));
  } catch (error) {
    throw Object.assign(error as Error, { code: "ERR_MODULE_NOT_FOUND" });
  }
}

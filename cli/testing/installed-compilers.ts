/**
 * Compilers to WebAssembly that may be installed on a machine, for tests that run the command lines which documents show.
 * A test whose compiler is missing says so and is skipped.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** A compiler that is here. */
export interface Compiler {
  readonly path: string;
  /** As it tells it, with the target where that has several names. */
  readonly version: string;
  /** Words of the documents' command line that this version spells differently. */
  readonly spelling: Readonly<Record<string, string>>;
}

/** What is missing, in words. */
export interface Missing {
  readonly missing: string;
}

/** The first rustc of the PATH that has the standard library for WASI, whichever of its two names the target has. */
export function findRustc(): Compiler | Missing {
  for (const path of everyOnPath("rustc")) {
    for (const target of ["wasm32-wasip1", "wasm32-wasi"]) {
      const library = ask(path, ["--print", "target-libdir", "--target", target]);
      if (library === undefined || !existsSync(library)) continue;
      return {
        path,
        version: `${ask(path, ["--version"])}, ${target}`,
        spelling: { "wasm32-wasip1": target },
      };
    }
  }
  return { missing: "no rustc with a standard library for wasm32-wasip1 or wasm32-wasi on the PATH" };
}

/** The first zig of the PATH. */
export function findZig(): Compiler | Missing {
  for (const path of everyOnPath("zig")) {
    const version = ask(path, ["version"]);
    if (version !== undefined) return { path, version: `zig ${version}`, spelling: {} };
  }
  return { missing: "no zig on the PATH" };
}

/** The system's clang or clang++, when it finds a library for WASI, as Debian's packages bring it. */
export function findSystemClang(driver: "clang" | "clang++"): Compiler | Missing {
  const language = driver === "clang" ? "c" : "c++";
  const header = driver === "clang" ? "stdio.h" : "string";
  for (const path of everyOnPath(driver)) {
    const args = ["--target=wasm32-wasi", "-x", language, "-", "-o", "/dev/null"];
    if (driver === "clang++") args.push("-stdlib=libc++", "-fno-exceptions");
    const tried = spawnSync(path, args, { input: `#include <${header}>\nint main() { return 0; }\n` });
    if (tried.status === 0) return { path, version: (ask(path, ["--version"]) ?? driver).split("\n")[0], spelling: {} };
  }
  return { missing: `no ${driver} on the PATH that compiles and links for wasm32-wasi` };
}

/**
 * A command line out of a document: the one that begins with a program's name.
 * @param ending a part that tells it from others
 * @returns its arguments
 * @throws Error when there is none
 */
export function documentedArguments(document: string, program: string, ending = ""): string[] {
  const lines = document.replace(/\\\n/g, " ").split("\n");
  const line = lines.find((line) => line.startsWith(`${program} `) && line.includes(ending));
  if (line === undefined) throw new Error(`no line in the document begins with "${program} "`);
  return line.split("#")[0].trim().split(/\s+/).slice(1);
}

function everyOnPath(program: string): string[] {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, program))
    .filter((path) => existsSync(path));
}

/** What a program prints, without the spaces around it; undefined when it fails. */
function ask(path: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(path, args, { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

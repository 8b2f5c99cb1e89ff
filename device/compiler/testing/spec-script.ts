import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import type { ValueType } from "../decode/module.js";

/** A value in a script: its bits in decimal, `null`, a reference's number, or a NaN pattern. */
export interface ScriptValue {
  readonly type: ValueType;
  readonly value?: string;
}

/** What a command does: calls an exported function, or reads an exported global. */
export interface ScriptAction {
  readonly type: "invoke" | "get";
  /** Name of the instance; without it, the latest one. */
  readonly module?: string;
  readonly field: string;
  readonly args?: readonly ScriptValue[];
}

/** A command as `wast2json` writes it; which fields there are depends on the type. */
export interface ScriptCommand {
  readonly type: string;
  readonly line: number;
  readonly name?: string;
  readonly as?: string;
  readonly filename?: string;
  readonly text?: string;
  readonly module_type?: "binary" | "text";
  readonly action?: ScriptAction;
  readonly expected?: readonly ScriptValue[];
}

/** One file of the WebAssembly test suite, with its modules as bytes. */
export interface SpecScript {
  /** Without folder and extension. */
  readonly name: string;
  readonly commands: readonly ScriptCommand[];
  /** The module that a command names. */
  module(filename: string): Uint8Array;
}

/** The scripts, or why there are none. */
export type SpecScripts = { readonly scripts: readonly SpecScript[] } | { readonly skipped: string };

/** Where the scripts lie: `SPEC=<folder>`, or `../shared/spec` beside the project, which is the working directory. */
export function specFolder(): string {
  return process.env.SPEC ?? resolve("../shared/spec");
}

/**
 * Converts every `.wast` of a folder with wabt's `wast2json`, in a temporary folder that is removed again.
 * @param only names of files to read, without extension; empty for all
 * @throws Error when a script can't be converted
 */
export function readSpecScripts(folder: string, only: readonly string[] = []): SpecScripts {
  if (!existsSync(folder))
    return { skipped: `no folder ${folder}: set SPEC to where the test suite's .wast files are` };
  try {
    execFileSync("wast2json", ["--version"], { stdio: "ignore" });
  } catch {
    return { skipped: "no wast2json: install Debian's wabt" };
  }
  const target = mkdtempSync(join(tmpdir(), "ristretto-spec-"));
  try {
    const files = readdirSync(folder).filter((file) => file.endsWith(".wast"));
    const names = files.map((file) => basename(file, ".wast")).filter((name) => !only.length || only.includes(name));
    return { scripts: names.sort().map((name) => convert(folder, target, name)) };
  } finally {
    rmSync(target, { recursive: true });
  }
}

function convert(folder: string, target: string, name: string): SpecScript {
  const output = join(target, name);
  mkdirSync(output);
  execFileSync("wast2json", [join(folder, `${name}.wast`), "-o", join(output, "script.json")], { stdio: "pipe" });
  const { commands } = JSON.parse(readFileSync(join(output, "script.json"), "utf8")) as { commands: ScriptCommand[] };
  const modules = new Map<string, Uint8Array>();
  for (const file of readdirSync(output)) {
    if (file.endsWith(".wasm")) modules.set(file, new Uint8Array(readFileSync(join(output, file))));
  }
  const module = (filename: string) => {
    const bytes = modules.get(filename);
    if (!bytes) throw new Error(`${name}: no module ${filename}`);
    return bytes;
  };
  return { name, commands, module };
}

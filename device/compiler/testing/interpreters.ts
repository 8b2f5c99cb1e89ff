import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getQuickJS } from "quickjs-emscripten";

/** A JavaScript interpreter of the class that runs on boards; scripts print by `print(text)`. */
export interface Interpreter {
  readonly name: string;
  /**
   * Runs a script in a fresh heap.
   * @returns what it printed
   * @throws Error when the script fails or takes too long
   */
  run(script: string): Promise<string>;
}

/** Wall clock in seconds, whatever the interpreter has for it. */
export const NOW = 'var now=typeof getTime=="function"?getTime:function(){return Date.now()/1000};';

const TIME_LIMIT = 120_000;

/** The interpreter, or in words why it isn't here. */
export type Found = { readonly interpreter: Interpreter } | { readonly skipped: string };

/** The real Espruino, built for the host: `ESPRUINO=<path of the binary>`. */
export function findEspruino(): Found {
  const path = process.env.ESPRUINO;
  if (!path) return { skipped: "Espruino: set ESPRUINO to an interpreter built for this machine" };
  if (!existsSync(path)) return { skipped: `Espruino: ESPRUINO names ${path}, which isn't there` };
  // Its own event loop would wait for more, so the script ends it.
  return { interpreter: fromCommand("Espruino", path, (script) => `${script}\nquit();`) };
}

/** Duktape as Debian packs it. */
export function findDuktape(): Found {
  const { error } = spawnSync("duk", [], { input: "" });
  if (error) return { skipped: "Duktape: no duk in PATH (Debian: duktape)" };
  return { interpreter: fromCommand("Duktape", "duk", (script) => script) };
}

function fromCommand(name: string, command: string, wrap: (script: string) => string): Interpreter {
  return {
    name,
    run(script) {
      const folder = mkdtempSync(join(tmpdir(), "ristretto-script-"));
      try {
        const file = join(folder, "script.js");
        writeFileSync(file, wrap(script), "latin1");
        const options = { encoding: "utf8", timeout: TIME_LIMIT, maxBuffer: 1 << 28 } as const;
        return Promise.resolve(execFileSync(command, [file], options));
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  };
}

/** QuickJS from npm, compiled to WebAssembly. */
export const quickJs: Interpreter = {
  name: "QuickJS",
  async run(script) {
    const context = (await getQuickJS()).newContext();
    const printed: string[] = [];
    try {
      context.runtime.setMemoryLimit(64 << 20);
      context
        .newFunction("print", (text) => void printed.push(`${context.getString(text)}\n`))
        .consume((print) => context.setProp(context.global, "print", print));
      const result = context.evalCode(script);
      if (result.error) {
        const error = context.dump(result.error) as { name?: string; message?: string };
        result.error.dispose();
        throw new Error(`QuickJS: ${error.name}: ${error.message}`);
      }
      result.value.dispose();
      return printed.join("");
    } finally {
      context.dispose();
    }
  },
};

import type { Module } from "../compiler/decode/module.js";
import { CALLS, MODULE } from "../wasi/calls.js";
import { signature } from "./signature.js";

/** Something that `check` tells. A problem refuses the program, a warning doesn't. */
export interface Finding {
  readonly severity: "problem" | "warning";
  /** What is wrong, and where. */
  readonly message: string;
  /** What to write or do instead. */
  readonly mend: string;
}

/** The calls that only answer `notsup`: there is no network on the board. */
const withoutEffect = /^(sock_|path_(sym)?link$|path_readlink$|proc_raise$)/;

/** Whether everything that a module imports is there, with the type that it expects. */
export function checkImports(module: Module): Finding[] {
  const findings: Finding[] = [];
  const problem = (message: string, mend: string): void => {
    findings.push({ severity: "problem", message, mend });
  };
  for (const declared of module.functions) {
    if (!declared.import) continue;
    const { module: from, name } = declared.import;
    if (from !== MODULE) {
      problem(`imports ${from}.${name}, which nothing on the board provides`, mendOf(from, name));
      continue;
    }
    const call = Object.hasOwn(CALLS, name) ? CALLS[name] : undefined;
    if (!call) problem(`imports ${from}.${name}, which is no call of WASI preview 1`, "check the toolchain's version");
    else if (signature(declared.type) !== signature({ params: call.parameters, results: call.results }))
      problem(
        `imports ${name} as ${signature(declared.type)}, but it is ${signature({ params: call.parameters, results: call.results })}`,
        "its bindings are of another version of WASI",
      );
    else if (withoutEffect.test(name))
      findings.push({
        severity: "warning",
        message: `imports ${name}, which answers notsup on a board`,
        mend: "the program must be able to go on without it",
      });
  }
  const imported: [string, { import?: { module: string; name: string } } | undefined][] = [
    ["memory", module.memory],
    ...module.tables.map((table): [string, typeof table] => ["table", table]),
    ...module.globals.map((global): [string, typeof global] => ["global", global]),
  ];
  for (const [kind, declared] of imported)
    if (declared?.import)
      problem(
        `imports its ${kind} (${declared.import.module}.${declared.import.name})`,
        kind === "memory" ? "link without --import-memory" : "link it as a program, not as a shared library",
      );
  return findings;
}

function mendOf(from: string, name: string): string {
  if (from === "wasi_unstable") return "it was compiled for WASI's snapshot 0: compile it for wasm32-wasip1";
  if (/^(cm32p2\|)?wasi:/.test(from)) return "use preview 1, and peripherals as files under /dev: docs/manifest.md";
  if (from === "env" && name === "abort") return "AssemblyScript: compile with @assemblyscript/wasi-shim";
  if (from === "env") return "a symbol that the linker didn't find: define it, and link without --allow-undefined";
  if (/^__wbindgen|^wbg$/.test(from)) return "it was built for browsers (wasm-bindgen): compile it for wasm32-wasip1";
  return "only wasi_snapshot_preview1 can be imported";
}

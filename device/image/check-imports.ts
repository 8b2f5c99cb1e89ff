import type { Module } from "../compiler/decode/module.js";
import { CALLS, MODULE } from "../wasi/calls.js";
import { ALLOCATORS, proposalCall, proposalCalls } from "./proposal-calls.js";
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
    const proposed = proposalCall(from, name);
    if (proposed) {
      const expected = signature({ params: proposed.parameters, results: proposed.results });
      if (signature(declared.type) !== expected)
        problem(
          `imports ${from}.${name} as ${signature(declared.type)}, but it is ${expected}`,
          "its bindings are of another version of the proposal",
        );
      continue;
    }
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
  const imports = module.functions.flatMap(({ import: from }) => from ?? []);
  if (proposalCalls(imports).some(({ allocates }) => allocates) && !hasAllocator(module))
    problem(
      `exports no ${ALLOCATORS.join(" or ")} of (i32 i32 i32 i32) -> (i32), which gives results of its imports room`,
      "bindings by wit-bindgen bring one; by hand: void *cabi_realloc(void *old, size_t old_size, size_t align, size_t size)",
    );
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

function hasAllocator(module: Module): boolean {
  return module.exports.some(
    ({ name, kind, index }) =>
      ALLOCATORS.includes(name) &&
      kind === "function" &&
      signature(module.functions[index].type) === "(i32 i32 i32 i32) -> (i32)",
  );
}

function mendOf(from: string, name: string): string {
  if (from === "wasi_unstable") return "it was compiled for WASI's snapshot 0: compile it for wasm32-wasip1";
  if (/^(cm32p2\|)?wasi:/.test(from))
    return "see docs/wasi.md for what of the proposals there is; else preview 1, and peripherals as files under /dev";
  if (from === "env" && name === "abort") return "AssemblyScript: compile with @assemblyscript/wasi-shim";
  if (from === "env") return "a symbol that the linker didn't find: define it, and link without --allow-undefined";
  if (/^__wbindgen|^wbg$/.test(from)) return "it was built for browsers (wasm-bindgen): compile it for wasm32-wasip1";
  return "only wasi_snapshot_preview1 can be imported";
}

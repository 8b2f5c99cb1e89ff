import { ModuleError } from "./errors.js";

/** What the host's WebAssembly is to the compiler: the judge of whether a module is valid. */
interface HostWebAssembly {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
}

/**
 * Lets V8 judge whether a module is valid; it also says why, and where.
 * @throws ModuleError when it isn't
 */
export function validate(wasm: Uint8Array): void {
  const { WebAssembly } = globalThis as unknown as { WebAssembly: HostWebAssembly };
  if (WebAssembly.validate(wasm)) return;
  let reason = "the module is not valid";
  try {
    new WebAssembly.Module(wasm);
  } catch (error) {
    reason = error instanceof Error ? error.message.replace(/^WebAssembly\.Module\(\): /, "") : String(error);
  }
  const offset = /@\+(\d+)\s*$/.exec(reason);
  throw new ModuleError(
    reason.replace(/\s*@\+\d+\s*$/, "").replace(/^Compiling function (#\d+(?::"[^"]*")?) failed: /, "function $1: "),
    offset ? Number(offset[1]) : undefined,
  );
}

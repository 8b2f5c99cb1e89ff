import { basename } from "node:path";
import { Failure } from "../failure.js";
import type { Program } from "./program.js";

/**
 * Text to binary, by wabt; names of functions are kept for traces.
 * @throws Failure with wabt's own message, which names line and column
 */
export async function compileWat(path: string, text: string): Promise<Program> {
  const { default: initialize } = await import("wabt");
  const wabt = await initialize();
  const features = {
    mutable_globals: true,
    sat_float_to_int: true,
    sign_extension: true,
    multi_value: true,
    bulk_memory: true,
    reference_types: true,
  };
  let parsed;
  try {
    parsed = wabt.parseWat(basename(path), text, features);
    parsed.resolveNames();
    parsed.validate();
    return { wasm: parsed.toBinary({ write_debug_names: true }).buffer, warnings: "" };
  } catch (error) {
    const detail = (error as Error).message.replace(/^(parseWat|validate) failed:\n/, "").trimEnd();
    throw new Failure(`${path}: does not assemble`, { detail });
  } finally {
    parsed?.destroy();
  }
}

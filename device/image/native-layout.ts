import { decodeFunction } from "../compiler/decode/function.js";
import { decodeModule } from "../compiler/decode/module.js";
import { callGraph } from "../compiler/ir/call-graph.js";
import type { ThumbCompilation } from "../compiler/thumb/compilation.js";
import type { NativeLayout } from "../engine/native.js";

/** Stack for functions that call themselves, by whatever way: only those are checked for the stack's end. */
const RECURSION_BYTES = 2048;

/**
 * What lies where in a native guest's piece of RAM.
 * @param nested whether it is called from within calls of its own, on the same stack
 */
export function nativeLayout(
  wasm: Uint8Array,
  compilation: ThumbCompilation,
  memory: number,
  nested: boolean,
): NativeLayout {
  const reserve = Math.ceil(compilation.stackReserveBytes / 8) * (nested ? 16 : 8);
  return {
    stack: reserve + (recurses(wasm) ? RECURSION_BYTES : 8),
    reserve,
    writeBuffer: compilation.writeBufferBytes,
    memoryOffset: compilation.memoryOffset,
    memory,
  };
}

function recurses(wasm: Uint8Array): boolean {
  const module = decodeModule(wasm);
  const never = { direct: () => false, indirect: () => false };
  const functions = module.functions.flatMap(({ body }, index) => (body ? [decodeFunction(module, index, never)] : []));
  return callGraph(module, functions).recursive.size > 0;
}

import type { ThumbCompilation, ThumbFunction } from "./compilation.js";

/** A place in the blob that the stack of a guest that trapped tells of: the trap itself first, then words that may be return addresses. */
export interface StackPlace {
  /** Bytes from the blob's start. */
  readonly offset: number;
  /** How far below the top of the guest's stack the word lies, in bytes; of the first place, the stack pointer. */
  readonly depth: number;
}

/**
 * Names of the module's functions that were being run, innermost first. Of the words on the stack only those count that
 * point behind a call and lie where the function that was called keeps its return address; where that isn't known,
 * the next one that points behind a call.
 */
export function stackTrace({ code, functions }: ThumbCompilation, places: readonly StackPlace[]): string[] {
  const at = (offset: number) => functions.find((each) => offset >= each.offset && offset < each.offset + each.bytes);
  const [trap, ...words] = places;
  if (!trap) return [];
  const returns = words.filter(({ offset }) => followsCall(code, offset));
  const names: string[] = [];
  let current = at(trap.offset);
  let stackPointer = trap.depth;
  while (current) {
    // What leads to an import is no function of the module's.
    if (current.wasmBytes !== undefined) names.push(current.name);
    const found = returnOf(current, stackPointer, returns);
    if (!found) break;
    // The return address is popped; one that was only in the link register lies at the stack pointer itself.
    stackPointer = found.depth === stackPointer && !current.frameBytes ? stackPointer : found.depth - 4;
    returns.splice(0, returns.indexOf(found) + 1);
    current = at(found.offset - 2);
  }
  return names;
}

function returnOf(
  { frameBytes }: ThumbFunction,
  stackPointer: number,
  returns: readonly StackPlace[],
): StackPlace | undefined {
  const above = returns.filter(({ depth }) => depth <= stackPointer);
  const wanted = frameBytes ? stackPointer - frameBytes + 4 : stackPointer;
  return above.find(({ depth }) => depth === wanted) ?? above[0];
}

/** Whether a `bl` or `blx` stands in front of an offset (ARM DDI 0419, A6.7.13 and A6.7.14). */
function followsCall(code: Uint8Array, offset: number): boolean {
  const half = (at: number) => (at < 0 ? 0 : code[at] | (code[at + 1] << 8));
  if (offset % 2 !== 0 || offset > code.length) return false;
  return (
    (half(offset - 2) & 0xff87) === 0x4780 ||
    ((half(offset - 4) & 0xf800) === 0xf000 && (half(offset - 2) & 0xd000) === 0xd000)
  );
}

import type { Module } from "../decode/module.js";
import { allocatorOf, type Allocator } from "./allocator.js";

/** One part of linear memory, and how it was found. */
export interface MemoryPart {
  readonly name: "data" | "stack" | "heap" | "all";
  readonly bytes: number;
  /** For a person: what in the module tells. */
  readonly found: string;
}

/** How many bytes of linear memory a module needs. */
export interface MemoryPlan {
  /** A multiple of 16. */
  readonly arenaBytes: number;
  /** In order of address. */
  readonly parts: readonly MemoryPart[];
}

const PAGE = 65536;

/**
 * Sizes the arena by the byte: what the module's data, stack and heap take, instead of whole pages of 64 KiB.
 *
 * Linkers lay memory out in one of two ways: data from 1024 on with the stack above it, or the stack from 0 with the
 * data above it; the heap is last in both. The stack pointer is the first mutable i32 global, and starts at the stack's
 * top. Where the data ends is told by `__heap_base` or `__data_end` if they are exported, in the first layout also by
 * the stack above it. Where nothing tells, all of the pages that the module asks for are backed.
 * @param heapBytes what an allocator is to get, if the module has one
 */
export function planMemory(module: Module, heapBytes: number): MemoryPlan {
  if (!module.memory) return { arenaBytes: 0, parts: [] };
  const declared = module.memory.minimum * PAGE;
  const stackTop = stackPointer(module, declared);
  const data = extentOfData(module);
  const base = exportedAddress(module, "__heap_base") ?? exportedAddress(module, "__data_end");
  const allocator = allocatorOf(module);
  if (stackTop === undefined && base === undefined) {
    // Without a stack pointer only constants and the segments address memory, unless the module computes addresses.
    return whole(declared, "no stack pointer and no __heap_base: give --memory if it needs less");
  }
  if (base === undefined && data.end === 0) {
    // Variables that start as zero have no segment: they may well lie above the stack.
    return whole(declared, "no data tells where the stack lies, and no __heap_base: link with --export=__heap_base");
  }
  const stackFirst = stackTop !== undefined && data.start >= stackTop;
  if (stackFirst && base === undefined) {
    return whole(declared, "the stack comes first, and __heap_base isn't exported: link with --export=__heap_base");
  }
  const end = Math.max(base ?? 0, stackTop ?? 0, data.end);
  const parts: MemoryPart[] = [];
  const top = stackTop ?? 0;
  const stack: MemoryPart = { name: "stack", bytes: stackFirst ? top : Math.max(0, top - data.end), found: "global 0" };
  const rest: MemoryPart = {
    name: "data",
    bytes: end - stack.bytes,
    found: base === undefined ? "below the stack" : "__heap_base",
  };
  parts.push(...(stackFirst ? [stack, rest] : [rest, stack]));
  if (!allocator) return { arenaBytes: align(end), parts };
  const heap = heapBytes;
  parts.push({ name: "heap", bytes: align(end + heap) - end, found: FOUND[allocator] });
  return { arenaBytes: align(end + heap), parts };
}

const FOUND: Readonly<Record<Allocator, string>> = {
  "memory.size": "an allocator asks memory.size",
  __heap_end: "an allocator knows __heap_end",
};

function whole(declared: number, found: string): MemoryPlan {
  return { arenaBytes: declared, parts: [{ name: "all", bytes: declared, found }] };
}

function align(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}

function stackPointer(module: Module, declared: number): number | undefined {
  const first = module.globals.find(({ mutable, type }) => mutable && type === "i32");
  if (first?.initial?.kind !== "i32") return undefined;
  const { value } = first.initial;
  return value > 0 && value <= declared && value % 16 === 0 ? value : undefined;
}

function exportedAddress(module: Module, name: string): number | undefined {
  const found = module.exports.find((entry) => entry.kind === "global" && entry.name === name);
  const initial = found && module.globals[found.index].initial;
  return initial?.kind === "i32" ? initial.value : undefined;
}

/** Where the active segments begin and end; both 0 without any. */
function extentOfData(module: Module): { readonly start: number; readonly end: number } {
  let start = Infinity;
  let end = 0;
  for (const { mode, offset, bytes } of module.data) {
    if (mode !== "active" || offset?.kind !== "i32" || bytes.length === 0) continue;
    start = Math.min(start, offset.value);
    end = Math.max(end, offset.value + bytes.length);
  }
  return { start: start === Infinity ? 0 : start, end };
}

import type { FunctionType, Import } from "../decode/module.js";

/** A module as ARMv6-M code, with all that an image, an engine and a person who debugs need to know of it. */
export interface ThumbCompilation {
  /** The blob: entered at offset 0, 4-aligned, its length a multiple of 4. */
  readonly code: Uint8Array;
  /** Imported functions by the number that `entry` returns, less one. */
  readonly imports: readonly ThumbImport[];
  /** Names of the exported functions that can be started; a name's index goes into word 6 of the context. */
  readonly exports: readonly string[];
  /** What lies between words 48 and linear memory before the first entry: tables, lengths of segments, globals. */
  readonly image: Uint8Array;
  /** Bytes from the context to linear memory, a multiple of 8. */
  readonly memoryOffset: number;
  /** Active data segments, in order: what memory holds before the first entry where it isn't zero. */
  readonly data: readonly { readonly offset: number; readonly bytes: Uint8Array }[];
  /** Functions and runtime routines in the order of their addresses. */
  readonly functions: readonly ThumbFunction[];
  /** Where the guest's state is in the context, by index: for tests, and for who looks at a guest that stopped. */
  readonly layout: ThumbLayout;
  /** Bytes of the guest's stack that are reserved beneath the limit of word 3, for what isn't checked. */
  readonly stackReserveBytes: number;
  /** Bytes that the engine must leave in front of the context for what is written and not yet handed over; 0 for none. */
  readonly writeBufferBytes: number;
}

/** Places as bytes from the context. */
export interface ThumbLayout {
  /** Of each global; i64 and f64 low word first. */
  readonly globals: readonly number[];
  /** Of each table: its entries, and the word that holds its size where it can grow. */
  readonly tables: readonly { readonly at: number; readonly capacity: number; readonly sizeAt?: number }[];
}

/** An imported function, with its type. */
export interface ThumbImport extends Import {
  readonly type: FunctionType;
}

/** A function of the module, or a routine of the runtime, in the blob. */
export interface ThumbFunction {
  /** From the name section, the export's, or `func[12]`; a routine's own name. */
  readonly name: string;
  /** Where it begins and how long it is, literal pools included. */
  readonly offset: number;
  readonly bytes: number;
  /** Index in the module; undefined for a routine. */
  readonly index?: number;
  /** Bytes of stack from its return address (included, or would be) to the stack pointer in its body; 0 for a leaf without a frame. */
  readonly frameBytes?: number;
  /** Bytes of its body in the module; undefined for a routine, or what leads to an import. */
  readonly wasmBytes?: number;
}

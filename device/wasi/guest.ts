import type { Clock, RandomSource } from "../../hal/contract/index.js";
import type { FileSystem } from "../fs/file-system.js";

/**
 * A running wasm program as the WASI calls see it. An engine makes one and fills in what the calls that the
 * module imports will need; what isn't imported isn't shipped, so most fields are set only on demand.
 *
 * Every call is a plain function `(guest, …arguments) => errno`. An i64 argument arrives as two int32, low word
 * first; pointers and lengths are int32 and may be anything at all: a call answers `fault` rather than touch
 * a byte outside `memory`.
 */
export interface Guest {
  /** Linear memory, as long as the arena and below 2 GiB. An engine replaces it when memory grows, so never keep it. */
  memory: Uint8Array;
  /** File descriptors by number; holes are undefined. */
  descriptors: (Descriptor | undefined)[];
  /** Arguments, the program's name first, as UTF-8 bytes one char each. */
  args: string[];
  /** `NAME=value`, as UTF-8 bytes one char each. */
  environ: string[];
  clock: Clock;
  random: RandomSource;
  /**
   * Suspends the guest. A call that can't finish yet returns what this returns, at once.
   * The engine gives the event loop back and returns to the guest with the errno that `done` got.
   * @param begin starts the waiting; returns how to give it up, for when the guest is stopped meanwhile. `done` is called
   * from the event loop, once, and never from within `begin`, while the guest hasn't been left yet
   */
  wait(begin: (done: (errno: number) => void) => () => void): number;
}

/**
 * An open file, directory, console stream or peripheral. A method that is missing means that the kind can't do it;
 * a descriptor with the right `fd_read` (or `fd_write`) has `read` (or `write`), one with `fd_seek` takes a `position`.
 * Methods return a non-negative count, or a negated WASI errno, and never throw.
 */
export interface Descriptor {
  /** WASI preview 1 `filetype`. */
  readonly kind: number;
  /** WASI preview 1 `fdflags`. */
  flags: number;
  /** WASI preview 1 `rights`, base and inheriting; bits 0-29 are all that preview 1 defines. */
  rights: number;
  inheriting: number;
  /** Set on preopened directories and devices: the guest's name for it, UTF-8 bytes one char each. */
  readonly preopen?: string;
  /** Where a file or directory lives, and its number there. */
  readonly tree?: Tree;
  readonly node?: number;
  /**
   * Reads what there is, up to `length` bytes; 0 at the end.
   * @param position where, for `fd_pread`; NaN or absent: at the descriptor's own position, or from the stream
   */
  read?(target: Uint8Array, start: number, length: number, position?: number): number;
  /**
   * @param more whether another piece of the same write follows at once: what belongs into one transaction
   * @param position where, for `fd_pwrite`; NaN or absent as in `read`
   */
  write?(source: Uint8Array, start: number, length: number, more?: boolean, position?: number): number;
  /**
   * Moves the position of `read` and `write`; absent on what has none.
   * @param whence 0 from the start, 1 from the position, 2 from the end
   * @returns the new position
   */
  seek?(offset: number, whence: number): number;
  /** Whether a read would wait now. Absent: it never does. */
  wouldBlock?(): boolean;
  /**
   * Calls `ready` once from the event loop, when a read wouldn't wait any more (for a pin: after an edge).
   * One watch at a time: a second replaces the first. Present wherever `wouldBlock` or `edge` is.
   * @returns a function that ends the watch
   */
  onReadable?(ready: () => void): () => void;
  /** For `poll_oneoff` on what never blocks a read: whether an edge came since it was last asked. */
  edge?(): boolean;
  /** Bytes that a read would get now, where that is known. */
  available?(): number;
  close?(): number;
}

/** A file system as the path calls see it: files and directories, and perhaps nodes that are something else. */
export interface Tree extends FileSystem {
  /** Tells one tree's nodes from another's (`st_dev`); absent is 0. */
  readonly device?: number;
  /**
   * Opens a node that isn't a file or directory of the tree itself; undefined for those that are.
   * The descriptor's `rights` are all that were granted; `path_open` narrows them.
   */
  open?(node: number): Descriptor | undefined;
}

/** What a guest's end by `proc_exit` is thrown as; the engine catches it. */
export interface Exit {
  readonly exitCode: number;
}

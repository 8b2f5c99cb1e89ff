import type { Clock, RandomSource } from "../../hal/contract/index.js";
import type { FileSystem } from "../fs/file-system.js";
import type { Hardware } from "./proposals/hardware.js";

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
  entropy: RandomSource["fill"];
  /** For modules that import the hardware proposals' interfaces. */
  hardware?: Hardware;
  /**
   * Suspends the guest. A call that can't finish yet returns what this returns, at once.
   * The engine gives the event loop back and returns to the guest with the errno that `done` got.
   * @param begin starts the waiting; returns how to give it up, for when the guest is stopped meanwhile. `done` is called
   * from the event loop, once, and never from within `begin`, while the guest hasn't been left yet
   */
  wait(begin: (done: (errno: number) => void) => () => void): number;
}

/**
 * An open file, directory, console stream or peripheral. One without a `tree` and with the right `fd_read` (or
 * `fd_write`) has `read` (or `write`), one with `fd_seek` takes a `position` there; files are read and written through
 * their tree. Methods return a non-negative count, or a negated WASI errno, and never throw.
 */
export interface Descriptor {
  /** WASI preview 1 `filetype`. */
  readonly kind: number;
  /** WASI preview 1 `fdflags`; absent is none. */
  flags?: number;
  /** WASI preview 1 `rights`, base and inheriting; bits 0-29 are all that preview 1 defines. Absent is none. */
  rights: number;
  inheriting?: number;
  /** Set on preopened directories and devices: the guest's name for it, UTF-8 bytes one char each. */
  readonly preopen?: string;
  /** Where a file or directory lives, its number there, and where its next read or write goes. Absent on all else. */
  readonly tree?: Tree;
  readonly node?: number;
  position?: number;
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
  /** Whether a read would wait now. Absent: it never does. */
  wouldBlock?(): boolean;
  /**
   * Set while somebody waits: what to call from the event loop when a read wouldn't wait any more (for a pin: after an
   * edge). Called by whatever has `wouldBlock` or `edge`.
   */
  onReadable?: (() => void) | null;
  /** For `poll_oneoff` on what never blocks a read: whether an edge came since it was last asked. */
  edge?(): boolean;
  /** Nothing returned is success. */
  close?(): number | void;
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

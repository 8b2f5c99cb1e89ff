import type { ThumbCompilation } from "../compiler/thumb/compilation.js";

/** What `ristretto build` makes and `ristretto flash` sends: a guest, ready for one board. */
export interface Image {
  /** The program's name from its manifest or file name; at most 20 ASCII letters, digits, `-`, `_` and `.`. */
  readonly name: string;
  readonly engine: "js" | "thumb";
  /** The profile's id that it was built for. */
  readonly board: string;
  /** What the slot holds: ECMAScript 5 for the interpreter, one byte a char (Latin-1), and behind it machine code. */
  readonly source: Uint8Array;
  /** How much of `source` the interpreter runs; all of it when absent. */
  readonly scriptBytes?: number;
  /** Bytes of linear memory, allocated when the image starts. */
  readonly arenaBytes: number;
  /** Bytes of RAM in one piece beyond that: a native guest's stack, globals and tables. */
  readonly stackBytes?: number;
  /** That it can be left: how many functions and loops, and the bytes of code that it takes; where it was asked for. */
  readonly suspension?: { readonly functions: number; readonly loops: number; readonly bytes: number };
  /** Whether it mounts a file system when it starts, so that the board must have flash for one. */
  readonly needsFiles: boolean;
  /** Names of generated functions in `source` to names in the module, for stack traces. Stays on the host. */
  readonly functionNames: Readonly<Record<string, string>>;
  /** The same for programs that run beside it. */
  readonly others?: readonly {
    readonly name: string;
    readonly functionNames: Readonly<Record<string, string>>;
    readonly thumb?: ThumbCompilation;
  }[];
  /** What the machine code is. Stays on the host. */
  readonly thumb?: ThumbCompilation;
}

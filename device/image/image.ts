/** What `ristretto build` makes and `ristretto flash` sends: a guest, ready for one board. */
export interface Image {
  /** The program's name from its manifest or file name; at most 20 ASCII letters, digits, `-`, `_` and `.`. */
  readonly name: string;
  readonly engine: "js" | "thumb";
  /** The profile's id that it was built for. */
  readonly board: string;
  /** ECMAScript 5 for the interpreter, one byte a char (Latin-1): what the slot holds. */
  readonly source: Uint8Array;
  /** Bytes of the arena that backs linear memory, allocated when the image starts. */
  readonly arenaBytes: number;
  /** Names of generated functions in `source` to names in the module, for stack traces. Stays on the host. */
  readonly functionNames: Readonly<Record<string, string>>;
}

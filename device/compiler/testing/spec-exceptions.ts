/** A command of the test suite that an engine is known not to pass, and why that is as it should be. */
export interface SpecException {
  /** Script without extension, and the line of the command, or the first and last line of a run of them. */
  readonly at: readonly [script: string, first: number, last?: number];
  readonly reason: string;
}

const SIGNALLING_NAN = "an f32 is a JavaScript number, and a signalling NaN becomes quiet when it is read as one";
const SHARED_MEMORY =
  "instances do not share a memory whose size changes: a board runs one guest, and the arena is its own";
const MUTABLE_IMPORT = "an imported mutable global is refused by name: what a board offers a guest is functions";

const SHARED_GLOBAL = "instances do not share a mutable global: a guest's globals are its own";
const SHARED_TABLE = "instances do not share a table: a guest's tables are its own, and hold its own functions";

const on = (script: string, reason: string, ...lines: readonly number[]): SpecException[] =>
  lines.map((line) => ({ at: [script, line], reason }));

/** Engine name → its exceptions. One that passes is as much a failure as an unlisted one that doesn't. */
export const specExceptions: Readonly<Record<string, readonly SpecException[]>> = {
  v8: [],
  js: [
    ...on("conversions", SIGNALLING_NAN, 628, 629, 657, 658),
    ...on("float_exprs", SIGNALLING_NAN, 1020, 1024, 1028, 1032, 1099, 1103, 1107, 1111, 2337, 2338),
    ...on("float_memory", SIGNALLING_NAN, 16, 21, 22, 28, 68, 73, 74, 80),
    ...on("float_misc", SIGNALLING_NAN, 592, 593, 597, 598, 602, 603, 604, 605),
    ...on("local_tee", SIGNALLING_NAN, 338),
    ...on("select", SIGNALLING_NAN, 194, 200, 226, 232),
    ...on("data", SHARED_MEMORY, 145, 150, 155, 161, 167, 172),
    ...on("imports", MUTABLE_IMPORT, 250),
    ...on("imports", SHARED_MEMORY, 569, 570, 571, 572),
    ...on("linking", MUTABLE_IMPORT, 50, 68, 69, 71, 72, 75, 77, 81, 83, 104),
    ...on("linking", SHARED_MEMORY, 354, 381, 382, 407),
  ],
  thumb: [
    ...on("elem", SHARED_TABLE, 587, 588, 600, 601, 602, 657),
    ...on("linking", SHARED_TABLE, 207, 209, 210, 212, 215, 216, 218, 275, 288, 453),
    ...on("linking", SHARED_MEMORY, 349, 350, 406, 407, 419, 452),
    ...on("linking", SHARED_GLOBAL, 81),
    ...on("table_grow", "a table that may grow without limit has room for 64 entries", 61),
  ],
};

/**
 * Property names that a minifier may shorten in a bundle for a board, as long as it shortens them everywhere: in the
 * engine, the ports and what the compiler makes, too. All are names of this project's own interfaces, and none is a
 * name of the language or of an interpreter's natives. Data only, for the image builder.
 */
export const MANGLED: readonly string[] = [
  // Guest, but for `memory`, which is in Espruino's `process.memory()`
  "descriptors",
  "args",
  "environ",
  "clock",
  "wait",
  // Descriptor, but for `edge`, which is an option of `setWatch`
  "kind",
  "rights",
  "inheriting",
  "preopen",
  "tree",
  "node",
  "position",
  "wouldBlock",
  "onReadable",
  // FileSystem, FileStatus, DirectoryEntry
  "lookup",
  "truncate",
  "setTimes",
  "retain",
  "release",
  "cookie",
  "accessed",
  "modified",
  "changed",
  // hal/contract
  "monotonic",
  "realtime",
  "resolution",
  "after",
  "onInput",
  // Reaction
  "trigger",
  "merges",
  "takesLine",
  // Exit
  "exitCode",
];

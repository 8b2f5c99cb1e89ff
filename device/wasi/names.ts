/**
 * Property names that a minifier may shorten in a bundle for a board, as long as it shortens them everywhere: in the
 * engine, the ports and what the compiler makes, too. All are names of this project's own interfaces, and none is a
 * name of the language or of an interpreter's natives. Data only, for the image builder.
 */
export const MANGLED: readonly string[] = [
  // Guest
  "memory",
  "descriptors",
  "args",
  "environ",
  "clock",
  "wait",
  // Descriptor
  "kind",
  "rights",
  "inheriting",
  "preopen",
  "tree",
  "node",
  "position",
  "wouldBlock",
  "onReadable",
  "edge",
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
  // Exit
  "exitCode",
];

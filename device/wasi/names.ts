/**
 * Property names that a minifier may shorten in a bundle for a board, as long as it shortens them everywhere: in the
 * engine, the ports and what the compiler makes, too. All are names of this project's own interfaces, and none is a
 * name of the language. Where an interpreter's native has one of them, a port says it in quotes, which are left as they
 * are: `process["memory"]()`. Data only, for the image builder.
 */
export const MANGLED: readonly string[] = [
  // Guest
  "memory",
  "entropy",
  "descriptors",
  "args",
  "environ",
  "clock",
  "wait",
  // Descriptor, but for `edge`, which is an option of `setWatch`
  "read",
  "write",
  "close",
  "flags",
  "kind",
  "rights",
  "inheriting",
  "preopen",
  "tree",
  "node",
  "position",
  "wouldBlock",
  "onReadable",
  // FileSystem, Tree, FileStatus, DirectoryEntry; `create` and `name` are the language's, too
  "open",
  "device",
  "stat",
  "sync",
  "rename",
  "remove",
  "next",
  "space",
  "readOnly",
  "size",
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
  "blockSize",
  "writeSize",
  "reprogrammable",
  "program",
  "erase",
  "monotonic",
  "realtime",
  "resolution",
  "after",
  "onInput",
  // Reaction
  "trigger",
  "merges",
  "takesLine",
  // HardwareGrant, Hardware, Held
  "hardware",
  "granted",
  "handles",
  "allocate",
  "access",
  "addresses",
  "opened",
  "inverted",
  // Exit
  "exitCode",
];

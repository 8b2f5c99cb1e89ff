/** Byte offsets in the context that host and guest share; what each word means is in README.md, "The context". */
export const contextOffsets = {
  guestStack: 0,
  memory: 4,
  memoryBytes: 8,
  stackLimit: 12,
  stackTop: 16,
  fuel: 20,
  exportIndex: 24,
  trapAddress: 28,
  memoryLimit: 32,
  trapStack: 36,
  trapLink: 40,
  /** A word of the generated code's own. */
  own: 44,
  bufferedDescriptors: 48,
  buffered: 52,
  bufferOwner: 56,
  hostStack: 60,
  transfer: 64,
  layout: 192,
} as const;

/** Bytes of the buffer in front of the context, where a module's writes go to it. */
export const WRITE_BUFFER_BYTES = 256;

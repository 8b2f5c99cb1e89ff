/**
 * What a person reads and types: the board's prompt, a terminal, or a command's three streams.
 */
export interface Console {
  /**
   * Writes `bytes[start]` to `bytes[start + length - 1]`, unchanged.
   * @param stream 1 is output, 2 is errors; a board with one console shows both on it
   */
  write(stream: 1 | 2, bytes: Uint8Array, start: number, length: number): void;
  /**
   * Calls `handler` from the event loop with what was typed, one char a byte, as interpreters have it; with an empty text
   * at the end of input.
   * One handler at a time. A board's prompt keeps the input while nobody listens.
   * @returns a function that gives the input back
   */
  onInput(handler: (text: string) => void): () => void;
}

/** Bytes of a packet before its data: type and length. */
export const HEADER_OVERHEAD = 2;

/** What packets do to the device that they come to. */
export interface PacketDevice {
  /** Text of one char a byte, as it is. */
  send(text: string): void;
  /** An expression's value as text; when it throws, sends NAK, reports it, and returns undefined. */
  evaluate(expression: string): string | undefined;
  /** @param object an object's text @returns whether somebody listened to `E`'s `packet` event */
  event(object: string): boolean;
  /** Tells `E`'s `packetUpload` event. @param object an object's text */
  uploaded(object: string): void;
  /** Writes into a file of Storage. @returns what went wrong */
  write(name: string, data: Uint8Array, offset: number, size: number): string | undefined;
  read(name: string): Uint8Array | undefined;
  /** Takes the line being typed away, as before printing. */
  makeRoom(): void;
  /** Prints an error that no script threw. */
  report(message: string): void;
  /** @returns a function that cancels it */
  after(microseconds: number, action: () => void): () => void;
}

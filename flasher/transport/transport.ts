/**
 * Bytes to a board and back, whatever carries them.
 *
 * For implementers: `open` rejects with a `FlasherError` of kind `port-…` that says how to mend it; after `open`, every
 * failure to carry bytes is reported once through `onLost`, and `write` rejects with the same error from then on.
 */
export interface Transport {
  /** Opens the port. */
  open(): Promise<void>;
  /** Sends bytes; resolves when the operating system has taken all of them off our hands. */
  write(bytes: Uint8Array): Promise<void>;
  /** Names the one listener for what arrives; naming another replaces it. Bytes that arrive without one are dropped. */
  onData(listener: (bytes: Uint8Array) => void): void;
  /** Names the one listener for the loss of the connection (unplugged, closed by the other side). */
  onLost(listener: (error: Error) => void): void;
  /** Closes the port; a second call does nothing. */
  close(): Promise<void>;
  /** The port as a person would write it: `/dev/ttyACM0`, `tcp://127.0.0.1:2323`. */
  describe(): string;
}

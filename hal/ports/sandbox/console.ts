/** What the simulator's `run` gives an image; strings of one char a byte. See `simulator/engine/run-image.ts`. */
export interface RistrettoStreams {
  /** 1 is stdout, 2 is stderr. */
  write(stream: number, text: string): void;
  /** @returns a function that ends it. The end of input is an empty text. */
  listen(handler: (text: string) => void): () => void;
  /** A line of a trace: apart from what the guest prints. */
  trace(line: string): void;
  /** The guest is done: the run ends after the task that says so. */
  exit(code: number): void;
  /** The guest failed. @param stack an error's `stack`, for names */
  trap(reason: string, stack?: string): void;
  /** Where the image's machine code is; 0 without any. */
  readonly codeAddress: number;
}

declare const ristretto: RistrettoStreams;

/** Characters that go into one call: `apply` takes its arguments from the stack. */
const CHUNK = 512;

/** One of the `run` command's streams, byte for byte. */
export function writeConsole(stream: 1 | 2, bytes: Uint8Array, start: number, length: number): void {
  let text = "";
  for (let at = 0; at < length; at += CHUNK)
    text += String.fromCharCode.apply(
      null,
      bytes.subarray(start + at, start + Math.min(length, at + CHUNK)) as unknown as number[],
    );
  ristretto["write"](stream, text);
}

/** The command's stdin, which isn't a terminal. */
export function readConsole(handler: (text: string) => void): () => void {
  return ristretto.listen(handler);
}

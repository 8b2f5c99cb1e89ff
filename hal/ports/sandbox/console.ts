import type { Console } from "../../contract/index.js";

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
}

declare const ristretto: RistrettoStreams;

/** Characters that go into one call: `apply` takes its arguments from the stack. */
const CHUNK = 512;

/** The streams of the `run` command: three of them, byte for byte, none of which is a terminal. */
export function sandboxConsole(): Console {
  return { write: write, onInput: onInput };
}

function write(stream: 1 | 2, bytes: Uint8Array, start: number, length: number): void {
  let text = "";
  for (let at = 0; at < length; at += CHUNK)
    text += String.fromCharCode.apply(
      null,
      bytes.subarray(start + at, start + Math.min(length, at + CHUNK)) as unknown as number[],
    );
  ristretto.write(stream, text);
}

function onInput(handler: (bytes: Uint8Array) => void): () => void {
  return ristretto.listen(function (text) {
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    handler(bytes);
  });
}

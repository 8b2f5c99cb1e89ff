declare var console: { log(line: string): void } | undefined;
declare function print(line: string): void;
declare function escape(text: string): string;

/** What was written since the last line feed, one char a byte. */
var line = "";

/**
 * Shows what is left of a line that doesn't end in a line feed. To be called when the guest has ended.
 * The interpreter adds the line feed that is missing: it has no other way to show anything.
 */
export function flushConsole(): void {
  if (line) show();
}

function show(): void {
  // Interpreters that encode what they print want it decoded; Espruino has no `escape` and prints bytes as they are.
  try {
    line = decodeURIComponent(escape(line));
  } catch {
    // It isn't UTF-8, or needn't be decoded.
  }
  (typeof console === "undefined" ? print : console.log)(line);
  line = "";
}

/** Shows whole lines by `console.log`, or by `print` where there is no console; both streams in order. */
export function writeConsole(_stream: 1 | 2, bytes: Uint8Array, start: number, length: number): void {
  while (length-- > 0) {
    var byte = bytes[start++];
    if (byte === 10) show();
    else line += String.fromCharCode(byte);
  }
}

/** ECMAScript has no input: it is at its end at once, told before this returns. */
export function readConsole(handler: (text: string) => void): () => void {
  handler("");
  return function () {};
}

/** A string literal of bytes as char codes, in ASCII only, so that no reader of the file can mistake it. */
export function bytesLiteral(bytes: Uint8Array): string {
  let text = '"';
  bytes.forEach((byte, position) => {
    const next = bytes[position + 1];
    const digitFollows = next >= 48 && next <= 57;
    if (byte === 0 && !digitFollows) text += "\\0";
    else if (byte === 10) text += "\\n";
    else if (byte === 34 || byte === 92) text += `\\${String.fromCharCode(byte)}`;
    else if (byte >= 32 && byte < 127) text += String.fromCharCode(byte);
    else text += `\\x${byte.toString(16).padStart(2, "0")}`;
  });
  return `${text}"`;
}

/** A stretch of a data segment that is worth writing: memory is zero already. */
export interface Stretch {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Shorter runs of zeros are cheaper to write than to step over. */
const WORTHWHILE_GAP = 12;
/** Long strings are chains of small blocks to the interpreter: reading far into one is slow. */
const LONGEST = 200;

/** Splits a segment at runs of zeros, and into pieces that the interpreter can hold. */
export function stretchesOf(bytes: Uint8Array): Stretch[] {
  const stretches: Stretch[] = [];
  let start = -1;
  let end = -1;
  const close = () => {
    if (start >= 0) stretches.push({ offset: start, bytes: bytes.subarray(start, end) });
    start = -1;
  };
  bytes.forEach((byte, position) => {
    if (byte === 0) return;
    if (start >= 0 && (position - end >= WORTHWHILE_GAP || position - start >= LONGEST)) close();
    if (start < 0) start = position;
    end = position + 1;
  });
  close();
  return stretches;
}

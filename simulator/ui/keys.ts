import type { Key } from "ink";

/** What a terminal sends for the keys that Ink names; none for keys that have no bytes. */
const NAMED: readonly [keyof Key, string][] = [
  ["return", "\r"],
  ["backspace", "\x7f"],
  ["delete", "\x7f"],
  ["tab", "\t"],
  ["upArrow", "\x1b[A"],
  ["downArrow", "\x1b[B"],
  ["rightArrow", "\x1b[C"],
  ["leftArrow", "\x1b[D"],
  ["home", "\x1b[H"],
  ["end", "\x1b[F"],
];

/** The bytes that a terminal sends for a key, in UTF-8; empty for one that sends none. */
export function keyBytes(input: string, key: Key): Uint8Array {
  const encoder = new TextEncoder();
  for (const [name, bytes] of NAMED) if (key[name]) return encoder.encode(bytes);
  if (key.ctrl && /^[a-z]$/.test(input)) return Uint8Array.of(input.charCodeAt(0) & 0x1f);
  // A paste has its line ends as the clipboard has them.
  return encoder.encode(input.replace(/\r\n?|\n/g, "\r"));
}

import { ConsoleText } from "./console-text.js";

function shown(...pieces: (string | number[])[]): readonly string[] {
  const text = new ConsoleText();
  for (const piece of pieces)
    text.write(typeof piece === "string" ? new TextEncoder().encode(piece) : Uint8Array.from(piece));
  return text.lines;
}

test.each([
  ["lines end with CR LF or LF", "a\r\nb\nc", ["a", "b", "c"]],
  ["a carriage return writes over the line", "abc\rx", ["xbc"]],
  ["a backspace goes back, and what follows replaces", "ab\bc", ["ac"]],
  ["the prompt's way to erase: back, blank, back", "abc\b \b", ["ab "]],
  ["tabs stop at each eighth column", "a\tb", ["a       b"]],
  ["colours are left out", "\x1b[31mred\x1b[0m", ["red"]],
  ["erasing to the end of the line", "abcdef\x1b[3D\x1b[K", ["abc"]],
  ["erasing the line and going to its begin", "abc\x1b[2K\rde", ["de"]],
  ["moving to a column", "abc\x1b[1Gx\x1b[2Cy", ["xbcy"]],
  ["clearing the screen", "a\nb\x1b[2Jc", [" c"]],
  ["bells and other controls show nothing", "a\x07\x00b\x7f", ["ab"]],
])("%s", (_, text, lines) => {
  expect(shown(text)).toEqual(lines);
});

test("characters and escapes may come in pieces", () => {
  expect(shown([0xc2], [0xb0, 0x43], "\x1b", "[3", "1mx")).toEqual(["°Cx"]);
});

test("only the last thousand lines are kept", () => {
  const lines = shown("x\n".repeat(5000) + "end");
  expect(lines.length).toBe(1000);
  expect(lines.at(-1)).toBe("end");
});

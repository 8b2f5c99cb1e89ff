import { endedInput, shareConsole } from "./share-console.js";
import type { Console } from "../../hal/contract/index.js";

/** Two guests on one console, and what its streams show. */
function twoGuests(streams: 1 | 2) {
  const shown = ["", "", ""];
  const share = shareConsole((stream, bytes, start, length) => {
    const text = Buffer.from(bytes.subarray(start, start + length)).toString("latin1");
    shown[stream] += text;
    shown[0] += text;
  }, streams);
  const say =
    (write: Console["write"]) =>
    (text: string, stream: 1 | 2 = 1) => {
      const bytes = Buffer.from(`..${text}..`, "latin1");
      write(stream, bytes, 2, bytes.length - 4);
    };
  return { shown, a: say(share("a")), b: say(share("b")) };
}

test("each line begins with its guest's name", () => {
  const { shown, a, b } = twoGuests(1);
  a("one\ntwo\n");
  b("three\n");
  expect(shown[0]).toBe("a: one\na: two\nb: three\n");
});

test("a line may come in pieces", () => {
  const { shown, a } = twoGuests(1);
  for (const piece of ["o", "n", "e\nt", "wo\n", "", "\n"]) a(piece);
  expect(shown[0]).toBe("a: one\na: two\na: \n");
});

test("what one leaves unfinished is ended before another's line, and begins anew after it", () => {
  const { shown, a, b } = twoGuests(1);
  a("what is your ");
  b("ping\n");
  a("name? ");
  b("pong\n");
  expect(shown[0]).toBe("a: what is your \nb: ping\na: name? \nb: pong\n");
});

test("output and errors on one screen share its lines, else each has its own", () => {
  const screen = twoGuests(1);
  screen.a("out ");
  screen.b("err\n", 2);
  expect(screen.shown[0]).toBe("a: out \nb: err\n");
  const apart = twoGuests(2);
  apart.a("out ");
  apart.b("err\n", 2);
  apart.a("more\n");
  expect(apart.shown.slice(1)).toEqual(["a: out more\n", "b: err\n"]);
});

test("input that has ended can be read at once, and gives nothing", () => {
  const input = endedInput();
  expect(input.wouldBlock!()).toBe(false);
  expect(input.read!(new Uint8Array(8), 0, 8)).toBe(0);
});

import { args_get, args_sizes_get } from "./args.js";
import { environ_get, environ_sizes_get } from "./environ.js";
import { FAULT } from "./errno.js";
import { TestGuest } from "./testing/test-guest.js";

/** As an engine hands strings over: UTF-8 bytes, one char each. */
const utf8 = (text: string): string => Buffer.from(text).toString("latin1");

describe("args_sizes_get and args_get", () => {
  test("an argument takes as many bytes as its UTF-8 has, and a NUL", () => {
    const guest = new TestGuest();
    guest.args = ["app", "é€", ""].map(utf8);
    expect(args_sizes_get(guest, 0, 4)).toBe(0);
    expect(guest.u32(0)).toBe(3);
    expect(guest.u32(4)).toBe("app\0".length + 2 + 3 + 1 + 1);

    expect(args_get(guest, 16, 64)).toBe(0);
    expect([guest.u32(16), guest.u32(20), guest.u32(24)]).toEqual([64, 68, 74]);
    expect(guest.text(64, 11)).toBe("app\0é€\0\0");
    expect(guest.memory[75]).toBe(0);
  });

  test("no arguments are no bytes", () => {
    const guest = new TestGuest();
    guest.memory.fill(255);
    expect(args_sizes_get(guest, 0, 4)).toBe(0);
    expect([guest.u32(0), guest.u32(4)]).toEqual([0, 0]);
    expect(args_get(guest, 16, 64)).toBe(0);
    expect(guest.memory[16]).toBe(255);
  });

  test("what doesn't fit into memory is a fault, whichever pointer it is", () => {
    const guest = new TestGuest(100);
    guest.args = ["0123456789"];
    expect(args_sizes_get(guest, 97, 0)).toBe(FAULT);
    expect(args_sizes_get(guest, 0, -1)).toBe(FAULT);
    expect(args_get(guest, 0, 90)).toBe(FAULT);
    expect(args_get(guest, 0, 89)).toBe(0);
    expect(args_get(guest, 97, 0)).toBe(FAULT);
    expect(args_get(guest, -4, 0)).toBe(FAULT);
  });
});

test("the environment is told the same way", () => {
  const guest = new TestGuest();
  guest.environ = ["LANG=C", utf8("NAME=é")];
  expect(environ_sizes_get(guest, 0, 4)).toBe(0);
  expect([guest.u32(0), guest.u32(4)]).toEqual([2, 7 + 8]);
  expect(environ_get(guest, 16, 64)).toBe(0);
  expect(guest.text(guest.u32(20), 7)).toBe("NAME=é");
});

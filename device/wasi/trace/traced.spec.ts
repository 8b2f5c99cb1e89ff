import { CALLS } from "../calls.js";
import { inputStream, outputStream } from "../console.js";
import * as wasi from "../index.js";
import { openDirectory } from "../preopen.js";
import { MemoryFileSystem } from "../testing/memory-file-system.js";
import { TestGuest } from "../testing/test-guest.js";
import { quote, setOf, widthOf } from "./format.js";
import { SIGNATURES } from "./signatures.js";
import { traced, type TracedCall } from "./traced.js";

/** A guest with standard streams and `/`, and its calls under trace. */
function tracedGuest(input = "typed") {
  const guest = new TestGuest(4096);
  const lines: string[] = [];
  const console = {
    write: () => {},
    onInput: (handler: (text: string) => void) => guest.clock.after(5, () => handler(input)),
  };
  const root = openDirectory(new MemoryFileSystem(() => 7_000_000), "", "/", true);
  if (typeof root === "number") throw new Error("no root");
  guest.descriptors = [
    inputStream(console.onInput),
    outputStream(console.write, 1),
    outputStream(console.write, 2),
    root,
  ];
  guest.args = ["app", "-v"];
  const call = (name: string, ...words: number[]): number | void => {
    const plain = (wasi as unknown as Record<string, TracedCall>)[name];
    return traced(name, SIGNATURES[name], plain, (line) => lines.push(line))(guest, ...words);
  };
  /** @returns the call's words for a path: where it is, and its length */
  const path = (text: string): [number, number] => {
    const { pointer, length } = guest.put(text);
    return [pointer, length];
  };
  return { guest, call, lines, path };
}

test("the signature of each call takes as many words as the call", () => {
  expect(Object.keys(SIGNATURES).sort()).toEqual(Object.keys(CALLS).sort());
  for (const [name, call] of Object.entries(CALLS)) {
    const words = call.parameters.reduce((sum, type) => sum + (type === "i64" ? 2 : 1), 0);
    const taken = SIGNATURES[name].split(" ").map((parameter) => {
      const [, result, kind] = /^(>?)\w*:(\w+)$/.exec(parameter) ?? [];
      return kind ? widthOf(kind, result === ">") : 0;
    });
    expect({ name, words: taken.reduce((sum, width) => sum + width, 0) }).toEqual({ name, words });
  }
});

test("paths are text, flags and rights have names, and what was answered is told", () => {
  const { call, lines, path } = tracedGuest();
  call("path_open", 3, 1, ...path("données"), 1 | 8, (1 << 6) | 2, 0, 0, 0, 1, 100);
  call("path_create_directory", 3, ...path("a/b"));
  call("fd_seek", 4, -1, -1, 1, 200);
  call("fd_close", 9);
  expect(lines.map((line) => Buffer.from(line, "latin1").toString("utf8"))).toEqual([
    'path_open(fd=3, dirflags=symlink_follow, path="données", oflags=creat|trunc, base=fd_read|fd_write, inheriting=0, fdflags=append) = success, fd=4',
    'path_create_directory(fd=3, path="a/b") = noent',
    "fd_seek(fd=4, offset=-1, whence=cur) = notcapable",
    "fd_close(fd=9) = badf",
  ]);
});

test("data is quoted, escaped and cut; what was read is shown, not the whole buffer", () => {
  const { guest, call, lines } = tracedGuest();
  const long = guest.putVectors(guest.put(`tab\t"quoted"\n\0${"x".repeat(40)}`));
  call("fd_write", 1, long.pointer, long.count, 300);
  const into = guest.putVectors(guest.put(new Uint8Array(3)), guest.put(new Uint8Array(64)));
  guest.wait = (begin) => {
    let errno = -1;
    begin((result) => (errno = result));
    while (errno < 0) guest.clock.step();
    return errno;
  };
  call("fd_read", 0, into.pointer, into.count, 300);
  expect(lines[0]).toBe(
    `fd_write(fd=1, iovs=["tab\\t\\"quoted\\"\\n\\x00${"x".repeat(18)}"...]) = success, nwritten=54`,
  );
  expect(lines.slice(1)).toEqual([
    "fd_read(fd=0, iovs=[3, 64]) <unfinished ...>",
    '<... fd_read resumed> = success, data=["typ"]',
  ]);
});

test("a call that leaves its guest is told when it goes on", () => {
  const { guest, call, lines } = tracedGuest();
  let answer: number | undefined;
  // The js engine's way: the call returns at once with what is no errno.
  guest.wait = (begin) => {
    begin((errno) => (answer = errno));
    return -1;
  };
  new Int32Array(guest.memory.buffer, 1024, 12).set([0, 0, 0, 0, 1, 0, 1_000_000, 0]);
  expect(call("poll_oneoff", 1024, 2048, 1, 3072)).toBe(-1);
  expect(lines).toEqual(["poll_oneoff(in=[clock(monotonic, 1000000ns)]) <unfinished ...>"]);
  while (answer === undefined) guest.clock.step();
  expect(lines[1]).toBe("<... poll_oneoff resumed> = success, events=[clock]");
  expect(answer).toBe(0);
});

test("a call that doesn't return is told", () => {
  const { call, lines } = tracedGuest();
  expect(() => call("proc_exit", 3)).toThrow();
  expect(lines).toEqual(["proc_exit(code=3) = ?"]);
});

test("arguments, attributes and descriptors", () => {
  const { call, lines, path } = tracedGuest();
  call("args_sizes_get", 500, 504);
  call("args_get", 512, 600);
  call("path_filestat_get", 3, 0, ...path("."), 1024);
  call("fd_fdstat_get", 1, 1200);
  call("fd_prestat_get", 3, 1300);
  call("fd_prestat_dir_name", 3, 1400, 1);
  call("clock_time_get", 1, 0, 0, 1500);
  expect(lines).toEqual([
    "args_sizes_get() = success, argc=2, bytes=7",
    'args_get() = success, argv=["app", "-v"]',
    'path_filestat_get(fd=3, flags=0, path=".") = success, stat={directory, ino=1, size=0, mtim=7000000000}',
    "fd_fdstat_get(fd=1) = success, stat={character_device, flags=0, base=fd_fdstat_set_flags|fd_write|fd_filestat_get|poll_fd_readwrite, inheriting=0}",
    "fd_prestat_get(fd=3) = success, prestat=dir",
    'fd_prestat_dir_name(fd=3) = success, path="/"',
    expect.stringMatching(/^clock_time_get\(id=monotonic, precision=0\) = success, time=\d+$/),
  ]);
});

test("what points outside memory is shown as a number", () => {
  const { call, lines } = tracedGuest();
  call("path_unlink_file", 3, 4000, 200);
  call("fd_write", 1, -8, 1, 0);
  call("random_get", 4090, 10);
  expect(lines).toEqual([
    "path_unlink_file(fd=3, path=0xfa0..200) = fault",
    "fd_write(fd=1, iovs=0xfffffff8[1]) = fault",
    "random_get(buf=0xffa..10) = fault",
  ]);
});

test("bits without a name are hexadecimal", () => {
  expect(setOf(0b1001, "a b")).toBe("a|0x8");
  expect(setOf(0, "a b")).toBe("0");
  expect(quote("\\ é", true)).toBe('"\\\\ é"');
  expect(quote("é", false)).toBe('"\\xe9"');
});

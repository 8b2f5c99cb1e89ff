import { BADF, FAULT, NAMETOOLONG, NOTCAPABLE, NOTDIR } from "./errno.js";
import { fd_prestat_dir_name, fd_prestat_get, fd_readdir } from "./fd-directory.js";
import { path_unlink_file } from "./path-entries.js";
import { openDirectory } from "./preopen.js";
import { DIR, FileGuest } from "./testing/file-guest.js";
import { i64, RESULT } from "./testing/test-guest.js";

interface Entry {
  readonly name: string;
  readonly kind: number;
  readonly inode: bigint;
  readonly next: bigint;
}

/** Calls once, and takes apart the entries that are whole. */
function readdir(guest: FileGuest, length: number, cookie = 0n): { entries: Entry[]; used: number } {
  const { pointer } = guest.put(new Uint8Array(length));
  expect(fd_readdir(guest, DIR, pointer, length, ...i64(cookie), RESULT)).toBe(0);
  const used = guest.u32();
  const entries: Entry[] = [];
  for (let at = pointer; at + 24 <= pointer + used;) {
    const size = guest.u32(at + 16);
    if (at + 24 + size > pointer + used) break;
    const name = guest.text(at + 24, size);
    entries.push({ name, kind: guest.memory[at + 20], inode: guest.u64(at + 8), next: guest.u64(at) });
    at += 24 + size;
  }
  return { entries, used };
}

describe("fd_readdir", () => {
  test("lists . and .. first, then what is there, with kinds and inodes", () => {
    const guest = new FileGuest();
    guest.file("file");
    guest.directory("directory");
    const { entries, used } = readdir(guest, 1000);
    expect(entries.map(({ name, kind }) => `${name} ${kind}`)).toEqual([". 3", ".. 3", "file 4", "directory 3"]);
    expect(entries[2].inode).toBe(BigInt(guest.files.lookup(1, "file")));
    expect(used).toBe(4 * 24 + 1 + 2 + 4 + 9);
  });

  test("goes on from any cookie", () => {
    const guest = new FileGuest();
    for (const name of ["a", "b", "c"]) guest.file(name);
    const { entries } = readdir(guest, 1000);
    entries.forEach((entry, index) => {
      expect(readdir(guest, 1000, entry.next).entries).toEqual(entries.slice(index + 1));
    });
  });

  test("fills the buffer to its end when there is more, cutting the last entry off", () => {
    const guest = new FileGuest();
    const names = Array.from({ length: 40 }, (_, index) => `file.${index}`);
    names.forEach((name) => guest.file(name));
    for (const length of [31, 64, 100, 256]) {
      const seen: string[] = [];
      for (let cookie = 0n, used = length; used === length;) {
        const part = readdir(guest, length, cookie);
        used = part.used;
        seen.push(...part.entries.map(({ name }) => name));
        cookie = part.entries.at(-1)?.next ?? cookie;
      }
      expect(seen).toEqual([".", "..", ...names]);
    }
  });

  test("sees each file once while others are removed", () => {
    const guest = new FileGuest();
    for (const name of ["a", "b", "c", "d"]) guest.file(name);
    const first = readdir(guest, 24 * 4 + 5).entries;
    expect(first.map(({ name }) => name)).toEqual([".", "..", "a", "b"]);
    guest.call(path_unlink_file, "b");
    guest.call(path_unlink_file, "c");
    expect(readdir(guest, 1000, first[3].next).entries.map(({ name }) => name)).toEqual(["d"]);
  });

  test("needs the right, and a buffer in memory", () => {
    const guest = new FileGuest();
    guest.file("f");
    expect(fd_readdir(guest, guest.open("f"), 0, 8, 0, 0, RESULT)).toBe(NOTCAPABLE);
    expect(fd_readdir(guest, DIR, 65000, 1000, 0, 0, RESULT)).toBe(FAULT);
    expect(fd_readdir(guest, DIR, 1000, -1, 0, 0, RESULT)).toBe(FAULT);
    expect(fd_readdir(guest, DIR, 1000, 100, 0, 0, 65533)).toBe(FAULT);
  });
});

describe("granted directories", () => {
  test("are found by their names", () => {
    const guest = new FileGuest();
    const data = openDirectory(guest.files, "/store/data", "/data", true);
    if (typeof data === "number") throw new Error(`errno ${data}`);
    guest.descriptors[DIR + 1] = data;
    expect(fd_prestat_get(guest, DIR + 1, 100)).toBe(0);
    expect([guest.u32(100), guest.u32(104)]).toEqual([0, 5]);
    expect(fd_prestat_dir_name(guest, DIR + 1, 200, 5)).toBe(0);
    expect(guest.text(200, 6)).toBe("/data\0");
    expect(fd_prestat_dir_name(guest, DIR + 1, 300, 100)).toBe(0);
    expect(guest.text(300, 6)).toBe("/data\0");
    expect(fd_prestat_dir_name(guest, DIR + 1, 200, 4)).toBe(NAMETOOLONG);
    expect(fd_prestat_get(guest, DIR + 2, 100)).toBe(BADF);
    expect(fd_prestat_dir_name(guest, DIR + 2, 200, 5)).toBe(BADF);
  });

  test("are made where they aren't yet; a file in their place is notdir", () => {
    const guest = new FileGuest();
    openDirectory(guest.files, "/a/b", "/", true);
    expect(guest.files.lookup(guest.files.lookup(1, "a"), "b")).toBeGreaterThan(1);
    guest.file("f");
    expect(openDirectory(guest.files, "f", "/", true)).toBe(-NOTDIR);
    expect(openDirectory(guest.files, "f/x", "/", true)).toBe(-NOTDIR);
  });

  test("what was opened inside isn't one", () => {
    const guest = new FileGuest();
    guest.directory("d");
    expect(fd_prestat_get(guest, guest.open("d", { rights: 0 }), 100)).toBe(BADF);
  });
});

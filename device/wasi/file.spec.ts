import { BADF, FBIG, INVAL, NOTCAPABLE } from "./errno.js";
import {
  fd_advise,
  fd_allocate,
  fd_datasync,
  fd_filestat_get,
  fd_filestat_set_size,
  fd_filestat_set_times,
  fd_sync,
} from "./fd-file.js";
import { fd_seek, fd_tell } from "./fd-position.js";
import { fd_pread } from "./fd-read.js";
import { fd_close, fd_fdstat_get, fd_fdstat_set_flags, fd_fdstat_set_rights, fd_renumber } from "./fd-state.js";
import { fd_pwrite } from "./fd-write.js";
import { path_unlink_file } from "./path-entries.js";
import { APPEND, FD_READ, FD_SEEK, FD_TELL, FD_WRITE, SYNC } from "./rights.js";
import { CREAT, FileGuest } from "./testing/file-guest.js";
import { i64, RESULT } from "./testing/test-guest.js";

const [SET, CURRENT, END] = [0, 1, 2];
const STATUS = 1024;

function seek(guest: FileGuest, fd: number, offset: number, whence: number): number | bigint {
  return fd_seek(guest, fd, ...i64(offset), whence, RESULT) || guest.u64();
}

function size(guest: FileGuest, fd: number): bigint {
  expect(fd_filestat_get(guest, fd, STATUS)).toBe(0);
  return guest.u64(STATUS + 32);
}

describe("reading and writing", () => {
  test("go on from where the last one ended", () => {
    const guest = new FileGuest();
    const fd = guest.open("log", { oflags: CREAT });
    guest.write(fd, "one ");
    guest.write(fd, "two");
    expect(guest.read(fd)).toBe("");
    expect(seek(guest, fd, 0, SET)).toBe(0n);
    expect(guest.read(fd, 3)).toBe("one");
    expect(guest.read(fd)).toBe(" two");
  });

  test("pread and pwrite leave the position where it is, also over several pieces", () => {
    const guest = new FileGuest();
    guest.file("f", "0123456789");
    const fd = guest.open("f");
    const [a, b] = [guest.put(new Uint8Array(2)), guest.put(new Uint8Array(3))];
    const into = guest.putVectors(a, b);
    expect(fd_pread(guest, fd, into.pointer, into.count, ...i64(4), RESULT)).toBe(0);
    expect(guest.text(a.pointer, 2) + guest.text(b.pointer, 3)).toBe("45678");
    const from = guest.putVectors(guest.put("AB"), guest.put("C"));
    expect(fd_pwrite(guest, fd, from.pointer, from.count, ...i64(1), RESULT)).toBe(0);
    expect(guest.u32()).toBe(3);
    expect(guest.read(fd)).toBe("0ABC456789");
  });

  test("append writes at the end, wherever the position is, until the flag is taken off", () => {
    const guest = new FileGuest();
    guest.file("f", "abc");
    const fd = guest.open("f", { flags: APPEND });
    guest.write(fd, "d");
    expect(seek(guest, fd, 0, CURRENT)).toBe(4n);
    expect(seek(guest, fd, 0, SET)).toBe(0n);
    guest.write(fd, "e");
    expect(fd_fdstat_set_flags(guest, fd, 0)).toBe(0);
    seek(guest, fd, 0, SET);
    guest.write(fd, "A");
    seek(guest, fd, 0, SET);
    expect(guest.read(fd)).toBe("Abcde");
  });

  test("a gap that was skipped reads as zeros", () => {
    const guest = new FileGuest();
    const fd = guest.open("f", { oflags: CREAT });
    expect(seek(guest, fd, 3, SET)).toBe(3n);
    guest.write(fd, "x");
    seek(guest, fd, 0, SET);
    expect(guest.read(fd)).toBe("\0\0\0x");
  });

  test("beyond 2 GiB is fbig", () => {
    const guest = new FileGuest();
    const fd = guest.open("f", { oflags: CREAT });
    expect(seek(guest, fd, 0x7fffffff, SET)).toBe(0x7fffffffn);
    expect(guest.write(fd, "x")).toBe(FBIG);
    expect(fd_filestat_set_size(guest, fd, ...i64(0x80000000))).toBe(FBIG);
    expect(fd_allocate(guest, fd, ...i64(-1), ...i64(1))).toBe(FBIG);
  });

  test("sync and dsync write through, as do fd_sync, fd_datasync and fd_close", () => {
    const guest = new FileGuest();
    let synced = 0;
    guest.files.sync = () => (synced++, 0);
    const fd = guest.open("f", { oflags: CREAT, flags: SYNC });
    guest.write(fd, "x");
    expect(synced).toBe(1);
    expect(fd_sync(guest, fd) | fd_datasync(guest, fd)).toBe(0);
    expect(synced).toBe(3);
    expect(fd_close(guest, fd) | 0).toBe(0);
    expect(synced).toBe(4);
  });

  test("an error of the file system comes through; after the first bytes it is a short count", () => {
    const NOSPC = 51;
    const guest = new FileGuest();
    const fd = guest.open("f", { oflags: CREAT });
    const write = guest.files.write.bind(guest.files);
    let room = 5;
    guest.files.write = (node, position, source, start, length) =>
      room < length ? -NOSPC : ((room -= length), write(node, position, source, start, length));
    expect(guest.write(fd, "123456")).toBe(NOSPC);
    const { pointer, count } = guest.putVectors(guest.put("123"), guest.put("456"));
    expect(fd_pwrite(guest, fd, pointer, count, 0, 0, RESULT)).toBe(0);
    expect(guest.u32()).toBe(3);
  });
});

describe("fd_seek and fd_tell", () => {
  test("count from the start, the position and the end", () => {
    const guest = new FileGuest();
    guest.file("f", "0123456789");
    const fd = guest.open("f");
    expect(seek(guest, fd, 4, SET)).toBe(4n);
    expect(seek(guest, fd, -3, CURRENT)).toBe(1n);
    expect(seek(guest, fd, -2, END)).toBe(8n);
    expect(seek(guest, fd, 1000, END)).toBe(1010n);
    expect(fd_tell(guest, fd, RESULT) || guest.u64()).toBe(1010n);
  });

  test("before the start is inval and moves nothing; so is another whence", () => {
    const guest = new FileGuest();
    guest.file("f", "abc");
    const fd = guest.open("f");
    seek(guest, fd, 2, SET);
    expect(seek(guest, fd, -3, CURRENT)).toBe(INVAL);
    expect(seek(guest, fd, 0, 3)).toBe(INVAL);
    expect(seek(guest, fd, 0, CURRENT)).toBe(2n);
  });

  test("asking for the position needs either right, moving it fd_seek", () => {
    const guest = new FileGuest();
    guest.file("f", "abc");
    for (const [rights, tell, move] of [
      [FD_TELL, 0, NOTCAPABLE],
      [FD_SEEK, 0, 0],
      [FD_READ, NOTCAPABLE, NOTCAPABLE],
    ]) {
      const fd = guest.open("f", { rights });
      expect(fd_tell(guest, fd, RESULT)).toBe(tell);
      expect(fd_seek(guest, fd, 0, 0, SET, RESULT)).toBe(move);
    }
  });
});

describe("size and times", () => {
  test("fd_filestat_set_size cuts and extends with zeros", () => {
    const guest = new FileGuest();
    guest.file("f", "abcdef");
    const fd = guest.open("f");
    expect(fd_filestat_set_size(guest, fd, ...i64(2)) | 0).toBe(0);
    expect(fd_filestat_set_size(guest, fd, ...i64(4)) | 0).toBe(0);
    expect(guest.read(fd)).toBe("ab\0\0");
  });

  test("fd_allocate makes a file long enough and never shorter; nothing at all is inval", () => {
    const guest = new FileGuest();
    guest.file("f", "abcdef");
    const fd = guest.open("f");
    expect(fd_allocate(guest, fd, ...i64(1), ...i64(2)) | 0).toBe(0);
    expect(size(guest, fd)).toBe(6n);
    expect(fd_allocate(guest, fd, ...i64(4), ...i64(6)) | 0).toBe(0);
    expect(size(guest, fd)).toBe(10n);
    expect(fd_allocate(guest, fd, 0, 0, 0, 0)).toBe(INVAL);
  });

  test("fd_filestat_get tells inode, kind, links, size and times in nanoseconds", () => {
    const guest = new FileGuest();
    guest.file("f", "abc");
    guest.file("g");
    const fd = guest.open("f");
    expect(size(guest, fd)).toBe(3n);
    expect(guest.memory[STATUS + 16]).toBe(4);
    expect(guest.u64(STATUS + 24)).toBe(1n);
    expect(guest.u64(STATUS + 48)).toBe(1_700_000_000_000_000_000n);
    const inode = guest.u64(STATUS + 8);
    size(guest, guest.open("g"));
    expect(guest.u64(STATUS + 8)).not.toBe(inode);
    size(guest, guest.open("f"));
    expect(guest.u64(STATUS + 8)).toBe(inode);
  });

  test("times are set as given or to now, to the microsecond; both at once is inval", () => {
    const [ATIM, ATIM_NOW, MTIM, MTIM_NOW] = [1, 2, 4, 8];
    const guest = new FileGuest();
    guest.file("f");
    const fd = guest.open("f");
    const set = (flags: number): number =>
      fd_filestat_set_times(guest, fd, ...i64(5_000_999n), ...i64(7_000_000n), flags) | 0;
    const times = (): bigint[] => (size(guest, fd), [guest.u64(STATUS + 40), guest.u64(STATUS + 48)]);
    expect(set(ATIM | MTIM)).toBe(0);
    expect(times()).toEqual([5_000_000n, 7_000_000n]);
    guest.clock.now = 1;
    expect(set(MTIM_NOW)).toBe(0);
    expect(times()).toEqual([5_000_000n, 1_700_000_000_000_001_000n]);
    expect(set(ATIM_NOW)).toBe(0);
    expect(times()[0]).toBe(1_700_000_000_000_001_000n);
    for (const flags of [ATIM | ATIM_NOW, MTIM | MTIM_NOW, 15, 16]) expect(set(flags)).toBe(INVAL);
  });

  test("fd_advise takes advice and does nothing with it", () => {
    const guest = new FileGuest();
    guest.file("f", "abc");
    const fd = guest.open("f");
    for (let advice = 0; advice < 6; advice++) expect(fd_advise(guest, fd, 0, 0, 1, 0, advice)).toBe(0);
    expect(fd_advise(guest, fd, 0, 0, 1, 0, 6)).toBe(INVAL);
    expect(size(guest, fd)).toBe(3n);
  });
});

describe("descriptors", () => {
  test("fd_renumber closes the target and moves the number; both must be open", () => {
    const guest = new FileGuest();
    guest.file("a", "A");
    guest.file("b", "B");
    const [a, b] = [guest.open("a"), guest.open("b")];
    expect(fd_renumber(guest, a, b) | 0).toBe(0);
    expect(guest.read(b)).toBe("A");
    expect(fd_close(guest, a)).toBe(BADF);
    expect(fd_renumber(guest, b, a)).toBe(BADF);
    expect(fd_renumber(guest, b, b)).toBe(0);
  });

  test("rights can be given up and never gained", () => {
    const guest = new FileGuest();
    guest.file("f", "abc");
    const fd = guest.open("f");
    expect(fd_fdstat_set_rights(guest, fd, FD_READ, 0, 0, 0)).toBe(0);
    expect(guest.write(fd, "x")).toBe(NOTCAPABLE);
    expect(guest.read(fd)).toBe("abc");
    expect(fd_fdstat_set_rights(guest, fd, FD_READ | FD_WRITE, 0, 0, 0)).toBe(NOTCAPABLE);
    expect(fd_fdstat_set_rights(guest, fd, FD_READ, 1, 0, 0)).toBe(NOTCAPABLE);
    expect(fd_fdstat_set_rights(guest, fd, FD_READ, 0, FD_READ, 0)).toBe(NOTCAPABLE);
  });

  test("fd_fdstat_get tells kind, flags and rights", () => {
    const guest = new FileGuest();
    guest.file("f");
    const fd = guest.open("f", { flags: APPEND | SYNC, rights: FD_READ | FD_WRITE });
    expect(fd_fdstat_get(guest, fd, STATUS)).toBe(0);
    expect([guest.memory[STATUS], guest.u16(STATUS + 2)]).toEqual([4, APPEND | SYNC]);
    expect([guest.u64(STATUS + 8), guest.u64(STATUS + 16)]).toEqual([BigInt(FD_READ | FD_WRITE), 0n]);
    expect(fd_fdstat_set_flags(guest, fd, 32)).not.toBe(0);
  });

  test("a removed file can be read until it is closed, and then it is gone", () => {
    const guest = new FileGuest();
    const before = guest.files.size;
    guest.file("f", "abc");
    const fd = guest.open("f");
    expect(guest.call(path_unlink_file, "f")).toBe(0);
    expect(guest.read(fd)).toBe("abc");
    expect(guest.files.size).toBe(before + 1);
    fd_close(guest, fd);
    expect(guest.files.size).toBe(before);
  });
});

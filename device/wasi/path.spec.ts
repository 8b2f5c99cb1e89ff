import {
  BADF,
  BUSY,
  EXIST,
  FAULT,
  INVAL,
  ISDIR,
  MFILE,
  NOENT,
  NOTCAPABLE,
  NOTDIR,
  NOTEMPTY,
  NOTSUP,
  PERM,
  XDEV,
} from "./errno.js";
import { fd_close, fd_fdstat_get, fd_fdstat_set_rights } from "./fd-state.js";
import { path_create_directory, path_remove_directory, path_rename, path_unlink_file } from "./path-entries.js";
import { path_filestat_get, path_filestat_set_times } from "./path-filestat.js";
import { path_link, path_readlink, path_symlink } from "./path-links.js";
import { path_open } from "./path-open.js";
import { openDirectory } from "./preopen.js";
import { DIRECTORY_RIGHTS, FD_READ, FD_SEEK, FD_WRITE, FILE_RIGHTS, PATH_FILESTAT_SET_SIZE } from "./rights.js";
import { CREAT, DIR, DIRECTORY, EXCL, FileGuest, TRUNC } from "./testing/file-guest.js";
import { MemoryFileSystem } from "./testing/memory-file-system.js";
import { i64, RESULT } from "./testing/test-guest.js";

const STATUS = 1024;

/** `/a/b/file` with "abc" in it. */
function tree(): FileGuest {
  const guest = new FileGuest();
  guest.directory("a");
  guest.directory("a/b");
  guest.file("a/b/file", "abc");
  return guest;
}

function rename(guest: FileGuest, from: string, to: string, toDirectory = DIR): number {
  const [source, target] = [guest.put(from), guest.put(to)];
  return path_rename(guest, DIR, source.pointer, source.length, toDirectory, target.pointer, target.length) | 0;
}

function status(guest: FileGuest, path: string): number {
  const { pointer, length } = guest.put(path);
  return path_filestat_get(guest, DIR, 0, pointer, length, STATUS);
}

describe("paths", () => {
  test("may wander, as long as each step exists and stays inside", () => {
    const guest = tree();
    for (const path of ["a/b/file", "./a//b/./file", "a/../a/b/../b/file", "a/b/../../a/b/file"])
      expect(guest.read(guest.open(path))).toBe("abc");
    expect(guest.tryOpen("a/none/../b/file")).toBe(NOENT);
    expect(guest.tryOpen("a/b/file/../file")).toBe(NOTDIR);
    expect(guest.tryOpen("a/b/file/x")).toBe(NOTDIR);
  });

  test("never leave the directory: neither by .. nor from the root", () => {
    const guest = tree();
    for (const path of ["..", "../x", "a/../../a", "a/b/../../../a/b/file", "/", "/a", "//a"])
      expect(guest.tryOpen(path)).toBe(NOTCAPABLE);
    const inner = guest.open("a/b", { rights: DIRECTORY_RIGHTS, inheriting: FILE_RIGHTS });
    expect(guest.tryOpen("../b/file", { directory: inner })).toBe(NOTCAPABLE);
    expect(guest.tryOpen("file", { directory: inner })).toBe(0);
  });

  test("that end in a slash mean a directory", () => {
    const guest = tree();
    expect(guest.tryOpen("a/b/", { rights: 0 })).toBe(0);
    expect(guest.tryOpen("a/b///.", { rights: 0 })).toBe(0);
    expect(guest.tryOpen("a/b/file/")).toBe(NOTDIR);
    expect(guest.tryOpen("a/b/file/.")).toBe(NOTDIR);
    expect(guest.tryOpen("new/", { oflags: CREAT })).toBe(ISDIR);
  });

  test("empty is noent, with a NUL inval, outside memory a fault", () => {
    const guest = tree();
    expect(guest.tryOpen("")).toBe(NOENT);
    expect(guest.tryOpen("a\0")).toBe(INVAL);
    expect(path_open(guest, DIR, 0, 65530, 7, 0, 0, 0, 0, 0, 0, RESULT)).toBe(FAULT);
    expect(path_open(guest, DIR, 0, 0, -1, 0, 0, 0, 0, 0, 0, RESULT)).toBe(FAULT);
  });

  test("start at a directory that is open", () => {
    const guest = tree();
    const file = guest.open("a/b/file");
    expect(guest.tryOpen("x", { directory: file })).toBe(NOTDIR);
    expect(guest.tryOpen("x", { directory: 40 })).toBe(BADF);
  });

  test("keep the bytes of a name as they are", () => {
    const guest = new FileGuest();
    guest.file("Größe €", "x");
    expect(guest.files.contents(Buffer.from("Größe €").toString("latin1"))).toHaveLength(1);
  });
});

describe("path_open", () => {
  test("makes a file only with creat, and with excl only a new one", () => {
    const guest = new FileGuest();
    expect(guest.tryOpen("f")).toBe(NOENT);
    expect(guest.tryOpen("f", { oflags: CREAT | EXCL })).toBe(0);
    expect(guest.tryOpen("f", { oflags: CREAT | EXCL })).toBe(EXIST);
    expect(guest.tryOpen("f", { oflags: CREAT })).toBe(0);
    expect(guest.tryOpen("none/f", { oflags: CREAT })).toBe(NOENT);
  });

  test("truncates with trunc, which needs a right of the directory and none of the file", () => {
    const guest = tree();
    expect(guest.tryOpen("a/b/file", { oflags: TRUNC, rights: 0 })).toBe(0);
    expect(guest.read(guest.open("a/b/file"))).toBe("");
    guest.descriptors[DIR]!.rights &= ~PATH_FILESTAT_SET_SIZE;
    expect(guest.tryOpen("a/b/file", { oflags: TRUNC, rights: 0 })).toBe(NOTCAPABLE);
  });

  test("tells directories from files", () => {
    const guest = tree();
    expect(guest.tryOpen("a", { oflags: DIRECTORY, rights: FD_READ })).toBe(0);
    expect(guest.tryOpen("a/b/file", { oflags: DIRECTORY })).toBe(NOTDIR);
    expect(guest.tryOpen("a", { rights: FD_READ | FD_WRITE })).toBe(ISDIR);
    expect(guest.tryOpen("a", { oflags: TRUNC, rights: 0 })).toBe(ISDIR);
    expect(guest.tryOpen("a", { oflags: CREAT, rights: 0 })).toBe(ISDIR);
    expect(guest.tryOpen("new", { oflags: CREAT | DIRECTORY })).toBe(INVAL);
    expect(guest.tryOpen("a", { oflags: 16 })).toBe(INVAL);
    expect(guest.tryOpen("a", { rights: 0, flags: 32 })).toBe(INVAL);
  });

  test("drops rights that don't apply, and refuses those that aren't inherited", () => {
    const guest = tree();
    const directory = guest.open("a", { rights: DIRECTORY_RIGHTS | FD_SEEK, inheriting: FD_READ | FD_SEEK });
    expect(guest.descriptors[directory]!.rights).toBe(DIRECTORY_RIGHTS);
    expect(guest.tryOpen("b/file", { directory, rights: FD_READ | FD_WRITE })).toBe(NOTCAPABLE);
    expect(guest.tryOpen("b/file", { directory, rights: FD_READ })).toBe(0);
    expect(guest.descriptors[guest.u32()]!.rights).toBe(FD_READ);
    expect(guest.tryOpen("b", { directory, rights: 0, inheriting: FD_WRITE })).toBe(NOTCAPABLE);
  });

  test("a refused open makes and truncates nothing", () => {
    const guest = tree();
    const directory = guest.open(".", { rights: DIRECTORY_RIGHTS, inheriting: FD_READ });
    expect(guest.tryOpen("new", { directory, oflags: CREAT, rights: FD_WRITE })).toBe(NOTCAPABLE);
    expect(guest.tryOpen("a/b/file", { directory, oflags: TRUNC, rights: FD_WRITE })).toBe(NOTCAPABLE);
    expect(guest.tryOpen("new")).toBe(NOENT);
    expect(guest.read(guest.open("a/b/file"))).toBe("abc");
  });

  test("takes the lowest free number from 3 on; 64 open are mfile", () => {
    const guest = tree();
    const [first, second] = [guest.open("a/b/file"), guest.open("a/b/file")];
    expect([first, second]).toEqual([DIR + 1, DIR + 2]);
    fd_close(guest, first);
    expect(guest.open("a/b/file")).toBe(first);
    let opened = 0;
    while (guest.tryOpen("a/b/file") === 0) opened++;
    expect(guest.tryOpen("a/b/file")).toBe(MFILE);
    expect(opened).toBe(64 - 3 - 3);
  });

  test("a result outside memory is a fault and leaves nothing open", () => {
    const guest = tree();
    const { pointer, length } = guest.put("new");
    expect(path_open(guest, DIR, 0, pointer, length, CREAT, 0, 0, 0, 0, 0, 65533)).toBe(FAULT);
    expect(guest.tryOpen("new")).toBe(NOENT);
    expect(guest.open("a/b/file")).toBe(DIR + 1);
  });
});

describe("making and removing", () => {
  test("directories", () => {
    const guest = tree();
    expect(guest.call(path_create_directory, "a/c/")).toBe(0);
    for (const path of ["a/c", "a", ".", "a/b/file"]) expect(guest.call(path_create_directory, path)).toBe(EXIST);
    expect(guest.call(path_create_directory, "none/c")).toBe(NOENT);
    expect(guest.call(path_remove_directory, "a/c/")).toBe(0);
    expect(guest.call(path_remove_directory, "a/c")).toBe(NOENT);
    expect(guest.call(path_remove_directory, "a")).toBe(NOTEMPTY);
    expect(guest.call(path_remove_directory, "a/b/file")).toBe(NOTDIR);
    expect(guest.call(path_remove_directory, "a/b/file/")).toBe(NOTDIR);
    expect(guest.call(path_remove_directory, "a/.")).toBe(INVAL);
  });

  test("files", () => {
    const guest = tree();
    expect(guest.call(path_unlink_file, "a")).toBe(ISDIR);
    expect(guest.call(path_unlink_file, "a/b/")).toBe(ISDIR);
    expect(guest.call(path_unlink_file, "a/b/file/")).toBe(NOTDIR);
    expect(guest.call(path_unlink_file, "a/b/file")).toBe(0);
    expect(guest.call(path_unlink_file, "a/b/file")).toBe(NOENT);
  });
});

describe("path_rename", () => {
  test("moves files and directories, with trailing slashes on directories", () => {
    const guest = tree();
    expect(rename(guest, "a/b/file", "f")).toBe(0);
    expect(guest.read(guest.open("f"))).toBe("abc");
    expect(rename(guest, "a/b/", "c/")).toBe(0);
    expect(rename(guest, "c", "a/b")).toBe(0);
    expect(rename(guest, "f", "g/")).toBe(NOTDIR);
    expect(rename(guest, "f/", "g")).toBe(NOTDIR);
    expect(rename(guest, "none", "g")).toBe(NOENT);
  });

  test("replaces a file by a file, and an empty directory by a directory", () => {
    const guest = tree();
    guest.file("f", "new");
    guest.directory("empty");
    expect(rename(guest, "f", "a/b/file")).toBe(0);
    expect(guest.read(guest.open("a/b/file"))).toBe("new");
    expect(rename(guest, "a", "empty")).toBe(0);
    expect(guest.read(guest.open("empty/b/file"))).toBe("new");
    guest.directory("other");
    expect(rename(guest, "other", "empty")).toBe(NOTEMPTY);
    expect(rename(guest, "other", "empty/b/file")).toBe(NOTDIR);
    expect(rename(guest, "empty/b/file", "other")).toBe(ISDIR);
  });

  test("not into itself, not . or .., not into another tree", () => {
    const guest = tree();
    expect(rename(guest, "a", "a/b/c")).toBe(INVAL);
    expect(rename(guest, "a", "a")).toBe(0);
    expect(rename(guest, "a/.", "c")).toBe(BUSY);
    expect(rename(guest, "a", "a/b/..")).toBe(BUSY);
    const other = openDirectory(new MemoryFileSystem(), "", "/other", true);
    guest.descriptors[10] = typeof other === "number" ? undefined : other;
    expect(rename(guest, "a", "a", 10)).toBe(XDEV);
  });
});

describe("attributes by path", () => {
  test("are those that the open file has", () => {
    const guest = tree();
    expect(status(guest, "a/b/file")).toBe(0);
    expect([guest.memory[STATUS + 16], guest.u64(STATUS + 32)]).toEqual([4, 3n]);
    expect(status(guest, "a/b/")).toBe(0);
    expect(guest.memory[STATUS + 16]).toBe(3);
    expect(status(guest, "none")).toBe(NOENT);
  });

  test("times can be set", () => {
    const guest = tree();
    const { pointer, length } = guest.put("a/b/file");
    const set = (flags: number): number =>
      path_filestat_set_times(guest, DIR, 0, pointer, length, ...i64(1000), ...i64(2000), flags) | 0;
    expect(set(1 | 4)).toBe(0);
    status(guest, "a/b/file");
    expect([guest.u64(STATUS + 40), guest.u64(STATUS + 48)]).toEqual([1000n, 2000n]);
    expect(set(4 | 8)).toBe(INVAL);
  });
});

describe("links are notsup, once nothing else stands against them", () => {
  test("path_link", () => {
    const guest = tree();
    const link = (from: string, to: string): number => {
      const [source, target] = [guest.put(from), guest.put(to)];
      return path_link(guest, DIR, 0, source.pointer, source.length, DIR, target.pointer, target.length);
    };
    expect(link("a/b/file", "link")).toBe(NOTSUP);
    expect(link("a/b/file", "a")).toBe(EXIST);
    expect(link("a/b/file", "link/")).toBe(NOENT);
    expect(link("a", "link")).toBe(PERM);
    expect(link("none", "link")).toBe(NOENT);
  });

  test("path_symlink and path_readlink", () => {
    const guest = tree();
    const symlink = (to: string): number => {
      const [source, target] = [guest.put("a"), guest.put(to)];
      return path_symlink(guest, source.pointer, source.length, DIR, target.pointer, target.length);
    };
    expect(symlink("link")).toBe(NOTSUP);
    expect(symlink("a/b")).toBe(EXIST);
    expect(symlink("link/")).toBe(NOENT);
    expect(guest.call(path_readlink, "a/b/file")).toBe(INVAL);
    expect(guest.call(path_readlink, "none")).toBe(NOENT);
  });
});

describe("a directory granted for reading", () => {
  test("can be read, also by a program that asks for every right there is, and not changed", () => {
    const guest = new FileGuest(false);
    guest.files.create(1, "f", 4);
    guest.files.create(1, "d", 3);
    const everything = (FILE_RIGHTS | DIRECTORY_RIGHTS) & ~FD_WRITE;
    const readers = everything & ~(FILE_RIGHTS & ~guest.descriptors[DIR]!.inheriting!);
    expect(guest.tryOpen("f", { rights: readers | DIRECTORY_RIGHTS, inheriting: readers })).toBe(0);
    expect(guest.tryOpen("d", { rights: readers | DIRECTORY_RIGHTS, inheriting: readers })).toBe(0);
    expect(guest.descriptors[guest.u32()]!.rights & ~guest.descriptors[DIR]!.rights).toBe(0);
    expect(guest.tryOpen("f", { rights: FD_WRITE })).toBe(NOTCAPABLE);
    expect(guest.tryOpen("f", { oflags: TRUNC, rights: 0 })).toBe(NOTCAPABLE);
    expect(guest.tryOpen("new", { oflags: CREAT, rights: 0 })).toBe(NOTCAPABLE);
    expect(guest.call(path_create_directory, "new")).toBe(NOTCAPABLE);
    expect(guest.call(path_unlink_file, "f")).toBe(NOTCAPABLE);
    expect(guest.call(path_remove_directory, "d")).toBe(NOTCAPABLE);
    expect(rename(guest, "f", "g")).toBe(NOTCAPABLE);
    expect(fd_fdstat_set_rights(guest, DIR, DIRECTORY_RIGHTS, 0, 0, 0)).toBe(NOTCAPABLE);
    expect(fd_fdstat_get(guest, DIR, STATUS)).toBe(0);
  });
});

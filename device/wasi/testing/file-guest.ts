/** A test guest with a directory, and the calls on files in the words of a program. For tests only. */
import { fd_close } from "../fd-state.js";
import { fd_read } from "../fd-read.js";
import { fd_write } from "../fd-write.js";
import { path_create_directory } from "../path-entries.js";
import { path_open } from "../path-open.js";
import { openDirectory } from "../preopen.js";
import { FILE_RIGHTS } from "../rights.js";
import { MemoryFileSystem } from "./memory-file-system.js";
import { i64, RESULT, TestGuest } from "./test-guest.js";

/** The granted directory's descriptor. */
export const DIR = 3;

/** WASI preview 1 `oflags`. */
export const CREAT = 1;
export const DIRECTORY = 2;
export const EXCL = 4;
export const TRUNC = 8;

/** Arguments of `path_open`, in preview 1's numbers. */
export interface OpenOptions {
  readonly directory?: number;
  readonly oflags?: number;
  readonly flags?: number;
  readonly rights?: number | bigint;
  readonly inheriting?: number | bigint;
}

/** A guest with a file system in memory, its root preopened at `DIR`. */
export class FileGuest extends TestGuest {
  readonly files = new MemoryFileSystem(() => this.clock.realtime());

  constructor(writable = true) {
    super();
    const directory = openDirectory(this.files, "", "/", writable);
    if (typeof directory === "number") throw new Error(`no root: ${directory}`);
    this.descriptors[DIR] = directory;
  }

  /** @returns the errno; the descriptor's number is at `RESULT` */
  tryOpen(path: string, options: OpenOptions = {}): number {
    const { directory = DIR, oflags = 0, flags = 0, rights = FILE_RIGHTS, inheriting = 0 } = options;
    const { pointer, length } = this.put(path);
    const words = [...i64(rights), ...i64(inheriting)] as [number, number, number, number];
    return path_open(this, directory, 0, pointer, length, oflags, ...words, flags, RESULT);
  }

  /** @returns the descriptor's number */
  open(path: string, options: OpenOptions = {}): number {
    const errno = this.tryOpen(path, options);
    if (errno) throw new Error(`${path}: errno ${errno}`);
    return this.u32();
  }

  write(fd: number, content: string): number {
    const { pointer, count } = this.putVectors(this.put(content));
    return fd_write(this, fd, pointer, count, RESULT);
  }

  /** @returns what was read, or the errno */
  read(fd: number, length = 100): string | number {
    const target = this.put(new Uint8Array(length));
    const { pointer, count } = this.putVectors(target);
    const errno = fd_read(this, fd, pointer, count, RESULT);
    return errno || this.text(target.pointer, this.u32());
  }

  /** Makes a file with this content. */
  file(path: string, content = ""): void {
    const fd = this.open(path, { oflags: CREAT });
    this.write(fd, content);
    fd_close(this, fd);
  }

  directory(path: string): void {
    const errno = this.call(path_create_directory, path);
    if (errno) throw new Error(`${path}: errno ${errno}`);
  }

  /** Makes a call that takes a descriptor and a path. */
  call(
    name: (guest: TestGuest, fd: number, pointer: number, length: number) => number,
    path: string,
    directory = DIR,
  ): number {
    const { pointer, length } = this.put(path);
    return name(this, directory, pointer, length) | 0;
  }
}

/**
 * The file system as its callers see it: files and directories by number, one name at a time.
 * Walking a path, and deciding who may, is the WASI room's work.
 *
 * Methods return a non-negative result, or a negated WASI errno (`-44` is noent), and never throw for
 * what a guest can cause. Times are microseconds since 1970.
 */
export interface FileSystem {
  /** The number of `name` in directory `directory`; `-ENOENT`, `-ENOTDIR`. */
  lookup(directory: number, name: string): number;
  /** Makes a file or a directory and returns its number; `-EEXIST`, `-ENOTDIR`, `-ENOSPC`, `-ENAMETOOLONG`, `-EROFS`. */
  create(directory: number, name: string, kind: FileKind): number;
  /** What `node` is now; `-ENOENT` when there is no such node, `-EIO` when it is damaged. */
  stat(node: number): FileStatus | number;
  /** Copies bytes from `position` on; returns how many (0 at the end), or an errno. */
  read(node: number, position: number, target: Uint8Array, start: number, length: number): number;
  /**
   * Writes, growing the file as needed; a gap before `position` reads as zeros. Returns how many bytes, or an errno.
   * What isn't synchronised may be lost at a power cut; what was there before never is.
   */
  write(node: number, position: number, source: Uint8Array, start: number, length: number): number;
  /** Cuts or extends with zeros. */
  truncate(node: number, size: number): number;
  /** Sets the times that are given. */
  setTimes(node: number, accessed: number | undefined, modified: number | undefined): number;
  /** When this returns 0, everything written to `node` survives a power cut. */
  sync(node: number): number;
  /**
   * Atomic, also over an existing target: a file over a file, a directory over an empty directory.
   * `-ENOENT`, `-EISDIR`, `-ENOTDIR`, `-ENOTEMPTY`, `-EINVAL` (a directory into itself).
   */
  rename(fromDirectory: number, fromName: string, toDirectory: number, toName: string): number;
  /** Removes a file (`kind` REGULAR_FILE) or an empty directory (DIRECTORY); an open file stays readable until `release`. */
  remove(directory: number, name: string, kind: FileKind): number;
  /** Counts an open handle, so that removal can wait for the last one. */
  retain(node: number): void;
  release(node: number): void;
  /**
   * One entry of a directory after `cookie` (0 to begin); undefined at the end.
   * Entries that exist during the whole walk are seen exactly once, whatever is created or removed meanwhile.
   * What is damaged is passed over: `lookup` of its name answers `-EIO`.
   */
  next(directory: number, cookie: number): DirectoryEntry | undefined;
  /** Bytes that can still be stored, and in all. */
  space(): { free: number; total: number };
  /** Why nothing can be written (worn out, or the format is newer), or undefined. */
  readonly readOnly: string | undefined;
}

/** The root directory's number. */
export const ROOT = 1;

/** WASI preview 1 `filetype` numbers. */
export const DIRECTORY = 3;
export const REGULAR_FILE = 4;
export type FileKind = typeof DIRECTORY | typeof REGULAR_FILE;

/** What a node is. */
export interface FileStatus {
  readonly kind: FileKind;
  /** Bytes; 0 for a directory. */
  readonly size: number;
  /** Microseconds since 1970. */
  readonly accessed: number;
  readonly modified: number;
  readonly changed: number;
}

/** A name in a directory. */
export interface DirectoryEntry {
  readonly node: number;
  readonly kind: FileKind;
  readonly name: string;
  /** Give it to `next` for the entry after this one. Positive. */
  readonly cookie: number;
}

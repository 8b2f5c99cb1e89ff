/**
 * WASI preview 1 `rights`, `filetype` and `fdflags`. Rights are a 64-bit set, of which preview 1 defines bits 0 to 29:
 * here they are the low word, and a guest that asks for a bit of the high word asks for what nobody has.
 */
import * as right from "./right.js";

export const FD_DATASYNC = 1 << right.FD_DATASYNC;
/** Also `fd_pread`, together with `FD_SEEK`. */
export const FD_READ = 1 << right.FD_READ;
/** Implies `FD_TELL`. */
export const FD_SEEK = 1 << right.FD_SEEK;
export const FD_FDSTAT_SET_FLAGS = 1 << right.FD_FDSTAT_SET_FLAGS;
export const FD_SYNC = 1 << right.FD_SYNC;
export const FD_TELL = 1 << right.FD_TELL;
/** Also `fd_pwrite`, together with `FD_SEEK`. */
export const FD_WRITE = 1 << right.FD_WRITE;
export const FD_ADVISE = 1 << right.FD_ADVISE;
export const FD_ALLOCATE = 1 << right.FD_ALLOCATE;
export const PATH_CREATE_DIRECTORY = 1 << right.PATH_CREATE_DIRECTORY;
export const PATH_CREATE_FILE = 1 << right.PATH_CREATE_FILE;
export const PATH_LINK_SOURCE = 1 << right.PATH_LINK_SOURCE;
export const PATH_LINK_TARGET = 1 << right.PATH_LINK_TARGET;
export const PATH_OPEN = 1 << right.PATH_OPEN;
export const FD_READDIR = 1 << right.FD_READDIR;
export const PATH_READLINK = 1 << right.PATH_READLINK;
export const PATH_RENAME_SOURCE = 1 << right.PATH_RENAME_SOURCE;
export const PATH_RENAME_TARGET = 1 << right.PATH_RENAME_TARGET;
export const PATH_FILESTAT_GET = 1 << right.PATH_FILESTAT_GET;
export const PATH_FILESTAT_SET_SIZE = 1 << right.PATH_FILESTAT_SET_SIZE;
export const PATH_FILESTAT_SET_TIMES = 1 << right.PATH_FILESTAT_SET_TIMES;
export const FD_FILESTAT_GET = 1 << right.FD_FILESTAT_GET;
export const FD_FILESTAT_SET_SIZE = 1 << right.FD_FILESTAT_SET_SIZE;
export const FD_FILESTAT_SET_TIMES = 1 << right.FD_FILESTAT_SET_TIMES;
export const PATH_SYMLINK = 1 << right.PATH_SYMLINK;
export const PATH_REMOVE_DIRECTORY = 1 << right.PATH_REMOVE_DIRECTORY;
export const PATH_UNLINK_FILE = 1 << right.PATH_UNLINK_FILE;
export const POLL_FD_READWRITE = 1 << right.POLL_FD_READWRITE;

/** What can be done with a regular file at all. */
export const FILE_RIGHTS =
  FD_DATASYNC |
  FD_READ |
  FD_SEEK |
  FD_FDSTAT_SET_FLAGS |
  FD_SYNC |
  FD_TELL |
  FD_WRITE |
  FD_ADVISE |
  FD_ALLOCATE |
  FD_FILESTAT_GET |
  FD_FILESTAT_SET_SIZE |
  FD_FILESTAT_SET_TIMES |
  POLL_FD_READWRITE;

/** What can be done with a directory at all. */
export const DIRECTORY_RIGHTS =
  FD_FDSTAT_SET_FLAGS |
  FD_SYNC |
  FD_ADVISE |
  PATH_CREATE_DIRECTORY |
  PATH_CREATE_FILE |
  PATH_LINK_SOURCE |
  PATH_LINK_TARGET |
  PATH_OPEN |
  FD_READDIR |
  PATH_READLINK |
  PATH_RENAME_SOURCE |
  PATH_RENAME_TARGET |
  PATH_FILESTAT_GET |
  PATH_FILESTAT_SET_SIZE |
  PATH_FILESTAT_SET_TIMES |
  FD_FILESTAT_GET |
  FD_FILESTAT_SET_TIMES |
  PATH_SYMLINK |
  PATH_REMOVE_DIRECTORY |
  PATH_UNLINK_FILE;

/** What a directory granted for reading keeps: of its own rights, and of those of what is opened in it. */
export const READ_ONLY =
  FD_READ |
  FD_SEEK |
  FD_FDSTAT_SET_FLAGS |
  FD_SYNC |
  FD_TELL |
  FD_ADVISE |
  PATH_OPEN |
  FD_READDIR |
  PATH_READLINK |
  PATH_FILESTAT_GET |
  FD_FILESTAT_GET |
  POLL_FD_READWRITE;

/** WASI preview 1 `filetype`; regular files and directories are in `device/fs/file-system.ts`. */
export const CHARACTER_DEVICE = 2;

/** WASI preview 1 `fdflags`. */
export const APPEND = 1 << 0;
export const DSYNC = 1 << 1;
export const NONBLOCK = 1 << 2;
export const RSYNC = 1 << 3;
export const SYNC = 1 << 4;

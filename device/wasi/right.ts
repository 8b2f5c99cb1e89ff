/**
 * WASI preview 1 `rights`, one by one: the number of each one's bit, as `check` takes it. Sets of them are in `rights.ts`,
 * where a constant of the same name is the set of that right alone.
 */
export const FD_DATASYNC = 0;
export const FD_READ = 1;
export const FD_SEEK = 2;
export const FD_FDSTAT_SET_FLAGS = 3;
export const FD_SYNC = 4;
export const FD_TELL = 5;
export const FD_WRITE = 6;
export const FD_ADVISE = 7;
export const FD_ALLOCATE = 8;
export const PATH_CREATE_DIRECTORY = 9;
export const PATH_CREATE_FILE = 10;
export const PATH_LINK_SOURCE = 11;
export const PATH_LINK_TARGET = 12;
export const PATH_OPEN = 13;
export const FD_READDIR = 14;
export const PATH_READLINK = 15;
export const PATH_RENAME_SOURCE = 16;
export const PATH_RENAME_TARGET = 17;
export const PATH_FILESTAT_GET = 18;
export const PATH_FILESTAT_SET_SIZE = 19;
export const PATH_FILESTAT_SET_TIMES = 20;
export const FD_FILESTAT_GET = 21;
export const FD_FILESTAT_SET_SIZE = 22;
export const FD_FILESTAT_SET_TIMES = 23;
export const PATH_SYMLINK = 24;
export const PATH_REMOVE_DIRECTORY = 25;
export const PATH_UNLINK_FILE = 26;
export const POLL_FD_READWRITE = 27;

/**
 * WASI preview 1 `errno`: what every call returns. Numbers and meanings are from
 * https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#-errno-variant.
 */
export const SUCCESS = 0;
export const AGAIN = 6;
export const BADF = 8;
export const BUSY = 10;
export const EXIST = 20;
export const FAULT = 21;
export const FBIG = 22;
export const INVAL = 28;
export const IO = 29;
export const ISDIR = 31;
export const MFILE = 33;
export const NAMETOOLONG = 37;
export const NOENT = 44;
export const NOTDIR = 54;
export const NOTEMPTY = 55;
export const NOTSOCK = 57;
export const NOTSUP = 58;
export const NXIO = 60;
export const PERM = 63;
export const XDEV = 75;
export const NOTCAPABLE = 76;

/** WASI preview 1 `errno` values that the file system answers with, negated (`witx/typenames.witx`). */
export const EEXIST = -20;
export const EFBIG = -22;
export const EINVAL = -28;
export const EIO = -29;
export const EISDIR = -31;
export const ENAMETOOLONG = -37;
export const ENOENT = -44;
export const ENOSPC = -51;
export const ENOTDIR = -54;
export const ENOTEMPTY = -55;
export const EROFS = -69;

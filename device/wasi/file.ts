/** Open files and directories of a tree. */
import { DIRECTORY } from "../fs/file-system.js";
import { FBIG, INVAL } from "./errno.js";
import type { Descriptor, Tree } from "./guest.js";
import { APPEND, DSYNC, FD_WRITE, SYNC } from "./rights.js";

interface OpenFile extends Descriptor {
  readonly tree: Tree;
  readonly node: number;
  /** Where the next sequential read or write goes. */
  position: number;
}

/** The greatest size of a file: what an int32 can count. */
const LARGEST = 0x7fffffff;

function size(file: OpenFile): number {
  const status = file.tree.stat(file.node);
  return status ? status.size : 0;
}

function read(this: OpenFile, target: Uint8Array, start: number, length: number, position?: number): number {
  const there = position! >= 0;
  const count = this.tree.read(this.node, there ? position! : this.position, target, start, length);
  if (!there && count > 0) this.position += count;
  return count;
}

function write(
  this: OpenFile,
  source: Uint8Array,
  start: number,
  length: number,
  _more?: boolean,
  position?: number,
): number {
  const there = position! >= 0;
  const from = there ? position! : this.flags & APPEND ? size(this) : this.position;
  if (from + length > LARGEST) return -FBIG;
  const count = this.tree.write(this.node, from, source, start, length);
  if (!there && count > 0) this.position = from + count;
  return (this.flags & (SYNC | DSYNC) && this.tree.sync(this.node)) || count;
}

function seek(this: OpenFile, offset: number, whence: number): number {
  if (whence >>> 0 > 2) return -INVAL;
  const position = offset + (whence ? (whence === 1 ? this.position : size(this)) : 0);
  return position < 0 ? -INVAL : (this.position = position);
}

function available(this: OpenFile): number {
  return Math.max(0, size(this) - this.position);
}

function close(this: OpenFile): number {
  const errno = this.rights & FD_WRITE && this.kind !== DIRECTORY ? this.tree.sync(this.node) : 0;
  this.tree.release(this.node);
  return errno;
}

/** Shared by all open files: on a board each property of each object takes a variable. */
const OPERATIONS = {
  read: read,
  write: write,
  seek: seek,
  available: available,
  close: close,
};

/**
 * Opens a node, which is kept until the descriptor is closed. The rights are set by whom it is opened for.
 * @param preopen the guest's name for it, on what it is granted from the start
 */
export function openNode(tree: Tree, node: number, kind: number, preopen?: string): Descriptor {
  const file = Object.create(OPERATIONS) as { -readonly [K in keyof OpenFile]: OpenFile[K] };
  file.tree = tree;
  file.node = node;
  file.kind = kind;
  file.preopen = preopen;
  file.flags = file.rights = file.inheriting = file.position = 0;
  tree.retain(node);
  return file;
}

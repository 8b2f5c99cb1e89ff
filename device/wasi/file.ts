/** Open files and directories of a tree. */
import { DIRECTORY } from "../fs/file-system.js";
import { FBIG } from "./errno.js";
import type { Descriptor, Tree } from "./guest.js";
import { APPEND, DSYNC, FD_WRITE, SYNC } from "./rights.js";
import { node, opened, size, tree } from "./target.js";

/** The greatest size of a file: what an int32 can count. */
export const LARGEST = 0x7fffffff;

/**
 * Reads or writes the file that was found.
 * @param position NaN for the descriptor's own
 * @returns bytes moved, or a negated errno
 */
export function moveFile(
  reads: boolean | number | undefined,
  bytes: Uint8Array,
  start: number,
  length: number,
  position: number,
): number {
  const own = !(position >= 0);
  if (own) position = !reads && opened.flags! & APPEND ? size() : opened.position!;
  if (!reads && position + length > LARGEST) return -FBIG;
  const count = reads
    ? tree.read(node, position, bytes, start, length)
    : tree.write(node, position, bytes, start, length);
  if (own && count > 0) opened.position = position + count;
  return (!reads && opened.flags! & (SYNC | DSYNC) && tree.sync(node)) || count;
}

/** Closes the file or directory that was found. */
function closeFile(): number {
  const errno = opened.rights & FD_WRITE && opened.kind !== DIRECTORY ? tree.sync(node) : 0;
  tree.release(node);
  return errno;
}

/**
 * Opens a node, which is kept until the descriptor is closed.
 * @param preopen the guest's name for it, on what it is granted from the start
 */
export function openNode(
  inTree: Tree,
  number: number,
  ofKind: number,
  rights: number,
  inheriting: number,
  preopen?: string,
): Descriptor {
  inTree.retain(number);
  return {
    tree: inTree,
    node: number,
    kind: ofKind,
    rights: rights,
    inheriting: inheriting,
    position: 0,
    preopen: preopen,
    close: closeFile,
  };
}

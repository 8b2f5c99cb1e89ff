/** Open files and directories of a tree. */
import type { Descriptor, Tree } from "./guest.js";
import { FD_WRITE } from "./rights.js";
import { node, opened, tree } from "./target.js";

/** The greatest size of a file: what an int32 can count. */
export const LARGEST = 0x7fffffff;

/** Closes the file or directory that was found. */
function closeFile(): number {
  // A directory never has that right.
  const errno = opened.rights & FD_WRITE ? tree.sync(node) : 0;
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

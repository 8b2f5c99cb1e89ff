/** Directories that a guest is granted from the start. */
import { DIRECTORY, ROOT, type FileStatus } from "../fs/file-system.js";
import { NOENT, NOTDIR } from "./errno.js";
import { openNode } from "./file.js";
import type { Descriptor, Tree } from "./guest.js";
import { DIRECTORY_RIGHTS, FILE_RIGHTS, READ_ONLY } from "./rights.js";

/**
 * Opens the whole of a tree for a guest to find (`fd_prestat_get`).
 * Put it into the guest's descriptors from 3 on, without a gap.
 * @param name the guest's name for it, such as `/` or `/data`, UTF-8 bytes one char each
 * @param node another directory than the root
 */
export function openRoot(tree: Tree, name: string, writable: boolean, node?: number): Descriptor {
  return openNode(
    tree,
    node || ROOT,
    DIRECTORY,
    writable ? DIRECTORY_RIGHTS : DIRECTORY_RIGHTS & READ_ONLY,
    writable ? DIRECTORY_RIGHTS | FILE_RIGHTS : READ_ONLY,
    name,
  );
}

/**
 * The same for a directory, which is made if it isn't there yet.
 * @param path where it is in the tree, one byte a char
 * @returns the descriptor, or a negated errno when it can't be made
 */
export function openDirectory(tree: Tree, path: string, name: string, writable: boolean): Descriptor | number {
  const parts = path.split("/");
  let node = ROOT as number;
  for (let i = 0; i < parts.length; i++) {
    if (!parts[i]) continue;
    const found = tree.lookup(node, parts[i]);
    node = found === -NOENT ? tree.create(node, parts[i], DIRECTORY) : found;
    if (node < 0) return node;
  }
  return (tree.stat(node) as FileStatus).kind === DIRECTORY ? openRoot(tree, name, writable, node) : -NOTDIR;
}

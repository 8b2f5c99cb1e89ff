/** Directories that a guest is granted from the start. */
import { DIRECTORY, ROOT } from "../fs/file-system.js";
import { NOENT, NOTDIR } from "./errno.js";
import { openNode } from "./file.js";
import type { Descriptor, Tree } from "./guest.js";
import { DIRECTORY_RIGHTS, FILE_RIGHTS, READ_ONLY } from "./rights.js";

/**
 * Opens a directory for a guest to find (`fd_prestat_get`), and makes it if it isn't there yet.
 * Put it into the guest's descriptors from 3 on, without a gap.
 * @param path where it is in the tree, one byte a char
 * @param name the guest's name for it, such as `/` or `/data`, UTF-8 bytes one char each
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
  if (tree.stat(node)!.kind !== DIRECTORY) return -NOTDIR;
  const directory = openNode(tree, node, DIRECTORY, name);
  directory.rights = writable ? DIRECTORY_RIGHTS : DIRECTORY_RIGHTS & READ_ONLY;
  directory.inheriting = writable ? DIRECTORY_RIGHTS | FILE_RIGHTS : READ_ONLY;
  return directory;
}

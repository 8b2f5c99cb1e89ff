/** Paths: from a directory's descriptor and bytes in memory to a node. */
import { DIRECTORY } from "../fs/file-system.js";
import { check } from "./descriptor.js";
import { FAULT, INVAL, NOENT, NOTCAPABLE, NOTDIR } from "./errno.js";
import type { Guest, Tree } from "./guest.js";
import { fits } from "./memory.js";
import {
  PATH_CREATE_DIRECTORY,
  PATH_CREATE_FILE,
  PATH_LINK_TARGET,
  PATH_RENAME_TARGET,
  PATH_SYMLINK,
} from "./rights.js";

/**
 * Gets where a path leads.
 * @param node what is there, or `-noent`
 * @param kind its `filetype`; 0 when there is nothing
 * @param directory the directory that holds the last name
 * @param name the last name; empty when the path ends in `.` or `..`, which name no entry
 * @param slash whether the path ends in a slash: only a directory can be meant
 * @returns errno
 */
export type Use = (tree: Tree, node: number, kind: number, directory: number, name: string, slash: boolean) => number;

/** With one of these rights a call makes something: there needn't be anything yet. */
const MAKES = PATH_CREATE_DIRECTORY | PATH_CREATE_FILE | PATH_LINK_TARGET | PATH_RENAME_TARGET | PATH_SYMLINK;

function kindOf(tree: Tree, node: number): number {
  const status = node < 0 ? undefined : tree.stat(node);
  return status ? status.kind : 0;
}

/**
 * Walks a path. Nothing outside the directory can be reached: absolute paths, and more `..` than names before them,
 * are `notcapable`. Each directory on the way must exist, also before `..`.
 * @param rights what the call needs to be allowed on the directory
 * @returns errno: what `use` answered, or what stood in the way
 */
export function walk(guest: Guest, fd: number, rights: number, path: number, length: number, use: Use): number {
  const descriptor = guest.descriptors[fd];
  if (descriptor && descriptor.kind !== DIRECTORY) return NOTDIR;
  const refused = check(descriptor, rights);
  if (refused) return refused;
  if (!fits(guest, path, length)) return FAULT;
  let text = "";
  for (let i = 0; i < length; i++) {
    if (!guest.memory[path + i]) return INVAL;
    text += String.fromCharCode(guest.memory[path + i]);
  }
  if (text[0] === "/") return NOTCAPABLE;
  const parts = text.split("/");
  const tree = descriptor!.tree!;
  /** The directories passed, down to the one in which `name` is. */
  const above: number[] = [];
  let node = descriptor!.node!;
  let name = "";
  let slash = false;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    slash = !part || part === ".";
    if (!part) continue;
    if (node < 0) return NOENT;
    if (part === ".") name = "";
    else if (part === "..") {
      if (!above.length) return NOTCAPABLE;
      if (kindOf(tree, node) !== DIRECTORY) return NOTDIR;
      node = above.pop()!;
      name = "";
    } else {
      above.push(node);
      name = part;
      node = tree.lookup(node, part);
      if (node < 0 && node !== -NOENT) return -node;
    }
  }
  const kind = kindOf(tree, node);
  return !text || (node < 0 && !(rights & MAKES))
    ? NOENT
    : kind && kind !== DIRECTORY && slash
      ? NOTDIR
      : use(tree, node, kind, above[above.length - 1], name, slash);
}

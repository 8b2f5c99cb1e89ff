/** Paths: from a directory's descriptor and bytes in memory to a node. */
import { DIRECTORY } from "../fs/file-system.js";
import { check } from "./descriptor.js";
import { FAULT, INVAL, NOENT, NOTCAPABLE, NOTDIR } from "./errno.js";
import type { Guest, Tree } from "./guest.js";
import { fits } from "./memory.js";

/** Where a path leads. */
export interface Place {
  readonly tree: Tree;
  /** The directory that holds the last name. */
  readonly directory: number;
  /** The last name; empty when the path ends in `.` or `..`, which name no entry. */
  readonly name: string;
  /** The node there, or `-noent`. */
  readonly node: number;
  /** Whether the path ends in a slash: only a directory can be meant. */
  readonly slash: boolean;
}

/** Whether a node is a directory. */
export function isDirectory(tree: Tree, node: number): boolean {
  return tree.stat(node)!.kind === DIRECTORY;
}

/**
 * Walks a path. Nothing outside the directory can be reached: absolute paths, and more `..` than names before them,
 * are `notcapable`. Each directory on the way must exist, also before `..`.
 * @param rights what the call needs to be allowed on the directory
 * @returns a place, or an errno
 */
export function walk(guest: Guest, fd: number, rights: number, path: number, length: number): Place | number {
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
  let node = text ? descriptor!.node! : -NOENT;
  let name = "";
  let slash = false;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    slash = !part || part === ".";
    if (slash) continue;
    if (node < 0) return -node;
    if (part === "..") {
      if (!above.length) return NOTCAPABLE;
      if (!isDirectory(tree, node)) return NOTDIR;
      node = above.pop()!;
      name = "";
    } else {
      above.push(node);
      name = part;
      node = tree.lookup(node, part);
      if (node < 0 && node !== -NOENT) return -node;
    }
  }
  if (node < 0 ? !text : slash && !isDirectory(tree, node)) return node < 0 ? NOENT : NOTDIR;
  return { tree: tree, directory: above[above.length - 1], name: name, node: node, slash: slash };
}

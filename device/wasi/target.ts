/**
 * What a call works on: an open descriptor, or where a path leads from one. A call names it first, and then finds it
 * here; it stays until the next call, of whichever guest, names its own. Code that goes on after a wait names it again.
 */
import { DIRECTORY, type FileStatus } from "../fs/file-system.js";
import { BADF, INVAL, NOENT, NOTCAPABLE, NOTDIR } from "./errno.js";
import type { Descriptor, Guest, Tree } from "./guest.js";
import { checkRange } from "./memory.js";

/** The descriptor; after `walk` that of the directory from which the path leads. */
export let opened: Descriptor;
/** The descriptor's, where it has one. */
export let tree: Tree;
/** The descriptor's number in its tree; after `walk` what the path leads to, negative when that isn't there. */
export let node: number;
/** WASI preview 1 `filetype` of it; 0 when it isn't there. */
export let kind: number;
/** After `walk`: the directory that holds the path's last name. */
export let directory: number;
/** After `walk`: the last name; empty when the path ends in `.` or `..`, which name no entry. */
export let name: string;
/** After `walk`: whether the path ends in a slash, so that only a directory can be meant. */
export let slash: boolean;

/**
 * Finds a descriptor, whatever may be done with it.
 * @returns errno: success, or `badf` when it isn't open
 */
export function find(guest: Guest, fd: number): number {
  opened = guest.descriptors[fd]!;
  if (!opened) return BADF;
  tree = opened.tree!;
  node = opened.node!;
  kind = opened.kind;
  return 0;
}

/**
 * Whether what was found may be used so.
 * @param right the number of its bit, from `right.ts`
 * @returns errno: success or `notcapable`
 */
export function capable(right: number): number {
  return (opened.rights >> right) & 1 ? 0 : NOTCAPABLE;
}

/**
 * Finds a descriptor to use.
 * @returns errno: success, `badf` or `notcapable`
 */
export function check(guest: Guest, fd: number, right: number): number {
  return find(guest, fd) ? BADF : capable(right);
}

/** The size of the file that was found, in bytes; 0 when it is damaged. */
export function size(): number {
  return (tree.stat(node) as FileStatus).size || 0;
}

/**
 * Walks a path. Nothing outside the directory can be reached: absolute paths, and more `..` than names before them,
 * are `notcapable`. Each directory on the way must exist, also before `..`.
 * @param right what the call needs to be allowed on the directory
 * @param makes whether there needn't be anything at the path's end yet
 * @returns errno: success, or what stood in the way
 */
export function walk(
  guest: Guest,
  fd: number,
  right: number,
  path: number,
  length: number,
  makes?: boolean | number,
): number {
  const refused = find(guest, fd) || (kind !== DIRECTORY ? NOTDIR : capable(right)) || checkRange(guest, path, length);
  if (refused) return refused;
  let text = "";
  for (let i = 0; i < length; i++) text += String.fromCharCode(guest.memory[path + i]);
  if (text.indexOf("\0") >= 0) return INVAL;
  const parts = text.split("/");
  if (!parts[0]) return text ? NOTCAPABLE : NOENT;
  /** The directories passed, down to the one in which `name` is. */
  const above: number[] = [];
  name = "";
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    slash = !part || part === ".";
    if (!part) continue;
    if (node < 0) return NOENT;
    name = "";
    if (part === ".") continue;
    above.push((directory = node));
    // No file system has an entry `..`, and yet each tells whether this is a directory.
    node = tree.lookup(node, part);
    if (part === "..") {
      if (node === -NOTDIR) return NOTDIR;
      above.pop();
      if (!above.length) return NOTCAPABLE;
      node = above.pop()!;
    } else {
      if (node < 0 && node !== -NOENT) return -node;
      name = part;
    }
  }
  // An errno has no kind: what is damaged is told by the call itself.
  kind = node < 0 ? 0 : (tree.stat(node) as FileStatus).kind || 0;
  return node < 0 && !makes ? NOENT : kind && kind !== DIRECTORY && slash ? NOTDIR : 0;
}

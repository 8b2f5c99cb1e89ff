/**
 * A file system in memory, as plain as can be: the reference that the flash file system is compared with, and what
 * the tests of the WASI calls run on. For tests only, so it may use all of today's ECMAScript.
 */
import { DIRECTORY, ROOT } from "../../fs/file-system.js";
import type { DirectoryEntry, FileKind, FileStatus, FileSystem } from "../../fs/file-system.js";
import { EXIST, INVAL, ISDIR, NAMETOOLONG, NOENT, NOTDIR, NOTEMPTY } from "../errno.js";

interface Node {
  readonly node: number;
  readonly kind: FileKind;
  bytes: Uint8Array;
  /** Name to node and cookie, for a directory. */
  readonly entries: Map<string, { node: number; cookie: number }>;
  accessed: number;
  modified: number;
  changed: number;
  /** Open handles, and whether a directory still holds it. */
  handles: number;
  linked: boolean;
}

const LONGEST_NAME = 255;

/** The contract of `device/fs` in plain maps: what the calls over it are tested with. */
export class MemoryFileSystem implements FileSystem {
  readonly readOnly = undefined;
  readonly #nodes = new Map<number, Node>();
  #lastNode = 0;
  #lastCookie = 0;

  /** @param now microseconds since 1970 */
  constructor(readonly now: () => number = () => 0) {
    this.#make(DIRECTORY).linked = true;
  }

  /** Nodes in all: to see that removed ones go. */
  get size(): number {
    return this.#nodes.size;
  }

  lookup(directory: number, name: string): number {
    const parent = this.#nodes.get(directory);
    if (!parent) return -NOENT;
    if (parent.kind !== DIRECTORY) return -NOTDIR;
    return parent.entries.get(name)?.node ?? -NOENT;
  }

  create(directory: number, name: string, kind: FileKind): number {
    const found = this.lookup(directory, name);
    if (found >= 0) return -EXIST;
    if (found !== -NOENT) return found;
    if (name.length > LONGEST_NAME) return -NAMETOOLONG;
    const parent = this.#nodes.get(directory);
    if (!parent?.linked) return -NOENT;
    const made = this.#make(kind);
    this.#link(parent, name, made);
    return made.node;
  }

  stat(node: number): FileStatus | number {
    const found = this.#nodes.get(node);
    if (!found) return -NOENT;
    const { kind, accessed, modified, changed } = found;
    return { kind, size: found.bytes.length, accessed, modified, changed };
  }

  read(node: number, position: number, target: Uint8Array, start: number, length: number): number {
    const found = this.#nodes.get(node);
    if (!found) return -NOENT;
    if (found.kind === DIRECTORY) return -ISDIR;
    const part = found.bytes.subarray(position, position + length);
    target.set(part, start);
    return part.length;
  }

  write(node: number, position: number, source: Uint8Array, start: number, length: number): number {
    const found = this.#nodes.get(node);
    if (!found) return -NOENT;
    if (found.kind === DIRECTORY) return -ISDIR;
    if (!length) return 0;
    if (position + length > found.bytes.length) this.truncate(node, position + length);
    found.bytes.set(source.subarray(start, start + length), position);
    found.modified = found.changed = this.now();
    return length;
  }

  truncate(node: number, size: number): number {
    const found = this.#nodes.get(node);
    if (!found) return -NOENT;
    if (found.kind === DIRECTORY) return -ISDIR;
    const bytes = new Uint8Array(size);
    bytes.set(found.bytes.subarray(0, size));
    found.bytes = bytes;
    found.modified = found.changed = this.now();
    return 0;
  }

  setTimes(node: number, accessed: number | undefined, modified: number | undefined): number {
    const found = this.#nodes.get(node);
    if (!found) return -NOENT;
    found.accessed = accessed ?? found.accessed;
    found.modified = modified ?? found.modified;
    found.changed = this.now();
    return 0;
  }

  sync(): number {
    return 0;
  }

  rename(fromDirectory: number, fromName: string, toDirectory: number, toName: string): number {
    const moved = this.lookup(fromDirectory, fromName);
    if (moved < 0) return moved;
    const replaced = this.lookup(toDirectory, toName);
    if (replaced < 0 && replaced !== -NOENT) return replaced;
    if (moved === replaced) return 0;
    if (toName.length > LONGEST_NAME) return -NAMETOOLONG;
    const node = this.#nodes.get(moved)!;
    const target = this.#nodes.get(replaced);
    if (this.#holds(node, toDirectory)) return -INVAL;
    if (target && node.kind === DIRECTORY && target.kind !== DIRECTORY) return -NOTDIR;
    if (target && node.kind !== DIRECTORY && target.kind === DIRECTORY) return -ISDIR;
    if (target?.entries.size) return -NOTEMPTY;
    if (target) this.#unlink(toDirectory, toName);
    this.#nodes.get(fromDirectory)!.entries.delete(fromName);
    this.#link(this.#nodes.get(toDirectory)!, toName, node);
    return 0;
  }

  remove(directory: number, name: string, kind: FileKind): number {
    const node = this.lookup(directory, name);
    if (node < 0) return node;
    const found = this.#nodes.get(node)!;
    if (found.kind !== kind) return kind === DIRECTORY ? -NOTDIR : -ISDIR;
    if (found.entries.size) return -NOTEMPTY;
    this.#unlink(directory, name);
    return 0;
  }

  retain(node: number): void {
    this.#nodes.get(node)!.handles++;
  }

  release(node: number): void {
    const found = this.#nodes.get(node)!;
    found.handles--;
    this.#forget(found);
  }

  next(directory: number, cookie: number): DirectoryEntry | undefined {
    const parent = this.#nodes.get(directory);
    for (const [name, entry] of parent?.entries ?? []) {
      if (entry.cookie > cookie) {
        return { node: entry.node, kind: this.#nodes.get(entry.node)!.kind, name, cookie: entry.cookie };
      }
    }
    return undefined;
  }

  space(): { free: number; total: number } {
    return { free: Infinity, total: Infinity };
  }

  /** The bytes of a file by path, or undefined: for tests to look at. */
  contents(path: string): Uint8Array | undefined {
    const node = path.split("/").reduce((at, name) => (name ? this.lookup(at, name) : at), ROOT as number);
    return this.#nodes.get(node)?.bytes;
  }

  #make(kind: FileKind): Node {
    const now = this.now();
    const times = { accessed: now, modified: now, changed: now };
    const node = ++this.#lastNode;
    const made = { node, kind, bytes: new Uint8Array(0), entries: new Map(), ...times, handles: 0, linked: false };
    this.#nodes.set(node, made);
    return made;
  }

  #link(parent: Node, name: string, node: Node): void {
    parent.entries.set(name, { node: node.node, cookie: ++this.#lastCookie });
    parent.modified = parent.changed = this.now();
    node.linked = true;
  }

  #unlink(directory: number, name: string): void {
    const parent = this.#nodes.get(directory)!;
    const node = this.#nodes.get(parent.entries.get(name)!.node)!;
    parent.entries.delete(name);
    parent.modified = parent.changed = this.now();
    node.linked = false;
    this.#forget(node);
  }

  #forget(node: Node): void {
    if (!node.linked && !node.handles) this.#nodes.delete(node.node);
  }

  #holds(node: Node, directory: number): boolean {
    return (
      node.node === directory ||
      [...node.entries.values()].some((entry) => this.#holds(this.#nodes.get(entry.node)!, directory))
    );
  }
}

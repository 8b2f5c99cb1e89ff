import { DIRECTORY, REGULAR_FILE, ROOT, type FileKind, type FileSystem } from "../file-system.js";

/**
 * A file system in a Map, against which the real one is checked: path to content, directories without one.
 */
export type Model = Map<string, Uint8Array | undefined>;

/** What a test does; paths are `/`-separated, the root is "". */
export type Operation =
  | { do: "create" | "mkdir" | "unlink" | "rmdir"; path: string }
  | { do: "sync"; path: string }
  | { do: "write"; path: string; position: number; length: number; fill: number }
  | { do: "truncate"; path: string; size: number }
  | { do: "rename"; path: string; to: string }
  | { do: "remount" };

/** The directory of an absolute path; empty for the root's. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function isDirectory(model: Model, path: string): boolean {
  return path === "" || (model.has(path) && model.get(path) === undefined);
}

function isEmpty(model: Model, path: string): boolean {
  for (const other of model.keys()) if (other.startsWith(path + "/")) return false;
  return true;
}

/** 0 if `path` is a directory, otherwise the errno of whoever walks there. */
function walk(model: Model, path: string): number {
  const parts = path ? path.split("/") : [];
  for (let i = 1; i <= parts.length; i++) {
    const step = parts.slice(0, i).join("/");
    if (!model.has(step)) return -44;
    if (!isDirectory(model, step)) return -54;
  }
  return 0;
}

/** The bytes that a write of the test puts down: they tell of their place, so that mixing shows. */
export function pattern(position: number, length: number, fill: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = fill + (position + i) * 7 + ((position + i) >> 8);
  return bytes;
}

/** Does `operation` to the model; returns 0, a count, or the errno that the file system must answer with. */
export function applyToModel(model: Model, operation: Operation): number {
  if (operation.do === "remount") return 0;
  const path = operation.path;
  const parent = parentOf(path);
  const exists = model.has(path);
  const astray = walk(model, parent);
  if (astray) return astray;
  switch (operation.do) {
    case "create":
    case "mkdir":
      if (exists) return -20;
      model.set(path, operation.do === "create" ? new Uint8Array(0) : undefined);
      return 0;
    case "unlink":
      if (!exists) return -44;
      if (isDirectory(model, path)) return -31;
      model.delete(path);
      return 0;
    case "rmdir":
      if (!exists) return -44;
      if (!isDirectory(model, path)) return -54;
      if (!isEmpty(model, path)) return -55;
      model.delete(path);
      return 0;
    case "sync":
      return exists ? 0 : -44;
    case "write": {
      if (!exists) return -44;
      const old = model.get(path);
      if (!old) return -31;
      const data = new Uint8Array(
        operation.length ? Math.max(old.length, operation.position + operation.length) : old.length,
      );
      data.set(old);
      data.set(
        pattern(operation.position, operation.length, operation.fill),
        operation.length ? operation.position : 0,
      );
      model.set(path, data);
      return operation.length;
    }
    case "truncate": {
      if (!exists) return -44;
      const old = model.get(path);
      if (!old) return -31;
      const data = new Uint8Array(operation.size);
      data.set(old.subarray(0, operation.size));
      model.set(path, data);
      return 0;
    }
    case "rename": {
      const to = operation.to;
      const toAstray = walk(model, parentOf(to));
      if (toAstray) return toAstray;
      if (!exists) return -44;
      if (to === path) return 0;
      if (model.has(to)) {
        if (isDirectory(model, path) && !isDirectory(model, to)) return -54;
        if (!isDirectory(model, path) && isDirectory(model, to)) return -31;
        if (isDirectory(model, to) && !isEmpty(model, to)) return -55;
      }
      if (isDirectory(model, path) && to.startsWith(path + "/")) return -28;
      const moved = [...model].filter(([other]) => other === path || other.startsWith(path + "/"));
      for (const [other] of moved) model.delete(other);
      for (const [other, data] of moved) model.set(to + other.slice(path.length), data);
      return 0;
    }
  }
}

/** The number of the node at `path`, or an errno. */
export function resolve(fs: FileSystem, path: string): number {
  let node = ROOT;
  if (path) for (const name of path.split("/")) if ((node = fs.lookup(node, name)) < 0) return node;
  return node;
}

/** Does `operation` to the file system; returns as `applyToModel` does. */
export function applyToFileSystem(fs: FileSystem, operation: Operation): number {
  if (operation.do === "remount") return 0;
  const parent = resolve(fs, parentOf(operation.path));
  if (parent < 0) return parent;
  const name = nameOf(operation.path);
  const kind: FileKind = operation.do === "mkdir" || operation.do === "rmdir" ? DIRECTORY : REGULAR_FILE;
  if (operation.do === "create" || operation.do === "mkdir") return Math.min(0, fs.create(parent, name, kind));
  if (operation.do === "unlink" || operation.do === "rmdir") return fs.remove(parent, name, kind);
  if (operation.do === "rename") {
    const from = fs.lookup(parent, name);
    if (from === -54) return from;
    const toParent = resolve(fs, parentOf(operation.to));
    return toParent < 0 ? toParent : fs.rename(parent, name, toParent, nameOf(operation.to));
  }
  const node = fs.lookup(parent, name);
  if (node < 0) return node;
  if (operation.do === "sync") return fs.sync(node);
  if (operation.do === "truncate") return fs.truncate(node, operation.size);
  if (operation.do !== "write") throw new Error(`unknown operation ${operation.do}`);
  const bytes = pattern(operation.position, operation.length, operation.fill);
  return fs.write(node, operation.position, bytes, 0, bytes.length);
}

/** The bytes of a file, 0 when there is none. */
export function sizeOf(fs: FileSystem, node: number): number {
  const status = fs.stat(node);
  return typeof status === "number" ? 0 : status.size;
}

/** Everything that the file system holds, as a model. Throws where it can't be read. */
export function snapshot(fs: FileSystem): Model {
  const model: Model = new Map();
  const walk = function (directory: number, prefix: string) {
    let entry;
    for (let cookie = 0; (entry = fs.next(directory, cookie)); cookie = entry.cookie) {
      const path = prefix + entry.name;
      if (model.has(path)) throw new Error(`${path} is listed twice`);
      if (entry.kind === DIRECTORY) {
        model.set(path, undefined);
        walk(entry.node, path + "/");
      } else {
        const status = fs.stat(entry.node);
        if (typeof status === "number") throw new Error(`${path}: stat answers ${status}`);
        const data = new Uint8Array(status.size);
        const count = fs.read(entry.node, 0, data, 0, data.length);
        if (count !== data.length) throw new Error(`${path}: read ${count} of ${data.length} bytes`);
        model.set(path, data);
      }
    }
  };
  walk(ROOT, "");
  return model;
}

/** What differs between two models, in words; undefined when nothing does. */
export function difference(expected: Model, found: Model): string | undefined {
  for (const [path, data] of expected) {
    if (!found.has(path)) return `${path} is missing`;
    const other = found.get(path);
    if (!data !== !other) return `${path} is a ${other ? "file" : "directory"}`;
    if (data && other) {
      if (data.length !== other.length) return `${path} has ${other.length} bytes instead of ${data.length}`;
      for (let i = 0; i < data.length; i++)
        if (data[i] !== other[i]) return `${path} differs at byte ${i}: ${other[i]} instead of ${data[i]}`;
    }
  }
  for (const path of found.keys()) if (!expected.has(path)) return `${path} is there though it should not be`;
  return undefined;
}

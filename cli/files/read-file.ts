import { DIRECTORY, ROOT } from "../../device/fs/file-system.js";
import type { FileSystem } from "../../device/fs/file-system.js";

/** A file's node by its absolute path, `noent` as a negative number. */
export function findNode(files: FileSystem, path: string): number {
  return path
    .split("/")
    .filter(Boolean)
    .reduce((node, name) => (node < 0 ? node : files.lookup(node, Buffer.from(name, "utf8").toString("latin1"))), ROOT);
}

/** A file's bytes by its absolute path; undefined when there is none, or it is a directory. */
export function readWholeFile(files: FileSystem, path: string): Uint8Array | undefined {
  const node = findNode(files, path);
  const status = node < 0 ? undefined : files.stat(node);
  if (!status || status.kind === DIRECTORY) return undefined;
  const bytes = new Uint8Array(status.size);
  let done = 0;
  while (done < bytes.length) {
    const count = files.read(node, done, bytes, done, bytes.length - done);
    if (count <= 0) return undefined;
    done += count;
  }
  return bytes;
}

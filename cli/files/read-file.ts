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
  const status = node < 0 ? node : files.stat(node);
  if (typeof status === "number" || status.kind === DIRECTORY) return undefined;
  const bytes = new Uint8Array(status.size);
  let done = 0;
  while (done < bytes.length) {
    const count = files.read(node, done, bytes, done, bytes.length - done);
    if (count <= 0) return undefined;
    done += count;
  }
  return bytes;
}

/** Every file with its absolute path and size, in the order of the directories. */
export function listAllFiles(files: FileSystem): { readonly path: string; readonly bytes: number }[] {
  const found: { path: string; bytes: number }[] = [];
  const visit = (directory: number, path: string): void => {
    for (let entry = files.next(directory, 0); entry; entry = files.next(directory, entry.cookie)) {
      const here = `${path}/${Buffer.from(entry.name, "latin1").toString("utf8")}`;
      if (entry.kind === DIRECTORY) visit(entry.node, here);
      else {
        const status = files.stat(entry.node);
        found.push({ path: here, bytes: typeof status === "number" ? 0 : status.size });
      }
    }
  };
  visit(ROOT, "");
  return found;
}

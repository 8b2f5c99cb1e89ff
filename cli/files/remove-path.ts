import { DIRECTORY, REGULAR_FILE, ROOT } from "../../device/fs/file-system.js";
import type { FileSystem } from "../../device/fs/file-system.js";
import { Failure, misuse } from "../failure.js";
import { openWritableFiles } from "./image-files.js";
import type { ImageOptions } from "./image-files.js";
import { absolute, entriesOf, isDirectory, mustFindNode, namesOf, reason, toStored } from "./paths.js";

/** `ristretto fs rm` */
export async function removePath(path: string, options: ImageOptions & { recursive?: boolean }): Promise<void> {
  const names = namesOf(path);
  if (names.length === 0) throw misuse("/: can't be removed", "name what is in it");
  const image = await openWritableFiles(options);
  mustFindNode(image.files, path);
  const directory = names.length > 1 ? mustFindNode(image.files, names.slice(0, -1).join("/")) : ROOT;
  const problem = remove(image.files, directory, toStored(names.at(-1)!), options.recursive ?? false);
  if (problem < 0)
    throw new Failure(`${absolute(path)}: ${reason(problem)}`, {
      mend: problem === -55 ? "-r removes what is in it too" : "ristretto fs fsck tells what is damaged",
    });
  image.save();
}

function remove(files: FileSystem, directory: number, name: string, recursive: boolean): number {
  const node = files.lookup(directory, name);
  if (node < 0) return node;
  if (!isDirectory(files, node)) return files.remove(directory, name, REGULAR_FILE);
  for (const entry of recursive ? entriesOf(files, node) : []) {
    const problem = remove(files, node, entry.name, true);
    if (problem < 0) return problem;
  }
  return files.remove(directory, name, DIRECTORY);
}

import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { DIRECTORY, REGULAR_FILE, ROOT } from "../../device/fs/file-system.js";
import type { FileSystem } from "../../device/fs/file-system.js";
import { Failure } from "../failure.js";
import { unreadable } from "../source/program.js";
import { openImageFiles, openWritableFiles } from "./image-files.js";
import type { ImageOptions } from "./image-files.js";
import { absolute, isDirectory, mustFindNode, namesOf, reason, statusOf, toStored } from "./paths.js";
import { findNode } from "./read-file.js";

/** Bytes that `put` writes at once. */
const PIECE = 512;

/** `ristretto fs get` */
export async function getFile(path: string, options: ImageOptions & { output?: string }): Promise<void> {
  const { files } = await openImageFiles(options);
  const node = mustFindNode(files, path);
  if (isDirectory(files, node)) throw new Failure(`${absolute(path)}: is a directory`, { mend: "name a file in it" });
  const { bytes, problem } = readThrough(files, node);
  if (problem !== undefined)
    throw new Failure(`${absolute(path)}: ${problem}`, { mend: "ristretto fs fsck tells what else is damaged" });
  if (options.output === undefined) {
    process.stdout.write(bytes);
    return;
  }
  try {
    writeFileSync(options.output, bytes);
  } catch (error) {
    throw new Failure(`${options.output}: can't be written: ${(error as Error).message}`);
  }
}

/** A file's bytes up to where they can't be read, and what is wrong there. */
export function readThrough(files: FileSystem, node: number): { bytes: Uint8Array; problem?: string } {
  const status = statusOf(files, node);
  if (!status) return { bytes: new Uint8Array(0), problem: "its newest record on flash is damaged" };
  const bytes = new Uint8Array(status.size);
  let done = 0;
  while (done < bytes.length) {
    // A little at a time, so that it is known how far a file is good.
    const count = files.read(node, done, bytes, done, Math.min(64, bytes.length - done));
    if (count <= 0)
      return { bytes: bytes.slice(0, done), problem: `damaged at byte ${done} of ${bytes.length}: ${reason(count)}` };
    done += count;
  }
  return { bytes };
}

/** `ristretto fs put` */
export async function putFile(file: string, path: string, options: ImageOptions): Promise<void> {
  const bytes = await readInput(file);
  const image = await openWritableFiles(options, true);
  const { files } = image;
  const names = namesOf(path);
  const existing = findNode(files, absolute(path));
  const isFolder = path.endsWith("/") || (existing > 0 && isDirectory(files, existing));
  if (isFolder && file === "-")
    throw new Failure(`${absolute(path)}: is a directory, and stdin has no name`, { mend: "name a file in it" });
  if (isFolder) names.push(basename(file));
  const whole = absolute(names.join("/"));
  const name = toStored(names.pop()!);
  const directory = makeDirectories(files, names);

  const problem = replace(files, directory, name, bytes);
  if (problem < 0)
    throw new Failure(`${file}: can't be put at ${whole}: ${reason(problem)} (${files.space().free} B were free)`, {
      mend:
        problem === -51
          ? "remove what isn't needed with ristretto fs rm"
          : "the image is as it was; choose another path",
    });
  image.save();
}

async function readInput(file: string): Promise<Uint8Array> {
  try {
    if (file !== "-") return new Uint8Array(readFileSync(file));
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
    return new Uint8Array(Buffer.concat(chunks));
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** @throws Failure when one can't be made */
function makeDirectories(files: FileSystem, names: readonly string[]): number {
  let node = ROOT;
  names.forEach((name, index) => {
    const found = files.lookup(node, toStored(name));
    const next = found === -44 ? files.create(node, toStored(name), DIRECTORY) : found;
    const wrong = next < 0 ? reason(next) : isDirectory(files, next) ? undefined : "is a file";
    if (wrong) throw new Failure(`/${names.slice(0, index + 1).join("/")}: ${wrong}`, { mend: "choose another path" });
    node = next;
  });
  return node;
}

/** Takes the old file away first, so that one that is damaged can be replaced too: only the whole is saved. */
function replace(files: FileSystem, directory: number, name: string, bytes: Uint8Array): number {
  if (files.lookup(directory, name) > 0) {
    const removed = files.remove(directory, name, REGULAR_FILE);
    if (removed < 0) return removed;
  }
  const node = files.create(directory, name, REGULAR_FILE);
  if (node < 0) return node;
  // In pieces, as programs write: what users wrote is noted on flash with each block that is begun.
  for (let done = 0; done < bytes.length;) {
    const written = files.write(node, done, bytes, done, Math.min(PIECE, bytes.length - done));
    if (written <= 0) return written < 0 ? written : -51;
    done += written;
  }
  return files.sync(node);
}

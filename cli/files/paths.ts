import { DIRECTORY, ROOT } from "../../device/fs/file-system.js";
import type { DirectoryEntry, FileStatus, FileSystem } from "../../device/fs/file-system.js";
import { Failure, misuse } from "../failure.js";
import { findNode } from "./read-file.js";

/** WASI errno `noent`. */
const NOENT = 44;

/** The names on a path, without empty ones and dots. @throws Failure for `..`: paths begin at the root */
export function namesOf(path: string): string[] {
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  if (names.includes("..")) throw misuse(`${path}: has .. in it`, "name the path from / on");
  return names;
}

/** UTF-8 as the file system keeps it: a char for each byte. */
export function toStored(name: string): string {
  return Buffer.from(name, "utf8").toString("latin1");
}

/** The reverse of `toStored`. */
export function fromStored(name: string): string {
  return Buffer.from(name, "latin1").toString("utf8");
}

/** A path as it is printed: absolute, with single slashes. */
export function absolute(path: string): string {
  return `/${namesOf(path).join("/")}`;
}

/** Entries in the order of the directory. */
export function entriesOf(files: FileSystem, directory: number): DirectoryEntry[] {
  const entries: DirectoryEntry[] = [];
  for (let entry = files.next(directory, 0); entry; entry = files.next(directory, entry.cookie)) entries.push(entry);
  return entries;
}

/** What a node is; undefined also when its record is damaged, for which `stat` answers an errno. */
export function statusOf(files: FileSystem, node: number): FileStatus | undefined {
  const status: unknown = files.stat(node);
  return typeof status === "object" && status !== null ? (status as FileStatus) : undefined;
}

/** Whether a number stands for a file or directory, be it damaged. */
export function isThere(files: FileSystem, node: number): boolean {
  const status: unknown = files.stat(node);
  return status !== undefined && status !== -NOENT;
}

/** Whether a node is a directory that can be read. */
export function isDirectory(files: FileSystem, node: number): boolean {
  return node === ROOT || statusOf(files, node)?.kind === DIRECTORY;
}

/** @throws Failure when nothing is there */
export function mustFindNode(files: FileSystem, path: string): number {
  const node = findNode(files, absolute(path));
  if (node < 0)
    throw new Failure(`${absolute(path)}: ${reason(node)}`, {
      mend: "ristretto fs ls shows what is there, ristretto fs fsck whether anything is damaged",
    });
  return node;
}

/** What an errno of the file system means, for a person. */
export function reason(code: number): string {
  const reasons = new Map([
    [-20, "is there already"],
    [-22, "is larger than a file can be on this flash"],
    [-29, "its records on flash are damaged"],
    [-31, "is a directory"],
    [-37, "has a name of more than 255 bytes"],
    [-44, "no such file or directory"],
    [-51, "no space is left"],
    [-54, "is in something that isn't a directory"],
    [-55, "is a directory that isn't empty"],
    [-69, "can only be read"],
  ]);
  return reasons.get(code) ?? `errno ${-code}`;
}

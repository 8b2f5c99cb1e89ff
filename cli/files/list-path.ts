import { DIRECTORY } from "../../device/fs/file-system.js";
import type { FileSystem } from "../../device/fs/file-system.js";
import { openImageFiles } from "./image-files.js";
import type { ImageOptions } from "./image-files.js";
import { entriesOf, fromStored, isDirectory, mustFindNode, namesOf, statusOf } from "./paths.js";

/** What `ls --json` says of an entry. */
interface Listed {
  readonly name: string;
  readonly kind: "file" | "directory";
  /** Undefined when the file's record is damaged. */
  readonly bytes: number | undefined;
  /** Seconds since 1970. */
  readonly modified: number | undefined;
}

/** `ristretto fs ls` */
export async function listPath(path: string, options: ImageOptions & { json?: boolean }): Promise<void> {
  const { files } = await openImageFiles(options);
  const node = mustFindNode(files, path);
  const listed = isDirectory(files, node)
    ? entriesOf(files, node).map((entry) => describe(files, entry.node, fromStored(entry.name), entry.kind))
    : [describe(files, node, namesOf(path).at(-1)!)];
  listed.sort((a, b) => (a.name < b.name ? -1 : 1));
  if (options.json) {
    process.stdout.write(`${JSON.stringify(listed)}\n`);
    return;
  }
  const size = ({ kind, bytes }: Listed): string => (kind === "directory" ? "-" : String(bytes ?? "damaged"));
  const width = Math.max(...listed.map((each) => size(each).length));
  for (const each of listed)
    process.stdout.write(`${size(each).padStart(width)}  ${each.name}${each.kind === "directory" ? "/" : ""}\n`);
}

function describe(files: FileSystem, node: number, name: string, kind?: number): Listed {
  const status = statusOf(files, node);
  return {
    name,
    kind: (status?.kind ?? kind) === DIRECTORY ? "directory" : "file",
    bytes: status?.size,
    modified: status && Math.floor(status.modified / 1e6),
  };
}

import { DIRECTORY, ROOT } from "../../device/fs/file-system.js";
import type { FileSystem } from "../../device/fs/file-system.js";
import { readThrough } from "./copy-files.js";
import { mendReadOnly, openImageFiles } from "./image-files.js";
import type { ImageFiles, ImageOptions } from "./image-files.js";
import { entriesOf, fromStored, isThere } from "./paths.js";
import { scanLog } from "./scan-log.js";

/** Something that is wrong with an image. */
interface Finding {
  /** A path, or the image's name. */
  readonly where: string;
  readonly what: string;
  readonly mend: string;
}

interface Tally {
  files: number;
  directories: number;
  bytes: number;
  readonly findings: Finding[];
}

/** Bytes of flash for each node that there can be at the most (device/fs/SPEC.md, a node's record and its entry). */
const BYTES_A_NODE = 32;

/** `ristretto fs fsck`: mounts, reads every file and record, and saves nothing. @returns the exit code */
export async function checkFiles(options: ImageOptions & { json?: boolean }): Promise<0 | 1> {
  const image = await openImageFiles(options);
  const { files, path } = image;
  const tally: Tally = { files: 0, directories: 0, bytes: 0, findings: [] };
  if (files.readOnly !== undefined)
    tally.findings.push({ where: path, what: `can only be read: ${files.readOnly}`, mend: mendReadOnly(image) });
  const seen = new Set([ROOT]);
  visit(files, ROOT, "", seen, tally, path);
  // A name that can't be read ends the walk of its directory without a word; what it hides is still there by number.
  const lost = nodesOf(image).filter((node) => !seen.has(node));
  if (lost.length > 0)
    tally.findings.push({
      where: path,
      what: `${lost.length} of its files and directories can't be reached: a name on flash is damaged`,
      mend: "get what can still be read with ristretto fs get, by its path, and go on with a new image",
    });
  for (const block of scanLog(image.flash).damaged)
    tally.findings.push({
      where: path,
      what: `a record in block ${block} of ${image.flash.size / image.flash.blockSize} is damaged, and those behind it can't be found: files may be older than they were, or missing`,
      mend: "get what is there with ristretto fs get, and go on with a new image",
    });
  const { findings } = tally;
  if (options.json) process.stdout.write(`${JSON.stringify(tally)}\n`);
  else {
    for (const { where, what, mend } of findings) process.stdout.write(`${where}: ${what} (${mend})\n`);
    const directories = `${tally.directories} ${tally.directories === 1 ? "directory" : "directories"}`;
    const found = `${tally.files} file${tally.files === 1 ? "" : "s"} with ${tally.bytes} B and ${directories}`;
    const verdict = findings.length === 0 ? "nothing is wrong" : `${findings.length} found wrong`;
    process.stdout.write(`${path}: ${found} read, ${verdict}\n`);
  }
  return findings.length === 0 ? 0 : 1;
}

function visit(
  files: FileSystem,
  directory: number,
  path: string,
  seen: Set<number>,
  tally: Tally,
  image: string,
): void {
  for (const entry of entriesOf(files, directory)) {
    const where = `${path}/${fromStored(entry.name)}`;
    if (seen.has(entry.node)) continue;
    seen.add(entry.node);
    if (entry.kind === DIRECTORY) {
      tally.directories++;
      visit(files, entry.node, where, seen, tally, image);
      continue;
    }
    tally.files++;
    const { bytes, problem } = readThrough(files, entry.node);
    tally.bytes += bytes.length;
    if (problem !== undefined)
      tally.findings.push({
        where,
        what: problem,
        mend: `ristretto fs put <file> ${where} --flash ${image} replaces it, ristretto fs rm removes it`,
      });
  }
}

/** Every node that the file system knows, whatever it is in. */
function nodesOf({ files, flash }: ImageFiles): number[] {
  const found: number[] = [];
  for (let node = ROOT; node <= Math.min(65535, flash.size / BYTES_A_NODE); node++)
    if (isThere(files, node)) found.push(node);
  return found;
}

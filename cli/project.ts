import { basename, dirname, extname, join } from "node:path";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { BoardProfile } from "../hal/boards/profile.js";
import type { Manifest, OtherGuest } from "../device/image/manifest-schema.js";
import { boardNamed } from "./board-named.js";
import { Failure, misuse } from "./failure.js";
import { unreadable } from "./source/program.js";

/** What the commands that take a program have in common. */
export interface ProjectOptions {
  readonly board?: string;
  readonly engine?: string;
  /** Path of a manifest; false: none, whatever lies beside the program. */
  readonly manifest?: string | boolean;
  readonly memory?: string;
}

/** A program with everything that is decided about it. */
export interface Project {
  readonly path: string;
  /** From the manifest, or the file's name cut to what a board's Storage takes. */
  readonly name: string;
  readonly wasm: Uint8Array;
  readonly board: BoardProfile;
  readonly manifest: Manifest;
  /** Where the manifest was read; undefined when the program has none. */
  readonly manifestPath: string | undefined;
  /** Programs that run beside it, each with a manifest of its own. */
  readonly others: readonly Project[];
}

/**
 * Reads a program and its manifest, `ristretto.json` beside it unless another is named; the command's options win.
 * @throws Failure, ManifestError
 */
export async function loadProject(path: string, options: ProjectOptions): Promise<Project> {
  const manifestPath = findManifest(path, options.manifest);
  const manifest = await readManifest(manifestPath);
  const board = await boardNamed(options.board ?? manifest.board ?? "generic");
  const { loadProgram } = await import("./source/program.js");
  const { wasm, warnings } = await loadProgram(path, manifest.compile);
  if (warnings) process.stderr.write(warnings);
  const name = manifest.name ?? nameOf(path);
  const others: Project[] = [];
  for (const [other, said] of Object.entries(manifest.guests)) {
    if (other === name)
      throw new Failure(`${manifestPath}: guests.${other}: the program itself is called so`, {
        mend: "give it another name",
      });
    others.push(await loadOther(other, said, manifestPath!, board));
  }
  return {
    path,
    name,
    wasm,
    board,
    manifest: options.memory === undefined ? manifest : { ...manifest, memory: byteCount(options.memory) },
    manifestPath,
    others,
  };
}

/** A program that runs beside another. */
async function loadOther(name: string, said: OtherGuest, manifestPath: string, board: BoardProfile): Promise<Project> {
  const { loadProgram } = await import("./source/program.js");
  const { emptyManifest } = await import("../device/image/manifest.js");
  const { program, ...fields } = said;
  const path = join(dirname(manifestPath), program);
  const { wasm, warnings } = await loadProgram(path, fields.compile);
  if (warnings) process.stderr.write(warnings);
  return { path, name, wasm, board, manifest: { ...emptyManifest(), ...fields }, manifestPath, others: [] };
}

/** Whether a program, or one beside it, is a reactor, which has no end of its own. */
export function hasReactions({ manifest, others }: Project): boolean {
  return manifest.reactions.length > 0 || others.some(hasReactions);
}

function findManifest(path: string, named: string | boolean | undefined): string | undefined {
  if (named === false) return undefined;
  if (typeof named === "string") return named;
  const beside = join(dirname(path), "ristretto.json");
  return existsSync(beside) ? beside : undefined;
}

async function readManifest(path: string | undefined): Promise<Manifest> {
  const { emptyManifest, parseManifest } = await import("../device/image/manifest.js");
  if (path === undefined) return emptyManifest();
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw unreadable(path, error);
  }
  return parseManifest(text, path);
}

/** `climate.c` and `blink.as.ts` are called `climate` and `blink`. */
function nameOf(path: string): string {
  const name = basename(path, extname(path)).replace(/\.as$/, "");
  return name.replace(/[^A-Za-z0-9._-]/g, "-").slice(0, 20) || "program";
}

/** Bytes, or kilobytes of 1024 with a `k`. */
function byteCount(text: string): number {
  const match = /^(\d+)(k?)$/i.exec(text);
  const bytes = match ? Number(match[1]) * (match[2] ? 1024 : 1) : 0;
  if (bytes < 1 || bytes > 0x7fffffff)
    throw misuse(`--memory ${text}: not a number of bytes`, "for example --memory 4096 or --memory 4k");
  return bytes;
}

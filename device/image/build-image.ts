import { Buffer } from "node:buffer";
import type { BoardProfile } from "../../hal/boards/profile.js";
import { decodeModule } from "../compiler/decode/module.js";
import type { ThumbCompilation } from "../compiler/thumb/compilation.js";
import { buildJsImage } from "./build-js.js";
import { buildThumbImage } from "./build-thumb.js";
import type { ConsoleKind } from "./entry.js";
import { filePlace } from "./file-place.js";
import { type Grants, NO_GRANTS } from "./grants.js";
import type { Image } from "./image.js";
import type { Reaction } from "./reactions.js";

/** A program, and what it gets of the board. */
export interface GuestOptions {
  readonly wasm: Uint8Array;
  /** The program's name: argument 0, and what the board calls it. */
  readonly name: string;
  /** Bytes of linear memory. */
  readonly arenaBytes: number;
  /** Arguments after the name. */
  readonly args?: readonly string[];
  readonly environ?: readonly string[];
  /** What the guest is granted on this board; nothing but stdio, clocks and random when absent. */
  readonly grants?: Grants;
  /** What a reactor's exports are called for; a command has none. */
  readonly reactions?: readonly Reaction[];
  /** Milliseconds that a computing guest may keep the event loop waiting, 0 for ever; default 50. */
  readonly slice?: number;
}

/** What an image is built from. */
export interface BuildOptions extends GuestOptions {
  readonly board: BoardProfile;
  readonly console: ConsoleKind;
  /** How the guest runs; default `js`. */
  readonly engine?: "js" | "thumb";
  /** The compiler to machine code, for `thumb`; default: the project's own. */
  readonly compileToThumb?: (
    wasm: Uint8Array,
    options: { readonly memoryBytes: number; readonly exports: readonly string[]; readonly bufferedWrites?: string },
  ) => ThumbCompilation;
  /** Programs that run beside it, on the same engine. */
  readonly others?: readonly GuestOptions[];
  /** Whether to find out what `Image.suspension` says, which compiles once more. */
  readonly measureSuspension?: boolean;
  /** Whether each WASI call is told, a line each, on the board's console or, in the simulator, apart from it. */
  readonly trace?: boolean;
}

/**
 * Builds an image: compiles the module, links the calls that it imports and no others, and minifies the rest.
 * @throws ModuleError for a module that can't be compiled
 */
export function buildImage(options: BuildOptions): Promise<Image> {
  return options.engine === "thumb" ? buildThumbImage(options) : buildJsImage(options);
}

/** The export that a program starts with; undefined for a reactor without `_initialize`. */
export function entryOf(wasm: Uint8Array): string | undefined {
  const { exports } = decodeModule(wasm);
  return ["_start", "_initialize"].find((wanted) => exports.some(({ name }) => name === wanted));
}

/** What an entry gets as it was given. */
export function given(options: GuestOptions & Pick<BuildOptions, "board" | "console" | "trace">) {
  return {
    console: options.console,
    arenaBytes: options.arenaBytes,
    args: [options.name, ...(options.args ?? [])].map(bytesOf),
    environ: (options.environ ?? []).map(bytesOf),
    grants: options.grants ?? NO_GRANTS,
    filePlace: filePlace(options.board.flash)?.kind,
    slice: options.slice ?? SLICE,
    trace: options.trace,
  };
}

/** UTF-8 as one char a byte. */
function bytesOf(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** Milliseconds. */
const SLICE = 50;

import { Buffer } from "node:buffer";
import type { BoardProfile } from "../../hal/boards/profile.js";
import { compileToJs } from "../compiler/compile.js";
import { CALLS, MODULE } from "../wasi/calls.js";
import { bundle } from "./bundle.js";
import { entrySource, GUEST_PLACEHOLDER, type ConsoleKind } from "./entry.js";
import { type Grants, NO_GRANTS } from "./grants.js";
import type { Image } from "./image.js";

/** What an image is built from. */
export interface BuildOptions {
  readonly wasm: Uint8Array;
  /** The program's name: argument 0, and what the board calls it. */
  readonly name: string;
  readonly board: BoardProfile;
  readonly console: ConsoleKind;
  /** Bytes of linear memory. */
  readonly arenaBytes: number;
  /** Arguments after the name. */
  readonly args?: readonly string[];
  readonly environ?: readonly string[];
  /** What the guest is granted on this board; nothing but stdio, clocks and random when absent. */
  readonly grants?: Grants;
  /** Whether each WASI call is told, a line each, on the board's console or, in the simulator, apart from it. */
  readonly trace?: boolean;
}

/**
 * Builds an image: compiles the module, links the calls that it imports and no others, and minifies the rest.
 * @throws ModuleError for a module that can't be compiled
 */
export async function buildImage(options: BuildOptions): Promise<Image> {
  const { wasm, name, board, arenaBytes } = options;
  const waitingImports = Object.keys(CALLS)
    .filter((call) => CALLS[call].waits)
    .map((call) => `${MODULE}.${call}`);
  const entry = exportsStart(wasm) ? "_start" : "_initialize";
  const compiled = compileToJs(wasm, {
    memoryBytes: arenaBytes,
    waitingImports,
    exports: [entry],
    passGuest: true,
    callDepth: callDepth(board),
  });
  const source = await bundle(
    entrySource({
      console: options.console,
      arenaBytes,
      imports: compiled.imports,
      entry,
      waits: compiled.resumable > 0,
      args: [name, ...(options.args ?? [])].map(bytesOf),
      environ: (options.environ ?? []).map(bytesOf),
      grants: options.grants ?? NO_GRANTS,
      trace: options.trace,
    }),
  );
  return {
    name,
    engine: "js",
    board: board.id,
    // A function as replacement: `$` in generated names means nothing there.
    source: Buffer.from(
      source.replace(GUEST_PLACEHOLDER, () => `(${compiled.source})`),
      "latin1",
    ),
    arenaBytes,
    functionNames: compiled.functionNames,
  };
}

/** UTF-8 as one char a byte. */
function bytesOf(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

function exportsStart(wasm: Uint8Array): boolean {
  return Buffer.from(wasm).includes("\x06_start", 0, "latin1");
}

/** About 550 bytes of C stack a call in the interpreter, and twice that through a nested block. */
const STACK_BYTES_PER_CALL = 1100;

function callDepth(board: BoardProfile): number {
  return Math.max(16, Math.floor(board.memory.stackBytes / STACK_BYTES_PER_CALL));
}

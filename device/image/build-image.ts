import { Buffer } from "node:buffer";
import type { BoardProfile } from "../../hal/boards/profile.js";
import { compileToJs, ModuleError } from "../compiler/compile.js";
import { decodeModule } from "../compiler/decode/module.js";
import type { ThumbCompilation } from "../compiler/thumb/compilation.js";
import { arenaBytes as nativeArenaBytes } from "../engine/native.js";
import { CALLS, MODULE } from "../wasi/calls.js";
import { bundle } from "./bundle.js";
import { type ConsoleKind, type EntryOptions, entrySource, GUEST_PLACEHOLDER } from "./entry.js";
import { guestsSource, placeholderOf } from "./entry-guests.js";
import { blobOf, CODE_OFFSET_PLACEHOLDER, type NativeGuest } from "./entry-native.js";
import { needsFiles } from "./file-place.js";
import { type Grants, NO_GRANTS } from "./grants.js";
import type { Image } from "./image.js";
import { nativeLayout } from "./native-layout.js";
import { ALLOCATORS, proposalCall, proposalCalls } from "./proposal-calls.js";
import { exportsFor, type Reaction } from "./reactions.js";

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
  /** The compiler to machine code, for `thumb`. */
  readonly compileToThumb?: (
    wasm: Uint8Array,
    options: { readonly memoryBytes: number; readonly exports: readonly string[] },
  ) => ThumbCompilation;
  /** Programs that run beside it, on the js engine. */
  readonly others?: readonly GuestOptions[];
  /** Whether each WASI call is told, a line each, on the board's console or, in the simulator, apart from it. */
  readonly trace?: boolean;
}

/**
 * Builds an image: compiles the module, links the calls that it imports and no others, and minifies the rest.
 * @throws ModuleError for a module that can't be compiled
 */
export async function buildImage(options: BuildOptions): Promise<Image> {
  if (options.engine === "thumb") return buildThumb(options, entryOf(options.wasm) ?? "_start");
  const { name, board, others = [] } = options;
  const guests = [options, ...others];
  const compiled = guests.map((guest) => compileGuest(guest, options));
  const [main] = compiled;
  const source = await bundle(
    others.length === 0
      ? entrySource(main.entry)
      : guestsSource(compiled.map(({ entry }, index) => ({ name: guests[index].name, options: entry }))),
  );
  return {
    name,
    engine: "js",
    board: board.id,
    // A function as replacement: `$` in generated names means nothing there.
    source: Buffer.from(
      compiled.reduce(
        (text, { code }, index) =>
          text.replace(others.length === 0 ? GUEST_PLACEHOLDER : placeholderOf(index), () => `(${code.source})`),
        source,
      ),
      "latin1",
    ),
    arenaBytes: guests.reduce((sum, guest) => sum + guest.arenaBytes, 0),
    needsFiles: compiled.some(({ code }, index) => needsFiles(code.imports, guests[index].grants ?? NO_GRANTS)),
    functionNames: main.code.functionNames,
    others: compiled.slice(1).map(({ code }, index) => ({
      name: others[index].name,
      functionNames: code.functionNames,
    })),
  };
}

/** The export that a program starts with; undefined for a reactor without `_initialize`. */
function entryOf(wasm: Uint8Array): string | undefined {
  const { exports } = decodeModule(wasm);
  return ["_start", "_initialize"].find((wanted) => exports.some(({ name }) => name === wanted));
}

/** Compiles one program, and says what its part of the entry is to be. */
function compileGuest(guest: GuestOptions, options: BuildOptions) {
  const { wasm, arenaBytes, reactions = [] } = guest;
  const { functions, exports } = decodeModule(wasm);
  const imported = functions.flatMap(({ import: from }) => from ?? []);
  const waitingImports = imported
    .filter(({ module, name }) => (module === MODULE ? CALLS[name] : proposalCall(module, name))?.waits)
    .map(({ module, name }) => `${module}.${name}`);
  const allocator = proposalCalls(imported).some(({ allocates }) => allocates)
    ? exports.find(({ name }) => ALLOCATORS.includes(name))?.name
    : undefined;
  const start = entryOf(wasm);
  const code = compileToJs(wasm, {
    memoryBytes: arenaBytes,
    waitingImports,
    exports: [start, allocator, ...exportsFor(reactions)].filter((name) => name !== undefined),
    // Without a prompt nothing has to go on meanwhile.
    fuel: options.console !== "standalone" && guest.slice !== 0,
    passGuest: true,
    callDepth: callDepth(options.board),
  });
  const { console, trace } = options;
  const entry: EntryOptions = {
    ...given({ ...guest, console, trace }),
    imports: code.imports,
    entry: start,
    allocator,
    reactions,
    waits: code.resumable > 0,
    sliced: code.slicedLoops > 0,
  };
  return { code, entry };
}

async function buildThumb(options: BuildOptions, entry: string): Promise<Image> {
  const { wasm, name, board, arenaBytes } = options;
  if (!options.compileToThumb) throw new ModuleError("there is no compiler to machine code");
  if (options.reactions?.length) throw new ModuleError("reactors aren't run as machine code yet");
  const compilation = options.compileToThumb(wasm, { memoryBytes: arenaBytes, exports: [entry] });
  const native: NativeGuest = { compilation, layout: nativeLayout(wasm, compilation, arenaBytes) };
  const source = await bundle(
    entrySource({ ...given(options), imports: compilation.imports, entry, waits: true, native }),
  );
  const script = withCodeOffset(source);
  return {
    name,
    engine: "thumb",
    board: board.id,
    source: new Uint8Array(Buffer.concat([script, blobOf(compilation)])),
    scriptBytes: script.length,
    arenaBytes,
    stackBytes: nativeArenaBytes(native.layout) - arenaBytes,
    needsFiles: needsFiles(compilation.imports, options.grants ?? NO_GRANTS),
    functionNames: {},
    thumb: compilation,
  };
}

/** Milliseconds. */
const SLICE = 50;

/** What the entry gets as it was given. */
function given(options: GuestOptions & Pick<BuildOptions, "console" | "trace">) {
  return {
    console: options.console,
    arenaBytes: options.arenaBytes,
    args: [options.name, ...(options.args ?? [])].map(bytesOf),
    environ: (options.environ ?? []).map(bytesOf),
    grants: options.grants ?? NO_GRANTS,
    slice: options.slice ?? SLICE,
    trace: options.trace,
  };
}

/** The script with its own length in it, padded to a multiple of 4: the code lies behind it, and must be aligned. */
function withCodeOffset(source: string): Buffer {
  const [before, after, ...rest] = source.split(CODE_OFFSET_PLACEHOLDER);
  if (rest.length > 0) throw new Error("the machine code's offset stands twice in a bundle");
  // In the simulator's `run` nobody asks for it.
  if (after === undefined) return Buffer.from(before.padEnd(Math.ceil(before.length / 4) * 4), "latin1");
  const shortest = before.length + after.length;
  let length = 0;
  while (shortest + String(length).length > length) length += 4;
  return Buffer.from((before + length + after).padEnd(length), "latin1");
}

/** UTF-8 as one char a byte. */
function bytesOf(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** About 550 bytes of C stack a call in the interpreter, and twice that through a nested block. */
const STACK_BYTES_PER_CALL = 1100;

function callDepth(board: BoardProfile): number {
  return Math.max(16, Math.floor(board.memory.stackBytes / STACK_BYTES_PER_CALL));
}

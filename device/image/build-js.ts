import { Buffer } from "node:buffer";
import type { BoardProfile } from "../../hal/boards/profile.js";
import { compileToJs } from "../compiler/compile.js";
import { decodeModule } from "../compiler/decode/module.js";
import { CALLS, MODULE } from "../wasi/calls.js";
import { type BuildOptions, entryOf, given, type GuestOptions } from "./build-image.js";
import { bundle } from "./bundle.js";
import { type EntryOptions, entrySource, GUEST_PLACEHOLDER } from "./entry.js";
import { guestsSource, placeholderOf } from "./entry-guests.js";
import { needsFiles } from "./file-place.js";
import { NO_GRANTS } from "./grants.js";
import type { Image } from "./image.js";
import { allocatorOf, proposalCall } from "./proposal-calls.js";
import { exportsFor } from "./reactions.js";

/** Builds an image with generated ECMAScript. @throws ModuleError for a module that can't be compiled */
export async function buildJsImage(options: BuildOptions): Promise<Image> {
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
    suspension: options.measureSuspension ? sum(compiled.map(({ suspension }) => suspension())) : undefined,
    needsFiles: compiled.some(({ code }, index) => needsFiles(code.imports, guests[index].grants ?? NO_GRANTS)),
    functionNames: main.code.functionNames,
    others: compiled.slice(1).map(({ code }, index) => ({
      name: others[index].name,
      functionNames: code.functionNames,
    })),
  };
}

/** Compiles one program, and says what its part of the entry is to be. */
function compileGuest(guest: GuestOptions, options: BuildOptions) {
  const { wasm, arenaBytes, reactions = [] } = guest;
  const module = decodeModule(wasm);
  const imported = module.functions.flatMap(({ import: from }) => from ?? []);
  const waitingImports = imported
    .filter(({ module, name }) => (module === MODULE ? CALLS[name] : proposalCall(module, name))?.waits)
    .map(({ module, name }) => `${module}.${name}`);
  const allocator = allocatorOf(module);
  const start = entryOf(wasm);
  const plain = {
    memoryBytes: arenaBytes,
    exports: [start, allocator, ...exportsFor(reactions)].filter((name) => name !== undefined),
    callDepth: callDepth(options.board),
  };
  // Without a prompt nothing has to go on meanwhile.
  const fuel = options.console !== "standalone" && guest.slice !== 0;
  const code = compileToJs(wasm, { ...plain, waitingImports, fuel });
  const suspension = () => ({
    functions: code.resumable,
    loops: code.slicedLoops,
    bytes: code.source.length - compileToJs(wasm, plain).source.length,
  });
  const { board, console, trace } = options;
  const entry: EntryOptions = {
    ...given({ ...guest, board, console, trace }),
    imports: code.imports,
    entry: start,
    allocator,
    reactions,
    waits: code.resumable > 0,
    sliced: code.slicedLoops > 0,
  };
  return { code, entry, suspension };
}

function sum(all: readonly NonNullable<Image["suspension"]>[]): Image["suspension"] {
  return all.reduce((total, { functions, loops, bytes }) => ({
    functions: total.functions + functions,
    loops: total.loops + loops,
    bytes: total.bytes + bytes,
  }));
}

/** About 550 bytes of C stack a call in the interpreter, and twice that through a nested block. */
const STACK_BYTES_PER_CALL = 1100;

function callDepth(board: BoardProfile): number {
  return Math.max(16, Math.floor(board.memory.stackBytes / STACK_BYTES_PER_CALL));
}

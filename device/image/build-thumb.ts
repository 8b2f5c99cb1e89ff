import { Buffer } from "node:buffer";
import { decodeModule } from "../compiler/decode/module.js";
import { compileToThumb as compile } from "../compiler/thumb/compile.js";
import { arenaBytes } from "../engine/native.js";
import { MODULE } from "../wasi/calls.js";
import { type BuildOptions, entryOf, given, type GuestOptions } from "./build-image.js";
import { bundle } from "./bundle.js";
import { type EntryOptions, entrySource } from "./entry.js";
import { guestsSource } from "./entry-guests.js";
import { blobOf, CODE_OFFSET_PLACEHOLDER, type NativeGuest } from "./entry-native.js";
import { needsFiles } from "./file-place.js";
import { NO_GRANTS } from "./grants.js";
import type { Image } from "./image.js";
import { nativeLayout } from "./native-layout.js";
import { allocatorOf } from "./proposal-calls.js";
import { exportsFor } from "./reactions.js";

/** Builds an image with machine code. @throws ModuleError for a module that can't be compiled */
export async function buildThumbImage(options: BuildOptions): Promise<Image> {
  const { name, board, others = [] } = options;
  const guests = [options, ...others];
  const blobs: Uint8Array[] = [];
  let offset = 0;
  const compiled = guests.map((guest) => {
    const native = compileGuest(guest, options, offset);
    const blob = blobOf(native.compilation);
    blobs.push(blob);
    offset += blob.length;
    return { native, entry: entryFor(guest, options, native) };
  });
  const [main] = compiled;
  const source = await bundle(
    others.length === 0
      ? entrySource(main.entry)
      : guestsSource(compiled.map(({ entry }, index) => ({ name: guests[index].name, options: entry }))),
  );
  const script = withCodeOffset(source);
  const memory = guests.reduce((sum, guest) => sum + guest.arenaBytes, 0);
  return {
    name,
    engine: "thumb",
    board: board.id,
    source: new Uint8Array(Buffer.concat([script, ...blobs])),
    scriptBytes: script.length,
    arenaBytes: memory,
    stackBytes: compiled.reduce((sum, { native }) => sum + arenaBytes(native.layout), 0) - memory,
    needsFiles: compiled.some(({ entry }) => needsFiles(entry.imports, entry.grants)),
    functionNames: {},
    thumb: main.native.compilation,
    others: compiled.slice(1).map(({ native }, index) => ({
      name: others[index].name,
      functionNames: {},
      thumb: native.compilation,
    })),
  };
}

function compileGuest(guest: GuestOptions, options: BuildOptions, offset: number): NativeGuest {
  const { compileToThumb = compile } = options;
  const { wasm, arenaBytes: memoryBytes, reactions = [] } = guest;
  const start = entryOf(wasm);
  const allocator = allocatorOf(decodeModule(wasm));
  const exports = [start, allocator, ...exportsFor(reactions)].filter((name) => name !== undefined);
  // A trace tells every call; and what is never left for the event loop would be held back for as long.
  const bufferedWrites = options.trace || guest.slice === 0 ? undefined : `${MODULE}.fd_write`;
  const compilation = compileToThumb(wasm, { memoryBytes, exports, bufferedWrites });
  const layout = nativeLayout(wasm, compilation, memoryBytes, allocator !== undefined);
  return { compilation, layout, offset };
}

function entryFor(guest: GuestOptions, { board, console, trace }: BuildOptions, native: NativeGuest): EntryOptions {
  return {
    ...given({ ...guest, board, console, trace }),
    imports: native.compilation.imports,
    entry: entryOf(guest.wasm),
    allocator: allocatorOf(decodeModule(guest.wasm)),
    reactions: guest.reactions,
    waits: true,
    grants: guest.grants ?? NO_GRANTS,
    native,
  };
}

/** The script with its own length in it, padded to a multiple of 4: the code lies behind it, and must be aligned. */
function withCodeOffset(source: string): Buffer {
  const pieces = source.split(CODE_OFFSET_PLACEHOLDER);
  // In the simulator's `run` nobody asks for it.
  const places = pieces.length - 1;
  const shortest = source.length - places * CODE_OFFSET_PLACEHOLDER.length;
  let length = 0;
  while (shortest + places * String(length).length > length) length += 4;
  return Buffer.from(pieces.join(String(length)).padEnd(length), "latin1");
}

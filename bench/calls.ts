import wabt from "wabt";
import { compileToThumb } from "../device/compiler/thumb/compile.js";
import { buildImage } from "../device/image/build-image.js";
import { puckjs, rp2040Pico } from "../hal/boards/index.js";
import type { BoardProfile } from "../hal/boards/profile.js";
import { SimulatedBoard } from "../simulator/board/index.js";
import { VirtualClock } from "../simulator/core/virtual-clock.js";
import { runImage } from "../simulator/engine/run-image.js";

/** What a WASI call costs a guest on a board: the simulator's time, and cycles of machine code, a call of a thousand. */

const CALLS: Readonly<Record<string, string>> = {
  "a call that does nothing": "(drop (call $yield))",
  clock_time_get: "(drop (call $time (i32.const 1) (i64.const 0) (i32.const 8)))",
  "random_get, 4 bytes": "(drop (call $random (i32.const 8) (i32.const 4)))",
  "fd_write, a line of 32 bytes": "(drop (call $write (i32.const 1) (i32.const 64) (i32.const 1) (i32.const 8)))",
  "fd_write of one byte": "(drop (call $write (i32.const 1) (i32.const 72) (i32.const 1) (i32.const 8)))",
};
const TIMES = 1000;
const MEMORY = 256;

const program = (call: string) => `(module
  (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "\\80\\00\\00\\00\\20\\00\\00\\00\\80\\00\\00\\00\\01\\00\\00\\00")
  (data (i32.const 128) "sensor 17: 21.50 C, 1013.25 hPa\\n")
  (func (export "_start") (local $i i32)
    (loop $again ${call}
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.ne (local.get $i) (i32.const ${TIMES}))))))`;

interface Taken {
  readonly microseconds: number;
  readonly cycles: number;
}

interface Row {
  readonly call: string;
  readonly board: string;
  /** Microseconds of the board's time, a call. */
  readonly thumb: number;
  /** The same without the buffer that machine code writes into. */
  readonly thumbUnbuffered: number;
  readonly js: number;
  /** Cycles of machine code, a call. */
  readonly cycles: number;
}

/** `npm run bench -- calls [--json]` */
export async function run(args: readonly string[]): Promise<void> {
  const rows: Row[] = [];
  for (const board of [puckjs, rp2040Pico]) {
    const empty = await measureAll(board, "");
    for (const [call, text] of Object.entries(CALLS)) {
      const all = await measureAll(board, text);
      const each = (of: (taken: typeof all) => number) => (of(all) - of(empty)) / TIMES;
      rows.push({
        call,
        board: board.id,
        thumb: each(({ thumb }) => thumb.microseconds),
        thumbUnbuffered: each(({ unbuffered }) => unbuffered.microseconds),
        js: each(({ js }) => js.microseconds),
        cycles: each(({ thumb }) => thumb.cycles),
      });
    }
  }
  console.log(args.includes("--json") ? JSON.stringify({ rows }) : format(rows));
}

async function measureAll(board: BoardProfile, call: string) {
  const wasm = (await wabt()).parseWat("calls.wat", program(call)).toBinary({}).buffer;
  return {
    thumb: await measure(wasm, board, "thumb", true),
    unbuffered: await measure(wasm, board, "thumb", false),
    js: await measure(wasm, board, "js", true),
  };
}

async function measure(
  wasm: Uint8Array,
  profile: BoardProfile,
  engine: "js" | "thumb",
  buffers: boolean,
): Promise<Taken> {
  const compile: typeof compileToThumb = (module, options = {}) =>
    compileToThumb(module, { ...options, bufferedWrites: buffers ? options.bufferedWrites : undefined });
  const image = await buildImage({
    wasm,
    name: "calls",
    board: profile,
    console: "sandbox",
    arenaBytes: MEMORY,
    engine,
    compileToThumb: compile,
  });
  const { end, virtualMicroseconds, processor } = await runImage({
    board: new SimulatedBoard({ profile, clock: new VirtualClock(), seed: 1 }),
    source: image.source.subarray(0, image.scriptBytes),
    machineCode: image.thumb && image.source.subarray(image.scriptBytes),
    stdout: () => {},
    stderr: () => {},
  });
  if (end.kind !== "exit" || end.exitCode !== 0) throw new Error(`the program ended otherwise: ${JSON.stringify(end)}`);
  return { microseconds: virtualMicroseconds, cycles: processor?.cycles ?? 0 };
}

function format(rows: readonly Row[]): string {
  const line = (cells: readonly string[]) =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(32) : cell.padStart(14))).join("");
  const boards = [...new Set(rows.map(({ board }) => board))];
  return boards
    .map((board) =>
      [
        line([`us a call on ${board}`, "thumb", "unbuffered", "js", "cycles"]),
        ...rows
          .filter((row) => row.board === board)
          .map(({ call, thumb, thumbUnbuffered, js, cycles }) =>
            line([call, ...[thumb, thumbUnbuffered, js, cycles].map((value) => value.toFixed(0))]),
          ),
      ].join("\n"),
    )
    .join("\n\n");
}

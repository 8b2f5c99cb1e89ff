/** Images with a guest in machine code, as they run on simulated boards; the machine code is written by hand here. */
import { crc32 } from "node:zlib";
import wabtModule from "wabt";
import { assembleByHand, MEMORY_OFFSET } from "../../device/compiler/thumb/testing/by-hand.js";
import { contextOffsets as word } from "../../device/compiler/thumb/context.js";
import { stackTrace } from "../../device/compiler/thumb/stack-trace.js";
import { trapCodes } from "../../device/compiler/thumb/traps.js";
import { buildImage } from "../../device/image/build-image.js";
import type { ConsoleKind } from "../../device/image/entry.js";
import { lintForEspruino } from "../../device/image/espruino-lint.js";
import type { Image } from "../../device/image/image.js";
import { puckjs, rp2040Pico } from "../../hal/boards/index.js";
import type { BoardProfile } from "../../hal/boards/profile.js";
import { SimulatedBoard } from "../../simulator/board/index.js";
import { VirtualClock } from "../../simulator/core/virtual-clock.js";
import { runImage } from "../../simulator/engine/run-image.js";
import type { Transport } from "../../simulator/console/index.js";
import { makeSimulation } from "../sim/simulation.js";

const WRITES = `(module
  (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))
  (memory (export "memory") 1) (func (export "_start")))`;

const IMPORTS = [
  { module: "wasi_snapshot_preview1", name: "fd_write", type: { params: ["i32", "i32", "i32", "i32"], results: ["i32"] } },
  { module: "wasi_snapshot_preview1", name: "clock_time_get", type: { params: ["i32", "i64", "i32"], results: ["i32"] } },
  { module: "wasi_snapshot_preview1", name: "proc_exit", type: { params: ["i32"], results: [] } },
] as const;

/** `fd_write(1, 16, 1, 32)`: what the segment says. */
const WRITE = `movs r1, #1
  str  r1, [r4, #${word.transfer}]
  str  r1, [r4, #${word.transfer + 8}]
  movs r1, #16
  str  r1, [r4, #${word.transfer + 4}]
  movs r1, #32
  str  r1, [r4, #${word.transfer + 12}]
  movs r0, #1
  mov  r1, r4
  bl   yield`;

const START = `guest: push {r4, lr}
  mov  r4, r0
  ldr  r1, =${MEMORY_OFFSET}
  adds r1, r0, r1
  mov  r11, r1`;

const PROGRAMS = {
  /** Prints, asks the time with an i64 argument, and exits with what that answered, plus 3. */
  prints: `${START}
    ${WRITE}
    movs r1, #1
    str  r1, [r4, #${word.transfer}]
    movs r2, #0
    str  r2, [r4, #${word.transfer + 4}]
    str  r2, [r4, #${word.transfer + 8}]
    movs r1, #64
    str  r1, [r4, #${word.transfer + 12}]
    movs r0, #2
    mov  r1, r4
    bl   yield
    adds r0, #3
    str  r0, [r4, #${word.transfer}]
    movs r0, #3
    mov  r1, r4
    bl   yield`,
  /** Prints, then spins for ever, a loop of ten instructions a unit of fuel. */
  spins: `${START}
    ${WRITE}
    ldr  r1, [r4, #${word.fuel}]
    mov  r8, r1
    loop: nop
    nop
    nop
    nop
    nop
    mov  r1, r8
    subs r1, r1, #1
    mov  r8, r1
    bpl  loop
    bl   fuel
    b    loop`,
  /** Traps in a function that another one calls. */
  traps: `${START}
    bl   outer
    pop  {r4, pc}
    .global outer
    outer: push {r4, lr}
    bl   inner
    pop  {r4, pc}
    .global inner
    inner: push {r4, lr}
    movs r0, #${~trapCodes["integer divide by zero"]}
    mvns r0, r0
    mov  r1, r4
    movs r2, #0
    bl   trap`,
};

const compilation = (text: string) =>
  assembleByHand(text, {
    imports: IMPORTS,
    data: [
      { offset: 16, bytes: Uint8Array.of(24, 0, 0, 0, 7, 0, 0, 0) },
      { offset: 24, bytes: new TextEncoder().encode("coffee\n") },
    ],
  });

async function build(program: keyof typeof PROGRAMS, console: ConsoleKind, board: BoardProfile): Promise<Image> {
  const wasm = (await wabtModule()).parseWat("writes.wat", WRITES).toBinary({}).buffer;
  return buildImage({
    wasm,
    name: program,
    board,
    console,
    arenaBytes: 1024,
    engine: "thumb",
    compileToThumb: () => compilation(PROGRAMS[program]),
  });
}

async function run(program: keyof typeof PROGRAMS, profile: BoardProfile = rp2040Pico, limitMicroseconds?: number) {
  const { source, scriptBytes } = await build(program, "sandbox", profile);
  let out = "";
  const result = await runImage({
    board: new SimulatedBoard({ profile, clock: new VirtualClock(), seed: 1 }),
    source: source.subarray(0, scriptBytes),
    machineCode: source.subarray(scriptBytes),
    stdout: (bytes) => (out += Buffer.from(bytes).toString("latin1")),
    stderr: () => {},
    limitMicroseconds,
  });
  return { ...result, out };
}

/** A board that boots the image from its slot, and its console. */
async function boot(image: Image, profile: BoardProfile, before?: Image) {
  const simulation = await makeSimulation({ profile, seed: 1, epochMicroseconds: 0 });
  const wire = interruptingWire();
  simulation.attach(wire.transport);
  let text = "";
  simulation.onConsoleOutput((bytes) => (text += Buffer.from(bytes).toString("latin1")));
  if (before) simulation.install(before);
  simulation.install(image);
  simulation.powerOn();
  const pass = (milliseconds: number) => {
    const end = simulation.clock.now() + 1000 * milliseconds;
    while ((simulation.clock.next() ?? Infinity) <= end) simulation.clock.step();
    simulation.clock.advanceTo(Math.max(end, simulation.clock.now()));
  };
  return {
    simulation,
    pass,
    interrupt: wire.interrupt,
    type: (typed: string) => simulation.type(Buffer.from(typed, "latin1")),
    take: () => {
      const taken = text.replace(/\x1b\[[0-9;]*[A-Z]/g, "");
      text = "";
      return taken;
    },
  };
}

/** A wire that brings Ctrl-C when the board looks at it while a script runs. */
function interruptingWire(): { readonly transport: Transport; interrupt(): void } {
  let receive: (bytes: Uint8Array) => void = () => {};
  let armed = false;
  return {
    interrupt: () => (armed = true),
    transport: {
      address: "test",
      write: () => {},
      poll() {
        if (armed) receive(Uint8Array.of(3));
        armed = false;
      },
      onData: (handler) => (receive = handler),
      close: () => Promise.resolve(),
    },
  };
}

const inRam = (profile: BoardProfile): BoardProfile => ({
  ...profile,
  flash: { ...profile.flash, executeInPlace: false },
});

describe("an image with machine code", () => {
  test("is a script and behind it the code, aligned, which it knows by place and CRC", async () => {
    const image = await build("prints", "espruino", puckjs);
    const script = Buffer.from(image.source.subarray(0, image.scriptBytes)).toString("latin1");
    expect(image.scriptBytes! % 4).toBe(0);
    const code = image.source.subarray(image.scriptBytes);
    expect(script).toContain(`(${image.scriptBytes}+0,`);
    expect(script).toContain(`,${crc32(code)})`);
    expect(lintForEspruino(script)).toEqual([]);
    expect([image.engine, image.arenaBytes, image.thumb?.code.length]).toEqual(["thumb", 1024, code.length - 8 - 16]);
  });

  test.each([
    ["in flash", rp2040Pico],
    ["in RAM where flash can't be executed", inRam(rp2040Pico)],
  ])("runs with its calls served, %s, and its cycles are counted", async (_where, profile) => {
    const { end, out, processor } = await run("prints", profile);
    expect([out, end]).toEqual(["coffee\n", { kind: "exit", exitCode: 3 }]);
    expect(processor!.instructions).toBeGreaterThan(50);
    expect(processor!.cycles).toBeGreaterThan(processor!.instructions);
  });

  test("lets time pass while it computes", async () => {
    const { end, virtualMicroseconds, processor } = await run("spins", rp2040Pico, 500_000);
    expect(end).toEqual({ kind: "limit" });
    expect(virtualMicroseconds).toBeGreaterThan(450_000);
    expect(processor!.cycles / 125).toBeGreaterThan(virtualMicroseconds / 2);
  });

  test("tells where it trapped", async () => {
    const { end } = await run("traps");
    if (end.kind !== "trap") throw new Error(`it is ${end.kind}`);
    expect(end.reason).toBe("trap: integer divide by zero");
    const places = end.frames.map(({ line, column }) => ({ offset: line, depth: column }));
    expect(stackTrace(compilation(PROGRAMS.traps), places)).toEqual(["inner", "outer", "guest"]);
  });
});

describe("on a board that boots it", () => {
  test.each([
    ["from flash", puckjs],
    ["from RAM", inRam(puckjs)],
  ])("it runs %s", async (_where, profile) => {
    const board = await boot(await build("prints", "espruino", profile), profile);
    board.pass(100);
    expect(board.take()).toMatch(/coffee\s.*exit 3\s/s);
  });

  test("the prompt answers while it computes", async () => {
    const board = await boot(await build("spins", "espruino", puckjs), puckjs);
    board.pass(300);
    expect(board.take()).toContain("coffee");
    board.type("print(6*7)\n");
    board.pass(300);
    expect(board.take()).toMatch(/^42$/m);
  });

  test("Ctrl-C stops it while it computes, and the board goes on", async () => {
    const board = await boot(await build("spins", "espruino", puckjs), puckjs);
    board.pass(300);
    board.take();
    board.interrupt();
    board.pass(300);
    expect(board.take()).toContain("Execution Interrupted");
    const { cycles } = board.simulation.processor!;
    board.type("print(6*7)\n");
    board.pass(1000);
    expect(board.take()).toMatch(/^42$/m);
    expect(board.simulation.processor!.cycles).toBe(cycles);
  });

  test("it isn't entered any more when Storage was compacted under it", async () => {
    // What lay in front of it goes.
    const before = await build("prints", "espruino", puckjs);
    const board = await boot(await build("spins", "espruino", puckjs), puckjs, before);
    board.pass(300);
    board.take();
    board.type('require("Storage").compact()\n');
    board.pass(3000);
    expect(board.take()).toContain("the guest's code or memory was moved");
  });

  test("its code isn't entered when it is damaged", async () => {
    const image = await build("prints", "espruino", puckjs);
    const source = image.source.slice();
    source[image.scriptBytes! + 9] ^= 1;
    const board = await boot({ ...image, source }, puckjs);
    board.pass(100);
    const text = board.take();
    expect(text).toContain("the machine code is damaged: flash it again");
    expect(text).not.toContain("coffee");
  });
});

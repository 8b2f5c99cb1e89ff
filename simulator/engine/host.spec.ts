import wabt from "wabt";
import { MemoryFileSystem } from "../../device/wasi/testing/memory-file-system.js";
import { inputStream, openDirectory, outputStream } from "../../device/wasi/index.js";
import type { Clock } from "../../hal/contract/index.js";
import { VirtualClock } from "../core/virtual-clock.js";
import { instantiateOnHost, runOnHost, type HostOptions, type Outcome } from "./host.js";

async function assemble(text: string): Promise<Uint8Array> {
  const module = (await wabt()).parseWat("test.wat", text, { bulk_memory: true, reference_types: true });
  return module.toBinary({ write_debug_names: true }).buffer;
}

/** Everything that a guest needs around it, and what it wrote. */
function surroundings(options: { stdin?: string; files?: MemoryFileSystem } = {}) {
  const time = new VirtualClock();
  const output = { 1: "", 2: "" };
  const clock: Clock = {
    monotonic: () => time.now(),
    realtime: () => 1_700_000_000_000_000 + time.now(),
    resolution: 1,
    after: (microseconds, handler) => {
      const event = time.schedule(microseconds, handler);
      return () => time.cancel(event);
    },
  };
  const console = {
    write: (stream: 1 | 2, bytes: Uint8Array, start: number, length: number): void => {
      output[stream] += Buffer.from(bytes.subarray(start, start + length)).toString("latin1");
    },
    onInput: (handler: (text: string) => void): (() => void) => {
      for (const piece of [options.stdin ?? "", ""])
        clock.after(1000, () => handler(Buffer.from(piece).toString("latin1")));
      return () => {};
    },
  };
  const root = options.files && openDirectory(options.files, "", "/", true);
  const base: Omit<HostOptions, "module"> = {
    args: ["app"],
    descriptors: [
      inputStream(console.onInput),
      outputStream(console.write, 1),
      outputStream(console.write, 2),
      ...(root && typeof root !== "number" ? [root] : []),
    ],
    clock,
    random: { fill: (bytes, start, length) => bytes.fill(7, start, start + length) },
    time,
  };
  return { base, time, output };
}

async function runText(text: string, options: Partial<HostOptions> = {}): Promise<Outcome> {
  return runOnHost({ ...surroundings().base, ...options, module: await assemble(text) });
}

const WASI = '"wasi_snapshot_preview1"';

describe("how a program ends", () => {
  test("returning, or with the code that it exits with", async () => {
    expect(await runText('(module (func (export "_start")))')).toEqual({ kind: "returned", values: [] });
    const exits = `(module (import ${WASI} "proc_exit" (func $exit (param i32)))
      (func (export "_start") (call $exit (i32.const 42))))`;
    expect(await runText(exits)).toEqual({ kind: "exited", exitCode: 42 });
  });

  test.each([
    ["unreachable", "unreachable"],
    ["(drop (i32.div_s (i32.const 1) (i32.const 0)))", "integer divide by zero"],
    ["(drop (i64.rem_u (i64.const 1) (i64.const 0)))", "integer divide by zero"],
    ["(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))", "integer overflow"],
    ["(drop (i32.trunc_f64_s (f64.const 1e20)))", "integer overflow"],
    ["(drop (i32.load (i32.const 65533)))", "out of bounds memory access"],
    ["(memory.fill (i32.const 65530) (i32.const 0) (i32.const 10))", "out of bounds memory access"],
    ["(call_indirect (type $none) (i32.const 9))", "undefined element"],
    ["(call_indirect (type $none) (i32.const 0))", "indirect call type mismatch"],
    ["(drop (table.get (i32.const 9)))", "out of bounds table access"],
    ["(call $inner)", "call stack exhausted"],
  ])("%s traps: %s", async (body, reason) => {
    const outcome = await runText(`(module (type $none (func)) (table 1 funcref) (memory (export "memory") 1)
      (func $inner ${body}) (func (export "_start") (call $inner)))`);
    expect(outcome).toMatchObject({ kind: "trapped", reason });
    expect(outcome.kind === "trapped" && outcome.stack[0]).toBe("inner");
  });

  test("a trap names functions by their name, their export, or their index", async () => {
    const outcome = await runText(`(module $app (func $named unreachable) (func (call $named)) (func (call 1))
      (func (export "_start") (call 2)))`);
    expect(outcome).toMatchObject({ stack: ["named", "func[1]", "func[2]", "_start"] });
  });
});

describe("imports", () => {
  test("an i64 goes in as two words, and memory that has grown is seen", async () => {
    const { base, output } = surroundings();
    const module = await assemble(`(module
      (import ${WASI} "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
      (import ${WASI} "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 1)
      (func (export "_start")
        (drop (memory.grow (i32.const 1)))
        (i32.store (i32.const 0) (i32.const 0x10000)) (i32.store (i32.const 4) (i32.const 3))
        (i32.store (i32.const 0x10000) (i32.const 0x0a6b6f))
        (drop (call $time (i32.const 0) (i64.const 0x100000001) (i32.const 8)))
        (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))))`);
    const instance = instantiateOnHost({ ...base, module });
    expect(instance.call("_start")).toEqual({ kind: "returned", values: [] });
    expect(output[1]).toBe("ok\n");
    const { memory } = instance.guest;
    expect(memory.length).toBe(0x20000);
    expect(new DataView(memory.buffer).getBigUint64(8, true)).toBe(1_700_000_000_000_001_000n);
  });

  test("what nothing provides is told by its name", async () => {
    await expect(runText('(module (import "env" "led" (func)))')).rejects.toThrow(/function env\.led/);
    await expect(runText(`(module (import ${WASI} "fd_fly" (func)))`)).rejects.toThrow(/fd_fly/);
  });

  test("other modules' functions can be added", async () => {
    let called = 0;
    const text = '(module (import "env" "led" (func $led)) (func (export "_start") (call $led)))';
    await runText(text, { imports: { env: { led: () => called++ } } });
    expect(called).toBe(1);
  });

  test("a trace gets each call with its arguments and its errno", async () => {
    const lines: string[] = [];
    await runText(
      `(module (import ${WASI} "fd_close" (func $close (param i32) (result i32)))
        (import ${WASI} "proc_exit" (func $exit (param i32)))
        (func (export "_start") (drop (call $close (i32.const 9))) (call $exit (i32.const 0))))`,
      { trace: (line) => lines.push(line) },
    );
    expect(lines).toEqual(["fd_close(fd=9) = badf", "proc_exit(code=0) = ?"]);
  });
});

describe("waiting", () => {
  /** Sleeps for 5 ms, then exits with the errno. */
  const sleep = (type: number): string => `(module
    (import ${WASI} "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
    (import ${WASI} "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func (export "_start")
      (i32.store8 (i32.const 8) (i32.const ${type})) (i32.store (i32.const 16) (i32.const ${type ? 0 : 1}))
      (i64.store (i32.const 24) (i64.const 5000000))
      (call $exit (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)))))`;

  test("runs the virtual clock", async () => {
    const { base, time } = surroundings();
    let ticks = 0;
    const tick = (): void => void (ticks++, time.schedule(1000, tick));
    time.schedule(1000, tick);
    expect(runOnHost({ ...base, module: await assemble(sleep(0)) })).toEqual({ kind: "exited", exitCode: 0 });
    expect(ticks).toBe(5);
    expect(Math.floor(time.now() / 1000)).toBe(5);
  });

  test("is stopped at the given time", async () => {
    const { base } = surroundings();
    const module = await assemble(sleep(0));
    expect(runOnHost({ ...base, module, until: 4000 })).toEqual({ kind: "stopped", reason: "time" });
  });

  test("for ever is told, unless something comes from outside", async () => {
    const { base } = surroundings();
    const silent = { write: () => {}, onInput: (handler: (text: string) => void) => ((hear = handler), () => {}) };
    let hear: ((text: string) => void) | undefined;
    const module = await assemble(sleep(1));
    const run = (idle?: () => boolean): Outcome =>
      runOnHost({ ...base, descriptors: [inputStream(silent.onInput)], module, idle });
    expect(run()).toEqual({ kind: "stopped", reason: "deadlock" });
    expect(run(() => (hear?.("\n"), true))).toEqual({ kind: "exited", exitCode: 0 });
  });

  test("by asking for the time again and again comes to an end", async () => {
    const outcome = await runText(`(module
      (import ${WASI} "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
      (memory (export "memory") 1)
      (func (export "_start") (loop $again
        (drop (call $time (i32.const 1) (i64.const 0) (i32.const 0)))
        (br_if $again (i64.lt_u (i64.load (i32.const 0)) (i64.const 1000000))))))`);
    expect(outcome).toEqual({ kind: "returned", values: [] });
  });
});

test("a reactor is initialized, and then called", async () => {
  const module = await assemble(`(module (global $count (mut i32) (i32.const 0))
    (func (export "_initialize") (global.set $count (i32.const 10)))
    (func (export "tick") (param i32) (result i32)
      (global.set $count (i32.add (global.get $count) (local.get 0))) (global.get $count)))`);
  const instance = instantiateOnHost({ ...surroundings().base, module });
  expect(instance.functions).toEqual(["_initialize", "tick"]);
  instance.call("_initialize");
  expect(instance.call("tick", 5)).toEqual({ kind: "returned", values: [15] });
  expect(() => instance.call("tock")).toThrow("no function tock");
});

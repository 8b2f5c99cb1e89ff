import { PassThrough } from "node:stream";
import { generic, puckjs } from "../../hal/boards/index.js";
import { SimulatedBoard } from "../board/index.js";
import { VirtualClock } from "../core/virtual-clock.js";
import { runImage, type RunImageOptions } from "./run-image.js";

async function run(source: string, options: Partial<RunImageOptions> = {}) {
  const board = new SimulatedBoard({ profile: generic, clock: new VirtualClock(), seed: 1 });
  const streams = { out: "", err: "" };
  const result = await runImage({
    board,
    source,
    stdout: (bytes) => (streams.out += Buffer.from(bytes).toString("latin1")),
    stderr: (bytes) => (streams.err += Buffer.from(bytes).toString("latin1")),
    ...options,
  });
  return { ...streams, ...result };
}

async function* chunks(...texts: string[]) {
  for (const text of texts) yield new TextEncoder().encode(text);
}

describe("runImage", () => {
  it("keeps the streams apart, byte for byte", async () => {
    const { out, err, end } = await run(
      "ristretto.write(1,'a\\0\\xff\\n');ristretto.write(2,'oops');ristretto.exit(3)",
    );
    expect({ out, err, end }).toEqual({ out: "a\0\xff\n", err: "oops", end: { kind: "exit", exitCode: 3 } });
  });

  it("sleeps in virtual time", async () => {
    const { end, virtualMicroseconds } = await run("setTimeout(function(){ristretto.exit(0)},3600000)");
    expect(end).toEqual({ kind: "exit", exitCode: 0 });
    expect(virtualMicroseconds / 1e6 - 3600).toBeLessThan(1);
  });

  it("gives input and its end", async () => {
    const source = `var all="";ristretto.listen(function(t){if(t)all+=t;else{ristretto.write(1,all);ristretto.exit(0)}})`;
    expect((await run(source, { stdin: chunks("one ", "two") })).out).toBe("one two");
    expect((await run(source)).out).toBe("");
  });

  it("doesn't wait on the wall for input that comes by the board's clock", async () => {
    const board = new SimulatedBoard({ profile: generic, clock: new VirtualClock(), seed: 1 });
    const stdin = new PassThrough();
    board.clock.schedule(3600e6, () => stdin.write("late"));
    const source = "ristretto.listen(function(t){ristretto.write(1,t);ristretto.exit(0)})";
    const { out, virtualMicroseconds } = await run(source, { board, stdin, stdinInVirtualTime: true });
    expect(out).toBe("late");
    expect(virtualMicroseconds).toBeGreaterThanOrEqual(3600e6);
  });

  it("tells of a trap with names, of exceptions, and of silence", async () => {
    const trap = await run(
      "function inner(){ristretto.trap('unreachable',new Error().stack)}function outer(){inner()}outer()",
    );
    expect(trap.end).toMatchObject({ kind: "trap", reason: "unreachable" });
    expect(trap.end.kind === "trap" && trap.end.frames.map(({ name }) => name)).toEqual(["inner", "outer", "<eval>"]);
    const thrown = await run("function deep(){undefined.x}\ndeep()");
    expect(thrown.end).toMatchObject({ kind: "thrown", thrown: { name: "TypeError" } });
    expect(thrown.end.kind === "thrown" && thrown.end.thrown.frames[0]).toMatchObject({ name: "deep", line: 1 });
    expect((await run("1")).end).toEqual({ kind: "idle" });
  });

  it("gives up at its limits", async () => {
    expect((await run("setInterval(function(){},1000)", { limitMicroseconds: 1e7 })).end).toEqual({ kind: "limit" });
    expect((await run("while(1);", { taskMicroseconds: 1e6 })).end).toEqual({
      kind: "interrupted",
      reason: "interrupted",
    });
    const small = new SimulatedBoard({ profile: puckjs, clock: new VirtualClock(), seed: 1 });
    const greedy = await run("var a=[];while(1)a.push(new Uint8Array(10000))", { board: small });
    expect(greedy.end).toEqual({ kind: "interrupted", reason: "out of memory" });
  });

  it("ends with the board's power", async () => {
    const board = new SimulatedBoard({ profile: generic, clock: new VirtualClock(), seed: 1 });
    board.clock.schedule(5e6, () => board.powerOff("pulled"));
    expect((await run("setInterval(function(){},1000)", { board })).end).toEqual({ kind: "power", cause: "pulled" });
  });
});

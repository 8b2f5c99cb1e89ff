/**
 * The same conversations against the real interpreter, which decides. Needs `ESPRUINO=<path of a Linux build>`.
 */
import type { Image } from "../device/image/image.js";
import { flash, FlasherError, info, rollback, type FlashOptions, type FlashReport } from "./index.js";
import { evaluate, removeHelpers } from "./session/evaluate.js";
import { perform } from "./session/perform.js";
import { newSession, send } from "./session/session.js";
import { connect } from "./session/connect.js";
import { noise } from "./testing/converse.js";
import { ESPRUINO, startEspruino, type EspruinoProcess } from "./testing/espruino-process.js";
import type { Transport } from "./transport/transport.js";

const real = ESPRUINO ? describe : describe.skip;
if (!ESPRUINO) process.stderr.write("flasher: ESPRUINO is not set, so the real interpreter is not asked\n");

function image(name: string, source: string): Image {
  return {
    name,
    engine: "js",
    board: "linux",
    source: Buffer.from(source, "latin1"),
    arenaBytes: 0,
    needsFiles: false,
    functionNames: {},
  };
}

/** A program of so many bytes, made of functions, that says who it is. */
function large(name: string, bytes: number): Image {
  let source = `print("I am ${name}");`;
  for (let i = 0; source.length < bytes - 80; i++) source += `function f${i}(a,b){return a*${i}+b+"${name}"}`;
  return image(name, source + "/".repeat(bytes - source.length));
}

async function boot(board: EspruinoProcess): Promise<string> {
  board.console();
  await board.powerCycle();
  return heard(board);
}

/** Who said that it is who, within 10 s. */
async function heard(board: EspruinoProcess): Promise<string> {
  let text = "";
  for (let waited = 0; waited < 10_000; waited += 50) {
    text += board.console();
    const name = /I am (\w+)/.exec(text)?.[1];
    if (name) return name;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return "nothing";
}

let nonce = 0;

async function ask<T>(board: Transport, expression: string): Promise<T> {
  const session = newSession("espruino", `q${nonce++}q`);
  await perform(board, connect(session));
  const answer = await perform(board, evaluate<T>(session, expression));
  await perform(board, removeHelpers(session));
  return answer;
}

async function refusal(run: Promise<unknown>): Promise<FlasherError> {
  const outcome = await run.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(FlasherError);
  return outcome as FlasherError;
}

/** A transport whose line garbles, and which can be pulled after so many bytes. */
function faulty(board: EspruinoProcess, faults: { noiseEvery?: number; seed?: number; pullAfter?: number }): Transport {
  const there = noise(faults);
  const back = noise({ ...faults, seed: (faults.seed ?? 1) + 1000 });
  let left = faults.pullAfter ?? Infinity;
  return {
    ...board,
    async write(bytes) {
      const through = bytes.subarray(0, left);
      left -= through.length;
      await board.write(there(through));
      if (left > 0) return;
      await board.powerCycle();
      throw new FlasherError("port-lost", "the cable was pulled", "Plug it in.");
    },
    onData: (listener) => board.onData((bytes) => listener(back(bytes))),
  };
}

real("the real interpreter", () => {
  let board: EspruinoProcess;
  beforeEach(async () => {
    board = await startEspruino(ESPRUINO!);
  });
  afterEach(() => board.dispose());
  const put = (what: Image, options: FlashOptions = {}): Promise<FlashReport> =>
    flash(board, what, { expectedBoard: "LINUX", ...options });

  test("flash, power off and on, flash another, go back", async () => {
    expect(await put(large("first", 6000))).toMatchObject({
      slot: "a",
      sequence: 1,
      loaderWritten: true,
      state: "proving",
    });
    expect(await heard(board)).toBe("first");
    expect(await boot(board)).toBe("first");
    expect(await put(large("second", 9000))).toMatchObject({ slot: "b", sequence: 2, loaderWritten: false });
    expect(await boot(board)).toBe("second");
    const found = await info(board);
    expect(found).toMatchObject({
      starts: "b",
      loader: "current",
      slots: [
        { slot: "a", intact: true, trailer: { name: "first" } },
        { slot: "b", intact: true, boots: 2, confirmed: false, trailer: { name: "second" } },
      ],
    });
    expect(await rollback(board)).toMatchObject({ from: { name: "second" }, to: { name: "first" } });
    expect(await heard(board)).toBe("first");
    expect(await boot(board)).toBe("first");
    expect((await refusal(rollback(board))).kind).toBe("nothing-to-roll-back");
  }, 60_000);

  test("a program that dies at once is left for the old one after three boots", async () => {
    await put(large("good", 500));
    await new Promise((resolve) => setTimeout(resolve, 10_500));
    await put(large("dies", 500));
    expect(await boot(board)).toBe("dies");
    expect(await boot(board)).toBe("dies");
    expect(await boot(board)).toBe("good");
    expect((await info(board)).slots).toMatchObject([{ confirmed: true }, { confirmed: false, boots: 3 }]);
  }, 60_000);

  test("a program that throws as it starts is refused, and the old one runs again", async () => {
    await put(large("good", 500));
    const error = await refusal(put(image("bad", 'print("I am bad");undefinedFunction()')));
    expect(error.kind).toBe("program-failed");
    expect(error.message).toContain("undefinedFunction");
    expect(await boot(board)).toBe("good");
  }, 60_000);

  test("a program that never gives the prompt back is started, and interrupted by the next flash", async () => {
    expect(await put(image("stuck", 'print("I am stuck");while(true);'))).toMatchObject({
      state: "busy",
      output: "I am stuck",
    });
    expect(await put(large("next", 500))).toMatchObject({ slot: "b", state: "proving" });
    expect(await boot(board)).toBe("next");
  }, 60_000);

  test("refusals change nothing: wrong board, Storage full, a user's boot code", async () => {
    await put(large("good", 500));
    expect((await refusal(put(large("x", 600), { expectedBoard: "PUCKJS" }))).kind).toBe("wrong-board");
    await ask(board, 'require("Storage").write("log","x",0,240000)');
    const full = await refusal(put(large("x", 30_000)));
    expect(full.kind).toBe("storage-full");
    expect(full.message).toContain("log 240000 B");
    await ask(board, 'require("Storage").erase("log");1');
    expect((await refusal(put(large("x", 30_000)))).kind).toBe("compaction-needed");
    expect(await boot(board)).toBe("good");
    expect(await put(large("x", 30_000), { compact: true })).toMatchObject({ compacted: true });
    expect(await boot(board)).toBe("x");
    await ask(board, 'require("Storage").write(".bootcde","print(\\"I am mine\\")")');
    const foreign = await refusal(put(large("y", 500)));
    expect(foreign.kind).toBe("boot-code-present");
    expect(foreign.message).toContain("I am mine");
    expect(await boot(board)).toBe("mine");
    expect(await put(large("y", 500), { force: true })).toMatchObject({ erased: [".bootcde"] });
    expect(await boot(board)).toBe("y");
  }, 120_000);

  test.each([11, 12, 13])(
    "noise of one fault in 8,000 bytes, both ways, seed %i",
    async (seed) => {
      const what = large("noisy", 20_480);
      const report = await flash(faulty(board, { noiseEvery: 8000, seed }), what);
      process.stderr.write(`noise seed ${seed}: ${report.resent} commands sent again\n`);
      const crc = await ask<number>(board, 'E.CRC32(require("Storage").read("ristretto-a",0,20480))');
      expect(crc).toBe(report.crc);
      expect(await boot(board)).toBe("noisy");
    },
    180_000,
  );

  test("the plug pulled anywhere leaves the old program, and the next attempt goes on", async () => {
    await put(large("old", 500));
    await new Promise((resolve) => setTimeout(resolve, 10_500));
    const what = large("new", 4000);
    for (const pullAfter of [60, 1500, 3500, 4500, 3000]) {
      await refusal(flash(faulty(board, { pullAfter }), what));
      expect([pullAfter, await boot(board)]).toEqual([pullAfter, "old"]);
    }
    const { kept } = await put(what);
    expect(kept).toBeGreaterThanOrEqual(960);
    expect(await boot(board)).toBe("new");
  }, 180_000);

  test("pages are set aside for files in an empty Storage, and stay while programs are flashed and Storage compacts", async () => {
    const keeper = (name: string): Image => ({ ...large(name, 6000), needsFiles: true });
    const { setAside } = await put(keeper("first"));
    const first = 'require("Flash").getFree()[0].addr';
    expect(await ask(board, 'require("Storage").list()[0]')).toBe("ristretto");
    expect((setAside + 32) % 1024).toBe(0);
    await ask(board, `require("Flash").write(new Uint8Array([1,2,3,4]),${first}+1024);1`);
    expect(await put(keeper("second"))).toMatchObject({ setAside: 0, slot: "b" });
    await ask(board, 'require("Storage").erase("ristretto-a");require("Storage").compact();1');
    expect(await ask(board, `E.toString(require("Flash").read(4,${first}+1024))`)).toBe("\x01\x02\x03\x04");
    expect(await boot(board)).toBe("second");
  }, 60_000);

  test("a program that keeps files doesn't take a Storage with something in it, until it may be erased", async () => {
    const keeper: Image = { ...large("keeper", 6000), needsFiles: true };
    await put(large("old", 500));
    expect((await refusal(put(keeper))).kind).toBe("storage-not-empty");
    expect(await boot(board)).toBe("old");
    expect(await put(keeper, { eraseStorage: true })).toMatchObject({ storageErased: true, slot: "a" });
    expect(await boot(board)).toBe("keeper");
  }, 60_000);

  test("what the loader costs: no variable once the program is proved, and no copy of its code", async () => {
    const used = "process.memory(true).usage";
    await perform(board, connectAndLoad());
    const empty = await ask<number>(board, used);
    await put(image("hello", 'setTimeout(function(){print("I am hello")},1)'));
    await new Promise((resolve) => setTimeout(resolve, 10_500));
    const hello = await ask<number>(board, used);
    await put(large("big", 20_000));
    await new Promise((resolve) => setTimeout(resolve, 10_500));
    const big = await ask<number>(board, used);
    const functions = await ask<number>(board, 'Object.keys(global).filter(function(n){return n[0]=="f"}).length');
    const read = await ask<number>(
      board,
      `(function(){var a=${used},s=require("Storage").read("ristretto-b");a=${used}-a;return s.length?a:-1})()`,
    );
    process.stderr.write(
      `JsVars: empty board ${empty}, hello ${hello}, 20,000 B with ${functions} functions ${big}, 20 KB read ${read}\n`,
    );
    expect(hello - empty).toBeLessThanOrEqual(20);
    expect((big - empty) / functions).toBeLessThan(8);
    expect(read).toBeLessThan(10);
  }, 90_000);
});

function* connectAndLoad(): ReturnType<typeof connect> {
  const session = newSession("espruino", "boot");
  yield* connect(session);
  yield* send(session, "\x10load()\n");
}

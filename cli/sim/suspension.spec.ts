/**
 * Guests that compute and guests that sleep beside a living prompt, in the simulator and (`ESPRUINO=<path>`) in the real
 * interpreter under a PTY.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jest } from "@jest/globals";
import { spawn } from "@lydell/node-pty";
import { generic, puckjs } from "../../hal/boards/index.js";
import { buildProject } from "../build/build-project.js";
import { loadProject } from "../project.js";
import { makeSimulation } from "./simulation.js";

const folder = mkdtempSync(join(tmpdir(), "ristretto-suspension-"));
afterAll(() => rmSync(folder, { recursive: true }));

const STOP = "\x10global.ristretto&&ristretto.stop()\n";

/** An image for a board's prompt, of a program in C with a manifest. */
async function build(name: string, source: string, manifest: object = {}, engine: "js" | "thumb" = "js") {
  const path = join(folder, `${name}.c`);
  const manifestPath = join(folder, `${name}.json`);
  writeFileSync(path, source);
  writeFileSync(manifestPath, JSON.stringify(manifest));
  const project = await loadProject(path, { board: "puckjs", manifest: manifestPath });
  return buildProject(project, { console: "espruino", engine });
}

const SPINS = '#include <unistd.h>\nint main(void) { write(1, "go\\n", 3); for (;;) ; }';
const SLEEPS = '#include <unistd.h>\nint main(void) { for (;;) { write(1, "tick\\n", 5); sleep(2); } }';
const LOGS = `#include <fcntl.h>
#include <unistd.h>
int main(void) { int f = open("/data/log", O_WRONLY | O_CREAT, 0666); write(f, "kept", 4); sleep(1000); }`;
const READS = `#include <unistd.h>
int main(void) { char c; write(1, "go\\n", 3); while (read(0, &c, 1) > 0) write(1, &c, 1); }`;

/** A board that has started a program. */
async function simulate(source: string, manifest?: object, profile = puckjs, engine: "js" | "thumb" = "js") {
  const simulation = await makeSimulation({ profile, seed: 1, epochMicroseconds: 0 });
  simulation.install(await build("program", source, manifest, engine));
  let printed: { at: number; text: string }[] = [];
  simulation.onConsoleOutput((bytes) =>
    printed.push({ at: simulation.clock.now(), text: Buffer.from(bytes).toString("latin1") }),
  );
  simulation.powerOn();
  const pass = (seconds: number) => simulation.clock.advanceTo(simulation.clock.now() + seconds * 1e6);
  pass(3);
  return {
    ...simulation,
    /** Types, and lets time pass. @returns what was printed, and when something wanted was, in milliseconds */
    say(text: string, wanted: string, seconds = 1) {
      printed = [];
      const typed = simulation.clock.now();
      simulation.type(Buffer.from(text, "latin1"));
      pass(seconds);
      let all = "";
      const answer = printed.find(({ text: piece }) => (all += piece).includes(wanted));
      return { all: printed.map((piece) => piece.text).join(""), after: answer && (answer.at - typed) / 1000 };
    },
  };
}

describe("on a simulated board", () => {
  jest.setTimeout(60_000);

  // Few lines for the emulated core, which takes seconds for a second of the board's.
  test.each([
    ["js", 20],
    ["thumb", 3],
  ] as const)(
    "the prompt answers within 200 ms beside a guest that loops for ever on the %s engine",
    async (engine, lines) => {
      const board = await simulate(SPINS, undefined, puckjs, engine);
      let slowest = 0;
      for (let line = 0; line < lines; line++) {
        const { all, after } = board.say(`6*${line}\n`, `=${6 * line}\r\n`, 0.5 + line / 7);
        expect(all).toContain(`=${6 * line}\r\n`);
        expect(after).toBeLessThan(200);
        slowest = Math.max(slowest, after!);
      }
      console.log(`${engine}: the slowest answer after ${slowest.toFixed(0)} ms`);
      await board.close();
    },
  );

  test("the manifest says how long a slice is", async () => {
    const slowest = async (slice: number) => {
      const board = await simulate(SPINS, { slice });
      const answers = Array.from({ length: 8 }, (_, line) => board.say("6*7\n", "=42", 1 + line / 9).after!);
      await board.close();
      return Math.max(...answers);
    };
    expect(await slowest(400)).toBeGreaterThan(2 * (await slowest(5)));
  });

  test("without slices there is no code for them", async () => {
    const [sliced, whole] = [await build("sliced", SPINS), await build("whole", SPINS, { slice: 0 })];
    expect(whole.source.length).toBeLessThan(sliced.source.length);
  });

  test.each([
    ["computes", "js", SPINS],
    ["sleeps", "js", SLEEPS],
    ["computes", "thumb", SPINS],
    ["sleeps", "thumb", SLEEPS],
  ] as const)(
    "a guest that %s is stopped by ristretto.stop() on the %s engine, and the board goes on",
    async (_, engine, source) => {
      const board = await simulate(source, undefined, puckjs, engine);
      expect(board.say(STOP, "exit 130").all).toContain("exit 130");
      const { activeMicroseconds } = board.board.energy;
      const { all } = board.say("1+1\n", "=2", 20);
      expect(all).toBe("1+1\r\n=2\r\n>");
      expect(board.board.energy.activeMicroseconds - activeMicroseconds).toBeLessThan(50_000);
      // Once is enough.
      expect(board.say(STOP, ">").all).not.toContain("exit");
      await board.close();
    },
  );

  test("what a stopped guest has written is in its file", async () => {
    const board = await simulate(LOGS, { dirs: { "/data": "/" } }, generic);
    board.say(STOP, "exit 130");
    expect(Buffer.from(board.readFile("/log")!).toString()).toBe("kept");
    await board.close();
  });

  test("a guest that reads the console is stopped by Ctrl-C itself, and the prompt is back", async () => {
    const board = await simulate(READS);
    expect(board.say("ab", "ab").all).toContain("ab");
    expect(board.say("\x03", "exit 130").all).toContain("exit 130");
    expect(board.say("1+1\n", "=2").all).toContain("=2");
    await board.close();
  });
});

const ESPRUINO = process.env.ESPRUINO;
if (!ESPRUINO) console.log("ESPRUINO isn't set: guests aren't stopped in the real interpreter.");

(ESPRUINO ? describe : describe.skip)("in the real Espruino", () => {
  jest.setTimeout(60_000);

  let end = () => {};
  afterEach(() => end());

  /** The interpreter's prompt on a PTY, with a program started at it. */
  async function start(source: string) {
    writeFileSync(join(folder, "image.js"), (await build("real", source)).source);
    const terminal = spawn(ESPRUINO!, [], { cwd: folder, encoding: null, cols: 200 });
    let seen = "";
    let wake = () => {};
    end = () => terminal.kill("SIGKILL");
    terminal.onData((data) => {
      seen += Buffer.from(data).toString("latin1");
      wake();
    });
    const until = async (wanted: string) => {
      while (!seen.includes(wanted)) await new Promise<void>((resolve) => (wake = resolve));
      seen = seen.slice(seen.indexOf(wanted) + wanted.length);
    };
    await until(">");
    terminal.write('\x10eval(require("fs").readFileSync("image.js"))\n');
    return { until, type: (text: string) => terminal.write(text) };
  }

  test.each([
    ["computes", SPINS, "go"],
    ["sleeps", SLEEPS, "tick"],
  ])("the prompt answers beside a guest that %s, and stops it", async (_, source, first) => {
    const { until, type } = await start(source);
    await until(first);
    type("6*7\n");
    await until("=42");
    type(STOP);
    await until("exit 130");
    type("6*8\n");
    await until("=48");
  });

  test("a guest that reads the console is stopped by Ctrl-C itself, and the prompt is back", async () => {
    const { until, type } = await start(READS);
    await until("go");
    type("ab");
    await until("ab");
    type("\x03");
    await until("exit 130");
    type("6*7\n");
    await until("=42");
  });
});

import { EventEmitter } from "node:events";
import { render } from "ink-testing-library";
import { clockFace, charge } from "./header.js";
import { wrapLines } from "./console-pane.js";
import { NoTerminal, openScreen } from "./open-screen.js";
import { Screen } from "./screen.js";
import type { SimulatorView, Snapshot } from "./view.js";

const SNAPSHOT: Snapshot = {
  board: { id: "puckjs", name: "Puck.js" },
  time: { microseconds: 83_456_000, speed: 1, paused: false },
  power: { on: true, averageMicroamperes: 12.34, microampereHours: 5678, awake: 0.0012 },
  pins: [
    { name: "D5", alias: "LED1", mode: "output", level: "1" },
    { name: "D1", mode: "af_output", level: "0", duty: 0.25 },
    { name: "D2", mode: "input", level: "z" },
    { name: "D9", mode: "output", level: "x" },
  ],
  idlePins: 28,
  leds: [
    { name: "LED1", color: "red", brightness: 1 },
    { name: "LED2", color: "green", brightness: 0 },
    { name: "LED3", color: "blue", brightness: 0.4 },
  ],
  buttons: [
    { name: "BTN1", pressed: false },
    { name: "door", pressed: true },
  ],
  sensors: [{ name: "climate", type: "bme280", shows: "21.5 °C, 1013.25 hPa, 45 %" }],
  console: ["Hello from the board", ">"],
  files: [{ path: "/data/log.csv", bytes: 1234 }],
  flash: { erases: 3, bytesProgrammed: 4567, mostWorn: 2 },
  messages: ["1.000s SPI1: one and two are selected at once"],
};

/** A view that shows what it is given and writes down what is commanded. */
function makeView(snapshot: Snapshot = SNAPSHOT) {
  const commands: string[] = [];
  const listeners = new Set<() => void>();
  let current = snapshot;
  const write =
    (name: string) =>
    (...args: unknown[]) =>
      void commands.push([name, ...args].join(" "));
  const view: SimulatorView = {
    look: () => current,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    commands: {
      type: (bytes) => void commands.push(`type ${Buffer.from(bytes).toString("hex")}`),
      setPaused: write("setPaused"),
      faster: write("faster"),
      slower: write("slower"),
      setButton: write("setButton"),
      reset: write("reset"),
      setPower: write("setPower"),
    },
  };
  return {
    view,
    commands,
    change: (changes: Partial<Snapshot>) => {
      current = { ...current, ...changes };
      for (const listener of listeners) listener();
    },
    listeners,
  };
}

/** Lets React and Ink do what they have put off. */
async function settle() {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Opens the screen and types keys one after the other, as a person does. */
async function open(snapshot?: Snapshot) {
  const made = makeView(snapshot);
  const app = render(<Screen view={made.view} />);
  await settle();
  const press = async (...keys: string[]) => {
    for (const key of keys) {
      app.stdin.write(key);
      await settle();
    }
  };
  return { ...made, ...app, press, frame: () => app.lastFrame() ?? "" };
}

describe("the screen shows", () => {
  test.each([
    [
      "the board, virtual time, speed and supply",
      /Puck.js \(puckjs\).*running ×1 00:01:23.456 +12.3 µA on average, 5.68 mAh, awake 0.12%/,
    ],
    ["LEDs lit, dark and in between", /● LED1 red, lit[^]*○ LED2 green, dark[^]*● LED3 blue, 40%/],
    ["buttons with their keys", /□ BTN1 released, key 1[^]*■ door pressed, key 2/],
    ["sensors with units", /◆ climate bme280[^]*21.5 °C, 1013.25 hPa, 45 %/],
    [
      "pins with their levels",
      /D5 +LED1 +high +output[^]*D1 +25% +af_output[^]*D2 +float +input[^]*D9 +SHORT +output[^]*28 idle/,
    ],
    ["the console", /Hello from the board/],
    [
      "files, flash and what the hardware suffered",
      /4567 B written, 3 erases[^]*\/data\/log.csv 1234 B[^]*SPI1: one and two/,
    ],
    ["the keys", /q quit +space pause/],
  ])("%s", async (_, pattern) => {
    const { frame, unmount } = await open();
    expect(frame()).toMatch(pattern);
    unmount();
  });

  test("no line wider and no more lines than the terminal has", async () => {
    const { frame, unmount } = await open({
      ...SNAPSHOT,
      console: Array.from({ length: 500 }, (_, i) => `${i} `.repeat(100)),
      pins: Array.from({ length: 60 }, (_, i) => ({ name: `D${i}`, mode: "output", level: "1" })),
      files: Array.from({ length: 60 }, (_, i) => ({ path: `/file${i}`, bytes: i })),
    });
    const lines = frame().split("\n");
    expect(lines.length).toBe(23);
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(100);
    expect(frame()).toMatch(/\d+ more, 28 idle/);
    unmount();
  });

  test("a pause, a loss of power, a board without a file system", async () => {
    const { frame, unmount } = await open({
      ...SNAPSHOT,
      time: { microseconds: 0, speed: Infinity, paused: true },
      power: { ...SNAPSHOT.power, on: false },
      files: undefined,
    });
    expect(frame()).toMatch(/paused max 00:00:00.000 +no power/);
    expect(frame()).toContain("no file system");
    expect(frame()).toContain("space go on");
    unmount();
  });
});

describe("keys", () => {
  test("are commands", async () => {
    const { press, commands, unmount } = await open();
    await press(" ", "+", "=", "-", "r", "p", "1", "2", "3", "x");
    expect(commands).toEqual([
      "setPaused true",
      "faster",
      "faster",
      "slower",
      "reset",
      "setPower false",
      "setButton BTN1 true",
      "setButton door false",
    ]);
    unmount();
  });

  test("go to the console while it has the focus, as a terminal sends them, until Esc", async () => {
    const { press, commands, frame, unmount } = await open();
    await press("\t");
    expect(frame()).toContain("keys go to the board");
    await press("q", " ", "é", "\r", "\x7f", "\x1b[A", "\x03", "\t", "two\nlines");
    expect(commands).toEqual([
      "type 71",
      "type 20",
      "type c3a9",
      "type 0d",
      "type 7f",
      "type 1b5b41",
      "type 03",
      "type 09",
      "type 74776f0d6c696e6573",
    ]);
    await press("\x1b");
    expect(frame()).toContain("Tab to type");
    await press(" ");
    expect(commands.at(-1)).toBe("setPaused true");
    unmount();
  });

  test("that come several at a time are all taken, in order", async () => {
    const { press, commands, unmount } = await open();
    await press("++ ", "-\thello\r");
    expect(commands).toEqual(["faster", "faster", "setPaused true", "slower", "type 68656c6c6f0d"]);
    unmount();
  });

  test("that have no meaning here do nothing: arrows, Esc", async () => {
    const { press, commands, unmount } = await open();
    await press("\x1b[A", "\x1b[D", "\x1b", "\x1b[H");
    expect(commands).toEqual([]);
    unmount();
  });

  test("q quits, and nothing is listened to any more", async () => {
    const { press, listeners } = await open();
    expect(listeners.size).toBe(1);
    await press("q");
    expect(listeners.size).toBe(0);
  });
});

test("changes are shown", async () => {
  const { change, frame, unmount } = await open();
  change({ console: ["something new"] });
  await settle();
  expect(frame()).toContain("something new");
  unmount();
});

test("without a terminal it refuses in words", async () => {
  const noTerminal = Object.assign(new EventEmitter(), { isTTY: false });
  const { view } = makeView();
  await expect(
    openScreen(view, noTerminal as NodeJS.ReadStream, noTerminal as unknown as NodeJS.WriteStream),
  ).rejects.toThrow(NoTerminal);
  await expect(
    openScreen(view, noTerminal as NodeJS.ReadStream, noTerminal as unknown as NodeJS.WriteStream),
  ).rejects.toThrow("use --headless");
});

test("times and charges", () => {
  expect(clockFace(0)).toBe("00:00:00.000");
  expect(clockFace(90_061_001_999)).toBe("1d 01:01:01.001");
  expect([0, 1.234, 123.4, 12_345].map((micro) => charge(micro, "A"))).toEqual([
    "0.00 µA",
    "1.23 µA",
    "123 µA",
    "12.3 mA",
  ]);
});

test("long lines are folded, and the last ones are shown", () => {
  expect(wrapLines(["abcdefgh", "", "xy"], 5, 10)).toEqual(["abcd", "efgh", "", "xy"]);
  expect(wrapLines(["abcdefgh", "", "xy"], 5, 3)).toEqual(["efgh", "", "xy"]);
});

import { jest } from "@jest/globals";
import {
  clockConformance,
  crc32Conformance,
  flashConformance,
  randomConformance,
} from "../../testing/conformance/index.js";
import { describeConformance } from "../../testing/describe-conformance.js";
import { clock, runTimers } from "./clock.js";
import { crc32 } from "./crc32.js";
import { flushConsole, readConsole, writeConsole } from "./console.js";
import { openRamFlash } from "./flash.js";
import { random, seededRandom } from "./random.js";

describeConformance("crc32", crc32Conformance, () => crc32);
describeConformance("random", randomConformance, () => random);
describeConformance("seededRandom", randomConformance, () => seededRandom(20260101));
describeConformance("openRamFlash", flashConformance, () => openRamFlash(3 * 4096, 4096, 4));
describeConformance("openRamFlash of 1 byte units", flashConformance, () => openRamFlash(2 * 1024, 1024, 1));

describe("the clock where there is setTimeout", () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });
  describeConformance(
    "clock",
    clockConformance,
    () => clock,
    (_clock, microseconds) => {
      jest.advanceTimersByTime(microseconds / 1000);
    },
  );

  it("stands still when the date is set back", () => {
    const before = clock.monotonic();
    jest.setSystemTime(Date.now() - 3_600_000);
    expect(clock.monotonic()).toBe(before);
    jest.advanceTimersByTime(5);
    expect(clock.monotonic()).toBe(before + 5000);
  });
});

describe("the clock where there is no event loop", () => {
  const { setTimeout } = globalThis;
  beforeEach(() => {
    // Every look at the date takes a millisecond, so that spinning ends.
    jest.useFakeTimers({ doNotFake: ["setTimeout"] });
    const start = Date.now();
    let looks = 0;
    jest.spyOn(Date, "now").mockImplementation(() => start + looks++);
    Reflect.deleteProperty(globalThis, "setTimeout");
  });
  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
    globalThis.setTimeout = setTimeout;
  });
  describeConformance("clock", clockConformance, () => clock, runTimers);
});

describe("the console", () => {
  let lines: string[];
  beforeEach(() => {
    lines = [];
    jest.spyOn(console, "log").mockImplementation((line) => void lines.push(line as string));
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  const write = (text: string, stream: 1 | 2 = 1) => {
    const bytes = new TextEncoder().encode(text);
    writeConsole(stream, bytes, 0, bytes.length);
  };

  it("shows a line when it is whole", () => {
    write("temper");
    expect(lines).toEqual([]);
    write("ature\n21.5\n");
    expect(lines).toEqual(["temperature", "21.5"]);
  });

  it("shows what is left at the end, and nothing if nothing is", () => {
    write("no line feed");
    flushConsole();
    flushConsole();
    expect(lines).toEqual(["no line feed"]);
  });

  it("decodes UTF-8, also when a character comes in pieces", () => {
    const bytes = new TextEncoder().encode("21 °C\n");
    for (let at = 0; at < bytes.length; at++) writeConsole(1, bytes, at, 1);
    expect(lines).toEqual(["21 °C"]);
  });

  it("shows bytes that aren't UTF-8 as Latin-1", () => {
    writeConsole(1, new Uint8Array([0xe9, 0x0a]), 0, 2);
    expect(lines).toEqual(["é"]);
  });

  it("keeps both streams in order", () => {
    write("out\n");
    write("err\n", 2);
    expect(lines).toEqual(["out", "err"]);
  });

  it("says at once that there is no input", () => {
    const heard: number[] = [];
    readConsole((bytes) => heard.push(bytes.length))();
    expect(heard).toEqual([0]);
  });

  it("prints where there is no console", () => {
    const { console } = globalThis;
    Reflect.deleteProperty(globalThis, "console");
    Object.assign(globalThis, { print: (line: string) => lines.push("printed " + line) });
    try {
      write("hi\n");
    } finally {
      globalThis.console = console;
      Reflect.deleteProperty(globalThis, "print");
    }
    expect(lines).toEqual(["printed hi"]);
  });
});

import { generic } from "../../hal/boards/index.js";
import { SimulatedBoard } from "../board/index.js";
import { VirtualClock } from "../core/virtual-clock.js";
import { logEvents } from "./event-log.js";
import { recordVcd } from "./vcd.js";

function makeBoard() {
  const clock = new VirtualClock();
  return { clock, board: new SimulatedBoard({ profile: generic, clock, seed: 7 }) };
}

/** Reads a dump by the grammar of IEEE 1364-2005, 18.2; throws at anything else. */
function parseVcd(text: string) {
  const tokens = text.split(/\s+/).filter(Boolean);
  const names = new Map<string, string>();
  const changes: { time: number; name: string; value: string }[] = [];
  let timescale = "";
  let time = -1;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    const until = () => {
      const from = at + 1;
      at = tokens.indexOf("$end", from);
      if (at < 0) throw new Error(`${token} without $end`);
      return tokens.slice(from, at);
    };
    if (token === "$var") {
      const [type, width, code, name] = until();
      if (!["wire", "real"].includes(type) || names.has(code)) throw new Error(`bad variable ${code}`);
      expect(width).toBe(type === "wire" ? "1" : "64");
      names.set(code, name);
    } else if (token === "$timescale") timescale = until().join(" ");
    else if (["$version", "$comment", "$scope", "$upscope", "$enddefinitions"].includes(token)) until();
    else if (token === "$dumpvars" || token === "$end") continue;
    else if (token.startsWith("#")) {
      const next = Number(token.slice(1));
      if (!Number.isInteger(next) || next <= time) throw new Error(`time goes from ${time} to ${token}`);
      time = next;
    } else {
      const [value, code] = token.startsWith("r") ? [token.slice(1), tokens[++at]] : [token[0], token.slice(1)];
      const name = names.get(code);
      if (!name || !/^([01xz]|[-+.e\d]+)$/.test(value)) throw new Error(`bad change ${token}`);
      changes.push({ time, name, value });
    }
  }
  return { timescale, names: [...names.values()], changes };
}

describe("VCD", () => {
  test("has the pins' levels in nanoseconds, from the first to the last moment", () => {
    const { board, clock } = makeBoard();
    let text = "";
    const end = recordVcd(board, (piece) => (text += piece), { pins: ["LED1", "BTN1"] });
    const led = board.pin("LED1");
    led.setMode("output");
    clock.advanceTo(1.5);
    led.write(true);
    board.pin("BTN1").connect("button").drive(false);
    board.pin("D1").setMode("input_pullup");
    clock.advanceTo(1000);
    end();
    const { timescale, names, changes } = parseVcd(text);
    expect(timescale).toBe("1 ns");
    expect(names).toEqual(["D13_LED1", "D0_BTN1", "D13_LED1_duty"]);
    expect(changes.map(({ time, name, value }) => `${time} ${name} ${value}`)).toEqual([
      "0 D13_LED1 z",
      "0 D0_BTN1 z",
      "0 D13_LED1_duty 0",
      "0 D13_LED1 0",
      "1500 D13_LED1 1",
      "1500 D0_BTN1 0",
    ]);
    expect(text.trimEnd().endsWith("#1000000")).toBe(true);
  });

  test("has a PWM as its duty, and contention as x", () => {
    const { board, clock } = makeBoard();
    let text = "";
    recordVcd(board, (piece) => (text += piece), { pins: ["D14"] });
    clock.advanceTo(10);
    board.pin("D14").setPwm(0.25, 1000);
    clock.advanceTo(20);
    board.pin("D14").write(true);
    board.pin("D14").connect("short").drive(false);
    const { changes } = parseVcd(text);
    expect(changes.slice(2).map(({ time, name, value }) => `${time} ${name} ${value}`)).toEqual([
      "10000 D14_LED2_duty 0.25",
      "10000 D14_LED2 1",
      "20000 D14_LED2_duty 0",
      "20000 D14_LED2 x",
    ]);
  });

  test("of all pins gives each a code of its own", () => {
    const { board } = makeBoard();
    let text = "";
    recordVcd(board, (piece) => (text += piece));
    expect(parseVcd(text).names.length).toBe(32 + generic.pins.filter((pin) => pin.functions.includes("pwm")).length);
  });

  test("of an unknown pin says which there are", () => {
    expect(() => recordVcd(makeBoard().board, () => {}, { pins: ["D99"] })).toThrow("generic has no pin D99");
  });
});

describe("the event log", () => {
  test("has an object a line with virtual time, bytes as hexadecimal", () => {
    const { board, clock } = makeBoard();
    const lines: string[] = [];
    const log = logEvents(board, (line) => lines.push(line));
    clock.advanceTo(5);
    board.pin("LED1").setMode("output");
    board.flash.program(board.flash.geometry.regions[1].address, new Uint8Array(4));
    log.record("console", { bytes: Uint8Array.of(0x68, 0x69) });
    log.close();
    log.close();
    board.pin("LED1").write(true);
    log.record("console", {});
    expect(lines.every((line) => line.endsWith("\n") && !line.slice(0, -1).includes("\n"))).toBe(true);
    const events = lines.map((line) => JSON.parse(line) as { type: string });
    expect(events).toEqual([
      { microseconds: 0, type: "start", board: "generic", seed: 7 },
      { microseconds: 5, type: "pin", pin: "D13", level: "0", mode: "output" },
      expect.objectContaining({ type: "flash", operation: "program", address: 0x10300000, bytes: 4 }),
      expect.objectContaining({ type: "console", bytes: "6869" }),
    ]);
  });

  test("is the same for the same seed", () => {
    const run = () => {
      const { board } = makeBoard();
      let text = "";
      logEvents(board, (line) => (text += line));
      board.flash.planPowerCut({ operation: 1, moment: "torn" });
      expect(() => board.flash.erase(board.flash.geometry.regions[0].address)).toThrow();
      return text;
    };
    expect(run()).toBe(run());
  });
});

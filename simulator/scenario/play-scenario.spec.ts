import { generic } from "../../hal/boards/index.js";
import { boardClock, inputPin, outputPin } from "../board/fakes/index.js";
import { ProcessorStopped, SimulatedBoard } from "../board/index.js";
import { VirtualClock } from "../core/virtual-clock.js";
import { attachParts } from "./attach-parts.js";
import { parseScenario } from "./parse-scenario.js";
import { formatResult, runScenario, type ScenarioTarget } from "./play-scenario.js";

/**
 * A board whose program prints a line each second, inverts LED1, echoes what is typed, tells of the button, and
 * counts its starts in flash.
 */
function play(text: string, program = tickingProgram) {
  const scenario = parseScenario(text, "s.yaml");
  const clock = new VirtualClock();
  const board = new SimulatedBoard({ profile: generic, clock, seed: scenario.seed ?? 1 });
  const parts = attachParts(scenario, board);
  const listeners = new Set<(bytes: Uint8Array) => void>();
  const print = (line: string) => listeners.forEach((listener) => listener(new TextEncoder().encode(line + "\n")));
  const input: ((text: string) => void)[] = [];
  const target: ScenarioTarget = {
    board,
    parts,
    type: (bytes) => {
      const typed = new TextDecoder().decode(bytes);
      board.schedule(0, () => input.at(-1)?.(typed));
    },
    onConsoleOutput: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    readFile: (path) => (path === "/starts" ? board.flash.area("free").read(0, 1) : undefined),
  };
  const start = () =>
    clock.schedule(0, () => {
      try {
        if (board.powered) program(board, print, (handler) => input.push(handler));
      } catch (error) {
        if (!(error instanceof ProcessorStopped)) throw error;
      }
    });
  board.events.listen((event) => {
    if (event.type === "reset" || (event.type === "power" && event.on)) start();
  });
  start();
  return runScenario(scenario, target);
}

type Program = (
  board: SimulatedBoard,
  print: (line: string) => void,
  onInput: (handler: (text: string) => void) => void,
) => void;

const tickingProgram: Program = (board, print, onInput) => {
  const flash = board.flash.area("free");
  // A bit is cleared at each start, since flash can't count.
  const cells = flash.read(0, 1)[0];
  flash.program(0, Uint8Array.of(cells << 1, 0xff, 0xff, 0xff));
  print(`start ${cells.toString(2).padStart(8, "1").replaceAll("1", "").length + 1}`);
  const clock = boardClock(board);
  const led = outputPin(board.pin("LED1"), false);
  let ticks = 0;
  const tick = () => {
    print(`tick ${++ticks}`);
    led.toggle();
    clock.after(1e6, tick);
  };
  clock.after(1e6, tick);
  inputPin(board.pin("BTN1")).onEdge("both", (high) => print(high ? "pressed" : "released"));
  onInput((typed) => print(`typed ${typed}`));
};

/** The verdict, without places. */
async function verdict(text: string, program?: Program) {
  return formatResult(await play(text, program)).replace(/s\.yaml:/g, "");
}

test("what is expected and comes passes, with a line for each", async () => {
  const text = await verdict(`
events:
  - {at: 2.5s, press: BTN1, for: 100ms}
  - {at: 4.5s, type: hello}
expect:
  - {by: 1.5s, console: {contains: "tick 1", lacks: tick 2}}
  - {after: 2.5s, by: 2.7s, console: {equals: "pressed\\nreleased\\n"}}
  - {by: 5s, console: {matches: '^typed h.llo$'}}
  - {pin: LED1, level: high, at: 1.5s}
  - {pin: LED1, by: 5.5s, edges: {rising: 3, falling: {atLeast: 2}}}
  - {part: LED1, property: blinks, value: 2, at: 3.5s}
  - {asleep: {atLeast: 0.99}}
  - {faults: 0}
`);
  expect(text).toBe(`ok   6:5 by 1.5s the console contains "tick 1" and lacks "tick 2"
ok   7:5 from 2.5s on, by 2.7s the console is "pressed\\nreleased\\n"
ok   8:5 by 5s the console matches /^typed h.llo$/
ok   9:5 at 1.5s LED1 is high
ok   10:5 by 5.5s LED1 had 3 rising and at least 2 falling edges
ok   11:5 at 3.5s blinks of LED1 is 2
ok   12:5 at the end the processor slept at least 0.99 of the time
ok   13:5 at the end there were 0 faults
all 8 passed
`);
});

test("what doesn't come fails, and says what was there instead", async () => {
  const text = await verdict(`
duration: 3.5s
expect:
  - {by: 2.5s, console: {contains: "tick 3"}}
  - {after: 100s, console: {contains: "x"}}
  - {pin: LED1, level: low, at: 1.5s}
  - {pin: LED1, edges: {rising: 1}}
  - {part: LED1, property: brightness, value: 0}
  - {file: /nothing, text: {contains: x}}
  - {asleep: {atMost: 0.5}}
`);
  expect(text).toMatch(`FAIL 4:5 by 2.5s the console contains "tick 3": it printed "start 1\\ntick 1\\ntick 2\\n"
FAIL 5:5 from 100s on, at the end the console contains "x": it printed nothing
FAIL 6:5 at 1.5s LED1 is low: it is high
FAIL 7:5 at the end LED1 had 1 rising edges: it had 2 rising and 1 falling
FAIL 8:5 at the end brightness of LED1 is 0: it is 1
FAIL 9:5 at the end /nothing contains "x": there is no such file
FAIL 10:5 at the end the processor slept at most 0.5 of the time: it slept 0.99`);
  expect(text).toContain("7 of 7 failed");
});

test("sensors, voltages and serial lines change as told", async () => {
  const program: Program = (board, print) => {
    const clock = boardClock(board);
    const look = () => {
      print(`${board.pin("D24").millivolts} mV`);
      board.uart("Serial1").write(Buffer.from("AT\n"));
      clock.after(1e6, look);
    };
    board.uart("Serial1").onData((bytes) => print(`serial ${Buffer.from(bytes).toString()}`));
    look();
  };
  const result = await play(
    `
parts:
  - {type: analog, name: battery, pin: D24, millivolts: 3000}
  - {type: serial, port: Serial1, replies: {"AT\\n": OK}}
  - {type: bme280, name: indoors, bus: I2C1, address: 0x76}
  - {type: bme280, name: outdoors, bus: SPI1, select: D20}
events:
  - {at: 1.5s, set: {battery: {millivolts: 1500}, outdoors: {temperature: -5}}}
  - {at: 2.5s, send: {port: Serial1, bytes: [104, 105]}}
expect:
  - {by: 1.1s, console: {contains: "3000 mV"}}
  - {by: 1.1s, console: {lacks: "1500 mV"}}
  - {by: 2.1s, console: {contains: "1500 mV"}}
  - {by: 3s, console: {matches: "^serial hi$|serial h\\\\nserial i"}}
  - {by: 1s, console: {matches: "serial O"}}
  - {part: outdoors, property: temperature, value: -5, at: 2s}
`,
    program,
  );
  expect(formatResult(result)).toContain("all 6 passed");
});

test("power and reset: the program begins anew, and flash remembers", async () => {
  const result = await play(`
events:
  - {at: 1.5s, power: "off"}
  - {at: 2.5s, power: "on"}
  - {at: 3.2s, reset: true}
expect:
  - {after: 1.6s, by: 2.4s, console: {equals: ""}}
  - {after: 2s, by: 3s, console: {contains: start 2}}
  - {by: 4s, console: {contains: start 3}}
  - {file: /starts, text: {matches: '[^]'}, at: 4s}
`);
  expect(formatResult(result)).toContain("all 4 passed");
});

test("a power cut in the middle of a flash operation", async () => {
  const result = await play(`
events:
  - {at: 0s, cutPower: {flashOperation: 1, moment: before}, for: 500ms}
expect:
  - {by: 400ms, console: {lacks: start}}
  - {by: 1s, console: {contains: start 1}}
`);
  expect(formatResult(result)).toContain("all 2 passed");
});

test("a planned cut that never came is told", async () => {
  const text = await verdict("duration: 2s\nevents: [{at: 1s, cutPower: {flashOperation: 3}}]");
  expect(text).toBe(
    "FAIL 2:10 cutPower at 1s: the cut was to be at flash operation 3, and there were only 0\n1 of 1 failed\n",
  );
});

test("an event that the part refuses is told, and the run goes on", async () => {
  const text = await verdict(`
parts: [{type: bme280, bus: I2C1, address: 0x76}]
events: [{at: 1s, set: {bme280: {humidity: 300}}}]
expect: [{by: 2s, console: {contains: tick}}]
`);
  expect(text).toContain(
    "FAIL 3:10 set at 1s: bme280 bme280: the part measures humidity from 0 to 100 percent, not 300",
  );
  expect(text).toContain("ok   4:10");
});

test("I2C faults come and go", async () => {
  const program: Program = (board, print) => {
    const clock = boardClock(board);
    const look = () => {
      try {
        print(
          `id ${board
            .i2c("I2C1")
            .transact(0x76, [{ write: [0xd0] }, { read: 1 }])[0][0]
            .toString(16)}`,
        );
      } catch (error) {
        print((error as { kind: string }).kind);
      }
      clock.after(1e6, look);
    };
    look();
  };
  const result = await play(
    `
parts: [{type: bme280, bus: I2C1, address: 0x76}]
events:
  - {at: 0.5s, i2cFault: {bus: I2C1, kind: ArbitrationLoss}}
  - {at: 2.5s, i2cFault: {bus: I2C1, kind: NoAcknowledgeAddress, count: forever}}
  - {at: 4.5s, clearFaults: I2C1}
expect:
  - {by: 5.5s, console: {equals: "id 60\\nArbitrationLoss\\nid 60\\nNoAcknowledgeAddress\\nNoAcknowledgeAddress\\nid 60\\n"}}
`,
    program,
  );
  expect(formatResult(result)).toContain("all 1 passed");
});

test.each([
  ["a pin", "parts: [{type: led, pin: D99}]", "s.yaml:2:9: generic has no pin D99"],
  [
    "a bus",
    "parts: [{type: bme280, bus: I2C7, address: 0x76}]",
    "s.yaml:2:9: generic has no I2C bus I2C7; it has I2C1 I2C2",
  ],
  [
    "a name twice",
    "parts: [{type: led, name: LED1, pin: D1}]",
    's.yaml:2:9: there is a part LED1 already (give it another "name")',
  ],
  ["a part", "events: [{at: 0s, press: BTN7}]", 's.yaml:2:10: there is no part BTN7 (did you mean "BTN1"?)'],
  ["a button", "events: [{at: 0s, press: LED1}]", "s.yaml:2:10: LED1 is of type led, not a button"],
  [
    "a property",
    "events: [{at: 0s, set: {BTN1: {presed: true}}}]",
    's.yaml:2:10: BTN1 has no presed (did you mean "pressed"?)',
  ],
  ["a port", "events: [{at: 0s, send: {port: Serial9, text: x}}]", "s.yaml:2:10: generic has no serial port Serial9"],
  ["an expected pin", "expect: [{pin: D99, level: low}]", "s.yaml:2:10: generic has no pin D99"],
  [
    "an expected property",
    "expect: [{part: LED1, property: colour, value: red}]",
    's.yaml:2:10: LED1 has no colour (did you mean "color"?)',
  ],
])("%s that the board hasn't is told before anything runs", async (_, text, message) => {
  await expect((async () => play(`duration: 1s\n${text}`))()).rejects.toThrow(message);
});

test("the same scenario and seed give the same findings", async () => {
  const text =
    "seed: 3\nparts: [{type: button, name: b, pin: D1, bounce: 20ms}]\nevents: [{at: 1s, press: b}]\nexpect: [{pin: D1, by: 2s, edges: {rising: 99}}]";
  expect(await play(text)).toEqual(await play(text));
});

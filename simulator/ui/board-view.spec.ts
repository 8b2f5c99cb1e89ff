import { puckjs } from "../../hal/boards/index.js";
import { SimulatedBoard } from "../board/index.js";
import { Pacer } from "../core/pacer.js";
import { VirtualClock } from "../core/virtual-clock.js";
import { attachParts, parseScenario } from "../scenario/index.js";
import { viewBoard } from "./board-view.js";

function makeView() {
  const clock = new VirtualClock();
  const board = new SimulatedBoard({ profile: puckjs, clock, seed: 1 });
  const parts = attachParts(
    parseScenario("duration: 1s\nparts: [{type: bme280, name: climate, bus: I2C1, address: 0x76, temperature: 21.5}]"),
    board,
  );
  const pacer = new Pacer(clock, { now: () => 0, after: () => () => {} });
  let print: (bytes: Uint8Array) => void = () => {};
  let mounts = 0;
  const typed: number[] = [];
  const view = viewBoard({
    board,
    pacer,
    parts,
    type: (bytes) => typed.push(...bytes),
    onConsoleOutput: (listener) => {
      print = listener;
      return () => (print = () => {});
    },
    listFiles: () => {
      mounts++;
      return [{ path: "/log", bytes: mounts }];
    },
  });
  return { clock, board, view, pacer, typed, print: (text: string) => print(Buffer.from(text)), mounts: () => mounts };
}

test("a look shows parts, the pins that are used, and the console", () => {
  const { board, view, print, clock } = makeView();
  board.pin("LED1").setMode("output");
  board.pin("LED1").write(true);
  board.pin("D28").setPwm(0.5, 1000);
  print("hello\r\n>");
  board.spend(1000);
  clock.advanceTo(1e6);
  const seen = view.look();
  expect(seen.leds.find((led) => led.name === "LED1")).toEqual({ name: "LED1", color: "red", brightness: 1 });
  expect(seen.buttons).toEqual([{ name: "BTN1", pressed: false }]);
  expect(seen.sensors).toEqual([{ name: "climate", type: "bme280", shows: "21.5 °C, 1013.25 hPa, 40 %" }]);
  expect(seen.pins.map((pin) => pin.alias ?? pin.name).sort()).toEqual(["BTN1", "D28", "LED1", "LED2", "LED3"]);
  expect(seen.pins.find((pin) => pin.name === "D28")?.duty).toBe(0.5);
  expect(seen.idlePins).toBe(puckjs.pins.length - 5);
  expect(seen.console).toEqual(["hello", ">"]);
  expect(seen.power).toMatchObject({ on: true, awake: 0.001 });
});

test("what happens is told, and faults are kept as messages", () => {
  const { board, view } = makeView();
  let told = 0;
  const end = view.onChange(() => told++);
  board.pin("D1").setMode("output");
  board.pin("D1").connect("short").drive(true);
  expect(told).toBeGreaterThan(1);
  end();
  board.reset("reset button");
  expect(view.look().messages).toEqual(["0.000s D1: driven both ways, also by short", "0.000s reset: reset button"]);
});

test("files are listed again only after the flash has changed", () => {
  const { board, view, mounts } = makeView();
  view.look();
  view.look();
  expect(mounts()).toBe(1);
  board.flash.erase(puckjs.flash.free[0].address);
  expect(view.look().files).toEqual([{ path: "/log", bytes: 2 }]);
});

test("commands reach the board and its pacer", () => {
  const { board, view, pacer, typed } = makeView();
  view.commands.setButton("BTN1", true);
  expect(board.pin("BTN1").level).toBe("1");
  view.commands.type(Uint8Array.of(1, 2));
  expect(typed).toEqual([1, 2]);
  view.commands.setPaused(true);
  expect(view.look().time.paused).toBe(true);
  for (let i = 0; i < 20; i++) view.commands.faster();
  expect(pacer.speed).toBe(Infinity);
  for (let i = 0; i < 20; i++) view.commands.slower();
  expect(pacer.speed).toBe(0.01);
  view.commands.setPower(false);
  expect(view.look().power.on).toBe(false);
  view.commands.setPower(true);
  view.commands.reset();
  expect(view.look().messages.length).toBe(3);
});

test("a closed view listens to nothing", () => {
  const { board, view } = makeView();
  let told = 0;
  view.onChange(() => told++);
  view.close();
  board.pin("D1").setMode("output");
  expect(told).toBe(0);
});

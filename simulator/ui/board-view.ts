import type { SimulatedBoard, SimulatedPin } from "../board/index.js";
import type { Button, Led, Part } from "../chips/index.js";
import type { Pacer } from "../core/pacer.js";
import { ConsoleText } from "./console-text.js";
import type { PinView, SimulatorView, Snapshot } from "./view.js";

/** What the screen looks at, and how it reaches it. */
export interface BoardViewOptions {
  readonly board: SimulatedBoard;
  readonly pacer: Pacer;
  /** By name: what is soldered on and what a scenario added. */
  readonly parts: ReadonlyMap<string, Part>;
  /** Types at the console; queues. */
  readonly type: (bytes: Uint8Array) => void;
  readonly onConsoleOutput: (listener: (bytes: Uint8Array) => void) => () => void;
  /** The board's files by path; undefined where there is no file system. */
  readonly listFiles?: () => readonly { readonly path: string; readonly bytes: number }[] | undefined;
}

/** Speeds that the keys go through. */
const SPEEDS = [0.01, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 1000, 10_000, Infinity];
const MOST_MESSAGES = 5;

const UNITS: Record<string, string> = { temperature: "°C", pressure: "hPa", humidity: "%", millivolts: "mV" };

/** A view of a board for the screen. @returns the view, and a function that stops listening */
export function viewBoard(options: BoardViewOptions): SimulatorView & { close(): void } {
  const { board, pacer, parts } = options;
  const text = new ConsoleText();
  const messages: string[] = [];
  const used = new Set<SimulatedPin>();
  const listeners = new Set<() => void>();
  const changed = () => listeners.forEach((listener) => listener());
  const say = (message: string) => {
    messages.push(`${(board.clock.now() / 1e6).toFixed(3)}s ${message}`);
    messages.splice(0, messages.length - MOST_MESSAGES);
  };
  const endings = [
    options.onConsoleOutput((bytes) => {
      text.write(bytes);
      changed();
    }),
    board.events.listen((event) => {
      if (event.type === "pin" || event.type === "pwm") used.add(board.pin(event.pin));
      if (event.type === "fault") say(`${event.where}: ${event.what}`);
      if (event.type === "power") say(event.on ? "power on" : `power off: ${event.cause}`);
      if (event.type === "reset") say(`reset: ${event.cause}`);
      changed();
    }),
    pacer.onTurn(changed),
  ];
  const all = [...parts.values()];
  // Files are looked for only after the flash has changed: a mount reads a lot.
  let files: Snapshot["files"];
  let filesAt = -1;
  const listFiles = () => {
    const { programs, erases } = board.flash.counters;
    if (filesAt !== programs + erases) {
      filesAt = programs + erases;
      files = options.listFiles?.();
    }
    return files;
  };

  const look = (): Snapshot => {
    const { energy, flash } = board;
    const total = energy.activeMicroseconds + energy.asleepMicroseconds;
    const pins = board.pins.filter((pin) => used.has(pin) || pin.profile.part || pin.mode !== "analog");
    return {
      board: { id: board.profile.id, name: board.profile.name },
      time: { microseconds: board.clock.now(), speed: pacer.speed, paused: pacer.paused },
      power: {
        on: board.powered,
        averageMicroamperes: energy.averageMicroamperes,
        microampereHours: energy.activeMicroampereHours + energy.asleepMicroampereHours,
        awake: total > 0 ? energy.activeMicroseconds / total : 0,
      },
      pins: pins.map(viewPin),
      idlePins: board.pins.length - pins.length,
      leds: all
        .filter((part): part is Led => part.type === "led")
        .map((led) => ({ name: led.name, color: led.color, brightness: led.brightness() })),
      buttons: all
        .filter((part): part is Button => part.type === "button")
        .map(({ name, pressed }) => ({ name, pressed })),
      sensors: all.filter((part) => part.type !== "led" && part.type !== "button").map(viewSensor),
      console: text.lines,
      files: listFiles(),
      flash: {
        erases: flash.counters.erases,
        bytesProgrammed: flash.counters.bytesProgrammed,
        mostWorn: flash.wear.reduce((most, count) => Math.max(most, count), 0),
      },
      messages: [...messages],
    };
  };
  const shiftSpeed = (step: number) => {
    const index = SPEEDS.findIndex((speed) => speed >= pacer.speed);
    pacer.setSpeed(SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, index + step))]);
    changed();
  };
  return {
    look,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    commands: {
      type: options.type,
      setPaused: (paused) => pacer.setPaused(paused),
      faster: () => shiftSpeed(1),
      slower: () => shiftSpeed(-1),
      setButton: (name, pressed) => {
        parts.get(name)?.set("pressed", pressed);
        changed();
      },
      reset: () => board.reset("reset button"),
      setPower: (on) => (on ? board.powerOn() : board.powerOff("switched off at the screen")),
    },
    close: () => endings.forEach((end) => end()),
  };
}

function viewPin(pin: SimulatedPin): PinView {
  return { name: pin.name, alias: pin.aliases[0], mode: pin.mode, level: pin.level, duty: pin.pwm?.duty };
}

function viewSensor(part: Part): Snapshot["sensors"][number] {
  const shows = Object.entries(part.state()).map(([property, value]) => {
    const unit = UNITS[property];
    const shown = typeof value === "number" ? String(Math.round(value * 100) / 100) : JSON.stringify(value);
    return unit ? `${shown} ${unit}` : `${property} ${shown}`;
  });
  return { name: part.name, type: part.type, shows: shows.join(", ") };
}

import type { Clock } from "../../hal/contract/index.js";
import type { From } from "./entry.js";
import type { FilePlace } from "./file-place.js";

/** Where an image's console, and the news of its end, go. */
export type ConsoleKind =
  /** A board's prompt. */
  | "espruino"
  /** The three streams of `ristretto run`. */
  | "sandbox"
  /** `print` or `console.log` of any interpreter. */
  | "standalone";

/** What an entry takes from one port: expressions and statements of the entry module. */
export interface EntryPort {
  readonly arena: (from: From, bytes: number) => string;
  /**
   * `ReadBehind` for machine code at an offset behind the script, of which `script` is the length.
   * @throws Error where there is none
   */
  readonly machineCode: (from: From) => (script: string, offset: number, bytes: number, crc: number) => string;
  /** `Console["write"]` */
  readonly write: (from: From) => string;
  /** `Console["onInput"]` */
  readonly onInput: (from: From) => string;
  readonly clock: Readonly<Record<keyof Clock, (from: From) => string>>;
  /** `RandomSource["fill"]` */
  readonly random: (from: From) => string;
  /** Statements that mount `files`, `mount` says by what; `clock` is in scope. */
  readonly files: (from: From, mount: Mount, place: FilePlace["kind"] | undefined) => string[];
  /** Statements that tell the end; `code` and `trap` are in scope. */
  readonly ended: (from: From) => string;
  /** A statement before those, for a reactor: `entry` is the export that ended it. */
  readonly reactionEnded: string;
  /** 1 where output and errors are on one screen, 2 where they go different ways. */
  readonly streams: 1 | 2;
  /** A statement before several guests are run. */
  readonly togetherBegins: (count: number) => string;
  /** Statements that tell the end of one among several, by an expression of its name; `code` and `trap` are in scope. */
  readonly endedTogether: (name: string) => string;
  /** A function that gets each line of a trace. */
  readonly trace: string;
  /** A function that gets a line for a person, other than the guest's. */
  readonly tell: string;
  /** A function that gets the one that stops the guest; absent where nobody could call it. */
  readonly stoppable?: (from: From, several: boolean) => string;
  /** A statement for when the guest waits and the script has come to its end. */
  readonly afterwards: (from: From) => string;
}

/** Functions that mount a file system: of the second, programs that never set times don't carry what that takes. */
export type Mount = "mountFileSystem" | "mountWithoutTimes";

const mounted = (from: From, mount: Mount, flash: string, port: string): string[] => [
  `var flash = ${flash};`,
  `var files = ${from("device/fs/mount.js", mount)}(flash, ${from(`hal/ports/${port}/crc32.js`, "crc32")}, clock.realtime);`,
];

const espruino = {
  arena: (from: From, bytes: number) => `${from("hal/ports/espruino/arena.js", "allocateArena")}(${bytes})`,
  clock: {
    monotonic: (from: From) => `${from("hal/ports/espruino/clock.js", "openMonotonic")}()`,
    realtime: (from: From) => from("hal/ports/espruino/clock.js", "realtime"),
    resolution: (from: From) => from("hal/ports/espruino/clock.js", "RESOLUTION"),
    after: (from: From) => from("hal/ports/espruino/clock.js", "after"),
  },
  random: (from: From) => from("hal/ports/espruino/random.js", "fillRandom"),
  files: (from: From, mount: Mount, place: FilePlace["kind"] | undefined) => {
    const open = place === "free" ? "openFreeFlash" : place === "reserved" ? "openReservedFlash" : "openFileFlash";
    return mounted(from, mount, `${from("hal/ports/espruino/file-flash.js", open)}()`, "espruino");
  },
  streams: 1 as const,
  togetherBegins: () => "",
  endedTogether: (name: string) =>
    `if (trap) console.log(${name} + ": " + trap.message + "\\n" + trap.stack); else if (code) console.log(${name} + ": exit " + code);`,
  reactionEnded: `if (trap) trap.message = entry + ": " + trap.message; `,
  trace: "function (line) { console.log(line); }",
  tell: "function (line) { console.log(line); }",
  afterwards: () => "",
};

/** A file system in memory, for interpreters that have no flash: gone with the script. */
const RAM_FLASH = "(65536, 4096, 4)";

const MACHINE = "hal/ports/espruino/machine.js";

export const PORTS: Readonly<Record<ConsoleKind, EntryPort>> = {
  espruino: {
    ...espruino,
    machineCode: (from) => (script, offset, bytes, crc) =>
      `${from(MACHINE, "behindScript")}(${script} + ${offset}, ${bytes}, ${crc})`,
    write: (from) => from("hal/ports/espruino/console.js", "writeConsole"),
    onInput: (from) => from("hal/ports/espruino/console.js", "readConsole"),
    stoppable: (from, several) => from("hal/ports/espruino/stop.js", several ? "offerStopOfAll" : "offerStop"),
    ended: () => `if (trap || code) console.log(trap ? trap.message + "\\n" + trap.stack : "exit " + code);`,
  },
  sandbox: {
    ...espruino,
    machineCode: (from) => (_script, offset) => `${from("hal/ports/sandbox/machine.js", "behindScript")}(${offset})`,
    write: (from) => from("hal/ports/sandbox/console.js", "writeConsole"),
    onInput: (from) => from("hal/ports/sandbox/console.js", "readConsole"),
    // The stack says where.
    reactionEnded: "",
    streams: 2,
    togetherBegins: (count) => `var left = ${count}, worst = 0;`,
    // The run ends with the last of them, and with the first exit code that isn't 0.
    endedTogether: (name) =>
      `worst = worst || code; if (trap) ristretto.trapped(${name}, trap.message, trap.stack); if (!--left) ristretto.exit(worst);`,
    trace: "function (line) { ristretto.trace(line); }",
    tell: "function (line) { ristretto.trace(line); }",
    ended: () => `if (trap) ristretto.trap(trap.message, trap.stack); else ristretto.exit(code);`,
  },
  standalone: {
    arena: (_from, bytes) => `new ArrayBuffer(${bytes})`,
    machineCode: () => {
      throw new Error("machine code runs on Espruino only");
    },
    clock: {
      monotonic: (from) => from("hal/ports/ecmascript/clock.js", "monotonic"),
      realtime: (from) => from("hal/ports/ecmascript/clock.js", "realtime"),
      resolution: (from) => from("hal/ports/ecmascript/clock.js", "RESOLUTION"),
      after: (from) => from("hal/ports/ecmascript/clock.js", "after"),
    },
    random: (from) => `${from("hal/ports/ecmascript/random.js", "random")}.fill`,
    files: (from, mount) =>
      mounted(from, mount, `${from("hal/ports/ecmascript/flash.js", "openRamFlash")}${RAM_FLASH}`, "ecmascript"),
    write: (from) => from("hal/ports/ecmascript/console.js", "writeConsole"),
    onInput: (from) => from("hal/ports/ecmascript/console.js", "readConsole"),
    reactionEnded: espruino.reactionEnded,
    streams: 1,
    togetherBegins: espruino.togetherBegins,
    endedTogether: espruino.endedTogether,
    trace: espruino.trace,
    tell: espruino.tell,
    ended: (from) => `${from("hal/ports/ecmascript/console.js", "flushConsole")}(); if (trap) throw trap;`,
    afterwards: (from) => `${from("hal/ports/ecmascript/clock.js", "runTimers")}();`,
  },
};

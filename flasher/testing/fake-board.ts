import { createContext, runInContext, type Context } from "node:vm";
import { crc32 } from "../session/crc32.js";
import { FakeStorage } from "./fake-storage.js";

/** Where Storage begins, as the chip counts. */
const STORAGE_ADDRESS = 0x6c000;
/** Bytes that are erased at once. */
const PAGE_BYTES = 4096;

/** How a fake board differs from a Puck.js with an empty Storage of 64 KiB. */
export interface FakeBoardOptions {
  readonly board?: string;
  readonly storageBytes?: number;
  /** What Storage holds as the board is switched on for the first time. */
  readonly flash?: Uint8Array;
  /** `silent` never answers; `modem` answers, but not as Espruino; `password` asks for one; `debugger` sits in it. */
  readonly mood?: "espruino" | "silent" | "modem" | "password" | "debugger";
  /** Milliseconds in which it boots, prints a log and hears nothing, as an ESP32 does when its port is opened. */
  readonly bootTime?: number;
  /** Flash outside Storage that `require("Flash").getFree()` tells of; none unless given. */
  readonly free?: readonly { readonly addr: number; readonly length: number }[];
  /** A build without `E.CRC32`. */
  readonly withoutCrc?: boolean;
}

/**
 * A board for tests: it evaluates what it is sent in a fresh JavaScript context, keeps Storage as Espruino does, and
 * boots as Espruino does (`load()`: `.bootcde`; `reset()`: without). Time is virtual.
 */
export class FakeBoard {
  readonly storage: FakeStorage;
  /** Milliseconds since the beginning. */
  now = 0;
  /** Everything that the console printed, one char a byte. */
  printed = "";
  private output = "";
  private line = "";
  private echo = true;
  private escape = "";
  private context!: Context;
  private pending: "load" | "reset" | undefined;
  private timers: { at: number; call: string | (() => void) }[] = [];
  /** Until when a program keeps the interpreter busy, milliseconds, and what came in meanwhile. */
  private busyUntil = 0;
  private waiting: number[] = [];
  private mood: NonNullable<FakeBoardOptions["mood"]>;

  constructor(private readonly options: FakeBoardOptions = {}) {
    this.storage = new FakeStorage(options.flash ?? new Uint8Array(options.storageBytes ?? 65536).fill(0xff));
    this.mood = options.mood ?? "espruino";
    this.boot(true);
  }

  /** Off and on again: RAM is gone, flash stays. */
  powerCycle(): void {
    this.storage.cutAfter = Infinity;
    this.line = "";
    this.output = "";
    this.waiting = [];
    this.echo = true;
    this.boot(true);
  }

  /** Lets time pass, running what is due. */
  advance(milliseconds: number): void {
    const until = this.now + milliseconds;
    for (;;) {
      const next = this.nextTimer();
      if (next === undefined || next > until) break;
      this.now = Math.max(this.now, next);
      const [timer] = this.timers.splice(
        this.timers.findIndex(({ at }) => at === next),
        1,
      );
      this.run(() => (typeof timer.call === "string" ? runInContext(timer.call, this.context) : timer.call()));
    }
    this.now = until;
    if (this.now >= this.busyUntil) this.input(Uint8Array.from(this.waiting.splice(0)));
  }

  /** When the next timer is due, milliseconds. */
  nextTimer(): number | undefined {
    return this.timers.length > 0 ? Math.min(...this.timers.map(({ at }) => at)) : undefined;
  }

  /** Takes what the board has sent since the last call, one char a byte. */
  take(): string {
    const text = this.output;
    this.output = "";
    return text;
  }

  /** Evaluates behind the console's back, for a test to look. */
  peek(code: string): unknown {
    return runInContext(code, this.context);
  }

  input(bytes: Uint8Array): void {
    if (this.mood === "silent" || this.now < (this.options.bootTime ?? 0)) return;
    for (const byte of bytes) {
      if (byte === 3) this.busyUntil = 0;
      if (this.now < this.busyUntil) this.waiting.push(byte);
      else this.key(String.fromCharCode(byte));
    }
  }

  private key(char: string): void {
    if (this.mood === "modem") return this.emit(char === "\n" ? "\r\nERROR\r\n" : char);
    if (this.mood === "password") return this.emit(char === "\n" ? "\n  Invalid password\npassword>" : "");
    if (char === "\x03") {
      if (this.mood === "debugger") this.mood = "espruino";
      this.line = "";
      this.echo = true;
      return this.emit("\r\n>");
    }
    if (this.mood === "debugger") return this.emit(char === "\n" ? "\r\ndebug>" : char);
    if (this.escape || char === "\x1b") {
      this.escape += char;
      if (this.escape === "\x1b[2H") this.line = "";
      else if ("\x1b[2H".startsWith(this.escape)) return;
      this.escape = "";
    } else if (char === "\x10") {
      if (this.line === "") this.echo = false;
    } else if (char === "\n" || char === "\r") {
      if (this.echo) this.emit("\r\n");
      this.execute();
    } else if (char >= " ") {
      this.line += char;
      if (this.echo) this.emit(char);
    }
  }

  private execute(): void {
    if (bracketsOpen(this.line)) {
      this.line += "\n";
      return;
    }
    const code = this.line;
    const echo = this.echo;
    this.line = "";
    this.run(() => {
      const result: unknown = runInContext(code, this.context);
      if (echo && code.trim() !== "") this.emit(`=${String(result)}\r\n`);
    });
    this.echo = true;
    this.emit(">");
  }

  private emit(text: string): void {
    if (this.mood === "silent") return;
    this.output += text;
    this.printed += text;
  }

  private run(code: () => void): void {
    try {
      code();
    } catch (error) {
      this.emit(`Uncaught ${String(error)}\r\n`);
    }
    if (this.storage.words >= this.storage.cutAfter) this.output = "";
    const pending = this.pending;
    this.pending = undefined;
    if (pending) this.boot(pending === "load");
  }

  /** `require("Flash")`, as far as flashing looks at it. */
  private rawFlash(): object {
    return {
      getFree: () => this.options.free ?? [],
      getPage: (address: number) => ({ addr: address - (address % PAGE_BYTES), length: PAGE_BYTES }),
      read: (length: number, address: number) =>
        this.storage.flash.subarray(address - STORAGE_ADDRESS, address - STORAGE_ADDRESS + length),
    };
  }

  private boot(runBootCode: boolean): void {
    this.timers = [];
    this.busyUntil = 0;
    const storage = this.storage;
    const globals: Record<string, unknown> = {
      E: {
        ...(this.options.withoutCrc
          ? {}
          : { CRC32: (data?: string) => (data === undefined ? undefined : crc32(data)) }),
        toString: (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1"),
      },
      require: (name: string) => {
        if (name === "Storage") return storage;
        if (name === "Flash") return this.rawFlash();
        throw new Error(`Module ${name} not found`);
      },
      print: (...values: unknown[]) => this.emit(`${values.map(String).join(" ")}\r\n`),
      atob: (text: string) => Buffer.from(text, "base64").toString("latin1"),
      btoa: (text: string) => Buffer.from(text, "latin1").toString("base64"),
      process: {
        memory: () => ({ flash_code_start: STORAGE_ADDRESS }),
        env: { VERSION: "2v29", BOARD: this.options.board ?? "PUCKJS", CONSOLE: "USB", MODULES: "Flash,Storage" },
      },
      setTimeout: (call: string | (() => void), wait: number) => void this.timers.push({ at: this.now + wait, call }),
      // What `while(Date.now()<t);` would do in real time.
      spin: (milliseconds: number) => void (this.busyUntil = this.now + milliseconds),
      load: () => void (this.pending = "load"),
      reset: () => void (this.pending = "reset"),
    };
    globals.global = globals;
    this.context = createContext(globals);
    const bootTime = this.options.bootTime;
    if (bootTime && this.now < bootTime) this.emit("ets Jun  8 2016 00:22:57\r\nrst:0x1 (POWERON_RESET)\r\n");
    const code = storage.read(".bootrst") ?? (runBootCode ? storage.read(".bootcde") : undefined);
    if (code !== undefined) this.run(() => runInContext(code, this.context));
    this.emit(">");
  }
}

/** Whether Espruino would wait for more lines. */
function bracketsOpen(line: string): boolean {
  const bare = line.replace(/"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/g, "");
  return bare.replace(/[^([{]/g, "").length > bare.replace(/[^)\]}]/g, "").length;
}

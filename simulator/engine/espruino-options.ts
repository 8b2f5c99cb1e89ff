import type { QuickJSHandle } from "quickjs-emscripten";
import type { SimulatedBoard } from "../board/index.js";
import type { NativeContext, Natives } from "./natives/context.js";
import type { Sandbox, Thrown } from "./sandbox.js";

/** Whoever shows what the interpreter prints, and types. The prompt of `simulator/console` is one. */
export interface ConsolePort {
  /** Text of one char a byte; lines end with `\n`. What is being typed must get out of the way first. */
  print(text: string): void;
  /** Bytes for the device that the console is on, unchanged. */
  transmit(bytes: Uint8Array): void;
  /** Bytes that came over a serial port that the console has moved to. */
  receive(bytes: Uint8Array): void;
  echo(on: boolean): void;
  /** Whether results and banners are shown. */
  readonly echoes: boolean;
  /** Puts text where the line is typed. */
  edit(text: string): void;
  /** The interpreter is idle again: a prompt may return. */
  idle(): void;
  /** The interpreter was started again: what was being typed is gone. @param shows whether a banner follows */
  restarted(shows: boolean): void;
}

/** What an interpreter is made from. */
export interface EspruinoOptions {
  readonly board: SimulatedBoard;
  readonly console: ConsolePort;
  /** Bytes that leave over a device that isn't a serial port of the chip: USB, Bluetooth. Lost when absent. */
  readonly transmit?: (device: string, bytes: Uint8Array) => void;
  /** More natives and globals, for an engine or a command that adds its own. */
  readonly extend?: EspruinoExtension;
  /** Machine code that is executed in place without being in flash: of an image that is run without being flashed. */
  readonly image?: Uint8Array;
  /** Asked while a script runs, so that Ctrl-C can come in. */
  readonly poll?: () => void;
  /** Ends a script after so many virtual microseconds of one task; never when absent. */
  readonly taskMicroseconds?: number;
  /** Called with what a task threw instead of printing it. */
  readonly onThrown?: (thrown: Thrown) => void;
  /** Called when a task was ended from outside, or for want of memory, instead of printing it. */
  readonly onInterrupted?: (reason: string) => void;
}

/** Natives and globals beyond Espruino's. */
export interface EspruinoExtension {
  natives(context: NativeContext): Natives;
  install(sandbox: Sandbox, world: QuickJSHandle, host: QuickJSHandle): void;
}

/** What a line at the prompt came to. */
export type Evaluation = { readonly ok: true; readonly shown: string } | { readonly ok: false };

import type { BootReason } from "../boot.js";
import { VERSION } from "../boot.js";
import { decodeLatin1 } from "../latin1.js";
import { ScriptFault } from "../sandbox.js";
import type { MemoryEstimate } from "../memory-estimate.js";
import type { StorageArea } from "../storage-area.js";
import type { NativeContext, Natives } from "./context.js";

/** What the interpreter's own natives ask of it. */
export interface SystemHooks {
  readonly context: NativeContext;
  readonly machine: {
    readonly storage: StorageArea;
    readonly consoleDevice: string;
    readonly errorFlags: ReadonlySet<string>;
    print(text: string): void;
    memory(): MemoryEstimate;
  };
  echo(on: boolean): void;
  edit(text: string): void;
  /** Starts again when the script that runs is done. */
  request(reason: BootReason, file?: string): void;
  /** Saves this code when the script that runs is done. */
  save(code: string): void;
  reboot(): never;
  watchdog(microseconds: number, automatic: boolean): void;
  kick(): void;
}

/** Modules that `process.env.MODULES` names: those that this simulation has. */
const MODULES = "Flash,Storage";

/** `print`, `process`, `reset` and what else is the interpreter's own. */
export function systemNatives(hooks: SystemHooks): Natives {
  const { context, machine } = hooks;
  const { board, received } = context;
  const { profile } = board;
  return {
    print: (text) => machine.print(String(text)),
    printBytes: () => machine.print(decodeLatin1(received())),
    echo: (on) => hooks.echo(Boolean(on)),
    edit: (text) => hooks.edit(String(text)),
    version: () => VERSION,
    serialNumber: () => board.serialNumber,
    clockHertz: () => profile.processor.hertz,
    errorFlags: () => [...machine.errorFlags].join(","),
    environment: () =>
      JSON.stringify({
        VERSION,
        GIT_COMMIT: "simulated",
        BOARD: profile.espruinoBoard,
        RAM: profile.memory.ramBytes,
        FLASH: flashBytes(profile.flash),
        STORAGE: profile.flash.storage.bytes,
        SERIAL: board.serialNumber,
        CONSOLE: machine.consoleDevice || null,
        MODULES,
        EXPTR: 0,
      }),
    memory: (collect) => {
      const { free, usage, total } = machine.memory();
      const collected = collect ? { gc: 0, gctime: 0 } : {};
      const buffers = { rx: { used: 0, total: 1024 }, tx: { used: 0, total: 256 } };
      const blocksize = profile.memory.jsVarBytes;
      const places = { stackFree: profile.memory.stackBytes, flash_code_start: profile.flash.storage.address };
      const flash_length = flashBytes(profile.flash);
      return JSON.stringify({
        free,
        usage,
        total,
        history: 0,
        ...collected,
        blocksize,
        ...buffers,
        ...places,
        flash_length,
      });
    },
    load: (file) => hooks.request("load", file === undefined ? undefined : String(file)),
    reset: (clear) => {
      hooks.request("reset");
      if (!clear) return;
      machine.print("Erasing saved code.");
      for (const name of [".varimg", ".bootcde", ".bootrst"]) machine.storage.erase(name);
      machine.print("\nDone!\n");
    },
    save: (code) => {
      if (machine.storage.find(".bootcde"))
        throw new ScriptFault("Error", "Cannot save: .bootcde file already exists. Please remove it first.");
      hooks.save(String(code));
    },
    reboot: () => hooks.reboot(),
    watchdog: (seconds, automatic) => hooks.watchdog(Number(seconds) * 1e6, Boolean(automatic)),
    kickWatchdog: () => hooks.kick(),
  };
}

/** The chip's flash: up to the power of two above the last area that is known. */
function flashBytes(flash: { storage: Area; free: readonly Area[] }): number {
  const ends = [flash.storage, ...flash.free].map(({ address, bytes }) => (address & 0xffffff) + bytes);
  return 2 ** Math.ceil(Math.log2(Math.max(...ends)));
}

interface Area {
  readonly address: number;
  readonly bytes: number;
}

import type { QuickJSHandle } from "quickjs-emscripten";
import type { BoardProfile } from "../../hal/boards/profile.js";
import { installBuses } from "./globals/buses.js";
import { installConsole } from "./globals/console.js";
import { installEspruinoObject } from "./globals/espruino-object.js";
import { installEvents } from "./globals/events.js";
import { installFormat } from "./globals/format.js";
import { installModules } from "./globals/modules.js";
import { installNativeCode } from "./globals/native-code.js";
import { installPins } from "./globals/pins.js";
import { installSerial } from "./globals/serial.js";
import { installStorage } from "./globals/storage.js";
import { installDate, installTimers } from "./globals/timers.js";
import { createWorld, entriesOf } from "./globals/world.js";
import type { NativeFunction, Sandbox } from "./sandbox.js";

/** Espruino's globals in a new sandbox, for one board. @returns `world`, whose methods the host calls, and `host` */
export function installWorld(
  sandbox: Sandbox,
  profile: BoardProfile,
  natives: Readonly<Record<string, NativeFunction>>,
): { world: QuickJSHandle; entries: QuickJSHandle; host: QuickJSHandle } {
  const { buses, flash } = profile;
  const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).join(",");
  const pins = profile.pins.map(({ name, aliases = [] }) => `${name}=${aliases.join(",")}`).join("\n");
  // Espruino's chunk is its page, at most 4 KiB, less a header (`STORAGEFILE_CHUNKSIZE`).
  const chunkBytes = Math.min(4096, flash.storage.blockBytes ?? flash.blockBytes) - 32;
  const consoles = ["USB", "Bluetooth", "Telnet"].join(",");

  const host = sandbox.bind(natives);
  const world = sandbox.install(createWorld, host);
  sandbox.install(installEvents, world);
  sandbox.install(installPins, world, host, pins);
  sandbox.install(installFormat, world);
  sandbox.install(installTimers, world, host);
  sandbox.install(installDate, world, host);
  sandbox.install(installBuses, world, host, names(buses.i2c), names(buses.spi));
  sandbox.install(installSerial, world, host, names(buses.uart), consoles);
  const modules = sandbox.install(installStorage, world, host, chunkBytes);
  sandbox.install(installModules, world, modules);
  sandbox.install(installEspruinoObject, world, host);
  sandbox.install(installNativeCode, world, host, profile.nativeCall);
  sandbox.install(installConsole, world, host);
  return { world, entries: sandbox.install(entriesOf, world), host };
}

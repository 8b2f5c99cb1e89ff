/**
 * What Espruino's Linux build has no hardware for, played in front of it, so that a board's image runs on the real
 * interpreter: pins and their watches, buses with nobody on them, a serial port, and flash in memory. A script may set
 * a pin's level from outside with `playedPin(name, level)`, and make a port receive with `playedReceive(text)`.
 *
 * Its names are the interpreter's natives', played as Espruino's sources say (`src/jswrap_io.c`,
 * `src/jswrap_interactive.c`, `src/jswrap_spi_i2c.c`, `src/jswrap_serial.c`, `src/jswrap_flash.c`).
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** ES5, to be run before an image. Each thing that is driven is told as a line: `pin D5 1`, `Serial1 "text"`. */
const PLAYED_BOARD = `
// The buses are objects of the interpreter's own, which a global of their name wouldn't hide.
function playOver(bus, natives) { for (var name in natives) bus[name] = natives[name]; }
var playedLevels = {}, playedWatches = [], playedListeners = [];
global.Pin = function (name) { this.name = name; };
global.pinMode = function () {};
global.digitalRead = function (pin) { return playedLevels[pin.name] || 0; };
global.digitalWrite = function (pin, level) { playedLevels[pin.name] = level ? 1 : 0; print("pin " + pin.name + " " + (level ? 1 : 0)); };
global.analogRead = function () { return 0.5; };
global.analogWrite = function (pin, duty) { print("duty " + pin.name + " " + duty); };
global.setWatch = function (handler, pin, options) {
  return playedWatches.push({ pin: pin.name, handler: handler, edge: options.edge });
};
global.clearWatch = function (id) { playedWatches[id - 1] = undefined; };
global.playedPin = function (name, level) {
  if ((playedLevels[name] || 0) === level) return;
  playedLevels[name] = level;
  playedWatches.forEach(function (watch) {
    if (watch && watch.pin === name && (watch.edge === "both" || (watch.edge === "rising") === !!level))
      setTimeout(function () { watch.handler({ state: !!level, time: getTime() }); }, 0);
  });
};
playOver(I2C1, {
  setup: function () {},
  writeTo: function () { throw new Error("I2C Write Error 33281"); },
  readFrom: function () { throw new Error("I2C Read Error 33281"); }
});
playOver(SPI1, {
  setup: function () {},
  write: function (bytes) { print("SPI1 " + [].slice.call(bytes).join()); },
  send: function (data) { return new Uint8Array(data.count === undefined ? data.length : data.count); }
});
playOver(Serial1, {
  setup: function () {},
  write: function (bytes) { print("Serial1 " + JSON.stringify(E.toString(bytes))); },
  on: function (event, handler) { playedListeners.push(handler); },
  removeListener: function (event, handler) { playedListeners.splice(playedListeners.indexOf(handler), 1); }
});
global.playedReceive = function (text) {
  setTimeout(function () { playedListeners.forEach(function (handler) { handler(text); }); }, 0);
};
var playedFlash = new Uint8Array(20480).fill(255), playedRequire = require;
global.require = function (name) {
  return name !== "Flash" ? playedRequire(name) : {
    getFree: function () { return [{ addr: 4194304, length: 20480 }]; },
    getPage: function (address) { return { addr: address & ~4095, length: 4096 }; },
    read: function (length, address) { return new Uint8Array(playedFlash.slice(address - 4194304, address - 4194304 + length)); },
    write: function (bytes, address) { for (var i = 0; i < bytes.length; i++) playedFlash[address - 4194304 + i] &= bytes[i]; },
    erasePage: function (address) { playedFlash.fill(255, (address & ~4095) - 4194304, (address & ~4095) - 4194304 + 4096); }
  };
};
`;

/**
 * Runs a script on Espruino's Linux build until nothing is left to happen.
 * @param espruino the program's path
 * @returns the lines that it printed, without white space at their ends
 * @throws Error when it takes longer than a minute
 */
export function runOnEspruino(espruino: string, code: string | Uint8Array): string[] {
  const folder = mkdtempSync(join(tmpdir(), "played-board-"));
  try {
    const image = typeof code === "string" ? Buffer.from(code, "latin1") : code;
    writeFileSync(join(folder, "image.js"), Buffer.concat([Buffer.from(PLAYED_BOARD), image]));
    const { stdout, error } = spawnSync(espruino, ["image.js"], { cwd: folder, encoding: "latin1", timeout: 60_000 });
    if (error) throw error;
    return stdout.split(/\r?\n/).map((line) => line.trimEnd());
  } finally {
    rmSync(folder, { recursive: true });
  }
}

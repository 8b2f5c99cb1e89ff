import { numberedPins } from "./pins.js";
import type { BoardProfile } from "./profile.js";

/**
 * Raspberry Pi Pico, after Espruino 2v29's `boards/RP2040_PICO.py`, its `targets/rp2xxx/jshardware.c` and the RP2040
 * and Pico datasheets.
 */
export const rp2040Pico: BoardProfile = {
  id: "rp2040_pico",
  name: "Raspberry Pi Pico",
  espruinoBoard: "ESPR_RP2040_PICO",
  processor: { name: "RP2040", core: "cortex-m0+", hertz: 133_000_000 },
  memory: {
    jsVars: 12_000,
    // References of 14 bits: 4 + (4 * 14 + 8) / 8 + 2 bytes of flags (Espruino's src/jsutils.h).
    jsVarBytes: 14,
    ramBytes: 264 * 1024,
    // An estimate: the stack starts at the end of the scratch banks and, as the interpreter checks it, may grow down to
    // the end of static data; RAM less the variables, about 30 KB of static data and what the C heap takes.
    stackBytes: 32 * 1024,
  },
  flash: {
    blockBytes: 4096,
    // The chip programs pages of 256 bytes; Espruino reads the page, changes it and programs all of it again.
    writeBytes: 4,
    reprogrammable: true,
    // The board has a W25Q16JV; its datasheet, features.
    endurance: 100_000,
    storage: { address: 0x101c0000, bytes: 64 * 4096 },
    // Espruino refuses to write anywhere but to Storage (rpFlashAddrInSavedCode), and `getFree()` answers with it.
    free: [],
    reportsStorageAsFree: true,
    executeInPlace: true,
  },
  pins: numberedPins(0, 29, ["digital", "pwm"], {
    D25: { aliases: ["LED1"], part: { kind: "led", activeLow: false, color: "green" } },
    D26: { functions: ["digital", "adc", "pwm"] },
    D27: { functions: ["digital", "adc", "pwm"] },
    D28: { functions: ["digital", "adc", "pwm"] },
    D29: { functions: ["digital", "adc", "pwm"] },
  }),
  // The pins that `setup` takes when none are given (Espruino's jshFindPinForFunction).
  buses: {
    i2c: [
      { name: "I2C1", pins: { sda: "D8", scl: "D9" } },
      { name: "I2C2", pins: { sda: "D10", scl: "D11" } },
    ],
    spi: [
      { name: "SPI1", pins: { sck: "D18", mosi: "D19", miso: "D16" } },
      { name: "SPI2", pins: { sck: "D10", mosi: "D11", miso: "D8" } },
    ],
    uart: [
      { name: "Serial1", pins: { tx: "D0", rx: "D1" } },
      { name: "Serial2", pins: { tx: "D4", rx: "D5" } },
    ],
  },
  console: "USB",
  engines: ["js", "thumb"],
  nativeCall: true,
  // Pico datasheet, Power: about 25 mA with the core busy, 1.3 mA asleep (0.8 mA dormant).
  current: { activeMicroamperes: 25_000, sleepMicroamperes: 1_300 },
};

import { numberedPins } from "./pins.js";
import type { BoardProfile } from "./profile.js";

/**
 * A board that doesn't exist, for programs without a board in mind: ample RAM and flash, every peripheral twice.
 * The core is a Cortex-M4F as in the larger boards that run Espruino; pin names are those of a chip without port letters.
 */
export const generic: BoardProfile = {
  id: "generic",
  name: "Generic board",
  espruinoBoard: "GENERIC",
  processor: { name: "Generic Cortex-M4F", core: "cortex-m4f", hertz: 120_000_000 },
  memory: {
    // 12 MiB of variables.
    jsVars: 786_432,
    jsVarBytes: 16,
    ramBytes: 16 * 1024 * 1024,
    stackBytes: 256 * 1024,
  },
  flash: {
    blockBytes: 4096,
    writeBytes: 4,
    reprogrammable: true,
    endurance: 10_000,
    storage: { address: 0x10100000, bytes: 2 * 1024 * 1024 },
    free: [{ address: 0x10300000, bytes: 1024 * 1024 }],
    executeInPlace: true,
  },
  pins: numberedPins(0, 31, ["digital", "pwm"], {
    D0: { functions: ["digital"], aliases: ["BTN1"], part: { kind: "button", activeLow: false } },
    D13: { aliases: ["LED1"], part: { kind: "led", activeLow: false, color: "red" } },
    D14: { aliases: ["LED2"], part: { kind: "led", activeLow: false, color: "green" } },
    D24: { functions: ["digital", "adc", "pwm"] },
    D25: { functions: ["digital", "adc", "pwm"] },
    D26: { functions: ["digital", "adc", "pwm"] },
    D27: { functions: ["digital", "adc", "pwm"] },
    D28: { functions: ["digital", "adc", "pwm"] },
    D29: { functions: ["digital", "adc", "pwm"] },
    D30: { functions: ["digital", "adc", "pwm"] },
    D31: { functions: ["digital", "adc", "pwm"] },
  }),
  buses: {
    i2c: [
      { name: "I2C1", pins: { sda: "D1", scl: "D2" } },
      { name: "I2C2", pins: { sda: "D3", scl: "D4" } },
    ],
    spi: [
      { name: "SPI1", pins: { sck: "D5", miso: "D6", mosi: "D7" } },
      { name: "SPI2", pins: { sck: "D8", miso: "D9", mosi: "D10" } },
    ],
    uart: [
      { name: "Serial1", pins: { tx: "D11", rx: "D12" } },
      { name: "Serial2", pins: { tx: "D15", rx: "D16" } },
    ],
  },
  console: "USB",
  engines: ["js", "thumb"],
  nativeCall: true,
  current: { activeMicroamperes: 10_000, sleepMicroamperes: 10 },
};

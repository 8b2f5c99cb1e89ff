import { numberedPins } from "./pins.js";
import type { BoardProfile } from "./profile.js";

/**
 * Puck.js 2, after Espruino 2v29's `boards/PUCKJS.py` and Nordic's nRF52832 product specification 1.8.
 */
export const puckjs: BoardProfile = {
  id: "puckjs",
  name: "Puck.js",
  espruinoBoard: "PUCKJS",
  processor: { name: "nRF52832", core: "cortex-m4f", hertz: 64_000_000 },
  memory: {
    jsVars: 2630,
    // References of 12 bits: 4 + (4 * 12 + 8) / 8 + 2 bytes of flags (Espruino's src/jsutils.h).
    jsVarBytes: 13,
    ramBytes: 64 * 1024,
    // What Espruino's author found between the end of the heap and the end of RAM (espruino/Espruino#1215).
    stackBytes: 9280,
  },
  flash: {
    blockBytes: 4096,
    writeBytes: 4,
    // 181 writes to each 512 bytes between erases (product specification, NVMC): every word once, and 53 words again.
    reprogrammable: true,
    // Product specification, NVMC: n_ENDURANCE.
    endurance: 10_000,
    // Pages 108 to 117; bonding data and the bootloader follow.
    storage: { address: 108 * 4096, bytes: 10 * 4096 },
    // From the end of the firmware to Storage. How much that is depends on the build; four pages are assumed, since
    // networking left the standard build in 2v25. On the board, `getFree()` has the last word.
    free: [{ address: 104 * 4096, bytes: 4 * 4096 }],
    executeInPlace: true,
  },
  // Any pin of an nRF52 can be routed to any peripheral but the ADC (product specification, PSEL registers).
  pins: numberedPins(0, 31, ["digital", "pwm"], {
    D0: { aliases: ["BTN1", "BTN"], part: { kind: "button", activeLow: false } },
    D2: { functions: ["digital", "adc", "pwm"] },
    D3: {
      functions: ["digital", "adc", "pwm"],
      aliases: ["LED3"],
      part: { kind: "led", activeLow: false, color: "blue" },
    },
    D4: {
      functions: ["digital", "adc", "pwm"],
      aliases: ["LED2"],
      part: { kind: "led", activeLow: false, color: "green" },
    },
    D5: {
      functions: ["digital", "adc", "pwm"],
      aliases: ["LED1"],
      part: { kind: "led", activeLow: false, color: "red" },
    },
    D26: { aliases: ["FET"] },
    D28: { functions: ["digital", "adc", "pwm"] },
    D29: { functions: ["digital", "adc", "pwm"] },
    D30: { functions: ["digital", "adc", "pwm"] },
    D31: { functions: ["digital", "adc", "pwm"] },
  }),
  buses: {
    // The chip has no default pins for I2C and SPI; these are pads at the edge of the board.
    i2c: [{ name: "I2C1", pins: { sda: "D1", scl: "D2" } }],
    spi: [{ name: "SPI1", pins: { sck: "D30", miso: "D31", mosi: "D29" } }],
    uart: [{ name: "Serial1", pins: { tx: "D28", rx: "D29" } }],
  },
  console: "Bluetooth",
  engines: ["js", "thumb"],
  nativeCall: true,
  // Product specification: 3.7 mA with cache and DC/DC at 3 V; 1.9 uA with RTC and RAM kept. The board idles at
  // about 12 uA while it advertises (espruino.com/Puck.js, Power Consumption).
  current: { activeMicroamperes: 4_000, sleepMicroamperes: 12 },
};

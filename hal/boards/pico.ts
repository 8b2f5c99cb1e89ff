import type { BoardProfile } from "./profile.js";
import { stm32f4Pins } from "./stm32f4-pins.js";

/**
 * Espruino Pico revision 1.3 and 1.4, after Espruino 2v29's `boards/PICO_R1_3.py`, its `targets/stm32/jshardware.c`
 * and ST's STM32F401xD datasheet (DocID024738).
 */
export const pico: BoardProfile = {
  id: "pico",
  name: "Espruino Pico",
  espruinoBoard: "PICO_R1_3",
  processor: { name: "STM32F401CDU6", core: "cortex-m4f", hertz: 84_000_000 },
  memory: {
    jsVars: 5100,
    // References of 13 bits: 4 + (4 * 13 + 4) / 8 + 2 bytes of flags (Espruino's src/jsutils.h).
    jsVarBytes: 13,
    ramBytes: 96 * 1024,
    // An estimate: RAM less the variables and about 12 KB of USB, buffers and the C library's data.
    stackBytes: 16 * 1024,
  },
  flash: {
    blockBytes: 128 * 1024,
    writeBytes: 4,
    reprogrammable: true,
    // Datasheet, flash memory endurance: N_END.
    endurance: 10_000,
    // Sectors 1 to 3.
    storage: { address: 0x08004000, bytes: 3 * 16 * 1024, blockBytes: 16 * 1024 },
    // Sector 7: beyond what ST promises of this part, but there, and reported by `getFree()`. One block only, so a
    // log-structured file system, which must copy before it erases, can't live in it.
    free: [{ address: 0x08060000, bytes: 128 * 1024 }],
    executeInPlace: true,
  },
  pins: stm32f4Pins({
    B2: { aliases: ["LED1"], part: { kind: "led", activeLow: false, color: "red" } },
    B12: { aliases: ["LED2"], part: { kind: "led", activeLow: false, color: "green" } },
    C13: { aliases: ["BTN1", "BTN"], part: { kind: "button", activeLow: false } },
  }),
  // The pins that `setup` takes when none are given (Espruino's jshFindPinForFunction).
  buses: {
    i2c: [
      { name: "I2C1", pins: { scl: "B6", sda: "B7" } },
      { name: "I2C2", pins: { scl: "B10", sda: "B3" } },
      { name: "I2C3", pins: { scl: "A8", sda: "B4" } },
    ],
    spi: [
      { name: "SPI1", pins: { sck: "A5", miso: "A6", mosi: "A7" } },
      { name: "SPI2", pins: { sck: "B10", miso: "B14", mosi: "B15" } },
      { name: "SPI3", pins: { sck: "B3", miso: "B4", mosi: "B5" } },
    ],
    uart: [
      { name: "Serial1", pins: { tx: "B6", rx: "B7" } },
      { name: "Serial2", pins: { tx: "A2", rx: "A3" } },
    ],
  },
  console: "USB",
  engines: ["js", "thumb"],
  nativeCall: true,
  // 30 mA running from USB, 0.05 mA in deep sleep (espruino.com/Pico, Power Consumption).
  current: { activeMicroamperes: 30_000, sleepMicroamperes: 50 },
};

import type { BoardProfile } from "./profile.js";
import { stm32f4Pins } from "./stm32f4-pins.js";

/**
 * Espruino WiFi, after Espruino 2v29's `boards/ESPRUINOWIFI.py`, its `targets/stm32/jshardware.c` and ST's STM32F411xC/xE
 * datasheet (DocID026289).
 */
export const espruinoWifi: BoardProfile = {
  id: "espruino_wifi",
  name: "Espruino WiFi",
  espruinoBoard: "ESPRUINOWIFI",
  processor: { name: "STM32F411CEU6", core: "cortex-m4f", hertz: 100_000_000 },
  memory: {
    jsVars: 8190,
    // References of 13 bits: 4 + (4 * 13 + 4) / 8 + 2 bytes of flags (Espruino's src/jsutils.h).
    jsVarBytes: 13,
    ramBytes: 128 * 1024,
    // An estimate: RAM less the variables and about 12 KB of USB, buffers and the C library's data.
    stackBytes: 12 * 1024,
  },
  flash: {
    blockBytes: 16 * 1024,
    writeBytes: 4,
    reprogrammable: true,
    // Datasheet, flash memory endurance: N_END.
    endurance: 10_000,
    // Sector 4.
    storage: { address: 0x08010000, bytes: 64 * 1024, blockBytes: 64 * 1024 },
    // Sectors 1 to 3, between the bootloader and Storage.
    free: [{ address: 0x08004000, bytes: 3 * 16 * 1024 }],
    executeInPlace: true,
  },
  pins: stm32f4Pins({
    B2: { aliases: ["LED1"], part: { kind: "led", activeLow: false, color: "red" } },
    B12: { aliases: ["LED2"], part: { kind: "led", activeLow: false, color: "green" } },
    C13: { aliases: ["BTN1", "BTN"], part: { kind: "button", activeLow: false } },
  }),
  // The pins that `setup` takes when none are given (Espruino's jshFindPinForFunction). The ESP8266 is on A2, A3 and
  // A13 to A15, and Serial2 with it.
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
      // A bare `Serial1.setup()` takes A9, which senses USB's 5 V: name B6 and B7.
      { name: "Serial1", pins: { tx: "B6", rx: "B7" } },
      { name: "Serial2", pins: { tx: "A2", rx: "A3" } },
    ],
  },
  console: "USB",
  engines: ["js", "thumb"],
  nativeCall: true,
  // Without WiFi: 30 mA running, 0.05 mA in deep sleep (espruino.com/WiFi, Power Consumption).
  current: { activeMicroamperes: 30_000, sleepMicroamperes: 50 },
};

import type { BoardProfile } from "../../hal/boards/profile.js";

/** How long flash operations take, in microseconds: typical values of the datasheets. */
export interface FlashTiming {
  /** One unit of `writeBytes`. */
  readonly programUnit: number;
  /** Beside the units, per call: command and address on a serial flash. */
  readonly programCall: number;
  /** One block. */
  readonly eraseBlock: number;
  /** One byte. */
  readonly readByte: number;
}

/**
 * Typical times of the flash on a board.
 *
 * - nRF52832 (product specification 1.4, 11.5): word 67.5, page of 4 KB 2.05 to 89.7 ms; nRF52840 (1.1, 4.3.8): word 41, page 85 ms
 * - STM32F1 (DS5319, table 29): half-word 52.5, page 20 ms
 * - STM32F4 (DS9716 and DS8626, "Flash memory programming"): word 16; sectors at 2.7 V and more: 16 KB 250 ms, 64 KB 550 ms, 128 KB 1 s
 * - STM32L4 (DS10198, table 53): double word 81.7, page of 2 KB 22 ms
 * - RP2040 boards and whatever else has a serial flash (Winbond W25Q16JV, 9.6): page of 256 bytes 400, sector of 4 KB 45 ms, 64 KB 150 ms
 */
export function flashTiming(profile: BoardProfile): FlashTiming {
  const { writeBytes, blockBytes } = profile.flash;
  const name = profile.processor.name.toUpperCase();
  if (profile.flash.executeInPlace) {
    if (name.startsWith("NRF52840"))
      return { programUnit: (41 * writeBytes) / 4, programCall: 0, eraseBlock: 85_000, readByte: 0.016 };
    if (name.startsWith("NRF52"))
      return { programUnit: (67.5 * writeBytes) / 4, programCall: 0, eraseBlock: 85_000, readByte: 0.016 };
    if (name.startsWith("STM32F4")) {
      const erase = blockBytes <= 16384 ? 250_000 : blockBytes <= 65536 ? 550_000 : 1_000_000;
      return { programUnit: (16 * writeBytes) / 4, programCall: 0, eraseBlock: erase, readByte: 0.01 };
    }
    if (name.startsWith("STM32F1"))
      return { programUnit: (52.5 * writeBytes) / 2, programCall: 0, eraseBlock: 20_000, readByte: 0.014 };
    if (name.startsWith("STM32L4"))
      return {
        programUnit: (81.7 * writeBytes) / 8,
        programCall: 0,
        eraseBlock: (22_000 * blockBytes) / 2048,
        readByte: 0.0125,
      };
  }
  return {
    programUnit: (400 * writeBytes) / 256,
    programCall: 10,
    eraseBlock:
      blockBytes <= 4096 ? 45_000 : Math.min((blockBytes / 4096) * 45_000, Math.ceil(blockBytes / 65536) * 150_000),
    readByte: 0.016,
  };
}

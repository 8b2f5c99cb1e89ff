import type { BoardProfile } from "../../hal/boards/profile.js";

/** How long flash operations take, in microseconds: typical values of the datasheets. */
export interface FlashTiming {
  /** One unit of `writeBytes`. */
  readonly programUnit: number;
  /** Beside the units, per call: command and address on a serial flash. */
  readonly programCall: number;
  /** One block of so many bytes. */
  eraseBlock(blockBytes: number): number;
  /** One byte. */
  readonly readByte: number;
}

/**
 * Typical times of the flash on a board, by the names of its processor.
 *
 * - nRF52840 (product specification, NVMC's electrical data): word 41, page of 4 KB 85 ms; nRF52832: word 67.5 at
 *   least, and the same page time, since its own is given as a range up to 89.7 ms
 * - STM32F1 (datasheet, flash characteristics): half-word 52.5, page of 1 KB 20 ms
 * - STM32F4 (the same, at 2.7 V and more): word 16; sectors of 16 KB 250 ms, of 64 KB 550 ms, of 128 KB 1 s
 * - STM32L4 (the same): double word 81.7, page of 2 KB 22 ms
 * - RP2040 boards and whatever else has a serial flash (Winbond W25Q16JV): page of 256 bytes 400, sector of 4 KB
 *   45 ms, block of 64 KB 150 ms
 */
export function flashTiming(profile: BoardProfile): FlashTiming {
  const { writeBytes, executeInPlace } = profile.flash;
  const name = profile.processor.name.toUpperCase();
  if (executeInPlace) {
    if (name.startsWith("NRF52840")) return onChip((41 * writeBytes) / 4, perBytes(4096, 85_000));
    if (name.startsWith("NRF52")) return onChip((67.5 * writeBytes) / 4, perBytes(4096, 85_000));
    if (name.startsWith("STM32F4"))
      return onChip((16 * writeBytes) / 4, (bytes) =>
        bytes <= 16384 ? 250_000 : bytes <= 65536 ? 550_000 : 1_000_000,
      );
    if (name.startsWith("STM32F1")) return onChip((52.5 * writeBytes) / 2, perBytes(1024, 20_000));
    if (name.startsWith("STM32L4")) return onChip((81.7 * writeBytes) / 8, perBytes(2048, 22_000));
  }
  return {
    programUnit: (400 * writeBytes) / 256,
    programCall: 10,
    eraseBlock: (bytes) => Math.min(perBytes(4096, 45_000)(bytes), perBytes(65536, 150_000)(bytes)),
    readByte: 0.016,
  };
}

function onChip(programUnit: number, eraseBlock: FlashTiming["eraseBlock"]): FlashTiming {
  // A wait state or two at some 64 to 100 MHz, four bytes at a time.
  return { programUnit, programCall: 0, eraseBlock, readByte: 0.016 };
}

/** One erase for each started `bytes`. */
function perBytes(bytes: number, microseconds: number): FlashTiming["eraseBlock"] {
  return (blockBytes) => Math.ceil(blockBytes / bytes) * microseconds;
}

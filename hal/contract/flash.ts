/**
 * NOR flash (embedded-storage `NorFlash`): programming clears bits, erasing sets a whole block to 0xFF.
 *
 * Addresses count from 0 at the start of the area that was handed out, whatever it is on the chip.
 * All methods throw `HalError`: `OutOfBounds`, `NotAligned`, `Verify`, `Other`.
 */
export interface Flash {
  /** Bytes in the area: a multiple of `blockSize`. */
  readonly size: number;
  /** Bytes erased at once: a power of two, 1,024 to 131,072. */
  readonly blockSize: number;
  /** Programs begin and end at multiples of this many bytes: 1, 2, 4, 8 or 16. */
  readonly writeSize: number;
  /** Whether a unit of `writeSize` may be programmed again to clear further bits; parts with ECC (STM32L4) forbid it. */
  readonly reprogrammable: boolean;
  /** Any address and length within the area. The result is a copy. */
  read(address: number, length: number): Uint8Array;
  /** Clears bits. `address` and `bytes.length` are multiples of `writeSize`. */
  program(address: number, bytes: Uint8Array): void;
  /** @param address the first byte of a block */
  erase(address: number): void;
}

/** CRC-32 as in zlib (polynomial 0xEDB88320, reflected, initial and final inversion), as an int32 or uint32. */
export type Crc32 = (bytes: Uint8Array) => number;

/**
 * A device on an SPI bus, behind its own chip select (embedded-hal 1.0 `spi::SpiDevice`).
 *
 * Every method asserts the chip select, transfers, and releases it, also when it throws.
 * Throws `HalError` of kind `Overrun`, `ModeFault`, `FrameFormat`, `ChipSelectFault` or `Other`.
 */
export interface SpiDevice {
  /** Sends zeros, returns `length` bytes. */
  read(length: number): Uint8Array;
  write(bytes: ArrayLike<number>): void;
  /** Full duplex: returns as many bytes as were sent. */
  transfer(bytes: ArrayLike<number>): Uint8Array;
  /** Sends `bytes`, then reads `length` more, under one chip select. */
  writeRead(bytes: ArrayLike<number>, length: number): Uint8Array;
}

/** How the clock idles and when data is sampled (embedded-hal `spi::Mode`). */
export interface SpiMode {
  /** 0 to 3: bit 1 is CPOL, bit 0 is CPHA. */
  mode: 0 | 1 | 2 | 3;
  hertz: number;
  bitOrder: "msb" | "lsb";
}

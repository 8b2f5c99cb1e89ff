/**
 * A controller on an I2C bus (embedded-hal 1.0 `i2c::I2c`).
 *
 * Addresses are 7 bits, not shifted. Every method is one transaction from start to stop and throws `HalError`
 * of kind `NoAcknowledge…`, `Bus`, `ArbitrationLoss`, `Overrun` or `Other`.
 */
export interface I2c {
  /** Start, address with read, `length` bytes, stop. */
  read(address: number, length: number): Uint8Array;
  /** Start, address with write, the bytes, stop. No bytes at all is a probe. */
  write(address: number, bytes: ArrayLike<number>): void;
  /** Write, repeated start, read: how a register is read. */
  writeRead(address: number, bytes: ArrayLike<number>, length: number): Uint8Array;
}

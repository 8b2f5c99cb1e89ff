/**
 * Faults of the hardware, in the words of embedded-hal 1.0
 * (`i2c::ErrorKind`, `spi::ErrorKind`, embedded-storage's `NorFlashErrorKind`).
 *
 * For driver authors: catch, look at `kind`, decide; never parse `message`.
 * For HAL authors: whatever your interpreter throws, map it with `halError`.
 */
export type ErrorKind =
  /** The bus is stuck or was driven by someone else. */
  | "Bus"
  /** Another controller won the bus. */
  | "ArbitrationLoss"
  /** Nobody answered to the address. */
  | "NoAcknowledgeAddress"
  /** The device stopped answering in the middle of the data. */
  | "NoAcknowledgeData"
  /** No acknowledge, and the interpreter doesn't tell of what. */
  | "NoAcknowledgeUnknown"
  /** Data came faster than it was taken. */
  | "Overrun"
  | "ModeFault"
  | "FrameFormat"
  | "ChipSelectFault"
  /** An address or length that the part can't take as it stands. */
  | "NotAligned"
  /** Beyond the end of the part. */
  | "OutOfBounds"
  /** What was programmed or erased doesn't read back. */
  | "Verify"
  /** The board or the interpreter can't do this at all. */
  | "Unsupported"
  | "Other";

/** What every method of the contract throws, and the only thing that it throws. */
export interface HalError extends Error {
  kind: ErrorKind;
}

/**
 * Makes the error that a port throws.
 * @param kind what happened
 * @param message where, in words for a person, e.g. `I2C1 0x76: no acknowledge`
 */
export function halError(kind: ErrorKind, message: string): HalError {
  var error = Error(message) as HalError;
  error.kind = kind;
  return error;
}

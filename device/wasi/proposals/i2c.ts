/** `wasi:i2c/i2c@0.2.0-draft`: https://github.com/WebAssembly/wasi-i2c/blob/main/wit/i2c.wit */
import type { HalError, I2c } from "../../../hal/contract/index.js";
import type { Guest } from "../guest.js";
import {
  allocate,
  answer,
  bytesAt,
  grantOf,
  held,
  hold,
  lengthOf,
  lowerBytes,
  READS,
  wordsAt,
  WRITES,
} from "./hardware.js";

/** `error-code`: the case, and for `no-acknowledge` its source in the byte behind it. */
const KINDS: Readonly<Record<string, number>> = {
  Bus: 0,
  ArbitrationLoss: 1,
  NoAcknowledgeAddress: 2,
  NoAcknowledgeData: 2 | (1 << 8),
  NoAcknowledgeUnknown: 2 | (2 << 8),
  Overrun: 3,
};
const OTHER = 4;

function kindOf(fault: unknown): number {
  const kind = KINDS[(fault as HalError).kind];
  return kind === undefined ? OTHER : kind;
}

/**
 * The proposal leaves to the world how a handle is had: `open: func(name: string) -> result<own<i2c>, error-code>`.
 * `other` for a name that isn't granted.
 */
export function i2cOpen(guest: Guest, name: number, length: number, result: number): void {
  const grant = grantOf(guest, "i2c", name, length);
  let outcome = [1, OTHER];
  if (grant)
    try {
      outcome = [0, hold(guest, { kind: "i2c", grant: grant, opened: grant.open() })];
    } catch (fault) {
      outcome = [1, kindOf(fault)];
    }
  answer(guest, result, outcome);
}

/**
 * A transaction with one address: writes, reads, or first one and then the other.
 * @returns what was read, or an `error-code`: `other` for what isn't granted
 */
function transact(
  guest: Guest,
  handle: number,
  address: number,
  bytes: ArrayLike<number> | undefined,
  length: number | undefined,
): Uint8Array | number {
  const device = held(guest, handle, "i2c");
  const bus = device.opened as I2c;
  const needed = (bytes ? WRITES : 0) | (length === undefined ? 0 : READS);
  address &= 65535;
  if (device.grant!.addresses!.indexOf(address) < 0 || needed & ~device.grant!.access) return OTHER;
  try {
    if (!bytes) return bus.read(address, length!);
    if (length !== undefined) return bus.writeRead(address, bytes, length);
    bus.write(address, bytes);
    return new Uint8Array(0);
  } catch (fault) {
    return kindOf(fault);
  }
}

/** Stores a `result<list<u8>, error-code>`. */
function answerBytes(guest: Guest, result: number, outcome: Uint8Array | number): void {
  answer(guest, result, typeof outcome === "number" ? [1, outcome] : [0].concat(lowerBytes(guest, outcome)));
}

/** `read`: an address and a length, an u64; a `result<list<u8>, error-code>`. */
export function i2cRead(
  guest: Guest,
  handle: number,
  address: number,
  low: number,
  high: number,
  result: number,
): void {
  answerBytes(guest, result, transact(guest, handle, address, undefined, lengthOf(guest, low, high)));
}

/** Its result has no word to align: case, error and source are three bytes. */
export function i2cWrite(
  guest: Guest,
  handle: number,
  address: number,
  data: number,
  length: number,
  result: number,
): void {
  const bytes = bytesAt(guest, data, length);
  bytesAt(guest, result, 3);
  const outcome = transact(guest, handle, address, bytes, undefined);
  const error = typeof outcome === "number" ? [1, outcome & 255, outcome >> 8] : [0, 0, 0];
  for (let i = 0; i < 3; i++) guest.memory[(result >>> 0) + i] = error[i];
}

/** `write-read`: writes, and in the same transaction reads; a `result<list<u8>, error-code>`. */
export function i2cWriteRead(
  guest: Guest,
  handle: number,
  address: number,
  data: number,
  length: number,
  low: number,
  high: number,
  result: number,
): void {
  const bytes = bytesAt(guest, data, length);
  answerBytes(guest, result, transact(guest, handle, address, bytes, lengthOf(guest, low, high)));
}

/** Words of an `operation`: its case, and two words at 8. */
const OPERATION = 4;

/**
 * `transaction`: writes, then reads, between one start and one stop; pieces of one direction become one transfer, as
 * embedded-hal has it. `other` for an order that goes back to writing: `hal/contract` can't say it.
 */
export function i2cTransaction(
  guest: Guest,
  handle: number,
  address: number,
  operations: number,
  count: number,
  result: number,
): void {
  const words = wordsAt(guest, operations, count * OPERATION);
  const reads: number[] = [];
  let bytes: number[] | undefined = count ? undefined : [];
  let length = 0;
  for (let i = 0; i < words.length; i += OPERATION) {
    if (words[i] & 255) {
      if (reads.length) return answer(guest, result, [1, OTHER]);
      const piece = bytesAt(guest, words[i + 2], words[i + 3]);
      bytes = bytes || [];
      for (let n = 0; n < piece.length; n++) bytes.push(piece[n]);
    } else {
      reads.push(lengthOf(guest, words[i + 2], words[i + 3]));
      length = lengthOf(guest, length + reads[reads.length - 1], 0);
    }
  }
  const read = transact(guest, handle, address, bytes, reads.length ? length : undefined);
  if (typeof read === "number") return answer(guest, result, [1, read]);
  let list: number[] = [];
  let at = 0;
  for (let i = 0; i < reads.length; i++) {
    list = list.concat(lowerBytes(guest, read.subarray(at, at + reads[i])));
    at += reads[i];
  }
  const pointer = allocate(guest, 4, 8 * reads.length);
  answer(guest, pointer, list);
  answer(guest, result, [0, pointer, reads.length]);
}

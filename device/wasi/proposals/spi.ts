/** `wasi:spi/spi`: https://github.com/WebAssembly/wasi-spi/blob/main/wit/spi.wit */
import type { HalError, SpiDevice } from "../../../hal/contract/index.js";
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

/** Cases of `error`; `other` has a text. */
const KINDS: Readonly<Record<string, number>> = { Overrun: 0, ModeFault: 1, FrameFormat: 2, ChipSelectFault: 3 };
const OTHER = 4;

const NOT_GRANTED = Error("not granted");

/** What a device received, or why it didn't. */
type Outcome = Uint8Array | HalError | Error;

/** Stores the error case of a result. */
function fail(guest: Guest, result: number, fault: HalError | Error): void {
  const kind = KINDS[(fault as HalError).kind];
  if (kind !== undefined) return answer(guest, result, [1, kind]);
  const bytes: number[] = [];
  for (let i = 0; i < fault.message.length; i++) bytes.push(fault.message.charCodeAt(i));
  answer(guest, result, [1, OTHER].concat(lowerBytes(guest, bytes)));
}

/** `open`: a device by its name in the manifest. */
export function spiOpen(guest: Guest, name: number, length: number, result: number): void {
  const grant = grantOf(guest, "spi", name, length);
  if (!grant) return fail(guest, result, NOT_GRANTED);
  let handle: number;
  try {
    handle = hold(guest, { kind: "spi", grant: grant, opened: grant.open() });
  } catch (fault) {
    return fail(guest, result, fault as HalError);
  }
  answer(guest, result, [0, handle]);
}

function transact(guest: Guest, handle: number, needed: number, use: (device: SpiDevice) => Uint8Array): Outcome {
  const device = held(guest, handle, "spi");
  if (needed & ~device.grant!.access) return NOT_GRANTED;
  try {
    return use(device.opened as SpiDevice);
  } catch (fault) {
    return fault as HalError;
  }
}

/** Stores a `result<list<u8>, error>`. */
function answerBytes(guest: Guest, result: number, outcome: Outcome): void {
  if (outcome instanceof Uint8Array) answer(guest, result, [0].concat(lowerBytes(guest, outcome)));
  else fail(guest, result, outcome);
}

/** `read`: a length, an u64; a `result<list<u8>, error>`. */
export function spiRead(guest: Guest, handle: number, low: number, high: number, result: number): void {
  const length = lengthOf(guest, low, high);
  const outcome = transact(guest, handle, READS, function (device) {
    return device.read(length);
  });
  answerBytes(guest, result, outcome);
}

/** The draft says `result<error>`, an error as the value of success; taken as `result<_, error>`, which is laid out alike. */
export function spiWrite(guest: Guest, handle: number, data: number, length: number, result: number): void {
  const bytes = bytesAt(guest, data, length);
  const outcome = transact(guest, handle, WRITES, function (device) {
    device.write(bytes);
    return bytes;
  });
  if (outcome instanceof Uint8Array) answer(guest, result, [0]);
  else fail(guest, result, outcome);
}

/** `transfer`: sends and receives as many bytes; a `result<list<u8>, error>`. */
export function spiTransfer(guest: Guest, handle: number, data: number, length: number, result: number): void {
  const bytes = bytesAt(guest, data, length);
  const outcome = transact(guest, handle, READS | WRITES, function (device) {
    return device.transfer(bytes);
  });
  answerBytes(guest, result, outcome);
}

/** Cases of `operation` and `operation-result`, and the words of an operation. */
const READ = 0;
const WRITE = 1;
const DELAY = 3;
const OPERATION = 4;

/**
 * `transaction`: all operations are one full-duplex transfer under one chip select; reading sends zeros. `other` for one
 * with a delay, for which the bus would have to be held.
 */
export function spiTransaction(guest: Guest, handle: number, operations: number, count: number, result: number): void {
  const words = wordsAt(guest, operations, count * OPERATION);
  const sent: number[] = [];
  const lengths: number[] = [];
  let needed = 0;
  for (let i = 0; i < words.length; i += OPERATION) {
    const kind = words[i] & 255;
    if (kind >= DELAY) return fail(guest, result, Error("no delay within a transaction"));
    const piece = kind === READ ? undefined : bytesAt(guest, words[i + 2], words[i + 3]);
    const length = piece ? piece.length : lengthOf(guest, words[i + 2], words[i + 3]);
    needed |= kind === READ ? READS : kind === WRITE ? WRITES : READS | WRITES;
    lengths.push(length);
    for (let n = 0; n < length; n++) sent.push(piece ? piece[n] : 0);
  }
  const received = transact(guest, handle, needed, function (device) {
    return device.transfer(sent);
  });
  if (!(received instanceof Uint8Array)) return fail(guest, result, received);
  let list: number[] = [];
  let at = 0;
  for (let i = 0; i < lengths.length; i++) {
    const kind = words[i * OPERATION] & 255;
    list = list.concat([kind], kind === WRITE ? [0, 0] : lowerBytes(guest, received.subarray(at, at + lengths[i])));
    at += lengths[i];
  }
  const pointer = allocate(guest, 4, 12 * lengths.length);
  answer(guest, pointer, list);
  answer(guest, result, [0, pointer, lengths.length]);
}

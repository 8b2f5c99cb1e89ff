import { HEADER_OVERHEAD, type PacketDevice } from "./packet-device.js";
import { heatshrinkDecode } from "./heatshrink.js";
import { type LiberalObject, parseLiberalObject } from "./liberal-json.js";

/** Kinds of packets: the upper 3 bits of the length (`PacketLengthFlags` of `jsinteractive.h`). */
const RESPONSE = 0x0000;
const EVAL = 0x2000;
export const EVENT = 0x4000;
const FILE_SEND = 0x6000;
export const DATA = 0x8000;
const FILE_RECV = 0xa000;
const TYPE_MASK = 0xe000;
const SIZE_MASK = 0x1fff;

const ACK = "\x06";
const NAK = "\x15";

/** A packet that isn't complete is dropped after so many microseconds. */
const PACKET_TIMEOUT = 5_000_000;
/** A file that gets no data is closed after so many. */
const FILE_TIMEOUT = 10_000_000;
/** Data bytes in a packet that the board sends. */
const REPLY_BYTES = 1024;
/** Decompressed data is written in pieces of this size. */
const DECODED_BYTES = 512;

interface OpenFile {
  readonly name: string;
  readonly size: number;
  readonly compressed: boolean;
  offset: number;
}

/** Packets between DLE SOH and an acknowledge, after `jsinteractive.c`: no checksum, as there. */
export class PacketReceiver {
  readonly #device: PacketDevice;
  #bytes: number[] | undefined;
  #file: OpenFile | undefined;
  #endPacketTimeout = () => {};
  #endFileTimeout = () => {};

  constructor(device: PacketDevice) {
    this.#device = device;
  }

  /** Whether bytes belong to a packet. */
  get busy(): boolean {
    return this.#bytes !== undefined;
  }

  /** After DLE SOH. */
  begin(): void {
    this.#bytes = [];
    this.#endPacketTimeout = this.#device.after(PACKET_TIMEOUT, () => {
      this.#device.send(NAK);
      this.#bytes = undefined;
    });
  }

  /** The next byte of a packet; processes it when it is the last. */
  byte(byte: number): void {
    const bytes = this.#bytes!;
    bytes.push(byte);
    if (bytes.length < HEADER_OVERHEAD) return;
    const header = (bytes[0] << 8) | bytes[1];
    if (bytes.length < HEADER_OVERHEAD + (header & SIZE_MASK)) return;
    this.#bytes = undefined;
    this.#endPacketTimeout();
    this.#process(header & TYPE_MASK, Uint8Array.from(bytes.slice(HEADER_OVERHEAD)));
  }

  /** Forgets everything: the board starts again. */
  reset(): void {
    this.#bytes = undefined;
    this.#endPacketTimeout();
    this.#closeFile();
  }

  #process(type: number, data: Uint8Array): void {
    const text = Buffer.from(data).toString("latin1");
    const device = this.#device;
    if (type === EVAL) {
      const result = device.evaluate(text);
      if (result === undefined) return;
      device.send(ACK);
      this.#reply(RESPONSE, result);
    } else if (type === EVENT) this.#event(text);
    else if (type === FILE_SEND) device.send(this.#openFile(parseLiberalObject(text)) ? ACK : NAK);
    else if (type === DATA) this.#data(data);
    else if (type === FILE_RECV) this.#sendFile(parseLiberalObject(text));
    else device.send(NAK);
  }

  #event(text: string): void {
    const object = parseLiberalObject(text);
    // What can't be parsed is an exception in there, which clears the line though nobody hears of it.
    if (!object) this.#device.makeRoom();
    this.#device.send(object && this.#device.event(text) ? ACK : NAK);
  }

  /** The device puts \r before \n, also in here, and the length doesn't count it. */
  #reply(type: number, data: string): void {
    const header = type | (data.length & SIZE_MASK);
    this.#device.send("\x10\x01" + String.fromCharCode(header >> 8, header & 255));
    this.#device.send(data.replace(/\n/g, "\r\n"));
  }

  #openFile(request: LiberalObject | undefined): boolean {
    this.#closeFile();
    // A FAT file system (`fs`) isn't there.
    if (!request || typeof request.fn !== "string" || !request.s || request.fs) return false;
    this.#file = {
      name: request.fn,
      size: Number(request.s),
      compressed: Boolean(request.c),
      offset: Number(request.offs ?? 0),
    };
    this.#expectData();
    return true;
  }

  #closeFile(): void {
    this.#file = undefined;
    this.#endFileTimeout();
  }

  #expectData(): void {
    this.#endFileTimeout();
    this.#endFileTimeout = this.#device.after(FILE_TIMEOUT, () => this.#closeFile());
  }

  #data(data: Uint8Array): void {
    const file = this.#file;
    if (!file) return this.#device.send(NAK);
    const content = file.compressed ? heatshrinkDecode(data) : data;
    const piece = file.compressed ? DECODED_BYTES : content.length;
    const errors: string[] = [];
    for (let start = 0; start < content.length; start += piece) {
      const part = content.subarray(start, start + piece);
      const error = this.#device.write(file.name, part, file.offset, file.size);
      if (error !== undefined) errors.push(error);
      file.offset += part.length;
    }
    const uploaded = { l: data.length, o: file.offset, s: file.size, fn: file.name };
    if (file.offset >= file.size) this.#closeFile();
    else this.#expectData();
    this.#device.uploaded(JSON.stringify(uploaded));
    // A full Storage is acknowledged all the same; only the console tells.
    if (errors.length > 0) this.#device.makeRoom();
    this.#device.send(ACK);
    if (errors.length > 0) this.#device.report(errors[errors.length - 1]);
  }

  #sendFile(request: LiberalObject | undefined): void {
    const content = typeof request?.fn === "string" ? this.#device.read(request.fn) : undefined;
    if (!content) return this.#device.send(NAK);
    this.#device.send(ACK);
    const text = Buffer.from(content).toString("latin1");
    for (let start = 0; start < text.length; start += REPLY_BYTES)
      this.#reply(DATA, text.slice(start, start + REPLY_BYTES));
    this.#reply(DATA, "");
  }
}

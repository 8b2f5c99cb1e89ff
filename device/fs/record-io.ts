import type { Crc32, Flash } from "../../hal/contract/index.js";
import * as errno from "./errno.js";
import type { Layout } from "./layout.js";
import { least } from "./layout.js";
import { Bytes, CHUNK, codes, Halves, HEADER_SIZE, NONE, PEEK } from "./record.js";
import { safely } from "./safely.js";

/** CRC-32 of a CHUNK that is blank. */
const BLANK = 0x0f6187ba;

/** The record read last: as much of it as was read, and where it is if that was all. */
export interface ReadRecord {
  bytes: Uint8Array;
  halves: Uint16Array;
  length: number;
  kind: number;
  owner: number;
  loaded: number;
}

/** None was read yet; reading one sets what is undefined. */
export function newReadRecord(): ReadRecord {
  return {
    bytes: undefined as never,
    halves: undefined as never,
    length: undefined as never,
    kind: undefined as never,
    owner: undefined as never,
    loaded: 0,
  };
}

/** Reads and programs records. */
export function createRecords(flash: Flash, crc32: Crc32, layout: Layout, record: ReadRecord) {
  function load(address: number, count: number): void {
    const at = address * layout.unit;
    record.bytes = new Bytes(flash.read(at, least(layout.units(count) * layout.unit, flash.size - at)));
    record.halves = new Halves(record.bytes.buffer);
    record.loaded = 0;
  }

  /** Two halves of the record read last. */
  function wordAt(at: number): number {
    return record.halves[at] + record.halves[at + 1] * 65536;
  }

  /** Reads what a record is; returns the address behind it, 0 where there is none. */
  function peek(address: number): number {
    load(address, PEEK);
    record.length = record.halves[2] % 1024;
    record.kind = record.halves[2] >> 10;
    record.owner = record.halves[3];
    const next = address + layout.units(record.length);
    return record.length >= HEADER_SIZE &&
      record.kind < NONE &&
      next <= (((address / layout.blockUnits) | 0) + 1) * layout.blockUnits
      ? next
      : 0;
  }

  /** Reads a record and verifies it; with `part` reads so many bytes and verifies nothing. Throws EIO. */
  function read(address: number, part?: number): void {
    if (address && address === record.loaded) return;
    if (!peek(address)) throw errno.EIO;
    load(address, least(record.length, part || record.length));
    if (!part) {
      if (wordAt(0) ^ check(record.bytes, address)) throw errno.EIO;
      record.loaded = address;
    }
  }
  const verify = safely(read);

  function isBlank(at: number, count: number): boolean {
    for (; count > 0 && crc32(flash.read(at, CHUNK)) === BLANK; count -= CHUNK) at += CHUNK;
    return count <= 0;
  }

  function check(record: Uint8Array, address: number): number {
    return crc32(record.subarray(4)) ^ address ^ layout.geometry;
  }

  /** A record of halves, a text and data; what depends on its address is still missing. */
  function make(type: number, node: number, front: number[], data?: Uint8Array, text?: string): Uint8Array {
    const name = codes(text || "");
    const rest = data || [];
    const body = HEADER_SIZE + front.length * 2;
    const total = body + name.length + rest.length;
    const record = new Bytes(layout.units(total) * layout.unit);
    new Halves(record.buffer).set([0, 0, total + type * 1024, node].concat(front));
    record.set(name, body);
    record.set(rest, total - rest.length);
    return record;
  }

  /** Programs a record and reads it back. Throws EIO where it isn't there then. */
  function put(address: number, record: Uint8Array): void {
    new Uint32Array(record.buffer)[0] = check(record, address);
    flash.program(address * layout.unit, record);
    read(address);
  }
  const tryPut = safely(put);

  return {
    load: load,
    wordAt: wordAt,
    peek: peek,
    read: read,
    verify: verify,
    isBlank: isBlank,
    make: make,
    put: put,
    tryPut: tryPut,
  };
}

export type Records = ReturnType<typeof createRecords>;

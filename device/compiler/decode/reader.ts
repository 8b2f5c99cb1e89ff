import { TextDecoder } from "node:util";

import { ModuleError } from "./errors.js";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads the primitive values of the binary format (core specification, section 5.2), forward only. */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  /** Bytes from the start of the module. */
  offset: number;

  /** Reads `bytes` from `offset` to `end`; offsets in errors count from the start of `bytes`. */
  constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.offset = offset;
    this.#end = end;
  }

  get atEnd(): boolean {
    return this.offset >= this.#end;
  }

  byte(): number {
    if (this.offset >= this.#end) throw new ModuleError("unexpected end", this.offset);
    return this.#bytes[this.offset++];
  }

  bytes(length: number): Uint8Array {
    if (this.offset + length > this.#end) throw new ModuleError("unexpected end", this.offset);
    this.offset += length;
    return this.#bytes.subarray(this.offset - length, this.offset);
  }

  /** Unsigned LEB128 of 32 bits. */
  u32(): number {
    let result = 0;
    for (let shift = 0; ; shift += 7) {
      if (shift > 28) {
        const last = this.byte();
        if (last > 15) throw new ModuleError("integer too large", this.offset - 1);
        return (result | (last << 28)) >>> 0;
      }
      const byte = this.byte();
      result |= (byte & 127) << shift;
      if (byte < 128) return result >>> 0;
    }
  }

  /** Signed LEB128 of 32 or 33 bits. */
  s32(): number {
    return Number(this.#signed(33));
  }

  /** Signed LEB128 of 64 bits. */
  s64(): bigint {
    return this.#signed(64);
  }

  #signed(bits: number): bigint {
    let result = 0n;
    let shift = 0n;
    for (;;) {
      const byte = this.byte();
      result |= BigInt(byte & 127) << shift;
      shift += 7n;
      if (byte < 128) {
        if (byte & 64) result -= 1n << shift;
        return BigInt.asIntN(64, result);
      }
      if (shift >= bits + 7) throw new ModuleError("integer representation too long", this.offset);
    }
  }

  /** Four or eight bytes, little endian, as they stand. */
  bits32(): number {
    const bytes = this.bytes(4);
    return bytes[0] | (bytes[1] << 8) | (bytes[2] << 16) | (bytes[3] << 24);
  }

  bits64(): bigint {
    const low = this.bits32() >>> 0;
    const high = this.bits32() >>> 0;
    return (BigInt(high) << 32n) | BigInt(low);
  }

  name(): string {
    const start = this.offset;
    try {
      return utf8.decode(this.bytes(this.u32()));
    } catch (error) {
      if (error instanceof ModuleError) throw error;
      throw new ModuleError("malformed UTF-8 encoding", start);
    }
  }

  vector<T>(item: (index: number) => T): T[] {
    const count = this.u32();
    const items: T[] = [];
    for (let index = 0; index < count; index++) items.push(item(index));
    return items;
  }
}

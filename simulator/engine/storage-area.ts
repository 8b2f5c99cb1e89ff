import { compactStorage } from "./storage-compaction.js";
import { decodeLatin1, encodeLatin1 } from "./latin1.js";

/** The flash under Storage: addresses as the chip counts them. `NorFlash` fits. */
export interface StorageFlash {
  read(address: number, length: number): Uint8Array;
  /** @param address and length are multiples of the unit that the part programs */
  program(address: number, bytes: Uint8Array): void;
  /** @param address the first byte of a block */
  erase(address: number): void;
}

/** Where Storage lives. */
export interface StorageGeometry {
  readonly address: number;
  readonly bytes: number;
  /** Erase unit in bytes. */
  readonly blockBytes: number;
  /** Program unit in bytes. */
  readonly writeBytes: number;
}

/** A file's header in flash: 4 bytes of size and flags, 28 of name (`JsfFileHeader`). */
export interface FileHeader {
  /** Of the header; data follows after 32 bytes. */
  readonly address: number;
  readonly size: number;
  /** 0 a plain file, 64 a chunk of a StorageFile, 128 compressed. */
  readonly flags: number;
  /** Latin-1; empty for a file that was replaced or erased. */
  readonly name: string;
}

/** What `require("Storage").getStats()` tells, in bytes, headers included. */
export interface StorageStatistics {
  totalBytes: number;
  freeBytes: number;
  fileBytes: number;
  fileCount: number;
  trashBytes: number;
  trashCount: number;
  /** Where compaction begins: the last block before the first erased file that begins with a header. */
  firstTrashBlock: number;
}

/** What `write` complains of, in Espruino's words. */
export class StorageError extends Error {}

export const HEADER_BYTES = 32;
const NAME_BYTES = 28;

/**
 * Espruino's Storage, byte for byte as `jsflash.c` of 2v29 lays it out and in the order in which it programs and
 * erases, so an image of the flash is one that a board could have, also after a power cut.
 * What isn't here: a second bank, and the file name table of boards with large external flash.
 */
export class StorageArea {
  readonly geometry: StorageGeometry;
  readonly #flash: StorageFlash;
  readonly #alignment: number;
  /** Called with what Espruino prints while it compacts. */
  onProgress: (text: string) => void = () => {};

  constructor(flash: StorageFlash, geometry: StorageGeometry) {
    this.#flash = flash;
    this.geometry = geometry;
    this.#alignment = Math.max(4, geometry.writeBytes);
  }

  get #end(): number {
    return this.geometry.address + this.geometry.bytes;
  }

  #align(address: number): number {
    return Math.ceil(address / this.#alignment) * this.#alignment;
  }

  #nextBlock(address: number): number | undefined {
    const { address: start, blockBytes } = this.geometry;
    const next = start + (Math.floor((address - start) / blockBytes) + 1) * blockBytes;
    return next >= this.#end ? undefined : next;
  }

  #header(address: number): FileHeader | undefined {
    if (address + HEADER_BYTES > this.#end) return undefined;
    const bytes = this.#flash.read(address, HEADER_BYTES);
    const word = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const size = word & 0xffffff;
    if (word === 0xffffffff || word === 0 || address + HEADER_BYTES + size > this.#end) return undefined;
    const replaced = bytes[4] === 0 && bytes[5] === 0 && bytes[6] === 0 && bytes[7] === 0;
    const end = bytes.indexOf(0, 4);
    const name = replaced ? "" : decodeLatin1(bytes.subarray(4, end < 0 ? HEADER_BYTES : end));
    return { address, size, flags: word >>> 24, name };
  }

  #after(header: FileHeader): number {
    return this.#align(header.address + HEADER_BYTES + header.size);
  }

  /**
   * Headers in order, replaced files too. With `everywhere` a gap leads on to the next block, as old versions left it.
   * @returns where the walk ended: the first address without a header
   */
  #walk(from: number, everywhere: boolean, visit: (header: FileHeader) => boolean | void): number | undefined {
    let address: number | undefined = from;
    while (address !== undefined) {
      let header = this.#header(address);
      if (!header && everywhere && address !== from) {
        const next = this.#nextBlock(address);
        if (next === undefined) return undefined;
        address = next;
        header = this.#header(address);
      }
      if (!header) return address;
      if (visit(header) === false) return address;
      const next: number = this.#after(header);
      if (next + HEADER_BYTES > this.#end) return undefined;
      address = next;
    }
    return undefined;
  }

  static #isReal(header: FileHeader): boolean {
    return header.name !== "" && (header.flags === 0 || header.flags === 64 || header.flags === 128);
  }

  /** The live file of that name (cut to 28 bytes, without a drive letter). */
  find(name: string): FileHeader | undefined {
    const wanted = fileName(name);
    let found: FileHeader | undefined;
    if (wanted !== "")
      this.#walk(this.geometry.address, true, (header) => {
        if (header.name !== wanted) return true;
        found = header;
        return false;
      });
    return found;
  }

  /** Live files in the order in which they lie. */
  list(): FileHeader[] {
    const files: FileHeader[] = [];
    this.#walk(this.geometry.address, true, (header) => {
      if (StorageArea.#isReal(header)) files.push(header);
    });
    return files;
  }

  /** @param length 0 or less reads to the end */
  read(name: string, offset = 0, length = 0): Uint8Array | undefined {
    const file = this.find(name);
    if (!file) return undefined;
    const start = Math.min(Math.max(0, offset), file.size);
    const count = Math.min(length <= 0 ? file.size : length, file.size - start);
    return count <= 0 ? new Uint8Array() : this.#flash.read(file.address + HEADER_BYTES + start, count);
  }

  /**
   * Makes a file, or fills in what is still 0xFF of one that exists.
   * @param size of the whole file; 0 takes the data's length
   * Throws `StorageError`.
   */
  write(name: string, data: Uint8Array, flags = 0, offset = 0, size = 0): boolean {
    if (offset < 0 || size < 0) return false;
    const total = size === 0 ? data.length : size;
    if (total === 0) throw new StorageError("Can't create zero length file");
    let file = this.find(name);
    if (offset === 0 && (!file || this.#mustReplace(file, flags, total))) {
      if (file && file.size === total && file.flags === flags && data.length === total && this.#holds(file, data))
        return true;
      if (file) this.#eraseAt(file);
      file = this.#create(name, total, flags);
    }
    if (!file) throw new StorageError("Unable to find or create file");
    if (offset + data.length > file.size) throw new StorageError("Too much data for file size");
    if (!this.#isErased(file.address + HEADER_BYTES + offset, data.length))
      throw new StorageError("File already written with different data");
    this.programUnaligned(file.address + HEADER_BYTES + offset, data);
    return true;
  }

  #mustReplace(file: FileHeader, flags: number, size: number): boolean {
    return flags !== file.flags || size !== file.size || !this.#isErased(file.address + HEADER_BYTES, file.size);
  }

  #holds(file: FileHeader, data: Uint8Array): boolean {
    const now = this.#flash.read(file.address + HEADER_BYTES, data.length);
    return now.every((byte, i) => byte === data[i]);
  }

  #isErased(address: number, length: number): boolean {
    for (let start = 0; start < length; start += 128) {
      const bytes = this.#flash.read(address + start, Math.min(128, length - start));
      if (bytes.some((byte) => byte !== 0xff)) return false;
    }
    return true;
  }

  /** Clears bits anywhere: 0xFF fills up to what the part programs at once (`jshFlashWriteAligned`). */
  programUnaligned(address: number, data: Uint8Array): void {
    const unit = this.geometry.writeBytes;
    const before = address % unit;
    const padded = new Uint8Array(Math.ceil((before + data.length) / unit) * unit).fill(0xff);
    padded.set(data, before);
    this.#flash.program(address - before, padded);
  }

  /** @returns false when there is no such file */
  erase(name: string): boolean {
    const file = this.find(name);
    if (file) this.#eraseAt(file);
    return file !== undefined;
  }

  #eraseAt(file: FileHeader): void {
    this.programUnaligned(file.address + 4, new Uint8Array(4));
  }

  eraseAll(): void {
    this.#eraseBlocks(this.geometry.address, this.#end);
  }

  #eraseBlocks(from: number, to: number): void {
    for (let block = from; block < to; block += this.geometry.blockBytes) this.#flash.erase(block);
  }

  #spaceFrom(address: number): number {
    let next = this.#nextBlock(address) ?? this.#end;
    if (next < this.#end && !this.#header(next)) next = this.#end;
    return next - address;
  }

  #create(name: string, size: number, flags: number): FileHeader | undefined {
    const required = this.#align(size) + HEADER_BYTES;
    for (let attempt = 0; ; attempt++) {
      let [address, free, trash]: [number | undefined, number, number] = [this.geometry.address, 0, 0];
      let hole: number | undefined;
      while (address !== undefined && hole === undefined) {
        const end = this.#walk(address, false, (header) => {
          if (header.name === "") trash += header.size;
        });
        if (end === undefined) break;
        const space = this.#spaceFrom(end);
        free += space;
        if (space < required) address = this.#nextBlock(end);
        else hole = end;
      }
      if (hole !== undefined) return this.#writeHeader(hole, name, size, flags);
      if (attempt > 0 || required >= free + trash || !this.compact()) return undefined;
    }
  }

  #writeHeader(address: number, name: string, size: number, flags: number): FileHeader {
    const header = new Uint8Array(HEADER_BYTES);
    new DataView(header.buffer).setUint32(0, (size | (flags << 24)) >>> 0, true);
    header.set(encodeLatin1(fileName(name)), 4);
    this.#flash.program(address, header);
    return { address, size, flags, name: fileName(name) };
  }

  statistics(): StorageStatistics {
    const { address, bytes, blockBytes } = this.geometry;
    const stats = { fileBytes: 0, fileCount: 0, trashBytes: 0, trashCount: 0 };
    let [last, unbroken, firstTrashBlock] = [address, address, 0];
    this.#walk(address, true, (header) => {
      if ((header.address - address) % blockBytes === 0) unbroken = header.address;
      const size = this.#align(header.size) + HEADER_BYTES;
      last = header.address + size;
      if (header.name !== "") {
        stats.fileBytes += size;
        stats.fileCount++;
      } else {
        stats.trashBytes += size;
        stats.trashCount++;
        firstTrashBlock ||= unbroken;
      }
    });
    return { totalBytes: bytes, freeBytes: address + bytes - last, ...stats, firstTrashBlock };
  }

  /**
   * Whether the files form a chain with nothing but erased flash behind it (`jsfIsStorageValid`, as at boot:
   * the space behind is looked at only when there is no file at all).
   */
  isValid(): boolean {
    let last: FileHeader | undefined;
    const end = this.#walk(this.geometry.address, true, (header) => {
      last = header;
    });
    if (end === undefined) return last === undefined || this.#after(last) <= this.#end;
    if (!this.#isErased(end, Math.min(HEADER_BYTES, this.#end - end))) return false;
    return end !== this.geometry.address || this.#isErased(end, this.geometry.bytes);
  }

  /** Gives the space of replaced files back. @returns false when there was none */
  compact(): boolean {
    const stats = this.statistics();
    if (stats.trashBytes === 0) return false;
    const { blockBytes } = this.geometry;
    const headers: FileHeader[] = [];
    const end = this.#walk(stats.firstTrashBlock, true, (header) => {
      headers.push(header);
    });
    compactStorage({
      flash: this.#flash,
      start: stats.firstTrashBlock,
      end: this.#end,
      lastRead: end ?? this.#end,
      blockBytes,
      bufferBytes: Math.min(stats.fileBytes, blockBytes + HEADER_BYTES),
      files: headers.filter((header) => StorageArea.#isReal(header)),
      align: (length) => this.#align(length),
      progress: this.onProgress,
    });
    return true;
  }
}

/** The name as it is stored: no drive, at most 28 bytes, up to the first NUL. */
export function fileName(name: string): string {
  const plain = name[1] === ":" ? name.slice(2) : name;
  return plain.split("\0")[0].slice(0, NAME_BYTES);
}

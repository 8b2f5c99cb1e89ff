/**
 * Espruino's Storage in a byte array, in its own format: 32 bytes of header a file (size, name of 28 bytes), data, 4-byte
 * alignment, deletion by zeroing the name's first word. Programs only clear bits. `cutAfter` takes the power away
 * before any word, after which nothing is written any more.
 */
const HEADER = 32;

/** A live file. */
export interface StorageFile {
  readonly name: string;
  /** Address of the header. */
  readonly address: number;
  readonly size: number;
}

/** The power went away in the middle of a program. */
export class PowerCut extends Error {}

/** `require("Storage")` of a fake board; methods are Espruino's. */
export class FakeStorage {
  /** Words programmed so far. */
  words = 0;
  /** Words after which the power goes; none unless set. */
  cutAfter = Infinity;
  compactions = 0;

  /** Called before each word that is programmed. */
  onProgram: () => void = () => {};

  constructor(readonly flash: Uint8Array) {}

  private program(address: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += 4) {
      if (this.words >= this.cutAfter) throw new PowerCut("the power is gone");
      this.onProgram();
      this.words++;
      for (let i = at; i < Math.min(at + 4, bytes.length); i++) this.flash[address + i] &= bytes[i];
    }
  }

  private word(address: number): number {
    return new DataView(this.flash.buffer).getUint32(address, true);
  }

  private scan(): { files: StorageFile[]; trash: number; end: number } {
    const files: StorageFile[] = [];
    let trash = 0;
    let address = 0;
    while (address + HEADER <= this.flash.length && this.word(address) !== 0xffffffff) {
      const size = this.word(address) & 0xffffff;
      const stored = HEADER + ((size + 3) & ~3);
      if (this.word(address + 4) === 0) trash += stored;
      else {
        const name = Buffer.from(this.flash.subarray(address + 4, address + HEADER)).toString("latin1");
        files.push({ name: name.replace(/\0.*$/, ""), address, size });
      }
      address += stored;
    }
    return { files, trash, end: address };
  }

  list(): string[] {
    return this.scan().files.map(({ name }) => name);
  }

  private find(name: string): StorageFile | undefined {
    return this.scan().files.find((file) => file.name === name.slice(0, 28));
  }

  read(name: string, offset = 0, length = 0): string | undefined {
    const file = this.find(name);
    if (!file) return undefined;
    const start = file.address + HEADER;
    const from = Math.min(offset, file.size);
    const to = length > 0 ? Math.min(from + length, file.size) : file.size;
    return Buffer.from(this.flash.subarray(start + from, start + to)).toString("latin1");
  }

  erase(name: string): boolean {
    const file = this.find(name);
    if (file) this.program(file.address + 4, new Uint8Array(4));
    return file !== undefined;
  }

  write(name: string, text: string, offset = 0, size = 0): boolean {
    const data = Buffer.from(text, "latin1");
    const total = size || data.length;
    if (!total) throw new Error("Can't create zero length file");
    let file = this.find(name);
    const erased = (from: number, bytes: number): boolean =>
      this.flash.subarray(from, from + bytes).every((byte) => byte === 0xff);
    if (offset === 0 && (!file || file.size !== total || !erased(file.address + HEADER, file.size))) {
      if (file && data.length === total && this.read(name) === text) return true;
      this.erase(name);
      file = this.create(name, total);
    }
    if (!file) throw new Error("Unable to find or create file");
    if (offset + data.length > file.size) throw new Error("Too much data for file size");
    const at = file.address + HEADER + offset;
    if (!erased(at, data.length)) throw new Error("File already written with different data");
    this.program(at, data);
    return true;
  }

  private create(name: string, size: number): StorageFile | undefined {
    const needed = HEADER + ((size + 3) & ~3);
    let { end, trash } = this.scan();
    if (this.flash.length - end < needed) {
      if (this.flash.length - end + trash < needed) return undefined;
      this.compact();
      ({ end, trash } = this.scan());
    }
    const header = Buffer.alloc(HEADER);
    header.writeUInt32LE(size, 0);
    header.write(name.slice(0, 28), 4, "latin1");
    this.program(end, header);
    return { name, address: end, size };
  }

  compact(): boolean {
    const files = this.scan().files.map(({ name }) => ({ name, data: this.read(name)! }));
    this.compactions++;
    this.flash.fill(0xff);
    for (const { name, data } of files) this.write(name, data);
    return true;
  }

  eraseAll(): void {
    if (this.words >= this.cutAfter) throw new PowerCut("the power is gone");
    this.flash.fill(0xff);
  }

  getStats(): Record<string, number> {
    const { files, trash, end } = this.scan();
    return {
      totalBytes: this.flash.length,
      freeBytes: this.flash.length - end,
      fileBytes: end - trash,
      fileCount: files.length,
      trashBytes: trash,
    };
  }
}

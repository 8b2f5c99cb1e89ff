import { hexadecimal } from "./processor-fault.js";

/** A piece of memory that the processor sees. */
export interface MemoryRegion {
  readonly name: string;
  readonly start: number;
  /** Behind its last byte. */
  readonly end: number;
  readonly view: DataView;
  readonly writable: boolean;
}

/** @param bytes the memory itself, not a copy */
export function memoryRegion(name: string, start: number, bytes: Uint8Array, writable: boolean): MemoryRegion {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { name, start, end: start + bytes.length, view, writable };
}

const NOTHING = memoryRegion("nothing", 0, new Uint8Array(), false);

/**
 * What lies where for a Cortex-M0+: any access outside a region, to an address that isn't a multiple of its size, or
 * into what can't be written is refused (ARMv6-M reference manual, A3.2: such accesses are hard faults).
 */
export class MemoryMap {
  #regions: readonly MemoryRegion[] = [];
  /** The regions that the last data access and the last one before it elsewhere fell into. */
  #recent = NOTHING;
  #other = NOTHING;

  /** @param refuse called with what was wrong; must throw */
  constructor(private readonly refuse: (what: string) => never) {}

  set regions(regions: readonly MemoryRegion[]) {
    this.#regions = regions;
    this.#recent = this.#other = NOTHING;
  }

  /** An address for a person, with the region that it is in. */
  describe(address: number): string {
    const region = this.#regions.find(({ start, end }) => address >= start && address < end);
    return hexadecimal(address) + (region ? ` (${region.name} + 0x${(address - region.start).toString(16)})` : "");
  }

  /** Copies bytes; undefined where not all of them lie in one region. */
  copy(address: number, length: number): Uint8Array | undefined {
    const region = this.#regions.find(({ start, end }) => address >= start && address + length <= end);
    if (!region) return undefined;
    const { buffer, byteOffset } = region.view;
    return new Uint8Array(buffer, byteOffset + address - region.start, length).slice();
  }

  #find(address: number, size: number, writes: boolean): MemoryRegion {
    if (address & (size - 1))
      this.refuse(`${writes ? "writes" : "reads"} ${size} bytes at ${this.describe(address)}, which isn't aligned`);
    let region = this.#recent;
    if (address < region.start || address >= region.end) {
      region = this.#other;
      if (address < region.start || address >= region.end) {
        const found = this.#regions.find(({ start, end }) => address >= start && address < end);
        if (!found)
          this.refuse(`${writes ? "writes" : "reads"} ${size} bytes at ${hexadecimal(address)}, where nothing is`);
        region = found!;
      }
      this.#other = this.#recent;
      this.#recent = region;
    }
    if (address + size > region.end) this.refuse(`reaches over the end of ${region.name}`);
    if (writes && !region.writable) this.refuse(`writes to ${this.describe(address)}, which is flash`);
    return region;
  }

  read32(address: number): number {
    address >>>= 0;
    const { view, start } = this.#find(address, 4, false);
    return view.getUint32(address - start, true);
  }

  read16(address: number): number {
    address >>>= 0;
    const { view, start } = this.#find(address, 2, false);
    return view.getUint16(address - start, true);
  }

  read8(address: number): number {
    address >>>= 0;
    const { view, start } = this.#find(address, 1, false);
    return view.getUint8(address - start);
  }

  write32(address: number, value: number): void {
    address >>>= 0;
    const { view, start } = this.#find(address, 4, true);
    view.setUint32(address - start, value, true);
  }

  write16(address: number, value: number): void {
    address >>>= 0;
    const { view, start } = this.#find(address, 2, true);
    view.setUint16(address - start, value, true);
  }

  write8(address: number, value: number): void {
    address >>>= 0;
    const { view, start } = this.#find(address, 1, true);
    view.setUint8(address - start, value);
  }
}

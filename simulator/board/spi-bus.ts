import type { SpiMode } from "../../hal/contract/index.js";
import type { BusProfile } from "../../hal/boards/profile.js";
import type { BoardHost } from "./board-host.js";
import type { SimulatedPin } from "./pin.js";

/** A part on an SPI bus. Methods are called in the order in which things happen on the wires. */
export interface SpiTarget {
  readonly name: string;
  /** Modes that the part understands; in any other it takes and gives nonsense. All four when absent. */
  readonly modes?: readonly number[];
  /** The chip select fell. */
  select(): void;
  /** One byte both ways, most significant bit first. */
  transfer(byte: number): number;
  /** The chip select rose. */
  deselect(): void;
}

/**
 * An SPI bus with one controller, the board. A part listens while its chip select is low; MISO reads high while
 * nobody drives it, and low wins where two do. Transfers take the time of their bits.
 */
export class SpiBus {
  readonly name: string;
  readonly #host: BoardHost;
  readonly #targets = new Set<{ target: SpiTarget; chipSelect: SimulatedPin | undefined }>();
  #mode: SpiMode = { mode: 0, hertz: 100_000, bitOrder: "msb" };

  constructor(
    readonly profile: BusProfile,
    host: BoardHost,
  ) {
    this.name = profile.name;
    this.#host = host;
  }

  /** Mode 0, 100 kHz, most significant bit first after a reset, as Espruino has it. */
  get mode(): SpiMode {
    return this.#mode;
  }

  setup(mode: SpiMode): void {
    this.#mode = mode;
  }

  /**
   * Solders a part to the bus.
   * @param chipSelect active low; undefined for a part whose select is tied to ground
   * @returns a function that takes it off
   */
  attach(chipSelect: SimulatedPin | undefined, target: SpiTarget): () => void {
    const entry = { target, chipSelect };
    this.#targets.add(entry);
    let selected = chipSelect ? chipSelect.level === "0" : true;
    if (selected) target.select();
    const end = chipSelect?.onChange((level) => {
      const now = level === "0";
      if (now === selected) return;
      selected = now;
      if (now) target.select();
      else target.deselect();
    });
    return () => {
      end?.();
      this.#targets.delete(entry);
    };
  }

  /** Full duplex: sends the bytes and returns as many. */
  transfer(bytes: ArrayLike<number>): Uint8Array {
    this.#host.spend(0);
    const sent = Uint8Array.from(bytes);
    const selected = [...this.#targets].filter(({ chipSelect }) => !chipSelect || chipSelect.level === "0");
    const received = sent.map((byte) => {
      let miso = 0xff;
      const wire = this.#mode.bitOrder === "msb" ? byte : reverseBits(byte);
      for (const { target } of selected) {
        const understands = !target.modes || target.modes.includes(this.#mode.mode);
        if (understands) miso &= target.transfer(wire);
      }
      return this.#mode.bitOrder === "msb" ? miso : reverseBits(miso);
    });
    for (const { target } of selected)
      if (target.modes && !target.modes.includes(this.#mode.mode))
        this.#host.events.emit({
          type: "fault",
          where: this.name,
          what: `${target.name} can't follow mode ${this.#mode.mode}; it takes ${target.modes.join(" or ")}`,
        });
    if (selected.length > 1)
      this.#host.events.emit({
        type: "fault",
        where: this.name,
        what: `${selected.map(({ target }) => target.name).join(" and ")} are selected at once`,
      });
    this.#host.spend(((sent.length * 8) / this.#mode.hertz) * 1e6);
    this.#host.events.emit({ type: "spi", bus: this.name, sent, received });
    return received;
  }

  reset(): void {
    this.#mode = { mode: 0, hertz: 100_000, bitOrder: "msb" };
  }
}

function reverseBits(byte: number): number {
  let result = 0;
  for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) result |= 0x80 >> bit;
  return result;
}

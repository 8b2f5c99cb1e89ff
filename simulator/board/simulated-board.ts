import type { BoardProfile, FlashArea } from "../../hal/boards/profile.js";
import { RandomGenerator } from "../core/random-generator.js";
import type { ScheduledEvent, VirtualClock } from "../core/virtual-clock.js";
import { type BoardHost, BoardReset, PowerLoss } from "./board-host.js";
import { type Energy, EnergyMeter } from "./energy-meter.js";
import { BoardEvents } from "./events.js";
import { type FlashBacking, memoryBacking } from "./flash-backing.js";
import { flashTiming } from "./flash-timing.js";
import { I2cBus } from "./i2c-bus.js";
import { type FlashGeometry, type FlashRegion, NorFlash } from "./nor-flash.js";
import { SimulatedPin } from "./pin.js";
import { SpiBus } from "./spi-bus.js";
import { SimulatedUart } from "./uart.js";

/** What a simulated board is made of. */
export interface SimulatedBoardOptions {
  readonly profile: BoardProfile;
  readonly clock: VirtualClock;
  /** Decides everything random: the hardware's entropy, noise, bounce, torn flash. Its low 32 bits count. */
  readonly seed: number;
  /** Flash cells that outlive the board: an image file. New and erased when absent. */
  readonly flash?: FlashBacking;
  /** Erases after which a block fails; never when absent. */
  readonly flashEndurance?: number;
  /** What the real-time clock says at power-up, in microseconds since 1970; 0 when absent, as on a board without a battery. */
  readonly epochMicroseconds?: number;
  /** 3,300 when absent. */
  readonly supplyMillivolts?: number;
}

/**
 * A board on the desk: what is around the processor, without the processor. Whoever runs code (an engine, a test)
 * uses pins, buses and flash as the hardware would be used, and tells by `spend` how long the processor ran.
 *
 * Time passes only on the clock. After a power cut everything that the processor set is gone, what is soldered on
 * stays, and flash has what it had.
 */
export class SimulatedBoard implements BoardHost {
  readonly profile: BoardProfile;
  readonly clock: VirtualClock;
  readonly seed: number;
  readonly supplyMillivolts: number;
  readonly events: BoardEvents;
  /** The hardware's entropy (`E.hwRand`). */
  readonly entropy: RandomGenerator;
  /** In the order of the profile. */
  readonly pins: readonly SimulatedPin[];
  readonly i2cBuses: readonly I2cBus[];
  readonly spiBuses: readonly SpiBus[];
  readonly uarts: readonly SimulatedUart[];
  /** Regions `storage` and `free` (none or more), by the addresses of the profile. */
  readonly flash: NorFlash;
  /** Ten hexadecimal digits of the processor's serial number, from the seed. */
  readonly serialNumber: string;
  readonly #energy: EnergyMeter;
  readonly #pinsByName = new Map<string, SimulatedPin>();
  readonly #scheduled = new Set<ScheduledEvent>();
  readonly #initialEpoch: number;
  #epoch: number;
  #epochSetAt: number;
  #powered = true;
  /** How often the processor was stopped, and why the last time. */
  #stops = 0;
  #stopCause = "";
  #poweredSince: number;

  constructor(options: SimulatedBoardOptions) {
    const { profile, clock, seed } = options;
    this.profile = profile;
    this.clock = clock;
    this.seed = seed >>> 0;
    this.supplyMillivolts = options.supplyMillivolts ?? 3300;
    this.events = new BoardEvents(() => clock.now());
    this.entropy = RandomGenerator.forPurpose(this.seed, "entropy");
    this.serialNumber = serialNumber(this.seed);
    this.#initialEpoch = this.#epoch = options.epochMicroseconds ?? 0;
    this.#epochSetAt = this.#poweredSince = clock.now();
    this.#energy = new EnergyMeter(profile.current);
    this.#energy.powerOn(clock.now());
    this.pins = profile.pins.map((pin) => new SimulatedPin(pin, this));
    for (const pin of this.pins) for (const name of [pin.name, ...pin.aliases]) this.#pinsByName.set(name, pin);
    this.i2cBuses = profile.buses.i2c.map((bus) => new I2cBus(bus, this));
    this.spiBuses = profile.buses.spi.map((bus) => new SpiBus(bus, this));
    this.uarts = profile.buses.uart.map((port) => new SimulatedUart(port, this));
    const geometry = flashGeometry(profile);
    const backing = options.flash ?? memoryBacking(geometry);
    this.flash = new NorFlash(geometry, backing, flashTiming(profile), this, this.seed, options.flashEndurance);
  }

  /** A pin by Espruino's name or alias. Throws an `Error` that lists the names. */
  pin(name: string): SimulatedPin {
    const pin = this.#pinsByName.get(name);
    if (pin) return pin;
    throw new Error(`${this.profile.id} has no pin ${name}; it has ${[...this.#pinsByName.keys()].join(" ")}`);
  }

  /** As `pin`, undefined when there is none. */
  findPin(name: string): SimulatedPin | undefined {
    return this.#pinsByName.get(name);
  }

  /** By Espruino's name, `I2C1`. Throws an `Error` that lists the names. */
  i2c(name: string): I2cBus {
    return this.#bus(this.i2cBuses, name, "I2C bus");
  }

  /** By Espruino's name, `SPI1`. Throws an `Error` that lists the names. */
  spi(name: string): SpiBus {
    return this.#bus(this.spiBuses, name, "SPI bus");
  }

  /** By Espruino's name, `Serial1`. Throws an `Error` that lists the names. */
  uart(name: string): SimulatedUart {
    return this.#bus(this.uarts, name, "serial port");
  }

  // Time

  spend(microseconds: number): void {
    if (!this.#powered) throw new PowerLoss(this.#stopCause);
    if (microseconds === 0) return;
    const start = this.clock.now();
    const stops = this.#stops;
    this.clock.spend(microseconds, () => this.#stops !== stops);
    this.#energy.spend(this.clock.now() - start);
    if (this.#stops !== stops) throw this.#powered ? new BoardReset(this.#stopCause) : new PowerLoss(this.#stopCause);
  }

  schedule(delay: number, action: () => void): ScheduledEvent {
    return this.#forgettable((run) => this.clock.schedule(delay, run), action);
  }

  schedulePeripheral(delay: number, action: () => void): ScheduledEvent {
    return this.#forgettable((run) => this.clock.scheduleOutside(delay, run), action);
  }

  #forgettable(add: (run: () => void) => ScheduledEvent, action: () => void): ScheduledEvent {
    const event = add(() => {
      this.#scheduled.delete(event);
      action();
    });
    if (this.#powered) this.#scheduled.add(event);
    else this.clock.cancel(event);
    return event;
  }

  /** Takes back what `schedule` gave. */
  cancel(event: ScheduledEvent): void {
    this.#scheduled.delete(event);
    this.clock.cancel(event);
  }

  /** Microseconds since power-up. */
  uptime(): number {
    return this.#powered ? this.clock.now() - this.#poweredSince : 0;
  }

  /** Microseconds since 1970 by the board's real-time clock, which a power cut sets back. */
  realtime(): number {
    return this.#epoch + this.clock.now() - this.#epochSetAt;
  }

  setRealtime(microseconds: number): void {
    this.#epoch = microseconds;
    this.#epochSetAt = this.clock.now();
  }

  // Power

  get powered(): boolean {
    return this.#powered;
  }

  get energy(): Energy {
    return this.#energy.report(this.clock.now());
  }

  /**
   * Takes the supply away: the processor's state, timers and watches are gone at once. Whoever runs the processor
   * sees it by `powered`, by the `power` event, or by `PowerLoss` from whatever it touches next.
   * May be called from an event outside the processor, in the middle of what the processor does.
   */
  powerOff(cause = "switched off"): void {
    if (!this.#powered) return;
    this.#stop(cause);
    this.#powered = false;
    this.#energy.powerOff(this.clock.now());
    this.events.emit({ type: "power", on: false, cause });
  }

  /** Gives the supply back; the real-time clock starts at its epoch again. A board with power doesn't notice. */
  powerOn(): void {
    if (this.#powered) return;
    this.#powered = true;
    this.#poweredSince = this.#epochSetAt = this.clock.now();
    this.#epoch = this.#initialEpoch;
    this.#energy.powerOn(this.clock.now());
    this.flash.planPowerCut(undefined);
    this.events.emit({ type: "power", on: true, cause: "switched on" });
  }

  losePower(cause: string): never {
    this.powerOff(cause);
    throw new PowerLoss(cause);
  }

  /**
   * The reset line: as after power-up, but the real-time clock goes on. What the processor was doing gets
   * `BoardReset` when it was spending time; whoever runs it begins anew at the `reset` event.
   */
  reset(cause = "reset"): void {
    this.#stop(cause);
    this.events.emit({ type: "reset", cause });
  }

  #stop(cause: string): void {
    this.#stops++;
    this.#stopCause = cause;
    for (const event of this.#scheduled) this.clock.cancel(event);
    this.#scheduled.clear();
    for (const pin of this.pins) pin.reset();
    for (const bus of [...this.i2cBuses, ...this.spiBuses, ...this.uarts]) bus.reset();
  }

  #bus<T extends { readonly name: string }>(all: readonly T[], name: string, kind: string): T {
    const found = all.find((bus) => bus.name === name);
    if (found) return found;
    const names = all.map((bus) => bus.name).join(" ") || "none";
    throw new Error(`${this.profile.id} has no ${kind} ${name}; it has ${names}`);
  }
}

/** The flash of a board as the simulator lays it out: Storage, then the free areas in order. */
export function flashGeometry(profile: BoardProfile): FlashGeometry {
  const { storage, free, blockBytes, writeBytes, reprogrammable } = profile.flash;
  const region = (name: string, area: FlashArea): FlashRegion => ({
    name,
    address: area.address,
    bytes: area.bytes,
    blockBytes: area.blockBytes ?? blockBytes,
  });
  return {
    regions: [region("storage", storage), ...free.map((area) => region("free", area))],
    writeBytes,
    reprogrammable,
  };
}

function serialNumber(seed: number): string {
  const random = RandomGenerator.forPurpose(seed, "serial number");
  let digits = "";
  while (digits.length < 10) digits += random.below(16).toString(16);
  return digits;
}

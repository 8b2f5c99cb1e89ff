import type { I2cTarget, SimulatedBoard, SpiTarget } from "../board/index.js";
import { type Bme280Calibration, calibrationRegisters, TYPICAL_CALIBRATION } from "./bme280-calibration.js";
import { fineTemperature, rawHumidity, rawPressure, rawTemperature } from "./bme280-compensation.js";
import { noProperty, type Part, type PropertyValue } from "./part.js";
import { makeSignal, type Signal, type SignalDescription, signalSeed } from "./signal.js";

/** What the part is in. Ranges are the datasheet's (1.1 to 1.4). */
export interface Bme280World {
  /** Degrees Celsius, -40 to 85. */
  readonly temperature: SignalDescription;
  /** Hectopascals, 300 to 1,100. */
  readonly pressure: SignalDescription;
  /** Percent, 0 to 100. */
  readonly humidity: SignalDescription;
}

/** A simulated sensor: what is around it, its name and calibration. */
export interface Bme280Options extends Partial<Bme280World> {
  /** `bme280` when absent. */
  readonly name?: string;
  /** Bosch's typical part when absent. */
  readonly calibration?: Bme280Calibration;
}

const PROPERTIES = {
  temperature: { lowest: -40, highest: 85, unit: "degrees Celsius" },
  pressure: { lowest: 300, highest: 1100, unit: "hectopascals" },
  humidity: { lowest: 0, highest: 100, unit: "percent" },
} as const;
type Property = keyof typeof PROPERTIES;

const ID = 0xd0;
const RESET = 0xe0;
const CTRL_HUM = 0xf2;
const STATUS = 0xf3;
const CTRL_MEAS = 0xf4;
const CONFIG = 0xf5;
const DATA = 0xf7;
const CHIP_ID = 0x60;
const RESET_WORD = 0xb6;
/** Copying the trimming parameters after a reset takes up to the start-up time (1.1, table 1). */
const START_UP_MICROSECONDS = 2000;
/** `t_sb` in milliseconds (5.4.6, table 27). */
const STANDBY = [0.5, 62.5, 125, 250, 500, 1000, 10, 20];
/** More cycles than this don't change the slowest filter's output any more. */
const FILTER_MEMORY = 400;

/**
 * Bosch Sensortec BME280 after BST-BME280-DS002 (revision 1.6): registers, sleep, forced and normal mode, conversion
 * times, oversampling's resolution, the IIR filter, on I2C and on four-wire SPI.
 *
 * It runs at the typical conversion time (9.1). Supply and noise aren't modelled; after a power-up it is ready
 * at once, since a board's own start takes longer than its 2 ms.
 */
export class Bme280 implements Part {
  readonly type = "bme280";
  readonly name: string;
  readonly #board: SimulatedBoard;
  readonly #calibration: Bme280Calibration;
  readonly #memory: Map<number, number>;
  readonly #world: Record<Property, Signal>;
  readonly #detachers: (() => void)[] = [];

  /** Oversampling of humidity as written, and as it counts since `ctrl_meas` was last written (5.4.3). */
  #ctrlHum = 0;
  #ctrlHumActive = 0;
  #ctrlMeas = 0;
  #config = 0;
  /** A write of `ctrl_meas` that waits for the running conversion (3.3.1). */
  #pendingCtrlMeas: number | undefined;
  #measureStart: number | undefined;
  #readyAt = 0;
  #data = new Uint8Array(8);
  #filtered: { temperature: number; pressure: number } | undefined;

  constructor(board: SimulatedBoard, options: Bme280Options = {}) {
    this.#board = board;
    this.name = options.name ?? "bme280";
    this.#calibration = options.calibration ?? TYPICAL_CALIBRATION;
    this.#memory = calibrationRegisters(this.#calibration);
    this.#world = { temperature: () => 25, pressure: () => 1013.25, humidity: () => 40 };
    for (const property of Object.keys(PROPERTIES) as Property[]) {
      const value = options[property];
      if (value !== undefined) this.#setProperty(property, value);
    }
    this.#restart();
    this.#readyAt = board.clock.now();
    this.#detachers.push(
      board.events.listen((event) => {
        if (event.type !== "power" || !event.on) return;
        this.#restart();
        this.#readyAt = board.clock.now();
      }),
    );
  }

  /** Puts it on an I2C bus. @param address 0x76 (SDO to ground) or 0x77 */
  attachI2c(busName: string, address: number): this {
    let expectsRegister = true;
    let register = 0;
    const target: I2cTarget = {
      name: this.name,
      start: () => {
        expectsRegister = true;
        return true;
      },
      write: (byte) => {
        // Register and data in turn: writing doesn't count up (6.2.1).
        if (expectsRegister) register = byte;
        else this.#write(register, byte);
        expectsRegister = !expectsRegister;
        return true;
      },
      read: () => {
        const byte = this.#read(register);
        register = (register + 1) & 0xff;
        return byte;
      },
      stop: () => {},
    };
    this.#detachers.push(this.#board.i2c(busName).attach(address, target));
    return this;
  }

  /** Puts it on an SPI bus with four wires. @param chipSelect a pin's name */
  attachSpi(busName: string, chipSelect: string): this {
    let state: "control" | "read" | "write" = "control";
    let register = 0;
    const target: SpiTarget = {
      name: this.name,
      modes: [0, 3],
      select: () => {
        state = "control";
      },
      transfer: (byte) => {
        if (state === "control") {
          // Bit 7 says read; all registers have it set, so it isn't missed (6.3).
          register = byte | 0x80;
          state = byte & 0x80 ? "read" : "write";
          return 0xff;
        }
        if (state === "write") {
          this.#write(register, byte);
          state = "control";
          return 0xff;
        }
        const value = this.#read(register);
        register = ((register + 1) & 0xff) | 0x80;
        return value;
      },
      deselect: () => {},
    };
    this.#detachers.push(this.#board.spi(busName).attach(this.#board.pin(chipSelect), target));
    return this;
  }

  state(): Record<Property, number> {
    const now = this.#board.clock.now();
    const { temperature, pressure, humidity } = this.#world;
    return { temperature: temperature(now), pressure: pressure(now), humidity: humidity(now) };
  }

  set(property: string, value: PropertyValue): void {
    if (!(property in PROPERTIES)) throw noProperty(this, property, Object.keys(PROPERTIES));
    if (typeof value !== "number" && typeof value !== "object")
      throw new Error(`bme280 ${this.name}: ${property} is a number or a signal, not ${value}`);
    this.#catchUp();
    this.#setProperty(property as Property, value);
    this.#board.events.emit({
      type: "part",
      part: this.name,
      property,
      value: typeof value === "number" ? value : JSON.stringify(value),
    });
  }

  detach(): void {
    for (const detach of this.#detachers.splice(0)) detach();
  }

  #setProperty(property: Property, value: SignalDescription): void {
    const { lowest, highest, unit } = PROPERTIES[property];
    if (typeof value === "number" && !(value >= lowest && value <= highest))
      throw new Error(
        `bme280 ${this.name}: the part measures ${property} from ${lowest} to ${highest} ${unit}, not ${value}`,
      );
    const seed = signalSeed(this.#board.seed, this.name, property);
    const signal = makeSignal(value, this.#board.clock.now(), seed);
    this.#world[property] = (now) => Math.min(highest, Math.max(lowest, signal(now)));
  }

  #read(register: number): number {
    this.#catchUp();
    const now = this.#board.clock.now();
    const copying = now < this.#readyAt;
    switch (register) {
      case ID:
        return CHIP_ID;
      case CTRL_HUM:
        return this.#ctrlHum;
      case STATUS:
        return (this.#measuring(now) ? 8 : 0) | (copying ? 1 : 0);
      case CTRL_MEAS:
        return this.#ctrlMeas;
      case CONFIG:
        return this.#config;
    }
    if (register >= DATA && register < DATA + 8) return this.#data[register - DATA];
    // The parameters aren't there before they are copied.
    return copying ? 0 : (this.#memory.get(register) ?? 0);
  }

  #write(register: number, value: number): void {
    this.#catchUp();
    switch (register) {
      case RESET:
        if (value === RESET_WORD) {
          this.#restart();
          this.#readyAt = this.#board.clock.now() + START_UP_MICROSECONDS;
        }
        break;
      case CTRL_HUM:
        // Ignored while a change of mode waits (3.3.1).
        if (this.#pendingCtrlMeas === undefined) this.#ctrlHum = value & 7;
        break;
      case CTRL_MEAS:
        if (this.#measuring(this.#board.clock.now())) this.#pendingCtrlMeas ??= value;
        else this.#setCtrlMeas(value, this.#board.clock.now());
        break;
      case CONFIG:
        // "Writes to config in normal mode may be ignored" (5.4.6).
        if ((this.#ctrlMeas & 3) === 3)
          this.#board.events.emit({
            type: "fault",
            where: this.name,
            what: "config written in normal mode, where the part may ignore it; go to sleep mode first",
          });
        else {
          if (((this.#config ^ value) & 0x1c) !== 0) this.#filtered = undefined;
          this.#config = value & 0xfd;
        }
        break;
    }
  }

  #restart(): void {
    this.#ctrlHum = this.#ctrlHumActive = this.#ctrlMeas = this.#config = 0;
    this.#pendingCtrlMeas = undefined;
    this.#measureStart = undefined;
    this.#filtered = undefined;
    this.#data.set([0x80, 0, 0, 0x80, 0, 0, 0x80, 0]);
  }

  #setCtrlMeas(value: number, now: number): void {
    this.#ctrlMeas = value;
    this.#ctrlHumActive = this.#ctrlHum;
    this.#measureStart = (value & 3) === 0 ? undefined : now;
  }

  #measuring(now: number): boolean {
    const start = this.#measureStart;
    return start !== undefined && now >= start && now < start + this.#conversionMicroseconds();
  }

  /** Typical conversion time (9.1). */
  #conversionMicroseconds(): number {
    const t = oversampling(this.#ctrlMeas >> 5);
    const p = oversampling(this.#ctrlMeas >> 2);
    const h = oversampling(this.#ctrlHumActive);
    return 1000 * (1 + 2 * t + (p ? 2 * p + 0.5 : 0) + (h ? 2 * h + 0.5 : 0));
  }

  /** Does what the part has done on its own since it was last looked at. */
  #catchUp(): void {
    const now = this.#board.clock.now();
    for (;;) {
      const start = this.#measureStart;
      if (start === undefined) return;
      const end = start + this.#conversionMicroseconds();
      if (end > now) return;
      this.#convert(end);
      const pending = this.#pendingCtrlMeas;
      this.#pendingCtrlMeas = undefined;
      if (pending !== undefined) this.#setCtrlMeas(pending, end);
      else if ((this.#ctrlMeas & 3) !== 3) {
        this.#ctrlMeas &= ~3;
        this.#measureStart = undefined;
      } else this.#measureStart = this.#skipAhead(end + STANDBY[this.#config >> 5] * 1000, now);
    }
  }

  /** Leaves out cycles of normal mode that nothing would remember. */
  #skipAhead(next: number, now: number): number {
    const period = this.#conversionMicroseconds() + STANDBY[this.#config >> 5] * 1000;
    const cycles = Math.floor((now - next) / period) - FILTER_MEMORY;
    return cycles > 0 ? next + cycles * period : next;
  }

  #convert(at: number): void {
    const c = this.#calibration;
    const t = oversampling(this.#ctrlMeas >> 5);
    const p = oversampling(this.#ctrlMeas >> 2);
    const h = oversampling(this.#ctrlHumActive);
    const filter = (this.#config >> 2) & 7;
    // What pressure and humidity are compensated with comes from the temperature that the driver will read.
    const exact = rawTemperature(c, this.#world.temperature(at));
    let temperature = filter ? exact : coarse(exact, t || 1);
    const fine = fineTemperature(c, temperature);
    const exactPressure = rawPressure(c, this.#world.pressure(at) * 100, fine);
    let pressure = filter ? exactPressure : coarse(exactPressure, p || 1);
    if (filter) {
      const weight = 1 << Math.min(filter, 4);
      const last = this.#filtered ?? { temperature, pressure };
      this.#filtered = {
        temperature: last.temperature + (temperature - last.temperature) / weight,
        pressure: last.pressure + (pressure - last.pressure) / weight,
      };
      temperature = Math.round(this.#filtered.temperature);
      pressure = Math.round(this.#filtered.pressure);
    }
    const humidity = rawHumidity(c, this.#world.humidity(at), fine);
    this.#data.set([...twentyBits(p ? pressure : 0x80000), ...twentyBits(t ? temperature : 0x80000)]);
    const word = h ? humidity : 0x8000;
    this.#data.set([word >> 8, word & 0xff], 6);
  }
}

/** `osrs`: 0 is skipped, then 1, 2, 4, 8, and 16 for all the rest. */
function oversampling(bits: number): number {
  const osrs = bits & 7;
  return osrs === 0 ? 0 : 1 << Math.min(osrs - 1, 4);
}

/** Without the filter there are 16 bits, and one more for each doubling of oversampling (3.4.2, 3.4.3). */
function coarse(raw: number, times: number): number {
  const step = 16 / times;
  return Math.min(0x100000 - step, Math.round(raw / step) * step);
}

function twentyBits(raw: number): number[] {
  return [raw >> 12, (raw >> 4) & 0xff, (raw & 0xf) << 4];
}

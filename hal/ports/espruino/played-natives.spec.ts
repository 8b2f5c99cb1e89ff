import {
  analogConformance,
  describeConformance,
  digitalConformance,
  flashConformance,
  i2cConformance,
  mockClock,
  pwmConformance,
  spiConformance,
  uartConformance,
} from "../../testing/index.js";
import { openAnalogInput } from "./adc.js";
import { openEdge, openInput, openOutput } from "./digital.js";
import { openFileFlash } from "./file-flash.js";
import { freeAreas, largestFreeArea, openFlash } from "./flash.js";
import { openI2c } from "./i2c.js";
import { openPwm } from "./pwm.js";
import { openSpi } from "./spi.js";
import { openUart } from "./uart.js";
import { watchdog } from "./watchdog.js";

/**
 * The port over natives that this file plays, for what Espruino's Linux build has no hardware for. The natives behave as
 * Espruino's source says (`src/jswrap_io.c`, `src/jswrap_spi_i2c.c`, `src/jswrap_serial.c`).
 */
const globals = globalThis as unknown as Record<string, unknown>;
const names = new Set<string>();

function play(natives: Record<string, unknown>): void {
  for (const [name, native] of Object.entries(natives)) {
    if (name in globals && !names.has(name)) throw new Error(`${name} is the host's own`);
    names.add(name);
    globals[name] = native;
  }
}

afterEach(() => {
  for (const name of names) Reflect.deleteProperty(globals, name);
  names.clear();
});

/** Pins D0 to D31, D1 wired to D2, and watches on them. */
function playPins() {
  const clock = mockClock();
  const levels = new Map<string, boolean>();
  const modes = new Map<string, string>();
  const watches = new Map<number, { pin: string; edge: string; handler: (event: object) => void }>();
  let watchId = 0;
  const nameOf = (pin: { name: string }) => {
    if (!/^D([12]?\d|3[01])$/.test(pin.name)) throw new Error("Invalid pin");
    return pin.name;
  };
  const wired = (name: string) => (name === "D2" ? "D1" : name);
  play({
    Pin: class {
      constructor(readonly name: string) {}
    },
    pinMode: (pin: { name: string }, mode: string) => void modes.set(nameOf(pin), mode),
    digitalRead: (pin: { name: string }) => Number(levels.get(wired(nameOf(pin))) ?? false),
    digitalWrite: (pin: { name: string }, value: number) => {
      const name = nameOf(pin);
      const before = levels.get(name) ?? false;
      const state = Boolean(value);
      levels.set(name, state);
      if (before === state) return;
      const time = clock.realtime() / 1e6;
      clock.after(0, () => {
        for (const watch of [...watches.values()])
          if (wired(watch.pin) === name && (watch.edge === "both" || (watch.edge === "rising") === state))
            watch.handler({ state, time });
      });
    },
    getTime: () => clock.realtime() / 1e6,
    setWatch: (handler: (event: object) => void, pin: { name: string }, options: { edge: string; repeat: boolean }) => {
      // The STM32 can't watch two pins of one number; here nobody can watch D9.
      if (pin.name === "D9") return undefined;
      expect(options).toEqual({ repeat: true, edge: options.edge, debounce: 0 });
      watches.set(++watchId, { pin: nameOf(pin), edge: options.edge, handler });
      return watchId;
    },
    clearWatch: (id: number) => {
      if (!watches.delete(id)) throw new Error(`Unknown Watch ${id}`);
    },
  });
  return { clock, levels, modes, watches };
}

describeConformance(
  "digital",
  digitalConformance,
  () => {
    const { clock } = playPins();
    return { output: openOutput("D1", false), input: openEdge("D2", "none", clock), clock };
  },
  ({ clock }, microseconds) => (clock as ReturnType<typeof mockClock>).advance(microseconds),
);

describe("digital", () => {
  it("asks for the resistor and direction that it is told", () => {
    const { modes, levels } = playPins();
    openInput("D3", "up");
    openInput("D4", "down");
    openInput("D5", "none");
    openOutput("D6", true);
    expect(Object.fromEntries(modes)).toEqual({
      D3: "input_pullup",
      D4: "input_pulldown",
      D5: "input",
      D6: "output",
    });
    expect(levels.get("D6")).toBe(true);
  });

  it("says when a pin can't be watched", () => {
    const { clock } = playPins();
    expect(() => openEdge("D9", "none", clock).onEdge("both", () => {})).toThrow(
      expect.objectContaining({ kind: "Unsupported", message: "D9: this pin can't be watched" }),
    );
  });
});

describeConformance("adc", analogConformance, () => {
  playPins();
  let volts = 1.65;
  play({ analogRead: () => volts / 3, E: { getAnalogVRef: () => 3 } });
  return {
    input: openAnalogInput("D28"),
    apply: (millivolts) => void (volts = millivolts / 1000),
    millivolts: 1650,
    tolerance: 1,
  };
});

describe("adc", () => {
  it("takes 3.3 V for the reference where the chip can't measure it", () => {
    playPins();
    play({ analogRead: () => 0.5, E: { getAnalogVRef: () => NaN } });
    expect(openAnalogInput("D28").readMillivolts()).toBeCloseTo(1650);
  });
});

describeConformance("pwm", pwmConformance, () => {
  playPins();
  let duty = NaN;
  let frequency = NaN;
  play({
    analogWrite: (_pin: object, value: number, options: { freq: number }) => {
      duty = value;
      frequency = options.freq;
    },
  });
  return { output: openPwm("D5"), duty: () => duty, frequency: () => frequency };
});

/** What each target says of an address that nobody answers to. */
const NOBODY = {
  nRF52: "I2C Read Error 33281",
  STM32F4: "Timeout on I2C Write Transmit Mode 2",
  "STM32F4 when reading": "Timeout on I2C Read Receive Mode",
  STM32F3: "I2C got NACK",
  RP2040: "jshI2CRead: I2C I/O error",
  ESP32: "jshI2CRead: slave doesn't ACK the transfer",
  ESP8266: "I2CRead: No ACK 0",
};

/** I2C1 with a device of 256 registers at 0x76; register 0xD0 is 0x60. */
function playI2c(nobody: string) {
  const registers = new Uint8Array(256);
  registers[0xd0] = 0x60;
  let pointer = 0;
  const reach = (address: number) => {
    if (address !== 0x76) throw new Error(nobody);
  };
  play({
    I2C1: {
      setup: () => {},
      writeTo: ({ address }: { address: number }, bytes: ArrayLike<number>) => {
        if (bytes.length === 0) return;
        reach(address);
        const [register, ...values] = Array.from(bytes);
        registers.set(values, register);
        pointer = register;
      },
      readFrom: (address: number, length: number) => {
        if (length <= 0) return undefined;
        reach(address);
        return registers.slice(pointer, pointer + length);
      },
    },
  });
}

describe.each(Object.entries(NOBODY))("on %s", (_target, nobody) => {
  describeConformance("i2c", i2cConformance, () => {
    playI2c(nobody);
    return {
      bus: openI2c("I2C1", {}),
      address: 0x76,
      absent: 0x20,
      known: { register: 0xd0, value: 0x60 },
      scratch: 0xf5,
    };
  });
});

describe("i2c", () => {
  it.each([
    ["I2C Write Error 33282", "NoAcknowledgeData"],
    ["I2C Read Error 33280", "Overrun"],
    ["I2C Error: Arbitration (start)", "ArbitrationLoss"],
    ["I2C Error: Timeout (wr)", "Bus"],
    ["Timeout on I2C Write BUSY", "Bus"],
    ["jshI2CWrite:, Operation timeout because the bus is busy", "Bus"],
    ["Not enough stack memory for data", "Other"],
  ])("takes %p for %s, and says where", (message, kind) => {
    playI2c(message);
    expect(() => openI2c("I2C1", {}).read(0x20, 1)).toThrow(
      expect.objectContaining({ kind, message: `I2C1 0x20: ${message}` }),
    );
  });
});

describeConformance("spi", spiConformance, () => {
  const { levels } = playPins();
  let selections = 0;
  const echo = (bytes: ArrayLike<number> | { data: number; count: number }) => {
    if (levels.get("D4")) throw new Error("nobody is selected");
    return "count" in bytes ? new Uint8Array(bytes.count).fill(bytes.data) : new Uint8Array(Array.from(bytes));
  };
  const { digitalWrite } = globals as { digitalWrite: (pin: { name: string }, value: number) => void };
  play({
    SPI1: { setup: () => {}, send: echo, write: (bytes: ArrayLike<number>) => void echo(bytes) },
    digitalWrite: (pin: { name: string }, value: number) => {
      if (!value) selections++;
      digitalWrite(pin, value);
    },
  });
  return {
    device: openSpi("SPI1", {}, { mode: 0, hertz: 1_000_000, bitOrder: "msb" }, "D4"),
    selected: () => !levels.get("D4"),
    selections: () => selections,
  };
});

describe("spi", () => {
  it("releases the chip select when a transfer fails", () => {
    const { levels } = playPins();
    const fail = () => {
      throw new Error("SPI Send Error 17");
    };
    play({ SPI1: { setup: () => {}, send: fail, write: fail } });
    const device = openSpi("SPI1", {}, { mode: 3, hertz: 1_000_000, bitOrder: "msb" }, "D4");
    expect(() => device.transfer([1])).toThrow(
      expect.objectContaining({ kind: "Other", message: "SPI1 D4: SPI Send Error 17" }),
    );
    expect(levels.get("D4")).toBe(true);
  });
});

describeConformance(
  "uart",
  uartConformance,
  () => {
    const clock = mockClock();
    const listeners = new Set<(data: string) => void>();
    play({
      Serial1: {
        setup: () => {},
        write: (bytes: ArrayLike<number>) => {
          const data = String.fromCharCode(...Array.from(bytes));
          // Espruino hands over at most 64 bytes an event.
          for (let at = 0; at < data.length; at += 64)
            clock.after(1000, () => listeners.forEach((listener) => listener(data.slice(at, at + 64))));
        },
        on: (_event: string, listener: (data: string) => void) => void listeners.add(listener),
        removeListener: (_event: string, listener: (data: string) => void) => void listeners.delete(listener),
      },
    });
    return { port: openUart("Serial1", {}, { baud: 9600, parity: "none", stopBits: 1 }), clock };
  },
  ({ clock }, microseconds) => (clock as ReturnType<typeof mockClock>).advance(microseconds),
);

/** A chip with two free areas and Storage, in pages of 4,096 bytes. */
function playFlash(codeStart: number) {
  const start = 0x60000;
  const cells = new Uint8Array(0x20000).fill(255);
  play({
    process: undefined,
    require: () => ({
      getPage: (address: number) =>
        address >= start && address < start + cells.length ? { addr: address & ~4095, length: 4096 } : undefined,
      getFree: () => [
        { addr: 0x60000, length: 0x2000 },
        { addr: 0x68000, length: 0x4000 },
        { addr: 0x70000, length: 0x8000 },
      ],
      read: (length: number, address: number) =>
        length > 0 ? cells.slice(address - start, address - start + length) : undefined,
      write: (bytes: Uint8Array, address: number) =>
        bytes.forEach((byte, index) => (cells[address - start + index] &= byte)),
      erasePage: (address: number) => void cells.fill(255, (address & ~4095) - start, (address & ~4095) - start + 4096),
    }),
  });
  globals.process = { memory: () => ({ flash_code_start: codeStart }), env: {} };
}

describe("flash", () => {
  const { process } = globalThis;
  beforeEach(() => {
    Reflect.deleteProperty(globals, "process");
    playFlash(0x70000);
  });
  afterEach(() => {
    globalThis.process = process;
  });

  describeConformance("the largest free area", flashConformance, () => openFlash(freeAreas(2)[0]));

  it("leaves out the area that is Storage", () => {
    expect(freeAreas(2)).toEqual([
      { addr: 0x68000, length: 0x4000 },
      { addr: 0x60000, length: 0x2000 },
    ]);
  });

  it("gives the file system the largest of them", () => {
    expect(openFileFlash().size).toBe(0x4000);
  });

  it("is the largest that isn't as long as Storage, where it is known to be outside", () => {
    globals.process = { env: { STORAGE: 0x8000 } };
    expect(largestFreeArea()).toEqual({ addr: 0x68000, length: 0x4000 });
  });

  it("leaves out areas with fewer pages than wanted, and of an area what is no whole page", () => {
    expect(freeAreas(4)).toEqual([{ addr: 0x68000, length: 0x4000 }]);
    expect(openFlash({ addr: 0x68000, length: 9000 }).size).toBe(8192);
  });

  it("says what the native said when it can't program or erase", () => {
    const chip = (globals.require as () => object)();
    const fail = () => {
      throw new Error("verification failed at 0x68000");
    };
    globals.require = () => ({ ...chip, write: fail, erasePage: fail });
    const flash = openFlash(freeAreas(2)[0]);
    const fault = expect.objectContaining({ kind: "Verify", message: "flash: Error: verification failed at 0x68000" });
    expect(() => flash.program(0, new Uint8Array(4))).toThrow(fault);
    expect(() => flash.erase(4096)).toThrow(fault);
  });
});

describe("watchdog", () => {
  it("counts in seconds and isn't fed by the interpreter", () => {
    const calls: unknown[] = [];
    play({
      E: {
        enableWatchdog: (...args: unknown[]) => calls.push(args),
        kickWatchdog: () => calls.push("fed"),
      },
    });
    watchdog.start(2_500_000);
    watchdog.feed();
    expect(calls).toEqual([[2.5, false], "fed"]);
  });

  it("says when the chip can't count so far", () => {
    play({
      E: {
        enableWatchdog: () => {
          throw new Error("Maximum watchdog timeout exceeded");
        },
      },
    });
    expect(() => watchdog.start(1e9)).toThrow(
      expect.objectContaining({ kind: "Unsupported", message: "watchdog: Maximum watchdog timeout exceeded" }),
    );
  });
});

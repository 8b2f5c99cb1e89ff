/**
 * Every call with arguments that no compiler would make: descriptors open and not, pointers and lengths at, over and
 * far beyond memory's edges. An errno is allowed, or the end of the program; not an exception, and not a byte outside
 * the guest's memory.
 */
import fc from "fast-check";
import { halError } from "../../hal/contract/index.js";
import { CALLS, type Call } from "./calls.js";
import { inputStream, outputStream } from "./console.js";
import { closeDescriptors, refuse } from "./descriptor.js";
import * as wasi from "./index.js";
import { openAdc } from "./peripherals/adc.js";
import { openDevices } from "./peripherals/devices.js";
import { openInput, openOutput } from "./peripherals/gpio.js";
import { openI2c } from "./peripherals/i2c.js";
import { openPwm } from "./peripherals/pwm.js";
import { openSpi } from "./peripherals/spi.js";
import { openUart } from "./peripherals/uart.js";
import { openDirectory } from "./preopen.js";
import { MemoryFileSystem } from "./testing/memory-file-system.js";
import { TestGuest } from "./testing/test-guest.js";
import { SIGNATURES } from "./trace/signatures.js";
import { traced, type TracedCall } from "./trace/traced.js";

const MEMORY = 2048;

/** Memory that throws where a typed array would read undefined, and a board's interpreter might do worse. */
function strict(bytes: Uint8Array): Uint8Array {
  function look(key: string | symbol): void {
    if (typeof key === "string" && /^-?[\d.e+]+$/.test(key) && !(key in bytes)) throw new Error(`memory[${key}]`);
  }
  return new Proxy(bytes, {
    get(target, key) {
      look(key);
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? (value as (...parameters: unknown[]) => unknown).bind(target) : value;
    },
    set(target, key, value) {
      look(key);
      return Reflect.set(target, key, value, target);
    },
  });
}

const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000);
const RUNS = Number(process.env.FUZZ_RUNS ?? 150);

const PATHS = ["a", "a/f", "f", ".", "..", "", "a/../f", "gpio/led", "i2c/1/0x76", "new", "a/f/", "x\0"];

/** A guest with one of everything. */
function everything(filling: readonly number[]): TestGuest {
  const guest = new TestGuest(MEMORY);
  // Small numbers, so that what is read as pointers, lengths and counts is often meaningful.
  filling.forEach((byte, index) => (guest.memory[(index * 37) % MEMORY] = byte));
  PATHS.forEach((path, index) => guest.memory.set(Buffer.from(path), 512 + 32 * index));
  guest.args = ["app", "argument"];
  guest.environ = ["A=b"];
  guest.wait = (begin) => {
    let errno = 0;
    const giveUp = begin((result) => (errno = result));
    for (let steps = 0; steps < 20 && guest.clock.step(); steps++);
    giveUp();
    return errno;
  };
  const console = {
    write: () => {},
    onInput: (handler: (text: string) => void) => guest.clock.after(10, () => handler("AB")),
  };
  const files = new MemoryFileSystem(guest.clock.realtime);
  files.create(1, "f", 4);
  files.create(files.create(1, "a", 3), "f", 4);
  const pin = { isHigh: () => true, isLow: () => false, onEdge: () => () => {} };
  const output = {
    setHigh() {},
    setLow() {},
    setState() {},
    isSetHigh: () => true,
    isSetLow: () => false,
    toggle() {},
  };
  const fails = (): never => {
    throw halError("NoAcknowledgeAddress", "I2C1");
  };
  const bus = { read: (_: number, length: number) => new Uint8Array(length), write() {}, writeRead: fails };
  const spi = { read: (length: number) => new Uint8Array(length), write: fails, transfer: fails, writeRead: fails };
  const uart = {
    write() {},
    onData: (handler: (bytes: Uint8Array) => void) => guest.clock.after(10, () => handler(Uint8Array.of(65, 66))),
  };
  const openings = {
    "gpio/led": () => openOutput(output),
    "gpio/button": () => openInput(pin),
    "i2c/1/0x76": () => openI2c(bus, 0x76),
    "adc/a": () => openAdc({ readMillivolts: () => 1 }),
    "pwm/p": () => openPwm({ setDutyCycle() {}, setFrequency() {} }),
    "spi/s": () => openSpi(spi),
    "uart/u": () => openUart(uart),
  };
  const root = openDirectory(files, "", "/", true);
  if (typeof root === "number") throw new Error("no root");
  const devices = Object.entries(openings).map(([path, open]) => ({ path, open }));
  guest.descriptors = [
    inputStream(console.onInput),
    outputStream(console.write, 1),
    outputStream(console.write, 2),
    root,
    openDevices(devices, "/dev"),
    ...devices.map(({ open }) => open()),
  ];
  guest.memory = strict(guest.memory);
  return guest;
}

const edge = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 12 }) },
  { weight: 6, arbitrary: fc.integer({ min: 0, max: MEMORY }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: PATHS.length - 1 }).map((index) => 512 + 32 * index) },
  { weight: 3, arbitrary: fc.integer({ min: MEMORY - 70, max: MEMORY + 70 }) },
  { weight: 1, arbitrary: fc.integer({ min: -70, max: -1 }) },
  { weight: 1, arbitrary: fc.integer({ min: -0x80000000, max: 0x7fffffff }) },
  { weight: 1, arbitrary: fc.constantFrom(0x7fffffff, -0x80000000, 0x40000000, 0x10000000, 0x0fffffff) },
);

function wordsOf(call: Call): number {
  return call.parameters.reduce((sum, type) => sum + (type === "i64" ? 2 : 1), 0);
}

const calls = wasi as unknown as Record<string, (guest: TestGuest, ...words: number[]) => number>;

/** Makes a call, with a line of a trace around it every other time: that reads the guest's memory, too. */
function run(name: string, guest: TestGuest, words: readonly number[]): number {
  const traces = words.length > 0 && Boolean(words[0] & 1);
  const call = traces ? traced(name, SIGNATURES[name], calls[name] as TracedCall, () => {}) : calls[name];
  return (call(guest, ...words) as number) | 0;
}

const step = fc.constantFrom(...Object.keys(CALLS)).chain((name) =>
  fc.record({
    name: fc.constant(name),
    words: fc.array(edge, { minLength: wordsOf(CALLS[name]), maxLength: wordsOf(CALLS[name]) }),
  }),
);

/** Makes the calls one after the other on one guest, and looks around after each. */
function check(steps: readonly { name: string; words: number[] }[], filling: readonly number[]): void {
  const guest = everything(filling);
  for (const { name, words } of steps) {
    let errno = 0;
    try {
      errno = run(name, guest, words);
    } catch (thrown) {
      if (!(thrown as { exitCode?: number }).hasOwnProperty("exitCode")) throw thrown;
      expect(name).toMatch(/^proc_(exit|raise)$/);
    }
    expect(errno).toBeGreaterThanOrEqual(0);
    expect(errno).toBeLessThanOrEqual(76);
  }
  closeDescriptors(guest);
}

/** What an image without grants links: `refuse` for calls that need one, and the smaller of two files. */
async function callsWithoutGrants(): Promise<typeof calls> {
  const linked: typeof calls = {};
  for (const [name, call] of Object.entries(CALLS)) {
    if (call.needsGrant) linked[name] = refuse;
    else linked[name] = ((await import(`./${call.ungrantedFile ?? call.file}`)) as typeof calls)[name];
  }
  return linked;
}

/** Fields of a subscription: what it waits for, and how long. */
const subscription = fc.record({
  type: fc.integer({ min: 0, max: 3 }),
  id: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constantFrom(-1, 0x7fffffff)),
  low: fc.oneof(fc.integer({ min: 0, max: 50_000_000 }), fc.integer()),
  high: fc.constantFrom(0, 0, 0, 1, -1, 0x7fffffff),
  flags: fc.integer({ min: 0, max: 3 }),
});

const filling = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 0, maxLength: 200 });

describe(`with seed ${SEED} (FUZZ_SEED=${SEED} repeats it)`, () => {
  test.each(Object.keys(CALLS))("%s", (name) => {
    const words = fc.array(edge, { minLength: wordsOf(CALLS[name]), maxLength: wordsOf(CALLS[name]) });
    fc.assert(
      fc.property(words, filling, (words, filling) => check([{ name, words }], filling)),
      { seed: SEED, numRuns: RUNS },
    );
  });

  test("polls that suspend their guest, and are given up or answered later", () => {
    const property = fc.property(
      fc.array(subscription, { minLength: 1, maxLength: 8 }),
      fc.boolean(),
      (all, givesUp) => {
        const guest = everything([]);
        let answers = 0;
        let giveUp: (() => void) | undefined;
        guest.wait = (begin) => {
          giveUp = begin((errno) => {
            answers++;
            expect(errno).toBeGreaterThanOrEqual(0);
            expect(errno).toBeLessThanOrEqual(76);
          });
          return -1;
        };
        all.forEach(({ type, id, low, high, flags }, index) => {
          const words = new Int32Array([index, 0, type, 0, id, 0, low, high, 0, 0, flags, 0]);
          guest.memory.set(new Uint8Array(words.buffer), 1024 + 48 * index);
        });
        const errno = calls.poll_oneoff(guest, 1024, 1500, all.length, 2000);
        expect(errno).toBeGreaterThanOrEqual(-1);
        if (errno === -1 && givesUp) giveUp?.();
        for (let steps = 0; steps < 50 && guest.clock.step(); steps++);
        // Answered once at most, and never after it was given up.
        expect(answers).toBeLessThanOrEqual(errno === -1 && !givesUp ? 1 : 0);
        closeDescriptors(guest);
      },
    );
    fc.assert(property, { seed: SEED, numRuns: 3 * RUNS });
  });

  test("where nothing is granted", async () => {
    const linked = await callsWithoutGrants();
    const property = fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), filling, (steps, filling) => {
      const guest = everything(filling);
      guest.descriptors.length = 3;
      for (const { name, words } of steps) {
        try {
          const errno = linked[name](guest, ...words) | 0;
          expect(errno).toBeGreaterThanOrEqual(0);
          expect(errno).toBeLessThanOrEqual(76);
        } catch (thrown) {
          if (!Object.hasOwn(thrown as object, "exitCode")) throw thrown;
        }
        // Nothing but the streams can ever be opened.
        expect(guest.descriptors.slice(3).filter(Boolean)).toEqual([]);
      }
    });
    fc.assert(property, { seed: SEED, numRuns: 3 * RUNS });
  });

  test("one after the other", () => {
    fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), filling, check), {
      seed: SEED,
      numRuns: RUNS,
    });
  });
});

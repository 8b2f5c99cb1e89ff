/** The hardware proposals' functions, word by word as the canonical ABI has their results, and what isn't granted. */
import { type ErrorKind, halError } from "../../../hal/contract/index.js";
import { proposalCall } from "../../image/proposal-calls.js";
import type { Guest } from "../guest.js";
import * as proposals from "./index.js";
import type { HardwareGrant } from "./index.js";

const RESULT = 512;
const TEXT = 768;

/** Drives the functions as a module does: by what it imports, with memory of its own. */
function guestWith(granted: readonly HardwareGrant[], mangling: "legacy" | "standard" = "legacy") {
  const memory = new Uint8Array(2048).fill(0xee);
  let free = 1024;
  let waiting: ((result: number) => void) | undefined;
  let givenUp = false;
  const guest = {
    memory,
    hardware: {
      granted,
      handles: [],
      allocate: (_old: number, _oldSize: number, align: number, size: number) => {
        free = Math.ceil(free / align) * align;
        free += size;
        return free - size;
      },
    },
    wait(begin: (done: (result: number) => void) => () => void) {
      const stop = begin((result) => waiting!(result));
      waiting = () => (waiting = undefined);
      stops.push(() => {
        givenUp = true;
        stop();
      });
      return -1;
    },
  } as unknown as Guest;
  const stops: (() => void)[] = [];
  const prefix = mangling === "legacy" ? "" : "cm32p2|";
  const call = (module: string, name: string, ...parameters: number[]) => {
    const found = proposalCall(prefix + module, name);
    if (!found) throw new Error(`no ${prefix}${module} ${name}`);
    const words = found.parameters.reduce((sum, type) => sum + (type === "i64" ? 2 : 1), 0);
    if (parameters.length !== words) throw new Error(`${name} takes ${words} words`);
    const run = (proposals as unknown as Record<string, (guest: Guest, ...words: number[]) => number>)[found.member];
    return run(guest, ...parameters);
  };
  const put = (at: number, bytes: ArrayLike<number>) => memory.set(Array.from(bytes), at);
  const text = (value: string): [number, number] => {
    put(TEXT, Buffer.from(value));
    return [TEXT, value.length];
  };
  const word = (at: number) => new DataView(memory.buffer).getInt32(at, true);
  const list = (at: number) => Array.from(memory.subarray(word(at), word(at) + word(at + 4)));
  return {
    guest,
    call,
    put,
    text,
    word,
    list,
    memory,
    isWaiting: () => waiting !== undefined,
    isGivenUp: () => givenUp,
  };
}

const I2C = "wasi:i2c/i2c@0.2.0-draft";
const SPI = "wasi:spi/spi";
const GPIO = "wasi:gpio/digital@0.2.0";
const POLL = "wasi:io/poll@0.2.4";

describe("wasi:i2c", () => {
  function bus(options: { access?: number; fault?: ErrorKind } = {}) {
    const log: string[] = [];
    const reach = (what: string, length = 0) => {
      log.push(what);
      if (options.fault) throw halError(options.fault, "here");
      return new Uint8Array(length).map((_, index) => 10 + index);
    };
    const grant: HardwareGrant = {
      path: "i2c/sensors",
      access: options.access ?? 3,
      addresses: [0x76, 0x40],
      open: () => ({
        read: (address: number, length: number) => reach(`read ${address.toString(16)} ${length}`, length),
        write: (address: number, bytes: ArrayLike<number>) =>
          reach(`write ${address.toString(16)} ${Array.from(bytes)}`),
        writeRead: (address: number, bytes: ArrayLike<number>, length: number) =>
          reach(`write ${address.toString(16)} ${Array.from(bytes)} read ${length}`, length),
      }),
    };
    const driven = guestWith([grant]);
    driven.call("ristretto:hardware/i2c", "open", ...driven.text("sensors"), RESULT);
    expect(driven.word(RESULT)).toBe(0);
    return { ...driven, log, handle: driven.word(RESULT + 4) };
  }

  test("read gives a list where cabi_realloc gave room", () => {
    const { call, handle, word, list, log } = bus();
    call(I2C, "[method]i2c.read", handle, 0x76, 3, 0, RESULT);
    expect([word(RESULT), list(RESULT + 4)]).toEqual([0, [10, 11, 12]]);
    expect(log).toEqual(["read 76 3"]);
  });

  test("write has a result of three bytes, and touches no fourth", () => {
    const { call, handle, memory, put, log } = bus();
    put(TEXT, [1, 2]);
    memory.fill(0xee, RESULT, RESULT + 8);
    call(I2C, "[method]i2c.write", handle, 0x40, TEXT, 2, RESULT);
    expect(Array.from(memory.subarray(RESULT, RESULT + 4))).toEqual([0, 0, 0, 0xee]);
    expect(log).toEqual(["write 40 1,2"]);
  });

  test("write-read is one transaction", () => {
    const { call, handle, put, list, log } = bus();
    put(TEXT, [0xd0]);
    call(I2C, "[method]i2c.write-read", handle, 0x76, TEXT, 1, 2, 0, RESULT);
    expect(list(RESULT + 4)).toEqual([10, 11]);
    expect(log).toEqual(["write 76 208 read 2"]);
  });

  /** Puts operations of a transaction; a number reads, bytes are written. */
  function operations(put: (at: number, bytes: ArrayLike<number>) => void, list: readonly (number | number[])[]) {
    list.forEach((operation, index) => {
      const view = new DataView(new ArrayBuffer(16));
      if (typeof operation === "number") view.setInt32(8, operation, true);
      else {
        view.setUint8(0, 1);
        view.setInt32(8, 400 + 16 * index, true);
        view.setInt32(12, operation.length, true);
        put(400 + 16 * index, operation);
      }
      put(256 + 16 * index, new Uint8Array(view.buffer));
    });
    return [256, list.length] as const;
  }

  test("transaction joins pieces of one direction, and gives each read a list", () => {
    const { call, handle, put, word, list, log } = bus();
    call(I2C, "[method]i2c.transaction", handle, 0x76, ...operations(put, [[1], [2, 3], 2, 1]), RESULT);
    expect([word(RESULT), word(RESULT + 8)]).toEqual([0, 2]);
    const lists = word(RESULT + 4);
    expect([list(lists), list(lists + 8)]).toEqual([[10, 11], [12]]);
    expect(log).toEqual(["write 76 1,2,3 read 3"]);
  });

  test("transaction that goes back to writing is other, before anything is sent", () => {
    const { call, handle, put, word, log } = bus();
    call(I2C, "[method]i2c.transaction", handle, 0x76, ...operations(put, [[1], 1, [2]]), RESULT);
    expect([word(RESULT), word(RESULT + 4)]).toEqual([1, 4]);
    expect(log).toEqual([]);
  });

  test.each<[ErrorKind, number, number]>([
    ["Bus", 0, 0],
    ["ArbitrationLoss", 1, 0],
    ["NoAcknowledgeAddress", 2, 0],
    ["NoAcknowledgeData", 2, 1],
    ["NoAcknowledgeUnknown", 2, 2],
    ["Overrun", 3, 0],
    ["Other", 4, 0],
  ])("%s is error-code %i, source %i", (fault, code, source) => {
    const { call, handle, memory } = bus({ fault });
    call(I2C, "[method]i2c.read", handle, 0x76, 1, 0, RESULT);
    expect(Array.from(memory.subarray(RESULT + 4, RESULT + 6))).toEqual([code, source]);
    call(I2C, "[method]i2c.write", handle, 0x76, TEXT, 1, RESULT);
    expect(Array.from(memory.subarray(RESULT, RESULT + 3))).toEqual([1, code, source]);
  });

  test.each([
    ["another address", 3, 0x77],
    ["an address of 16 bits that ends like a granted one", 3, 0x176],
    ["reading where writing is granted", 2, 0x76],
  ])("%s is other, and nothing is sent", (_what, access, address) => {
    const { call, handle, word, log } = bus({ access });
    call(I2C, "[method]i2c.read", handle, address, 1, 0, RESULT);
    expect([word(RESULT), word(RESULT + 4)]).toEqual([1, 4]);
    expect(log).toEqual([]);
  });

  test("a name that isn't granted gives no handle", () => {
    const { call, text, word, guest } = bus();
    for (const name of ["others", "", "sensors/0x76", "../spi/display"]) {
      call("ristretto:hardware/i2c", "open", ...text(name), RESULT);
      expect([word(RESULT), word(RESULT + 4)]).toEqual([1, 4]);
    }
    expect(guest.hardware!.handles.filter(Boolean)).toHaveLength(1);
  });

  test("handles that aren't there, were given back or are of another kind trap", () => {
    const { call, handle } = bus();
    const read = (which: number) => () => call(I2C, "[method]i2c.read", which, 0x76, 1, 0, RESULT);
    for (const wrong of [0, 2, -1, 1 << 30]) expect(read(wrong)).toThrow("trap: unknown handle index");
    expect(() => call(SPI, "[method]spi-device.read", handle, 1, 0, RESULT)).toThrow("trap: unknown handle index");
    call(I2C, "[resource-drop]i2c", handle);
    expect(read(handle)).toThrow("trap: unknown handle index");
    expect(() => call(I2C, "[resource-drop]i2c", handle)).toThrow("trap: unknown handle index");
  });

  test("memory that isn't there traps", () => {
    const { call, handle, log } = bus();
    const beyond = "trap: out of bounds memory access";
    expect(() => call(I2C, "[method]i2c.write", handle, 0x76, 2040, 9, RESULT)).toThrow(beyond);
    expect(() => call(I2C, "[method]i2c.write", handle, 0x76, -1, 1, RESULT)).toThrow(beyond);
    expect(() => call(I2C, "[method]i2c.write", handle, 0x76, TEXT, 1, 2046)).toThrow(beyond);
    expect(() => call(I2C, "[method]i2c.read", handle, 0x76, 0, 1, RESULT)).toThrow(beyond);
    expect(() => call(I2C, "[method]i2c.read", handle, 0x76, -1, 0, RESULT)).toThrow(beyond);
    expect(() => call(I2C, "[method]i2c.transaction", handle, 0x76, 0, 1 << 28, RESULT)).toThrow(beyond);
    expect(log).toEqual([]);
    expect(() => call(I2C, "[method]i2c.read", handle, 0x76, 1, 0, 2044)).toThrow(beyond);
  });

  test("a cabi_realloc that gives nothing, or what isn't memory, traps", () => {
    const { call, handle, guest } = bus();
    for (const pointer of [0, 2047, -4]) {
      Object.assign(guest.hardware!, { allocate: () => pointer });
      expect(() => call(I2C, "[method]i2c.read", handle, 0x76, 4, 0, RESULT)).toThrow(
        "trap: cabi_realloc gave no memory",
      );
    }
  });
});

describe("wasi:spi", () => {
  function device(options: { access?: number; fault?: ErrorKind } = {}) {
    const log: string[] = [];
    const transfer = (bytes: ArrayLike<number>) => {
      log.push(Array.from(bytes).join());
      if (options.fault) throw halError(options.fault, "stuck");
      return Uint8Array.from(bytes, (byte) => byte + 1);
    };
    const grant: HardwareGrant = {
      path: "spi/display",
      access: options.access ?? 3,
      open: () => ({ transfer, write: transfer, read: (length: number) => transfer(new Uint8Array(length)) }),
    };
    const driven = guestWith([grant], "standard");
    driven.call(SPI, "open", ...driven.text("display"), RESULT);
    expect(driven.word(RESULT)).toBe(0);
    return { ...driven, log, handle: driven.word(RESULT + 4) };
  }

  test("read, write, transfer", () => {
    const { call, handle, put, word, list, log } = device();
    put(TEXT, [5, 6]);
    call(SPI, "[method]spi-device.read", handle, 2, 0, RESULT);
    expect([word(RESULT), list(RESULT + 4)]).toEqual([0, [1, 1]]);
    call(SPI, "[method]spi-device.write", handle, TEXT, 2, RESULT);
    expect(word(RESULT)).toBe(0);
    call(SPI, "[method]spi-device.transfer", handle, TEXT, 2, RESULT);
    expect(list(RESULT + 4)).toEqual([6, 7]);
    expect(log).toEqual(["0,0", "5,6", "5,6"]);
    call(SPI, "spi-device_drop", handle);
  });

  test("a transaction is one transfer under one chip select", () => {
    const { call, handle, put, word, list, log } = device();
    const operation = (kind: number, first: number, second: number) =>
      new Uint8Array(Int32Array.of(kind, 0, first, second).buffer);
    put(TEXT, [7, 8]);
    put(256, operation(1, TEXT, 1));
    put(272, operation(0, 2, 0));
    put(288, operation(2, TEXT + 1, 1));
    call(SPI, "[method]spi-device.transaction", handle, 256, 3, RESULT);
    expect(log).toEqual(["7,0,0,8"]);
    expect([word(RESULT), word(RESULT + 8)]).toEqual([0, 3]);
    const results = word(RESULT + 4);
    expect([0, 12, 24].map((at) => word(results + at) & 255)).toEqual([1, 0, 2]);
    expect([list(results + 16), list(results + 28)]).toEqual([[1, 1], [9]]);
    put(272, operation(3, 1000, 0));
    call(SPI, "[method]spi-device.transaction", handle, 256, 3, RESULT);
    expect([word(RESULT), word(RESULT + 4) & 255]).toEqual([1, 4]);
    expect(Buffer.from(list(RESULT + 8)).toString()).toBe("no delay within a transaction");
  });

  test.each<[ErrorKind, number]>([
    ["Overrun", 0],
    ["ModeFault", 1],
    ["FrameFormat", 2],
    ["ChipSelectFault", 3],
  ])("%s is error %i", (fault, code) => {
    const { call, handle, word } = device({ fault });
    call(SPI, "[method]spi-device.read", handle, 1, 0, RESULT);
    expect([word(RESULT), word(RESULT + 4) & 255]).toEqual([1, code]);
  });

  test("other faults come with their message", () => {
    const { call, handle, word, list } = device({ fault: "Bus" });
    call(SPI, "[method]spi-device.write", handle, TEXT, 1, RESULT);
    expect([word(RESULT), word(RESULT + 4) & 255]).toEqual([1, 4]);
    expect(Buffer.from(list(RESULT + 8)).toString()).toBe("stuck");
  });

  test("what isn't granted isn't sent", () => {
    const reads = device({ access: 1 });
    reads.call(SPI, "[method]spi-device.write", reads.handle, TEXT, 1, RESULT);
    expect(Buffer.from(reads.list(RESULT + 8)).toString()).toBe("not granted");
    reads.call(SPI, "[method]spi-device.transfer", reads.handle, TEXT, 1, RESULT);
    expect(reads.word(RESULT)).toBe(1);
    expect(reads.log).toEqual([]);
    reads.call(SPI, "open", ...reads.text("flash"), RESULT);
    expect(Buffer.from(reads.list(RESULT + 8)).toString()).toBe("not granted");
  });
});

describe("wasi:gpio", () => {
  function pins() {
    const levels = { led: false, button: false };
    const watches = new Set<{ edge: string; handler: () => void }>();
    const driven = guestWith([
      {
        path: "gpio/led",
        access: 2,
        open: () => ({
          setState: (high: boolean) => void (levels.led = high),
          toggle: () => void (levels.led = !levels.led),
        }),
      },
      {
        path: "gpio/button",
        access: 1,
        pull: "up",
        open: () => ({
          isHigh: () => levels.button,
          onEdge: (edge: string, handler: () => void) => {
            const watch = { edge, handler };
            watches.add(watch);
            return () => watches.delete(watch);
          },
        }),
      },
    ]);
    const setButton = (high: boolean) => {
      levels.button = high;
      for (const { edge, handler } of [...watches]) if ((edge === "rising") === high) handler();
    };
    /** @returns a handle, or the error's case as a negative number less one */
    const get = (direction: "in" | "out" | "in-out", label: string, flags: readonly number[] = []) => {
      driven.put(900, flags);
      driven.call(GPIO, `get-digital-${direction}`, ...driven.text(label), 900, flags.length, RESULT);
      return driven.word(RESULT) ? -1 - (driven.word(RESULT + 4) & 255) : driven.word(RESULT + 4);
    };
    return { ...driven, levels, setButton, get, watches };
  }

  test("an output is set and toggled", () => {
    const { call, get, levels, word } = pins();
    const led = get("out", "led");
    const states = ["set-active", "toggle", "toggle", "set-inactive"].map((name) => {
      call(GPIO, `[method]digital-out-pin.${name}`, led, RESULT);
      expect(word(RESULT)).toBe(0);
      return levels.led;
    });
    expect(states).toEqual([true, false, true, false]);
    call(GPIO, "[method]digital-out-pin.set-state", led, 0, RESULT);
    expect(levels.led).toBe(true);
  });

  test("active-low turns the meaning of active around", () => {
    const { call, get, levels, word } = pins();
    const led = get("out", "led", [2]);
    call(GPIO, "[method]digital-out-pin.set-active", led, RESULT);
    expect(levels.led).toBe(false);
    const button = get("in", "button", [2]);
    call(GPIO, "[method]digital-in-pin.is-active", button, RESULT);
    expect([word(RESULT), word(RESULT + 4) & 255]).toEqual([0, 1]);
    call(GPIO, "[method]digital-in-pin.read", button, RESULT);
    expect(word(RESULT + 4) & 255).toBe(0);
  });

  test("what isn't granted so gives no handle, and says why", () => {
    const { get } = pins();
    const [notAllowed, undefinedLabel] = [-4, -5];
    expect([
      get("out", "heater"),
      get("in", "led"),
      get("out", "button"),
      get("in-out", "led"),
      get("in-out", "button"),
      get("in", "button", [8]),
      get("out", "led", [4]),
    ]).toEqual([undefinedLabel, notAllowed, notAllowed, notAllowed, notAllowed, notAllowed, notAllowed]);
    expect(get("in", "button", [4])).toBeGreaterThan(0);
  });

  test("get-config tells the grant", () => {
    const { call, get, word, list, memory } = pins();
    call(GPIO, "[method]digital-in-pin.get-config", get("in", "button"), RESULT);
    expect(Buffer.from(list(RESULT)).toString()).toBe("button");
    // in, active-high, some(pull-up)
    expect(Array.from(memory.subarray(RESULT + 8, RESULT + 12))).toEqual([0, 0, 1, 0]);
    call(GPIO, "[method]digital-out-pin.get-config", get("out", "led", [2]), RESULT);
    expect(word(RESULT + 8)).toBe(1 | (1 << 8));
  });

  test("a pollable for an edge waits for it, and is ready from then on", () => {
    const { call, get, word, setButton, isWaiting, watches } = pins();
    const button = get("in", "button");
    call(GPIO, "[method]digital-in-pin.watch-rising-edge", button, RESULT);
    const pollable = word(RESULT + 4);
    expect(call(POLL, "[method]pollable.ready", pollable)).toBe(0);
    expect(call(POLL, "[method]pollable.block", pollable)).toBe(-1);
    setButton(true);
    expect(isWaiting()).toBe(false);
    expect(call(POLL, "[method]pollable.ready", pollable)).toBe(1);
    expect(call(POLL, "[method]pollable.block", pollable)).toBe(0);
    call(POLL, "[resource-drop]pollable", pollable);
    expect(watches.size).toBe(0);
  });

  test("a pollable for a state is ready while it is there", () => {
    const { call, get, word, setButton } = pins();
    call(GPIO, "[method]digital-in-pin.watch-active", get("in", "button"), RESULT);
    const pollable = word(RESULT + 4);
    const ready = [true, false, true].map((high) => {
      setButton(high);
      return call(POLL, "[method]pollable.ready", pollable);
    });
    expect(ready).toEqual([1, 0, 1]);
  });

  test("poll gives the places of what is ready", () => {
    const { call, get, put, word, setButton, isWaiting } = pins();
    const button = get("in", "button");
    const handles = ["falling", "rising", "rising"].map((edge) => {
      call(GPIO, `[method]digital-in-pin.watch-${edge}-edge`, button, RESULT);
      return word(RESULT + 4);
    });
    put(256, new Uint8Array(Int32Array.from(handles).buffer));
    expect(call(POLL, "poll", 256, 3, RESULT)).toBe(-1);
    setButton(true);
    expect(isWaiting()).toBe(false);
    // Watches of one pin are told one after the other.
    expect([word(RESULT + 4), word(word(RESULT))]).toEqual([1, 1]);
    expect(call(POLL, "poll", 256, 3, RESULT)).toBe(0);
    expect(word(RESULT + 4)).toBe(2);
    expect([word(word(RESULT)), word(word(RESULT) + 4)]).toEqual([1, 2]);
    expect(() => call(POLL, "poll", 256, 0, RESULT)).toThrow("trap: poll of no pollables");
  });

  test("everything ends with the guest", () => {
    const { call, get, guest, watches } = pins();
    call(GPIO, "[method]digital-in-pin.watch-rising-edge", get("in", "button"), RESULT);
    proposals.dropHandles(guest);
    expect(watches.size).toBe(0);
    expect(guest.hardware!.handles.filter(Boolean)).toEqual([]);
  });
});

test.each([
  ["wasi:i2c/i2c@0.2.0-draft", "[resource-drop]i2c", true],
  ["wasi:i2c/i2c@0.2.0", "[method]i2c.read", true],
  ["cm32p2|wasi:i2c/i2c@0.2", "[method]i2c.read", true],
  ["cm32p2|wasi:i2c/i2c@0.2", "i2c_drop", true],
  ["cm32p2|wasi:gpio/digital@0.2", "digital-in-pin_drop", true],
  ["wasi:spi/spi", "open", true],
  ["wasi:i2c/i2c@0.2.0", "i2c_drop", false],
  ["wasi:i2c/i2c@0.3.0", "[method]i2c.read", false],
  ["wasi:gpio/analog@0.2.0", "[method]analog-in-pin.read", false],
  ["wasi:spi/spi", "toString", false],
])("%s %s is there: %s", (module, name, there) => {
  expect(proposalCall(module, name) !== undefined).toBe(there);
});

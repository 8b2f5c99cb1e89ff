import type { Clock, Flash, I2c, RandomSource, SpiDevice } from "../../contract/index.js";
import { halError } from "../../contract/index.js";
import { openRamFlash } from "../../ports/ecmascript/flash.js";
import { seededRandom } from "../../ports/ecmascript/random.js";
import { mockClock } from "../clock.js";
import type { MockClock } from "../clock.js";
import {
  clockConformance,
  crc32Conformance,
  flashConformance,
  i2cConformance,
  randomConformance,
  runCases,
  spiConformance,
} from "./index.js";
import type { ConformanceCase } from "./index.js";

/** A suite is worth what it finds: each of these subjects has one fault, and the suite names it. */

/** Names of the cases that a subject fails, or doesn't end in two seconds. */
function failures<Subject>(
  cases: readonly ConformanceCase<Subject>[],
  make: () => Subject,
  advance?: (subject: Subject) => void,
): string[] {
  return cases
    .filter((current) => {
      let fault: string | undefined = "never over";
      let subject: Subject | undefined;
      runCases(
        [current],
        () => (subject = make()),
        (result) => (fault = result.fault),
        () => {},
      );
      if (advance) advance(subject!);
      return fault !== undefined;
    })
    .map(({ name }) => name);
}

describe("the suite for flash finds", () => {
  const broken = (change: (flash: Flash) => Partial<Flash>) =>
    failures(flashConformance, () => {
      const flash = openRamFlash(8192, 4096, 4);
      return { ...flash, ...change(flash) };
    });

  it("nothing in flash that is as it should be", () => {
    expect(broken(() => ({}))).toEqual([]);
  });

  it("programming that sets bits", () => {
    const found = broken((flash) => ({
      program: (address, bytes) => {
        const block = flash.read(0, 4096);
        if (address + bytes.length > 4096 || address < 0) return flash.program(address, bytes);
        flash.program(address, bytes);
        flash.erase(0);
        block.set(bytes, address);
        flash.program(0, block);
      },
    }));
    expect(found).toEqual(["programming again clears further bits and sets none"]);
  });

  it("erasing that stops short", () => {
    const found = broken((flash) => ({
      erase: (address) => {
        const last = flash.read(Math.max(0, address) + 4092, 4);
        flash.erase(address);
        flash.program(address + 4092, last);
      },
    }));
    expect(found).toEqual(["an erased block is 0xFF from its first to its last byte, and no other changes"]);
  });

  it("reading that hands out the cells themselves", () => {
    const cells = new Uint8Array(8192).fill(255);
    const found = broken((flash) => ({
      read: (address, length) => {
        cells.set(flash.read(0, 8192));
        if (address < 0 || address + length > 8192) return flash.read(address, length);
        const view = cells.subarray(address, address + length);
        return new Proxy(view, {
          set: (target, key, value) => {
            flash.program(0, new Uint8Array([value as number, 255, 255, 255]));
            return Reflect.set(target, key, value, target);
          },
          get: (target, key) => {
            const member: unknown = Reflect.get(target, key, target);
            return typeof member === "function" ? member.bind(target) : member;
          },
        });
      },
    }));
    expect(found).toEqual(["what is read is a copy"]);
  });

  it("missing checks of alignment and of bounds", () => {
    const unchecked = { read: () => new Uint8Array(4), program: () => {}, erase: () => {} };
    expect(broken(() => unchecked)).toEqual(
      expect.arrayContaining([
        "an address or length that isn't a multiple of the write size is refused",
        "nothing beyond the area can be touched",
      ]),
    );
  });
});

describe("the suite for clocks finds", () => {
  const broken = (change: (clock: MockClock) => Partial<Clock>) => {
    let mock: MockClock;
    return failures<Clock>(
      clockConformance,
      () => {
        mock = mockClock();
        return { ...mock, ...change(mock) };
      },
      () => mock.advance(2_000_000),
    );
  };

  it("nothing in a clock that is as it should be", () => {
    expect(broken(() => ({}))).toEqual([]);
  });

  it("time that goes back", () => {
    let looks = 0;
    expect(broken((clock) => ({ monotonic: () => clock.monotonic() - (looks++ % 50) }))).toContain(
      "monotonic time never goes back",
    );
  });

  it("handlers that run at once", () => {
    const found = broken((clock) => ({
      after: (microseconds, handler) => {
        if (microseconds > 0) return clock.after(microseconds, handler);
        handler();
        return () => {};
      },
    }));
    expect(found).toEqual(["a handler after no time at all still waits for the event loop"]);
  });

  it("handlers that run too early", () => {
    expect(broken((clock) => ({ after: (us, handler) => clock.after(us - 1, handler) }))).toEqual([
      "a handler runs once, not before its time, and not from within the call",
    ]);
  });

  it("handlers that can't be cancelled", () => {
    const found = broken((clock) => ({
      after: (microseconds, handler) => {
        clock.after(microseconds, handler);
        return () => {};
      },
    }));
    expect(found).toEqual(["a cancelled handler doesn't run, and cancelling late or twice does nothing"]);
  });
});

describe("the suite for random sources finds", () => {
  const broken = (source: RandomSource) => failures(randomConformance, () => source);
  const good = seededRandom(1);

  it("filling beyond what was asked for", () => {
    expect(broken({ fill: (bytes) => good.fill(bytes, 0, bytes.length) })).toEqual([
      "only the bytes asked for are filled",
    ]);
  });

  it("the same bytes again and again", () => {
    expect(broken({ fill: (bytes, start, length) => seededRandom(7).fill(bytes, start, length) })).toEqual([
      "it goes on with other bytes, at odd lengths too",
    ]);
  });

  it("too few values", () => {
    const fill: RandomSource["fill"] = (bytes, start, length) => {
      good.fill(bytes, start, length);
      for (let at = start; at < start + length; at++) bytes[at] &= 15;
    };
    expect(broken({ fill })).toEqual(["256 bytes hold more than 64 different values"]);
  });
});

describe("the suite for CRC-32 finds", () => {
  it("another polynomial", () => {
    const castagnoli = (bytes: Uint8Array) => {
      let crc = -1;
      for (const byte of bytes) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0x82f63b78 & -(crc & 1));
      }
      return ~crc;
    };
    expect(failures(crc32Conformance, () => castagnoli)).toHaveLength(2);
  });
});

describe("the suite for I2C finds", () => {
  const subject = (change: (bus: I2c) => Partial<I2c>) => () => {
    const registers = new Uint8Array(256);
    registers[0xd0] = 0x60;
    const reach = (address: number) => {
      if (address !== 0x76) throw halError("NoAcknowledgeAddress", "nobody");
    };
    const bus: I2c = {
      read: (address, length) => {
        reach(address);
        return new Uint8Array(length);
      },
      write: (address, [register, ...values]: number[] & ArrayLike<number>) => {
        reach(address);
        if (register !== undefined) registers.set(values, register);
      },
      writeRead: (address, bytes, length) => {
        reach(address);
        return registers.slice(bytes[0], bytes[0] + length);
      },
    } as I2c;
    return {
      bus: { ...bus, ...change(bus) },
      address: 0x76,
      absent: 0x20,
      known: { register: 0xd0, value: 0x60 },
      scratch: 0xf5,
    };
  };

  it("nothing in a bus that is as it should be", () => {
    expect(
      failures(
        i2cConformance,
        subject(() => ({})),
      ),
    ).toEqual([]);
  });

  it("an empty write that isn't sent", () => {
    const found = failures(
      i2cConformance,
      subject((bus) => ({ write: (address, bytes) => void (bytes.length && bus.write(address, bytes)) })),
    );
    expect(found).toEqual(["a write without bytes probes the address"]);
  });

  it("faults without a kind", () => {
    const found = failures(
      i2cConformance,
      subject((bus) => ({
        read: (address, length) => {
          if (address === 0x20) throw new Error("I2C got NACK");
          return bus.read(address, length);
        },
      })),
    );
    expect(found).toEqual(["nobody at an address is told as such", "the bus works on after a fault"]);
  });
});

describe("the suite for SPI finds", () => {
  it("a chip select that is released between the write and the read", () => {
    let selections = 0;
    const device: SpiDevice = {
      read: (length) => (selections++, new Uint8Array(length)),
      write: () => void selections++,
      transfer: (bytes) => (selections++, new Uint8Array(Array.from(bytes))),
      writeRead: (_bytes, length) => ((selections += 2), new Uint8Array(length)),
    };
    const found = failures(spiConformance, () => ({
      device,
      selected: () => false,
      selections: () => selections,
    }));
    expect(found).toEqual(["each call is under one chip select, released at the end"]);
  });
});

import { halError } from "../../../hal/contract/index.js";
import type { Edge, ErrorKind } from "../../../hal/contract/index.js";
import { AGAIN, INVAL, IO, NOTCAPABLE, NOTSUP, NXIO } from "../errno.js";
import { fd_readdir } from "../fd-directory.js";
import { fd_pread } from "../fd-read.js";
import { fd_close, fd_fdstat_set_flags } from "../fd-state.js";
import { fd_pwrite, fd_write } from "../fd-write.js";
import { path_create_directory, path_rename, path_unlink_file } from "../path-entries.js";
import { path_filestat_get } from "../path-filestat.js";
import { poll_oneoff } from "../poll.js";
import { DIRECTORY_RIGHTS, FD_READ, FD_READDIR, FD_WRITE, FILE_RIGHTS, NONBLOCK } from "../rights.js";
import { CREAT, FileGuest, TRUNC } from "../testing/file-guest.js";
import { i64, RESULT } from "../testing/test-guest.js";
import { openAdc } from "./adc.js";
import { openDevices, type Device } from "./devices.js";
import { openInput, openOutput } from "./gpio.js";
import { openI2c } from "./i2c.js";
import { openPwm } from "./pwm.js";
import { openSpi } from "./spi.js";
import { openUart } from "./uart.js";

const DEV = 4;

/** What C's `open(path, O_RDWR)` and Rust's `OpenOptions` ask for. */
const READ_WRITE = FILE_RIGHTS | DIRECTORY_RIGHTS;

class DeviceGuest extends FileGuest {
  constructor(...devices: Device[]) {
    super();
    this.descriptors[DEV] = openDevices(devices, "/dev");
  }

  /** Opens a device as C's `open` does. */
  device(path: string, rights = FD_READ | FD_WRITE): number {
    return this.open(path, { directory: DEV, rights: rights | (FILE_RIGHTS & ~(FD_READ | FD_WRITE)) });
  }

  writeBytes(fd: number, ...pieces: number[][]): number {
    const { pointer, count } = this.putVectors(...pieces.map((piece) => this.put(piece)));
    return fd_write(this, fd, pointer, count, RESULT);
  }

  /** @returns the bytes, or the errno */
  readAt(fd: number, position: number, length: number): number[] | number {
    const target = this.put(new Uint8Array(length));
    const { pointer, count } = this.putVectors(target);
    const errno = fd_pread(this, fd, pointer, count, ...i64(position), RESULT);
    return errno || [...this.memory.subarray(target.pointer, target.pointer + this.u32())];
  }

  writeAt(fd: number, position: number, ...pieces: number[][]): number {
    const { pointer, count } = this.putVectors(...pieces.map((piece) => this.put(piece)));
    return fd_pwrite(this, fd, pointer, count, ...i64(position), RESULT);
  }

  /** Waits for a descriptor to be readable; returns false when the time is over first. */
  poll(fd: number, milliseconds: number): boolean {
    const words = [...[7, 0, 1, 0, fd], ...new Array<number>(7).fill(0)];
    const timeout = [9, 0, 0, 0, 1, 0, ...i64(milliseconds * 1_000_000), 0, 0, 0, 0];
    const { pointer } = this.putWords(...words, ...timeout);
    const events = this.put(new Uint8Array(64)).pointer;
    expect(poll_oneoff(this, pointer, events, 2, RESULT)).toBe(0);
    return this.u32(events) === 7;
  }
}

/** A pin whose level and edges the test makes. */
function fakePin() {
  const handlers = new Set<(high: boolean, microseconds: number) => void>();
  return {
    high: false,
    watchers: handlers,
    isHigh(): boolean {
      return this.high;
    },
    isLow(): boolean {
      return !this.high;
    },
    onEdge(_edge: Edge, handler: (high: boolean, microseconds: number) => void): () => void {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    turn(high: boolean): void {
      this.high = high;
      handlers.forEach((handler) => handler(high, 0));
    },
  };
}

/** An output that records what it was set to. */
function fakeOutput() {
  const levels: number[] = [];
  const set = (high: boolean): void => void levels.push(high ? 1 : 0);
  return {
    levels,
    setHigh: () => set(true),
    setLow: () => set(false),
    setState: set,
    isSetHigh: () => levels.at(-1) === 1,
    isSetLow: () => levels.at(-1) !== 1,
    toggle: () => set(levels.at(-1) !== 1),
  };
}

/** A bus that records transactions; reads count up from the register. */
function fakeBus(fails?: ErrorKind) {
  const log: string[] = [];
  const record = (line: string): void => {
    if (fails) throw halError(fails, "I2C1");
    log.push(line);
  };
  const count = (from: number, length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => from + i);
  return {
    log,
    read: (address: number, length: number) => (record(`${address} r${length}`), count(0, length)),
    write: (address: number, bytes: ArrayLike<number>) => record(`${address} w${Array.from(bytes)}`),
    writeRead: (address: number, bytes: ArrayLike<number>, length: number) => (
      record(`${address} w${Array.from(bytes)} r${length}`),
      count(bytes[0], length)
    ),
  };
}

describe("/dev/gpio: an input", () => {
  test("reads its level as text, anew each time, cut off at the buffer's end", () => {
    const pin = fakePin();
    const guest = new DeviceGuest({ path: "gpio/button", open: () => openInput(pin) });
    const fd = guest.device("gpio/button", FD_READ);
    expect(guest.read(fd)).toBe("0\n");
    pin.high = true;
    expect(guest.read(fd)).toBe("1\n");
    expect(guest.read(fd, 1)).toBe("1");
    expect(guest.read(fd, 1)).toBe("1");
  });

  test("can't be opened for writing", () => {
    const guest = new DeviceGuest({ path: "gpio/button", open: () => openInput(fakePin()) });
    expect(guest.tryOpen("gpio/button", { directory: DEV, rights: FD_READ | FD_WRITE })).toBe(NOTCAPABLE);
    expect(guest.tryOpen("gpio/button", { directory: DEV, rights: READ_WRITE & ~FD_WRITE })).toBe(0);
    expect(guest.write(guest.u32(), "1")).toBe(NOTCAPABLE);
  });

  test("poll waits for an edge, and tells of each once", () => {
    const pin = fakePin();
    const guest = new DeviceGuest({ path: "gpio/button", open: () => openInput(pin) });
    const fd = guest.device("gpio/button", FD_READ);
    expect(guest.poll(fd, 5)).toBe(false);
    guest.clock.after(2000, () => pin.turn(true));
    expect(guest.poll(fd, 5)).toBe(true);
    expect(guest.clock.now).toBe(7000);
    expect(guest.poll(fd, 5)).toBe(false);
    pin.turn(false);
    expect(guest.poll(fd, 5)).toBe(true);
    expect(guest.clock.now).toBe(12000);
  });

  test("the pin is watched from the first poll until it is closed", () => {
    const pin = fakePin();
    const guest = new DeviceGuest({ path: "gpio/button", open: () => openInput(pin) });
    const fd = guest.device("gpio/button", FD_READ);
    expect(pin.watchers.size).toBe(0);
    guest.poll(fd, 1);
    guest.poll(fd, 1);
    expect(pin.watchers.size).toBe(1);
    fd_close(guest, fd);
    expect(pin.watchers.size).toBe(0);
  });
});

describe("/dev/gpio: an output", () => {
  test("is set by each 0 and 1, and reads back what it was set to", () => {
    const pin = fakeOutput();
    const guest = new DeviceGuest({ path: "gpio/led", open: () => openOutput(pin) });
    const fd = guest.device("gpio/led");
    expect(guest.write(fd, "1")).toBe(0);
    expect(guest.read(fd)).toBe("1\n");
    expect(guest.write(fd, "0\n1\r\n 0")).toBe(0);
    expect(guest.u32()).toBe(7);
    expect(pin.levels).toEqual([1, 0, 1, 0]);
  });

  test("another character is inval; what came before it counts", () => {
    const pin = fakeOutput();
    const guest = new DeviceGuest({ path: "gpio/led", open: () => openOutput(pin) });
    const fd = guest.device("gpio/led");
    expect(guest.write(fd, "on")).toBe(INVAL);
    expect(guest.write(fd, "1x")).toBe(0);
    expect([guest.u32(), pin.levels.length]).toEqual([1, 1]);
  });

  test('opens as fopen(path, "w") does', () => {
    const guest = new DeviceGuest({ path: "gpio/led", open: () => openOutput(fakeOutput()) });
    expect(guest.tryOpen("gpio/led", { directory: DEV, oflags: CREAT | TRUNC, rights: FD_WRITE })).toBe(0);
  });
});

describe("/dev/adc and /dev/pwm", () => {
  test("a converter reads as whole millivolts", () => {
    let millivolts = 1649.6;
    const guest = new DeviceGuest({ path: "adc/light", open: () => openAdc({ readMillivolts: () => millivolts }) });
    const fd = guest.device("adc/light", FD_READ);
    expect(guest.read(fd)).toBe("1650\n");
    millivolts = 20;
    expect(guest.read(fd)).toBe("20\n");
    expect(guest.tryOpen("adc/light", { directory: DEV, rights: FD_WRITE })).toBe(NOTCAPABLE);
  });

  test("a duty is text from 0 to 1, whatever pieces it comes in", () => {
    const duties: number[] = [];
    const output = { setDutyCycle: (fraction: number) => void duties.push(fraction), setFrequency: () => {} };
    const guest = new DeviceGuest({ path: "pwm/fan", open: () => openPwm(output) });
    const fd = guest.device("pwm/fan", FD_WRITE);
    guest.write(fd, "0.25\n");
    guest.writeBytes(fd, [...Buffer.from("0.")], [...Buffer.from("75")], []);
    guest.write(fd, "1");
    expect(duties).toEqual([0.25, 0.75, 1]);
    for (const text of ["1.5", "-0.1", "fast", ""]) expect(guest.write(fd, text)).toBe(INVAL);
    expect(duties).toHaveLength(3);
    expect(guest.tryOpen("pwm/fan", { directory: DEV, rights: FD_READ })).toBe(NOTCAPABLE);
  });
});

describe("/dev/i2c", () => {
  const open = (bus: ReturnType<typeof fakeBus>) => {
    const guest = new DeviceGuest({ path: "i2c/1/0x76", open: () => openI2c(bus, 0x76) });
    return { guest, fd: guest.device("i2c/1/0x76") };
  };

  test("each call is one transaction, also with several pieces", () => {
    const bus = fakeBus();
    const { guest, fd } = open(bus);
    guest.read(fd, 3);
    guest.writeBytes(fd, [0xf4, 0x27]);
    guest.writeBytes(fd, [1], [2, 3], []);
    expect(guest.u32()).toBe(3);
    expect(guest.readAt(fd, 0xd0, 2)).toEqual([0xd0, 0xd1]);
    guest.writeAt(fd, 0xf5, [9], [8]);
    expect(bus.log).toEqual(["118 r3", "118 w244,39", "118 w1,2,3", "118 w208 r2", "118 w245,9,8"]);
  });

  test("a write without bytes is a probe", () => {
    const bus = fakeBus();
    const { guest, fd } = open(bus);
    expect(guest.writeBytes(fd, [])).toBe(0);
    expect(bus.log).toEqual(["118 w"]);
    const absent = open(fakeBus("NoAcknowledgeAddress"));
    expect(absent.guest.writeBytes(absent.fd, [])).toBe(NXIO);
  });

  test("registers are 0 to 255", () => {
    const bus = fakeBus();
    const { guest, fd } = open(bus);
    expect(guest.readAt(fd, 256, 1)).toBe(INVAL);
    expect(guest.writeAt(fd, 256, [1])).toBe(INVAL);
    expect(bus.log).toEqual([]);
  });

  test.each([
    ["NoAcknowledgeAddress", NXIO],
    ["NoAcknowledgeData", NXIO],
    ["NoAcknowledgeUnknown", NXIO],
    ["Bus", IO],
    ["ArbitrationLoss", IO],
    ["Other", IO],
    ["Unsupported", NOTSUP],
    ["Overrun", AGAIN],
  ] as const)("%s is errno %i, whichever way", (kind, errno) => {
    const { guest, fd } = open(fakeBus(kind));
    expect(guest.read(fd, 1)).toBe(errno);
    expect(guest.writeBytes(fd, [1])).toBe(errno);
    expect(guest.writeBytes(fd, [1], [2])).toBe(errno);
    expect(guest.readAt(fd, 0, 1)).toBe(errno);
    expect(guest.writeAt(fd, 0, [1])).toBe(errno);
  });
});

test("/dev/spi transfers under one chip select a call", () => {
  const log: string[] = [];
  const device = {
    read: (length: number) => (log.push(`r${length}`), new Uint8Array(length)),
    write: (bytes: ArrayLike<number>) => void log.push(`w${Array.from(bytes)}`),
    transfer: (bytes: ArrayLike<number>) => Uint8Array.from(bytes),
    writeRead: (bytes: ArrayLike<number>, length: number) => (
      log.push(`w${Array.from(bytes)} r${length}`),
      new Uint8Array(length).fill(5)
    ),
  };
  const guest = new DeviceGuest({ path: "spi/flash", open: () => openSpi(device) });
  const fd = guest.device("spi/flash");
  guest.read(fd, 2);
  guest.writeBytes(fd, [1], [2]);
  expect(guest.readAt(fd, 0x9f, 3)).toEqual([5, 5, 5]);
  expect(log).toEqual(["r2", "w1,2", "w159 r3"]);
});

describe("/dev/uart", () => {
  const open = () => {
    let handler: ((bytes: Uint8Array) => void) | undefined;
    const sent: number[][] = [];
    const port = {
      write: (bytes: ArrayLike<number>) => void sent.push(Array.from(bytes)),
      onData: (listener: (bytes: Uint8Array) => void) => ((handler = listener), () => (handler = undefined)),
    };
    const guest = new DeviceGuest({ path: "uart/gps", open: () => openUart(port) });
    const fd = guest.device("uart/gps");
    return { guest, fd, port, sent, receive: (...bytes: number[]) => handler?.(Uint8Array.from(bytes)) };
  };

  test("reading waits for data, unless it is nonblock", () => {
    const { guest, fd, receive } = open();
    guest.clock.after(3000, () => receive(65, 66));
    expect(guest.read(fd)).toBe("AB");
    expect(guest.clock.now).toBe(3000);
    fd_fdstat_set_flags(guest, fd, NONBLOCK);
    expect(guest.read(fd)).toBe(AGAIN);
  });

  test("poll waits for data", () => {
    const { guest, fd, receive } = open();
    expect(guest.poll(fd, 1)).toBe(false);
    guest.clock.after(1000, () => receive(65));
    expect(guest.poll(fd, 5)).toBe(true);
    expect(guest.read(fd)).toBe("A");
  });

  test("writing sends, and a full buffer is again", () => {
    const { guest, fd, port, sent } = open();
    guest.writeBytes(fd, [1, 2], [3]);
    expect(sent).toEqual([[1, 2, 3]]);
    port.write = () => {
      throw halError("Overrun", "Serial1");
    };
    expect(guest.writeBytes(fd, [1])).toBe(AGAIN);
  });
});

describe("/dev itself", () => {
  const guest = new DeviceGuest(
    { path: "gpio/led", open: () => openOutput(fakeOutput()) },
    { path: "i2c/1/0x76", open: () => openI2c(fakeBus(), 0x76) },
    { path: "i2c/1/0x77", open: () => openI2c(fakeBus(), 0x77) },
  );

  test("lists what is granted", () => {
    const list = (fd: number): string[] => {
      const { pointer } = guest.put(new Uint8Array(500));
      expect(fd_readdir(guest, fd, pointer, 500, 0, 0, RESULT)).toBe(0);
      const names: string[] = [];
      for (let at = pointer, end = pointer + guest.u32(); at < end; at += 24 + guest.u32(at + 16))
        names.push(`${guest.text(at + 24, guest.u32(at + 16))} ${guest.memory[at + 20]}`);
      return names;
    };
    expect(list(DEV)).toEqual([". 3", ".. 3", "gpio 3", "i2c 3"]);
    const bus = guest.open("i2c/1", { directory: DEV, rights: FD_READDIR });
    expect(list(bus)).toEqual([". 3", ".. 3", "0x76 2", "0x77 2"]);
  });

  test("tells that a device is one", () => {
    const { pointer, length } = guest.put("gpio/led");
    expect(path_filestat_get(guest, DEV, 0, pointer, length, 1024)).toBe(0);
    expect(guest.memory[1024 + 16]).toBe(2);
  });

  test("reaches nothing that isn't granted, and takes nothing new", () => {
    for (const path of ["gpio/other", "i2c/1/0x10", "i2c/2/0x76", "constructor", "gpio/__proto__", "../x", "/gpio/led"])
      expect(guest.tryOpen(path, { directory: DEV, rights: FD_READ, oflags: CREAT })).toBe(NOTCAPABLE);
    expect(guest.call(path_create_directory, "new", DEV)).toBe(NOTCAPABLE);
    expect(guest.call(path_unlink_file, "gpio/led", DEV)).toBe(NOTCAPABLE);
    const { pointer, length } = guest.put("gpio/led");
    expect(path_rename(guest, DEV, pointer, length, DEV, pointer, length)).toBe(NOTCAPABLE);
  });
});

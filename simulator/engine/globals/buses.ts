import type { Host, Value, World } from "./world.js";

/**
 * `I2C1`, `SPI1` and their like, after `jswrap_spi_i2c.c`. Only the chip's own controllers: `new I2C()` on any
 * pins is software there, and isn't simulated.
 * @param i2cNames comma-separated, as are the other lists
 */
export function installBuses(world: World, host: Host, i2cNames: string, spiNames: string): void {
  const list = (names: string) => names.split(",").filter((name) => name !== "");

  function make(Class: Value, name: string): void {
    const object = Object.create(Class.prototype);
    world.devices.set(object, name);
    world.define(name, object);
  }

  function device(object: Value): string {
    const name = world.devices.get(object);
    if (name === undefined) throw new Error("Software buses aren't part of this simulation: use a bus of the chip");
    return name;
  }

  function pinName(value: Value): string {
    if (value === undefined) return "";
    const pin = world.pin(value);
    if (pin === undefined) throw new Error("Invalid pin");
    return pin.name;
  }

  function target(address: Value): { address: number; stop: boolean } {
    if (address !== null && typeof address === "object")
      return {
        address: world.integer(address.address),
        stop: address.stop === undefined ? true : Boolean(address.stop),
      };
    return { address: world.integer(address), stop: true };
  }

  function I2C(this: Value) {}
  world.define("I2C", I2C);
  world.methods(I2C.prototype, {
    setup(this: Value, options: Value = {}) {
      const bitrate = options.bitrate === undefined ? 100000 : world.integer(options.bitrate);
      if (bitrate < 100) throw new Error("Invalid I2C bitrate");
      host.i2cSetup(device(this), pinName(options.sda), pinName(options.scl), bitrate);
    },
    writeTo(this: Value, address: Value, ...data: Value[]) {
      const to = target(address);
      const bytes = world.bytes(data.length === 1 ? data[0] : data);
      if (bytes.length === 0) return;
      world.put(bytes);
      host.i2cWrite(device(this), to.address, to.stop);
    },
    readFrom(this: Value, address: Value, quantity: Value) {
      const from = target(address);
      const count = world.integer(quantity);
      if (count <= 0) return undefined;
      host.i2cRead(device(this), from.address, count, from.stop);
      return world.take(count);
    },
    readReg(this: Value, address: Value, register: Value, quantity: Value) {
      world.put(Uint8Array.of(world.integer(register)));
      host.i2cWrite(device(this), world.integer(address), false);
      const count = world.integer(quantity);
      if (count <= 0) return undefined;
      host.i2cRead(device(this), world.integer(address), count, true);
      return world.take(count);
    },
  });
  for (const name of list(i2cNames)) make(I2C, name);

  function transfer(object: Value, bytes: Uint8Array, select: Value): Uint8Array {
    const name = device(object);
    const chip = select === undefined ? undefined : pinName(select);
    if (chip !== undefined) host.write(chip, false);
    try {
      world.put(bytes);
      host.spiTransfer(name);
      return world.take(bytes.length);
    } finally {
      if (chip !== undefined) host.write(chip, true);
    }
  }

  function SPI(this: Value) {}
  world.define("SPI", SPI);
  world.methods(SPI.prototype, {
    setup(this: Value, options: Value = {}) {
      const order = options.order ?? "msb";
      if (order !== "msb" && order !== "lsb") throw new Error("SPI order should be 'msb' or 'lsb'");
      const baud = options.baud === undefined ? 100000 : world.integer(options.baud);
      for (const role of ["sck", "mosi", "miso"]) pinName(options[role]);
      host.spiSetup(device(this), world.integer(options.mode) & 3, baud, order);
    },
    send(this: Value, data: Value, select: Value) {
      if (typeof data === "number" || typeof data === "boolean")
        return transfer(this, Uint8Array.of(world.integer(data)), select)[0];
      const received = transfer(this, world.bytes(data), select);
      return typeof data === "string" ? world.text(received) : received;
    },
    write(this: Value, ...data: Value[]) {
      const last = data[data.length - 1];
      const select = typeof last === "object" && last !== null && world.pin(last) === last ? data.pop() : undefined;
      transfer(this, world.bytes(data), select);
    },
  });
  for (const name of list(spiNames)) make(SPI, name);
}

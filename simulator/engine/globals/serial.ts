import type { Host, Value, World } from "./world.js";

/**
 * `Serial1`, `USB`, `Bluetooth`, `LoopbackA` and `B`, after `jswrap_serial.c` and `jswrap_stream.c`.
 * @param portNames the board's serial ports, comma-separated
 * @param consoleNames other devices that the prompt can be on, comma-separated
 */
export function installSerial(world: World, host: Host, portNames: string, consoleNames: string): void {
  /** What arrived while nobody listened. */
  const buffers = new Map<string, string>();
  const names = [...portNames.split(","), ...consoleNames.split(",")].filter((name) => name !== "");
  const loopback: Record<string, string> = { LoopbackA: "LoopbackB", LoopbackB: "LoopbackA" };

  function send(object: Value, bytes: Uint8Array): void {
    const name = world.devices.get(object);
    if (name === undefined) throw new Error("Software serial ports aren't part of this simulation");
    const other = loopback[name];
    if (other === undefined) {
      world.put(bytes);
      host.serialWrite(name);
    } else for (const byte of bytes) world.later(() => arrive(other, String.fromCharCode(byte)));
  }

  function arrive(name: string, data: string): void {
    const object = (globalThis as Value)[name];
    if (!world.fire(object, "data", [data])) buffers.set(name, (buffers.get(name) ?? "") + data);
  }

  function Serial(this: Value) {}
  world.define("Serial", Serial);
  world.methods(Serial.prototype, {
    setup(this: Value, baud: Value, options: Value = {}) {
      const rate = baud === undefined ? 9600 : world.integer(baud);
      if (rate < 100 || rate > 10000000) throw new Error(`Invalid baud rate specified: ${rate}`);
      const parity = options?.parity ? String(options.parity)[0] : "n";
      if (!"neo".includes(parity)) throw new Error("Invalid parity");
      const name = world.devices.get(this);
      if (name !== undefined) host.serialSetup(name, rate, parity, world.integer(options?.stopbits) || 1);
    },
    unsetup(this: Value) {},
    write(this: Value, ...data: Value[]) {
      send(this, world.bytes(data));
    },
    print(this: Value, data: Value) {
      send(this, world.bytes(String(data)));
    },
    println(this: Value, data: Value) {
      send(this, world.bytes(String(data) + "\r\n"));
    },
    setConsole(this: Value, force: Value) {
      host.setConsole(world.devices.get(this) ?? "", Boolean(force));
    },
    available(this: Value) {
      return (buffers.get(world.devices.get(this) ?? "") ?? "").length;
    },
    read(this: Value, chars: Value) {
      const name = world.devices.get(this) ?? "";
      const buffer = buffers.get(name) ?? "";
      const count = chars === undefined || chars <= 0 ? buffer.length : world.integer(chars);
      buffers.set(name, buffer.slice(count));
      return buffer.slice(0, count);
    },
    inject(this: Value, ...data: Value[]) {
      world.put(world.bytes(data));
      host.inject(world.devices.get(this) ?? "");
    },
  });
  for (const name of [...names, "LoopbackA", "LoopbackB"]) {
    const object = Object.create(Serial.prototype);
    world.devices.set(object, name);
    world.define(name, object);
  }

  world.entries.data = (name: string, length: number) => arrive(name, world.text(world.take(length)));
}

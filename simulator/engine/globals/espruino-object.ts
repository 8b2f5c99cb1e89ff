import type { Host, Value, World } from "./world.js";

/** `E`, after `jswrap_espruino.c`; what native code has to do with is in `native-code.ts`. */
export function installEspruinoObject(world: World, host: Host): void {
  const E = function E() {};
  /** Addresses that were given to values: nothing is really there, but they are stable and not 0. */
  const addresses = new WeakMap<object, number>();
  let nextAddress = 0x20002000;
  const flagNames = [
    "deepSleep",
    "unsafeFlash",
    "unsyncFiles",
    "pretokenise",
    "jitDebug",
    "onErrorSave",
    "onErrorFlash",
  ];
  const flags: Record<string, number> = {};
  for (const name of flagNames) flags[name] = 0;

  function addressOf(value: Value, flat: Value): number {
    if (typeof value === "string") {
      // A string that came from Storage is where its file is; any other is a chain of variables.
      world.put(world.charCodes(value.slice(0, 4096)));
      const address: number = value === "" ? 0 : host.storageAddress(value.length);
      return address || (flat ? 0 : nextAddress);
    }
    const object = ArrayBuffer.isView(value) ? value.buffer : value;
    if (object === null || (typeof object !== "object" && typeof object !== "function")) return flat ? 0 : nextAddress;
    if (flat && !(object instanceof ArrayBuffer)) return 0;
    let address = addresses.get(object);
    if (address === undefined) {
      addresses.set(object, (address = nextAddress));
      nextAddress += ((object instanceof ArrayBuffer ? object.byteLength : 12) + 15) & ~15;
    }
    return address + (ArrayBuffer.isView(value) ? value.byteOffset : 0);
  }

  function sum(values: Value): number {
    let total = 0;
    for (const value of values) total += Number(value);
    return total;
  }

  const joined = (data: Value[]) => world.bytes(data.length === 1 ? data[0] : data);
  world.methods(E, {
    hwRand: () => host.random(),
    /** Volts; all boards' converters measure against 3.3 V here. */
    getAnalogVRef: () => 3.3,
    srand() {},
    CRC32(data: Value) {
      if (data === undefined || data === null || typeof data === "number") return undefined;
      world.put(world.bytes(data));
      return host.crc32() >>> 0;
    },
    toString: (...data: Value[]) => world.text(joined(data)),
    toUint8Array: (...data: Value[]) => Uint8Array.from(joined(data)),
    getAddressOf: addressOf,
    mapInPlace(from: Value, to: Value, map: Value, bits: Value) {
      const entry = (value: number) =>
        map === undefined || map === null ? value : typeof map === "function" ? map(value) : map[value];
      if (bits === undefined) for (let i = 0; i < from.length; i++) to[i] = entry(from[i]);
      else {
        const size = Math.abs(bits);
        const each = 8 / size;
        for (let i = 0; i < to.length; i++) {
          const byte = from[Math.floor(i / each)];
          const slot = i % each;
          const shift = size * (bits < 0 ? slot : each - 1 - slot);
          to[i] = entry((byte >> shift) & ((1 << size) - 1));
        }
      }
    },
    sum,
    variance(values: Value, mean: Value) {
      let total = 0;
      for (const value of values) total += (Number(value) - mean) ** 2;
      return total / values.length;
    },
    convolve(a: Value, b: Value, offset: Value) {
      let total = 0;
      for (let i = 0; i < a.length; i++) total += a[i] * b[(((i + offset) % b.length) + b.length) % b.length];
      return total;
    },
    clip: (value: number, least: number, most: number) => (value < least ? least : value > most ? most : value),
    reverseByte(value: number) {
      let result = 0;
      for (let bit = 0; bit < 8; bit++) if (value & (1 << bit)) result |= 128 >> bit;
      return result;
    },
    toJS: (value: Value) => world.format(value, 512),
    getConsole: () => host.getConsole() || null,
    setConsole(device: Value, options: Value) {
      const name =
        device === null
          ? ""
          : device === ""
            ? undefined
            : typeof device === "string"
              ? device
              : world.devices.get(device);
      if (name === undefined) throw new Error("setConsole can't be used on 'soft' or non-Serial devices");
      host.setConsole(name, Boolean(options?.force));
    },
    enableWatchdog(seconds: Value, automatic: Value) {
      host.watchdog(Number(seconds), automatic === undefined ? true : Boolean(automatic));
    },
    kickWatchdog: () => host.kickWatchdog(),
    getFlags: () => Object.assign({}, flags),
    setFlags(changes: Value) {
      for (const name of flagNames) if (changes[name] !== undefined) flags[name] = Number(changes[name]);
    },
    getErrorFlags() {
      const names: string = host.errorFlags();
      return names === "" ? [] : names.split(",");
    },
    reboot: () => host.reboot(),
    setBootCode(code: Value, always: Value) {
      host.storageErase(".bootcde");
      host.storageErase(".bootrst");
      if (code === undefined || code.length === 0) return;
      world.put(world.bytes(String(code)));
      host.storageWrite(always ? ".bootrst" : ".bootcde", 0, 0, 0);
    },
    getClock: () => host.clockHertz(),
    getSizeOf(value: Value) {
      return Math.ceil(JSON.stringify(value ?? null).length / 12) + 1;
    },
    dumpStr: () => world.entries.dumpText(),
    defrag() {},
    stopEventPropagation() {},
    lookupNoCase(object: Value, key: Value, name: Value) {
      const found = Object.keys(object).find((each) => each.toLowerCase() === String(key).toLowerCase());
      return found === undefined ? undefined : name ? found : object[found];
    },
  });
  world.define("E", E);
  world.native(E);
}

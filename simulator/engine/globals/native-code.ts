import type { Host, Value, World } from "./world.js";

/**
 * `E.nativeCall` and the memory that native code shares with the script, after `jswrap_espruino.c`. A JavaScript string
 * has no identity, so a flat string is known by its characters: of several that are alike the newest is meant. Of the
 * characters only a hash is kept, so that the text is gone from the script's memory as soon as the script drops it.
 */
export function installNativeCode(world: World, host: Host, hasNativeCall: boolean): void {
  const E = (globalThis as Value).E;
  /** Shorter buffers can't be found in QuickJS's memory. */
  const markBytes = 16;
  const addresses = new WeakMap<object, number>();
  const forgotten = new FinalizationRegistry((address: number) => void host.blockForget(address));
  /** Flat strings that were made: what they were, their bytes, and whether a buffer over them was asked for. */
  const flat: { length: number; hash: number; buffer: ArrayBuffer; taken: boolean }[] = [];
  const mostFlat = 32;
  /** Machine code of an image that was read lately, and where it lies. */
  const areas: { text: string; address: number }[] = [];
  const plainAddress = E.getAddressOf;

  /** Where a buffer's bytes are for native code; 0 when they aren't in one piece. */
  function blockAddress(buffer: ArrayBuffer): number {
    let address = addresses.get(buffer);
    if (address !== undefined) return address;
    const bytes = new Uint8Array(buffer);
    const kept = bytes.slice(0, markBytes);
    const mark = world.take(host.blockMark());
    for (let i = 0; i < markBytes; i++) bytes[i] = ~mark[i];
    try {
      address = host.blockAddress(buffer.byteLength) as number;
    } finally {
      bytes.set(kept);
    }
    if (address === 0) return 0;
    addresses.set(buffer, address);
    forgotten.register(buffer, address);
    return address;
  }

  /** By the host: a loop over bytes would count as the script's own steps. */
  function hashOf(bytes: Uint8Array): number {
    world.put(bytes);
    return host.crc32();
  }

  function newest(text: string, free: boolean): (typeof flat)[number] | undefined {
    const candidates = flat.filter(({ length, taken }) => length === text.length && !(free && taken));
    const hash = candidates.length > 0 ? hashOf(world.charCodes(text)) : 0;
    return candidates.reverse().find((each) => each.hash === hash);
  }

  function addressOf(value: Value, isFlat: Value): number {
    // What is asked for again and again is answered in as few steps as a native of Espruino's takes time.
    const known = isFlat && addresses.get(value as object);
    if (known) return known;
    if (!isFlat) return plainAddress(value, false);
    if (typeof value === "string") {
      const made = newest(value, false);
      if (made && made.buffer.byteLength >= markBytes) return blockAddress(made.buffer);
      return areas.find(({ text }) => text === value)?.address ?? plainAddress(value, true);
    }
    const view = ArrayBuffer.isView(value);
    const buffer = view ? value.buffer : value;
    if (!(buffer instanceof ArrayBuffer) || buffer.byteLength < markBytes) return plainAddress(value, true);
    const address = blockAddress(buffer);
    return address && address + (view ? value.byteOffset : 0);
  }

  function toFlatString(...data: Value[]): string | undefined {
    const only = data[0] instanceof ArrayBuffer ? new Uint8Array(data[0]) : data[0];
    const bytes = world.bytes(data.length === 1 ? only : data);
    // Bytes that lie in one piece already are taken as they are.
    const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
    const buffer = (whole ? bytes : bytes.slice()).buffer as ArrayBuffer;
    if (buffer.byteLength >= markBytes && blockAddress(buffer) === 0) return undefined;
    const text = world.text(bytes);
    flat.push({ length: text.length, hash: hashOf(bytes), buffer, taken: false });
    if (flat.length > mostFlat) flat.shift();
    return text;
  }

  const types: Readonly<Record<string, boolean>> = { void: true, bool: true, int: true, Pin: true };

  function nativeCall(address: Value, signature: Value, data: Value) {
    if (signature !== undefined && typeof signature !== "string") throw new Error("Invalid Signature");
    const match = /^\s*(\w+)\s*\(\s*((?:\w+\s*(?:,\s*\w+\s*)*)?)\)/.exec(signature ?? "void()");
    const parameters = match && match[2].trim() !== "" ? match[2].split(",").map((type) => type.trim()) : [];
    const names = match ? [match[1], ...parameters] : [""];
    for (const [index, name] of names.entries()) {
      const known = types[name] || /^(double|float|JsVar)$/.test(name);
      if (!known || index > 4) throw new Error(`Error Parsing signature at argument number ${index + 1}`);
      if (!types[name]) throw new Error(`the simulator passes no ${name} to native code, only int, bool and Pin`);
    }
    let base = 0;
    if (data !== undefined) {
      const text = typeof data === "string" && newest(data, false) ? data : toFlatString(data);
      if (text === undefined) return undefined;
      base = addressOf(text, true);
    }
    const place = base + world.integer(address);
    const converts = names.some((type) => type === "bool" || type === "void");
    // Entering machine code costs Espruino 47 us at 125 MHz, three steps' time: no more of them than that.
    if (!converts)
      return world.native((a: Value, b: Value, c: Value, d: Value) =>
        host.nativeCall(place, a | 0, b | 0, c | 0, d | 0),
      );
    return world.native(function (...args: Value[]) {
      const words = parameters.map((type, index) => (type === "bool" ? Number(Boolean(args[index])) : args[index] | 0));
      const result: number = host.nativeCall(place, ...words);
      return names[0] === "void" ? undefined : names[0] === "bool" ? Boolean(result & 255) : result;
    });
  }

  world.methods(E, {
    getAddressOf: addressOf,
    toFlatString,
    toArrayBuffer(text: Value) {
      if (typeof text !== "string") return undefined;
      const made = newest(text, true) ?? newest(text, false);
      if (!made) return world.charCodes(text).buffer;
      made.taken = true;
      return made.buffer;
    },
    memoryArea(address: Value, length: Value) {
      if (!address || length < 0) return undefined;
      const [from, count] = [world.integer(address), world.integer(length)];
      const isImage = host.imageRead(from, count) >= 0;
      if (!isImage) host.flashRead(count, from);
      const text = world.text(world.take(count));
      if (isImage && host.imageInPlace()) {
        areas.unshift({ text, address: from });
        areas.length = Math.min(areas.length, 4);
      }
      return text;
    },
  });
  if (hasNativeCall) world.methods(E, { nativeCall });
}

/**
 * The script's side of the border. The functions of this folder run inside QuickJS: `Sandbox.install` takes their
 * source, so each may use its parameters and JavaScript's own globals, and nothing else of this project.
 */

/** Natives of the host, as the script sees them: primitives only; bytes travel by `World.put` and `World.take`. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Host = Readonly<Record<string, (...args: (number | string | boolean | ArrayBuffer)[]) => any>>;

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Value = any;

/** What the files of this folder give each other, and what the host calls. */
export interface World {
  readonly host: Host;
  /** Makes a global that doesn't show up in loops. */
  define(name: string, value: Value): void;
  /** Marks as native: prints as `function () { [native code] }`. */
  native<T extends Value>(value: T): T;
  isNative(value: Value): boolean;
  /** Natives as methods of `target`, not enumerable. */
  methods(target: Value, methods: Readonly<Record<string, Value>>): void;
  /** Everything that Espruino takes as data, flattened: numbers, strings, arrays, `{data,count}`, `{callback}`. */
  bytes(data: Value): Uint8Array;
  /** A string of one char a byte. */
  text(bytes: ArrayLike<number>): string;
  /** A string's low bytes. */
  charCodes(text: string): Uint8Array;
  /** Hands bytes to the host's next native call. */
  put(bytes: Uint8Array): void;
  /** Takes as many bytes as the host's last native call gave. */
  take(length: number): Uint8Array;
  /** A value as Espruino converts it to a number for a native's parameter. */
  integer(value: Value): number;
  /** What the host calls, by name. */
  readonly entries: Record<string, (...args: Value[]) => Value>;
  /** Names of natives that are objects of a device: `I2C1`. */
  readonly devices: Map<object, string>;
  /** Calls a callback: a function, an array of them, or a string of code. */
  run(callback: Value, self: Value, args: Value[]): void;
  /** `print`'s and the prompt's way to show a value; set by `format.ts`. */
  format: (value: Value, flags: number) => string;
  /** A pin from whatever names it, or undefined; set by `pins.ts`. */
  pin: (value: Value) => Value;
  /** Has something done by the event loop; set by `events.ts`. */
  later: (action: () => void) => void;
  /** Events of an object to their listeners, at once; false when nobody listens. Set by `events.ts`. */
  fire: (target: Value, event: string, args: Value[]) => boolean;
}

/** @param names the board's devices of each kind */
export function createWorld(host: Host): World {
  const natives = new WeakSet<object>();
  const global = globalThis as Value;
  const evaluate = eval;

  function native<T extends Value>(value: T): T {
    natives.add(value as object);
    return value;
  }

  function text(bytes: ArrayLike<number>): string {
    // By the kilobyte: a loop over bytes would count as the script's own steps.
    const low = bytes instanceof Uint8Array ? bytes : Uint8Array.from(bytes);
    let result = "";
    for (let start = 0; start < low.length; start += 1024)
      result += String.fromCharCode.apply(null, low.subarray(start, start + 1024) as Value);
    return result;
  }

  function charCodes(string: string): Uint8Array {
    // NUL doesn't survive the border; of a char the low byte counts. A regular expression would count as steps.
    return new Uint8Array(host.charCodes(string.replaceAll("\0", "\u0100")) as ArrayBuffer);
  }

  function kind(value: Value): string {
    if (value === null) return "null";
    if (Array.isArray(value)) return "Array";
    return typeof value === "object" ? (value.constructor?.name ?? "Object") : typeof value;
  }

  function collect(data: Value, into: number[]): void {
    if (data === null || data === undefined) {
      if (data === null) into.push(0);
      else throw new TypeError("Expecting Number or iterable, got undefined");
    } else if (typeof data === "number" || typeof data === "boolean") into.push(Number(data) & 255);
    else if (typeof data === "string") for (let i = 0; i < data.length; i++) into.push(data.charCodeAt(i) & 255);
    else if (data instanceof ArrayBuffer) collect(new Uint8Array(data), into);
    else if (ArrayBuffer.isView(data))
      for (let i = 0; i < (data as Value).length; i++) into.push((data as Value)[i] & 255);
    else if (Array.isArray(data)) for (let i = 0; i < data.length; i++) collect(data[i], into);
    else if (world.pin?.(data) === data) into.push(Number(data) & 255);
    else if (typeof data === "object") {
      if (typeof data.callback === "function") {
        const result = data.callback();
        if (result !== undefined) collect(result, into);
      } else if (typeof data.count === "number" && "data" in data)
        for (let n = data.count; n > 0; n--) collect(data.data, into);
      else
        throw new TypeError(
          "If specifying an object, it must be of the form {data : ..., count : N} or {callback : fn} - got " +
            world.format(data, 5),
        );
    } else throw new TypeError("Expecting Number or iterable, got " + kind(data));
  }

  const world: World = {
    host,
    native,
    isNative: (value) => natives.has(value),
    define(name, value) {
      if (typeof value === "function") native(value);
      Object.defineProperty(global, name, { value, writable: true, configurable: true, enumerable: false });
    },
    methods(target, methods) {
      for (const name of Object.keys(methods)) {
        if (typeof methods[name] === "function") native(methods[name]);
        Object.defineProperty(target, name, {
          value: methods[name],
          writable: true,
          configurable: true,
          enumerable: false,
        });
      }
    },
    bytes(data) {
      if (typeof data === "string") return charCodes(data);
      if (data instanceof Uint8Array) return data;
      if (typeof data?.data === "number" && data.count >= 0)
        return new Uint8Array(Math.floor(data.count)).fill(data.data);
      const result: number[] = [];
      collect(data, result);
      return Uint8Array.from(result);
    },
    text,
    charCodes,
    put(bytes) {
      const whole = bytes.byteLength === bytes.buffer.byteLength;
      host.push((whole ? bytes : bytes.slice()).buffer as ArrayBuffer);
    },
    take: (length) => new Uint8Array(host.pull(), 0, length),
    integer(value) {
      if (typeof value === "string" && value.length === 0) return 0;
      const number = Number(value);
      return number !== number ? 0 : Math.trunc(number);
    },
    entries: {},
    devices: new Map(),
    run(callback, self, args) {
      if (Array.isArray(callback)) for (const each of callback) world.run(each, self, args);
      else if (typeof callback === "function") callback.apply(self, args);
      else if (typeof callback === "string") evaluate(callback);
      else throw new Error("Unknown type of callback in Event Queue");
    },
    format: (value) => String(value),
    pin: () => undefined,
    later: () => {},
    fire: () => false,
  };
  return world;
}

/** What the host calls. */
export function entriesOf(world: World): Value {
  world.entries.toJS = (value: Value) => world.format(value, 512);
  /** Fires with an object as the argument; false when it isn't one or nobody listens. */
  world.entries.fireValue = (value: Value, target: string, event: string) =>
    value !== null && typeof value === "object" && world.fire((globalThis as Value)[target], event, [value]);
  world.entries.onInit = () => {
    const start = (globalThis as Value).onInit;
    if (typeof start === "function") start();
  };
  world.define("global", globalThis);
  world.entries.setFile = (name: string) => world.define("__FILE__", name);
  const interpreter = (globalThis as Value).process;
  world.entries.uncaught = (error: Value) =>
    !(error instanceof Error && error.name === "InternalError") &&
    world.fire(interpreter, "uncaughtException", [error]);
  return world.entries;
}

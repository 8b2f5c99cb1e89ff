import type { Host, Value, World } from "./world.js";

/** Timers, watches on pins and the clock, after `jswrap_interactive.c` and `jswrap_io.c`. Time is the board's. */
export function installTimers(world: World, host: Host): void {
  interface Timer {
    callback: Value;
    args: Value[];
    /** Milliseconds; undefined for a timeout. */
    interval: number | undefined;
  }
  const timers = new Map<number, Timer>();
  const watches = new Map<number, { callback: Value; repeat: boolean; description: string }>();
  const [least, most] = [0.1, 1000 * 60 * 60 * 24 * 365 * 100];

  /** Numbers begin at 1 and go on after the largest that is in use, as array indices do. */
  function nextId(map: Map<number, unknown>): number {
    let id = 0;
    for (const each of map.keys()) if (each > id) id = each;
    return id + 1;
  }

  function callable(callback: Value): void {
    if (typeof callback !== "function" && typeof callback !== "string")
      throw new Error("Function or String not supplied!");
  }

  function set(callback: Value, milliseconds: Value, args: Value[], repeat: boolean): number {
    callable(callback);
    let interval = Number(milliseconds);
    if (!(interval >= least)) interval = least;
    if (interval > most) throw new Error("Interval is too long (>100 years)");
    const id = nextId(timers);
    timers.set(id, { callback, args, interval: repeat ? interval : undefined });
    host.setTimer(id, interval * 1000, repeat ? interval * 1000 : 0);
    return id;
  }

  function clear(args: Value[], name: string): void {
    if (args.length === 0) {
      for (const id of timers.keys()) host.clearTimer(id);
      timers.clear();
      return;
    }
    if (args[0] === undefined) throw new Error(`clear${name}(undefined) not allowed. Use clear${name}() instead`);
    const id = Number(args[0]);
    if (timers.delete(id)) host.clearTimer(id);
  }

  function edgeOf(value: Value, fallback: number): number {
    if (value === undefined) return fallback;
    if (typeof value === "number") return Math.sign(Math.trunc(value));
    const edge = { rising: 1, falling: -1, both: 0 }[String(value)];
    if (edge === undefined) throw new TypeError("'edge' in setWatch should be 1, -1, 0, 'rising', 'falling' or 'both'");
    return edge;
  }

  const natives: Record<string, Value> = {
    setTimeout: (callback: Value, time: Value, ...args: Value[]) => set(callback, time, args, false),
    setInterval: (callback: Value, time: Value, ...args: Value[]) => set(callback, time, args, true),
    clearTimeout: (...args: Value[]) => clear(args, "Timeout"),
    clearInterval: (...args: Value[]) => clear(args, "Interval"),
    changeInterval(id: Value, time: Value) {
      const timer = timers.get(Number(id));
      if (!timer) throw new Error("Unknown Interval");
      timer.interval = Math.max(least, Number(time));
      host.setTimer(Number(id), timer.interval * 1000, timer.interval * 1000);
    },
    setWatch(callback: Value, pinValue: Value, options: Value) {
      const pin = world.pin(pinValue);
      if (pin === undefined) return world.entries.warn("Invalid pin");
      const button = host.isButton(pin.name);
      let repeat = Boolean(options);
      let debounce = button ? 25 : 0;
      let edge = button ? 1 : 0;
      if (options !== null && typeof options === "object") {
        repeat = Boolean(options.repeat);
        if (options.debounce !== undefined) debounce = Math.max(0, Number(options.debounce) || 0);
        edge = edgeOf(options.edge, edge);
      }
      callable(callback);
      const id = nextId(watches);
      const name = edge > 0 ? "rising" : edge < 0 ? "falling" : "both";
      const wait = debounce > 0 ? `, debounce : ${debounce}` : "";
      watches.set(id, { callback, repeat, description: `${pin.name}, { repeat:${repeat}, edge:'${name}'${wait} }` });
      host.setWatch(id, pin.name, edge, debounce * 1000);
      return id;
    },
    clearWatch(...args: Value[]) {
      if (args.length === 0) {
        for (const id of watches.keys()) host.clearWatch(id);
        watches.clear();
      } else if (args[0] === undefined) throw new Error("clearWatch(undefined) not allowed. Use clearWatch() instead");
      else if (!watches.delete(Number(args[0]))) throw new Error("Unknown Watch " + args[0]);
      else host.clearWatch(Number(args[0]));
    },
    getTime: () => host.realtime() / 1e6,
    setTime: (seconds: Value) => host.setRealtime(Number(seconds) * 1e6),
  };
  for (const name of Object.keys(natives)) world.define(name, natives[name]);

  world.entries.timer = (id: number) => {
    const timer = timers.get(id);
    if (!timer) return;
    try {
      world.run(timer.callback, globalThis, timer.args);
    } finally {
      if (timer.interval === undefined && timers.get(id) === timer) timers.delete(id);
    }
  };
  /** After Ctrl-C in its callback an interval is gone. @returns whether it was one */
  world.entries.dropTimer = (id: number) => {
    const interval = timers.get(id)?.interval;
    timers.delete(id);
    return interval !== undefined;
  };
  /** @param lastTime seconds, or undefined before the first edge */
  world.entries.watch = (id: number, state: boolean, pinName: string, time: number, lastTime: number | undefined) => {
    const watch = watches.get(id);
    if (!watch) return;
    try {
      world.run(watch.callback, globalThis, [{ state, lastTime, time, pin: world.pin(pinName) }]);
    } finally {
      if (!watch.repeat && watches.get(id) === watch) {
        watches.delete(id);
        host.clearWatch(id);
      }
    }
  };
  world.entries.dropWatch = (id: number) => {
    if (watches.delete(id)) host.clearWatch(id);
  };
  /** Code that sets timers and watches up again. @param saved whether for `save` and not for a reader */
  world.entries.dumpTimers = () => {
    let text = "";
    for (const [id, timer] of timers)
      text += `${timer.interval ? "setInterval" : "setTimeout"}(${world.format(timer.callback, 5)}, ${world.format(
        timer.interval ?? host.timeLeft(id) / 1000,
        0,
      )}); // ${id}\n`;
    for (const watch of watches.values())
      text += `setWatch(${world.format(watch.callback, 5)}, ${watch.description});\n`;
    return text;
  };
}

/** `Date` and `Math.random` from the board's clock and entropy, in UTC: the host's zone and luck stay outside. */
export function installDate(world: World, host: Host): void {
  const Native = Date;
  const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
  const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const now = () => Math.floor(host.realtime() / 1000);
  const parse = (text: string) =>
    Native.parse(
      /(?:Z|GMT|UTC|[+-]\d\d:?\d\d)\s*$|^\d{4}(?:-\d\d)?(?:-\d\d)?$/.test(text)
        ? text
        : /T/.test(text)
          ? text + "Z"
          : text + " GMT",
    );

  const Simulated = function (this: Value, ...args: Value[]): Value {
    if (!new.target) return String(new (Simulated as Value)());
    let time;
    if (args.length === 0) time = now();
    else if (args.length === 1) time = typeof args[0] === "string" ? parse(args[0]) : Number(args[0]);
    else time = (Native.UTC as Value)(...args);
    return Reflect.construct(Native, [time], new.target);
  };
  Object.defineProperty(Simulated, "name", { value: "Date" });
  Simulated.prototype = Native.prototype;
  world.methods(Simulated, { now, parse, UTC: Native.UTC });
  const two = (value: number) => String(value).padStart(2, "0");
  const prototype = Native.prototype as Value;
  for (const part of ["FullYear", "Month", "Date", "Day", "Hours", "Minutes", "Seconds", "Milliseconds"]) {
    world.methods(prototype, { ["get" + part]: prototype["getUTC" + part] });
    if (part !== "Day") world.methods(prototype, { ["set" + part]: prototype["setUTC" + part] });
  }
  world.methods(prototype, {
    constructor: Simulated,
    getTimezoneOffset: () => 0,
    toString(this: Date) {
      const time = `${two(this.getUTCHours())}:${two(this.getUTCMinutes())}:${two(this.getUTCSeconds())}`;
      return `${days[this.getUTCDay()]} ${months[this.getUTCMonth()]} ${this.getUTCDate()} ${this.getUTCFullYear()} ${time} GMT+0000`;
    },
  });
  world.define("Date", Simulated);
  world.methods(Math, {
    random: () => ((host.random() >>> 0) + (host.random() >>> 11) / 0x200000) / 0x100000000,
  });
}

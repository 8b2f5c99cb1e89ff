import type { Host, Value, World } from "./world.js";

/**
 * `Pin`, its objects (`D5`, `LED1`) and the functions over pins, after `jswrap_pin.c` and `jswrap_io.c`.
 * A pin is a number on Espruino and an object here: `typeof D5` differs, arithmetic and comparison don't.
 */
export function installPins(world: World, host: Host, names: string): void {
  /** `name=alias,alias` a line, in the order of Espruino's numbers. */
  const pins: Value[] = [];
  const byName = new Map<string, Value>();

  function Pin(this: Value, value: Value) {
    const found = pin(value);
    if (found === undefined) throw new Error("Invalid pin");
    return found;
  }
  Pin.prototype.constructor = Pin;
  world.define("Pin", Pin);

  for (const line of names.split("\n")) {
    const [name, aliases] = line.split("=");
    const object = Object.create(Pin.prototype);
    Object.defineProperties(object, { name: { value: name }, index: { value: pins.length } });
    pins.push(object);
    for (const each of [name, ...aliases.split(",").filter((alias) => alias !== "")]) {
      byName.set(each, object);
      world.define(each, object);
    }
  }

  function pin(value: Value): Value {
    if (value !== null && typeof value === "object") return value instanceof Pin ? value : undefined;
    if (typeof value === "number") return pins[value];
    return typeof value === "string" ? byName.get(value) : undefined;
  }

  function need(value: Value): Value {
    const found = pin(value);
    if (found === undefined) throw new Error("Invalid pin");
    return found;
  }

  function write(target: Value, value: Value): void {
    if (Array.isArray(target)) {
      let bits = value === true ? -1 : world.integer(value);
      for (let i = target.length - 1; i >= 0; i--) {
        host.write(need(target[i]).name, (bits & 1) === 1);
        bits >>= 1;
      }
    } else if (target !== null && typeof target === "object" && pin(target) === undefined) {
      if (typeof target.write !== "function") throw new Error("Invalid pin");
      target.write(world.integer(value));
    } else host.write(need(target).name, typeof value === "boolean" ? value : world.integer(value) !== 0);
  }

  function read(target: Value): number {
    if (Array.isArray(target)) {
      let bits = 0;
      for (const each of target) bits = (bits << 1) | (host.read(need(each).name) ? 1 : 0);
      return bits;
    }
    if (target !== null && typeof target === "object" && pin(target) === undefined) {
      if (typeof target.read !== "function") throw new Error("Invalid pin");
      return world.integer(target.read());
    }
    return host.read(need(target).name) ? 1 : 0;
  }

  function pulse(target: Value, value: Value, times: Value): void {
    const { name } = need(target);
    const values = typeof times === "number" ? [times] : times;
    if (typeof times === "number" && !(times >= 0)) throw new Error("Pulse Time is less than 0 or not a number");
    if (values === null || typeof values !== "object" || !(values.length >= 0))
      throw new Error("Expecting Number or Array, got " + (times === null ? "null" : typeof times));
    const list = Float64Array.from(values as number[]);
    world.put(new Uint8Array(list.buffer));
    host.pulse(name, Boolean(value));
  }

  function pwm(target: Value, value: Value, options: Value): void {
    host.pwm(need(target).name, Number(value) || 0, Number(options?.freq) || 0);
  }

  world.pin = pin;
  const natives: Record<string, Value> = {
    digitalWrite: write,
    digitalRead: read,
    digitalPulse: pulse,
    analogWrite: pwm,
    analogRead: (target: Value) => host.analog(need(target).name),
    pinMode(target: Value, mode: Value, automatic: Value) {
      host.mode(need(target).name, mode === undefined ? "auto" : String(mode), Boolean(automatic));
    },
    getPinMode: (target: Value) => host.getMode(need(target).name),
    shiftOut(targets: Value, options: Value, data: Value) {
      const clock = options?.clk === undefined ? undefined : need(options.clk);
      const outputs = Array.isArray(targets) ? targets : [targets];
      const repeat = options?.repeat ?? 1;
      for (const byte of world.bytes(data))
        for (let n = 0, bits = byte; n < repeat; n++, bits >>= outputs.length) {
          if (clock) host.write(clock.name, Boolean(options.clkPol));
          outputs.forEach((output, i) => host.write(need(output).name, ((bits >> i) & 1) === 1));
          if (clock) host.write(clock.name, !options.clkPol);
        }
    },
  };
  for (const name of Object.keys(natives)) world.define(name, natives[name]);

  world.methods(Pin.prototype, {
    read(this: Value) {
      return host.read(this.name);
    },
    write(this: Value, value: Value) {
      host.write(this.name, Boolean(value));
    },
    set(this: Value) {
      host.write(this.name, true);
    },
    reset(this: Value) {
      host.write(this.name, false);
    },
    toggle(this: Value) {
      return host.toggle(this.name);
    },
    mode(this: Value, mode: Value) {
      natives.pinMode(this, mode);
    },
    getMode(this: Value) {
      return host.getMode(this.name);
    },
    pulse(this: Value, value: Value, times: Value) {
      pulse(this, value, times);
    },
    pwm(this: Value, value: Value, options: Value) {
      pwm(this, value, options);
    },
    analog(this: Value) {
      return host.analog(this.name);
    },
    writeAtTime(this: Value, value: Value, time: number) {
      host.writeAtTime(this.name, Boolean(value), time);
    },
    getInfo(this: Value) {
      const match = /^([A-Z]*?)(\d+)$/.exec(this.name);
      const mode = host.getMode(this.name);
      return { port: match?.[1], num: Number(match?.[2]), mode, output: host.output(this.name) ? 1 : 0, functions: {} };
    },
    toString(this: Value) {
      return this.name;
    },
    toJSON(this: Value) {
      return this.name;
    },
    valueOf(this: Value) {
      return this.index;
    },
  });
}

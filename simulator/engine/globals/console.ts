import type { Host, Value, World } from "./world.js";

/** `print`, `console`, `dump`, `load` and the rest of the interpreter's own, after `jswrap_interactive.c`. */
export function installConsole(world: World, host: Host): void {
  const before = new Set(Object.getOwnPropertyNames(globalThis));

  /** Text to the console; one call, unless NUL is in it. */
  function out(text: string): void {
    if (text.indexOf("\0") < 0) host.print(text);
    else {
      world.put(world.charCodes(text));
      host.printBytes();
    }
  }

  function print(...values: Value[]): void {
    let text = "";
    for (let i = 0; i < values.length; i++) {
      if (i > 0) text += " ";
      text += typeof values[i] === "string" ? values[i] : world.format(values[i], 1 | 4 | 256);
    }
    out(text + "\n");
  }

  /** Names that the script made. */
  function own(): string[] {
    return Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name) && !/^[^A-Za-z_$]/.test(name));
  }

  /** State as code. */
  function dumpText(): string {
    let text = "";
    for (const name of own()) {
      const value = (globalThis as Value)[name];
      if (world.isNative(value)) continue;
      if (typeof value === "function") text += `function ${name}${world.format(value, 5).slice(9)}\n`;
      else text += `var ${name} = ${world.format(value, 1 | 4 | 32)};\n`;
    }
    return text + world.entries.dumpTimers();
  }

  world.entries.dumpText = dumpText;
  /** Begins to count what the script defines. */
  world.entries.ready = () => {
    for (const name of Object.getOwnPropertyNames(globalThis)) before.add(name);
  };
  world.entries.warn = (message: string) => {
    out(`ERROR: ${message}\n`);
  };

  const natives: Record<string, Value> = {
    print,
    dump() {
      out(dumpText());
      const code = host.bootCode();
      if (code !== undefined) out(`// Code saved with E.setBootCode\n${code}`);
    },
    trace() {
      out(
        own()
          .map((name) => `${name} : ${world.format((globalThis as Value)[name], 1 | 4)}\n`)
          .join(""),
      );
    },
    load: (file: Value) => (file === undefined ? host.load() : host.load(String(file))),
    save: () => host.save(dumpText()),
    reset: (clear: Value) => host.reset(Boolean(clear)),
    echo: (on: Value) => host.echo(Boolean(on)),
    edit(name: Value) {
      const value = typeof name === "string" ? (globalThis as Value)[name] : name;
      if (typeof value !== "function") throw new Error("Edit should be called with the name of a function");
      const known = typeof name === "string" ? name : own().find((each) => (globalThis as Value)[each] === value);
      if (known === undefined) throw new Error("Edit should be called with edit(funcName) or edit('funcName')");
      host.edit(`function ${known}${world.format(value, 0).slice(9)}`);
    },
    getSerial: () => host.serialNumber(),
    setBusyIndicator() {},
    setSleepIndicator() {},
    setDeepSleep() {},
    setPassword() {},
    peek8: undefined,
    atob(text: Value) {
      const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
      let result = "";
      let bits = 0;
      let count = 0;
      for (const char of String(text)) {
        const value = alphabet.indexOf(char);
        if (value < 0) continue;
        bits = (bits << 6) | value;
        count += 6;
        if (count >= 8) result += String.fromCharCode((bits >> (count -= 8)) & 255);
        bits &= 0xfff;
      }
      return result;
    },
    btoa(data: Value) {
      const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
      const bytes = world.bytes(data);
      let result = "";
      for (let i = 0; i < bytes.length; i += 3) {
        const bits = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
        const group = [18, 12, 6, 0].map((shift) => alphabet[(bits >> shift) & 63]);
        result += group.slice(0, Math.min(4, bytes.length - i + 1)).join("");
      }
      return result + "==".slice(0, (3 - (bytes.length % 3)) % 3);
    },
  };
  delete natives.peek8;
  for (const name of Object.keys(natives)) world.define(name, natives[name]);

  const log = function console() {};
  const silent = { log: print, debug: print, info: print, warn: print, error: print, trace: () => {} };
  world.methods(log, silent);
  world.define("console", log);

  /** `JSON.stringify` escapes every byte that isn't ASCII. */
  const stringify = JSON.stringify;
  const escape = (char: string) => "\\u" + char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  world.methods(JSON, {
    stringify: (...args: Value[]) => (stringify as Value)(...args)?.replace(/[\x7f-\uffff]/g, escape),
  });

  const process = { version: host.version() as string };
  world.methods(process, {
    memory: (collect: Value) => JSON.parse(host.memory(collect === undefined || Boolean(collect))),
  });
  Object.defineProperty(process, "env", {
    get: world.native(() => JSON.parse(host.environment())),
    enumerable: false,
  });
  world.define("process", process);
  world.methods(Function.prototype, {
    replaceWith(this: Value, other: Value) {
      const name = own().find((each) => (globalThis as Value)[each] === this);
      if (name !== undefined) (globalThis as Value)[name] = other;
    },
  });
}

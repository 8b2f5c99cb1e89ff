import type { Value, World } from "./world.js";

/**
 * Values as text, after Espruino's `jswrap_json.c` and `jsutils.c`: layout, limits, 11 digits, escapes.
 * Flags are those of `jswrap_json.h`.
 */
export function installFormat(world: World): void {
  const [someNewlines, pretty, limit, showDevices, showNames, dropQuotes] = [1, 4, 8, 32, 256, 512];
  const [mostItems, itemsAtEnds, mostChars, charsAtEnds, itemsOnLine] = [15, 5, 60, 27, 4];
  const dots = " ... ";
  const functionText = Function.prototype.toString;
  const objectText = Object.prototype.toString;
  const global = globalThis as Value;

  /** `ftoa_bounded_extra`, without a fixed number of digits. */
  function number(value: number): string {
    if (value !== value) return "NaN";
    if (value === Infinity) return "Infinity";
    if (value === -Infinity) return "-Infinity";
    if (value === 0) return "0";
    if ((value | 0) === value) return String(value);
    const stop = 0.0000001;
    let result = "";
    let v = value;
    if (v < 0) {
      result = "-";
      v = -v;
    }
    let exponent = 0;
    if (v >= 1e21) {
      while (v > 100000) {
        v /= 100000;
        exponent += 5;
      }
      while (v > 10) {
        v /= 10;
        exponent++;
      }
    } else if (v < 1e-6) {
      while (v < 1e-5) {
        v *= 100000;
        exponent -= 5;
      }
      while (v < 1) {
        v *= 10;
        exponent--;
      }
    }
    if (v < 2147483647 && Math.trunc(v + stop) === 1 + Math.trunc(v)) v = 1 + Math.trunc(v);
    let d = 1;
    while (d * 10 <= v) d *= 10;
    while (d >= 1) {
      const digit = Math.trunc(v / d);
      v -= digit * d;
      result += digit;
      d /= 10;
    }
    if (v > 0) {
      v *= 10;
      let places = 0;
      while (places < 11 && v > stop) {
        const digit = Math.trunc(v + 0.00000001);
        v = (v - digit) * 10;
        if (places === 0) result += ".";
        result += digit > 9 ? 9 : digit;
        places++;
      }
    }
    if (exponent) result += "e" + (exponent > 0 ? "+" : "") + exponent;
    return result;
  }

  function quote(string: string): string {
    let result = '"';
    for (let i = 0; i < string.length; i++) {
      const code = string.charCodeAt(i);
      const next = i + 1 < string.length ? string.charCodeAt(i + 1) : 0;
      const named = { 10: "\\n", 9: "\\t", 8: "\\b", 11: "\\v", 12: "\\f", 13: "\\r", 92: "\\\\", 34: '\\"' }[code];
      if (named) result += named;
      else if (code < 8 && !(next >= 48 && next <= 55)) result += "\\" + code;
      else if (code > 255) result += "\\u" + code.toString(16).toUpperCase().padStart(4, "0");
      else if (code < 32 || code >= 127) result += "\\x" + code.toString(16).toUpperCase().padStart(2, "0");
      else result += string[i];
    }
    return result + '"';
  }

  /** Parameters and body of a function in source. */
  function split(source: string): { parameters: string; body: string } {
    const arrow = /^(?:async\s+)?(?:\(([^]*?)\)|([\w$]+))\s*=>\s*([^]*)$/.exec(source);
    if (arrow) {
      const parameters = arrow[1] ?? arrow[2];
      const body = arrow[3];
      return /^\{[^]*\}$/.test(body) ? { parameters, body: body.slice(1, -1) } : { parameters, body: "return " + body };
    }
    const match = /^[^(]*\(([^)]*)\)\s*\{([^]*)\}$/.exec(source);
    return match ? { parameters: match[1], body: match[2] } : { parameters: "", body: source };
  }

  function functionBody(value: Value, flags: number): string {
    const source = functionText.call(value);
    if (world.isNative(value) || /\{\s*\[native code\]\s*\}$/.test(source)) return "() { [native code] }";
    if (/^class\b/.test(source)) return "() {}";
    const { parameters, body } = split(source);
    const head = "(" + parameters.replace(/\s+/g, "") + ") ";
    if (flags & limit) return head + (body.trim() === "" ? "{}" : "{" + dots + "}");
    const trimmed = body.trim();
    return head + (trimmed.includes("\n") ? "{\n  " + trimmed + "\n}" : "{" + trimmed + "}");
  }

  function needsLine(value: Value): boolean {
    return !(
      value === undefined ||
      value === null ||
      typeof value === "number" ||
      typeof value === "boolean" ||
      world.pin(value) === value
    );
  }

  function newLine(depth: number): string {
    return "\n" + "  ".repeat(depth);
  }

  function members(
    value: Value,
    keys: string[],
    flags: number,
    depth: number,
    busy: Value[],
    first: boolean,
  ): { text: string; newLine: boolean } {
    let text = "";
    let pending = false;
    let since = 0;
    for (const key of keys) {
      const descriptor = Object.getOwnPropertyDescriptor(value, key);
      if (!descriptor || descriptor.get || descriptor.set) continue;
      const item = descriptor.value;
      since++;
      if (!first) text += flags & pretty ? ", " : ",";
      const own = (flags & someNewlines) !== 0 && needsLine(item);
      if (flags & someNewlines && since > itemsOnLine) pending = true;
      if (pending || own) {
        text += newLine(depth + 1);
        pending = false;
        since = 0;
      }
      const bare = flags & dropQuotes && /^(?:[A-Za-z_$][\w$]{0,62}|-?\d{1,9})$/.test(key);
      text += (bare ? key : quote(key)) + (flags & pretty ? ": " : ":");
      first = false;
      text += format(item, flags, depth + 1, busy);
      pending = own;
    }
    return { text, newLine: pending };
  }

  function list(value: Value[], flags: number, depth: number, busy: Value[]): string {
    let text = flags & pretty ? "[ " : "[";
    const limited = (flags & limit) !== 0 && value.length > mostItems;
    let pending = false;
    let first = true;
    for (let i = 0; i < value.length; i++) {
      if (limited && i >= itemsAtEnds && i < value.length - itemsAtEnds) continue;
      if (!first) text += flags & pretty ? ", " : ",";
      first = false;
      if (limited && i === value.length - itemsAtEnds) text += dots;
      const own = (flags & someNewlines) !== 0 && needsLine(value[i]);
      if (pending || own) text += newLine(depth + 1);
      text += format(value[i], flags, depth + 1, busy);
      pending = own;
    }
    if (flags & pretty) {
      const others = Object.keys(value).filter((key) => !(Number(key) >= 0));
      const rest = members(value, others, flags, depth, busy, first);
      text += rest.text;
      pending = pending || rest.newLine;
    }
    if (pending) text += newLine(depth);
    return text + (flags & pretty ? " ]" : "]");
  }

  function typedArray(value: Value, flags: number): string {
    const plain = value instanceof ArrayBuffer;
    const array: Value = plain ? new Uint8Array(value) : value;
    const name = plain ? "ArrayBuffer" : value.constructor.name;
    let zero = true;
    for (let i = 0; zero && i < array.length; i++) zero = array[i] === 0;
    if (zero) return "new " + name + "(" + array.length + ")";
    let text = "new " + (plain ? "Uint8Array" : name) + "([";
    const limited = (flags & limit) !== 0 && array.length > mostItems;
    for (let i = 0; i < array.length; i++) {
      if (limited && i >= itemsAtEnds && i < array.length - itemsAtEnds) continue;
      if (i > 0) text += flags & pretty ? ", " : ",";
      if (limited && i === array.length - itemsAtEnds) text += dots;
      text += number(array[i]);
    }
    return text + "])" + (plain ? ".buffer" : "");
  }

  /** The global name of what made an object, unless it is a plain one. */
  function maker(value: Value): string {
    const made = Object.getPrototypeOf(value)?.constructor;
    if (!made || made === Object || typeof made.name !== "string") return "";
    return global[made.name] === made || world.isNative(made) ? made.name : "";
  }

  function object(value: Value, flags: number, depth: number, busy: Value[]): string {
    let text = "";
    if (flags & showNames) {
      const name = maker(value);
      if (name) {
        text = name + ": ";
        if (name === "Promise") return text + "{ state: 0 }";
        const toString = value.toString;
        if (value instanceof RegExp) {
          const fields = { source: value.source, flags: value.flags, lastIndex: value.lastIndex };
          return text + format(fields, flags, depth, busy);
        }
        if (typeof toString === "function" && toString !== objectText) return text + toString.call(value);
      }
    }
    const inside = members(value, Object.keys(value), flags, depth, busy, true);
    text += (flags & pretty ? "{ " : "{") + inside.text;
    if (inside.newLine) text += newLine(depth);
    return text + (flags & pretty ? " }" : "}");
  }

  function format(value: Value, flags: number, depth: number, busy: Value[]): string {
    if (value === undefined) return "undefined";
    if (value === null) return "null";
    if (typeof value === "number") return number(value);
    if (typeof value === "string") {
      if (flags & limit && value.length > mostChars)
        return quote(value.slice(0, charsAtEnds)) + dots + quote(value.slice(-charsAtEnds));
      return quote(value);
    }
    if (typeof value === "function") return "function " + functionBody(value, flags);
    if (typeof value !== "object") return String(value);
    if (world.pin(value) === value) return String(value);
    if (flags & showDevices) {
      const device = world.devices.get(value);
      if (device) return device;
    }
    if (busy.includes(value) || depth > 60) return dots;
    if (value instanceof ArrayBuffer || (ArrayBuffer.isView(value) && !(value instanceof DataView)))
      return typedArray(value, flags);
    busy.push(value);
    try {
      return Array.isArray(value) ? list(value, flags, depth, busy) : object(value, flags, depth, busy);
    } finally {
      busy.pop();
    }
  }

  world.format = (value, flags) => format(value, flags, 0, []);
  world.methods(Function.prototype, {
    toString(this: Value) {
      return "function " + functionBody(this, 0);
    },
  });

  // Native on the prompt's side: what a line's result looks like.
  world.entries.describe = (value) =>
    format(value, limit | someNewlines | pretty | showDevices | showNames | dropQuotes, 0, []);
}

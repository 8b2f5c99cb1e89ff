import type { LoadExpression } from "../ir/types.js";
import { at, type Code, int, Level, literalValue, number, trailingZeros } from "./code.js";
import type { FunctionContext } from "./function-context.js";

/**
 * Loads and stores with their checks.
 *
 * The fast path is one typed-array access behind one test that fails for what is out of bounds, and for what is not
 * aligned: where memory's size is at least nearly a power of two, that test is a single `&` of the address with a
 * mask. The slow path is a helper that decides exactly. Where the address's range and alignment are known, there is
 * no test at all.
 */

interface Access {
  readonly bytes: number;
  readonly offset: number;
}

/** What a fast path indexes: a view and the address's right shift. */
const VIEW_OF: Readonly<Record<string, { readonly view: string; readonly shift: number }>> = {
  "1": { view: "U8", shift: 0 },
  "1s": { view: "I8", shift: 0 },
  "2": { view: "U16", shift: 1 },
  "2s": { view: "I16", shift: 1 },
  "4": { view: "I32", shift: 2 },
  f4: { view: "F32", shift: 2 },
  f8: { view: "F64", shift: 3 },
};

function viewOf(type: string, bytes: number, signed: boolean): { readonly view: string; readonly shift: number } {
  if (type[0] === "f") return VIEW_OF[`f${bytes}`];
  return VIEW_OF[`${bytes}${signed && bytes < 4 ? "s" : ""}`];
}

/** The address as something that may be written twice: itself when it's a name or literal, else assigned to scratch. */
function named(context: FunctionContext, address: Code, purpose: string): { first: string; again: Code } {
  if (isAtom(address)) return { first: address.text, again: address };
  const name = context.scratch(purpose);
  return { first: `(${name}=${address.text})`, again: { ...address, text: name, level: Level.primary } };
}

/** A name or a short literal: cheap and safe to write again. */
function isAtom(code: Code): boolean {
  return code.level === Level.primary && /^[\w$]{1,3}$/.test(code.text);
}

/** Whether the access can't fail: in bounds, and aligned as the view wants it. */
function isSafe(context: FunctionContext, address: Code, { bytes, offset }: Access): boolean {
  const size = context.symbols.memorySize;
  if (size === undefined || address.minimum < 0) return false;
  if (address.maximum + offset + bytes > size) return false;
  return Math.min(address.zeros, trailingZeros(offset)) >= trailingZeros(bytes);
}

/** The index into a view: address plus offset, shifted. */
function index(address: Code, offset: number, shift: number): string {
  const value = literalValue(address);
  if (value !== undefined) return String((value + offset) / 2 ** shift);
  const sum = offset === 0 ? address.text : `${at(address, Level.additive)}+${offset}`;
  return shift === 0 ? sum : `${offset === 0 ? at(address, Level.shift) : sum}>>${shift}`;
}

/** The test that sends an access to the slow path, on `first` (evaluated) and `again` (the same by name). */
function test(context: FunctionContext, first: string, again: string, { bytes, offset }: Access): string {
  const size = context.symbols.memorySize;
  const low = bytes - 1;
  if (size === undefined) {
    const limit = `${context.symbols.use("memory size")}-${offset + bytes}`;
    return low ? `${first}>>>0>${limit}|${again}&${low}` : `${first}>>>0>${limit}`;
  }
  const room = size - offset;
  const power = room > 0 ? 2 ** Math.floor(Math.log2(room)) : 0;
  if (power > bytes && room - power <= size / 8) return `${first}&${((-power | low) >>> 0).toString()}`;
  if (Number.isInteger(Math.log2(size)) && offset < size) return `(${first}|${again}+${offset})&${(-size | low) >>> 0}`;
  const limit = Math.max(-1, room - bytes);
  return low ? `${first}>>>0>${limit}|${again}&${low}` : `${first}>>>0>${limit}`;
}

const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  "1": [0, 255],
  "1s": [-128, 127],
  "2": [0, 65535],
  "2s": [-32768, 32767],
};

/** A load of anything but an i64. */
export function load(context: FunctionContext, expression: LoadExpression, address: Code): Code {
  const { type, bytes, signed, offset } = expression;
  const { view, shift } = viewOf(type, bytes, signed);
  const result = (text: string, level: number): Code => {
    if (type[0] === "f") return number(text, level);
    const [minimum, maximum] = RANGES[`${bytes}${signed ? "s" : ""}`] ?? [undefined, undefined];
    return int(text, level, minimum, maximum);
  };
  const access = { bytes, offset };
  if (isSafe(context, address, access)) {
    return result(`${context.symbols.use(view)}[${index(address, offset, shift)}]`, Level.primary);
  }
  const { symbols } = context;
  const { use } = symbols;
  if (context.compact) {
    const operands = [at(address, Level.assignment), String(offset)];
    if (type[0] === "f") return result(symbols.call(`load ${type}`, ...operands), Level.primary);
    if (bytes === 4) return result(symbols.call("load word", ...operands), Level.primary);
    if (bytes === 2) {
      const loaded = symbols.call("load", ...operands, "2");
      return signed ? result(`${loaded}<<16>>16`, Level.shift) : result(loaded, Level.primary);
    }
    const loaded = symbols.call("load byte", ...operands);
    return signed ? result(`${loaded}<<24>>24`, Level.shift) : result(loaded, Level.primary);
  }
  const { first, again } = named(context, address, "load address");
  if (bytes === 1) {
    const checked = `${test(context, first, again.text, access)}?${use("index")}(${again.text},${offset},1):${index(again, offset, 0)}`;
    return result(`${use(view)}[${checked}]`, Level.primary);
  }
  let slow: string;
  if (type[0] === "f") slow = `${use(`load ${type}`)}(${again.text},${offset})`;
  else {
    slow = `${use("load")}(${again.text},${offset},${bytes})`;
    if (signed && bytes === 2) slow = `${slow}<<16>>16`;
  }
  if (offset % bytes !== 0) return result(slowOnly(slow, first, again.text), Level.shift);
  const fast = `${use(view)}[${index(again, offset, shift)}]`;
  return result(`${test(context, first, again.text, access)}?${slow}:${fast}`, Level.conditional);
}

/** The slow path alone, with the address written once. */
function slowOnly(slow: string, first: string, again: string): string {
  // A function: `$` in names means nothing then.
  return slow.replace(`(${again},`, () => (first[0] === "(" ? `(${first.slice(1, -1)},` : `(${first},`));
}

/**
 * A store of anything but an i64, as a statement without its semicolon.
 * @param simple whether evaluating the value can neither trap nor call, so that the check may come first
 */
export function store(
  context: FunctionContext,
  type: string,
  access: Access,
  address: Code,
  value: Code,
  simple: boolean,
): string {
  const { bytes, offset } = access;
  const { view, shift } = viewOf(type, bytes, false);
  const { use } = context.symbols;
  if (isSafe(context, address, access)) {
    return `${use(view)}[${index(address, offset, shift)}]=${value.text}`;
  }
  if (context.compact) {
    const operands = [at(address, Level.assignment), String(offset)];
    const written = at(value, Level.assignment);
    if (type[0] === "f") return context.symbols.call(`store ${type}`, ...operands, written);
    if (bytes === 2) return context.symbols.call("store", ...operands, "2", written);
    return context.symbols.call(bytes === 4 ? "store word" : "store byte", ...operands, written);
  }
  const atom = isAtom(value);
  if (bytes === 1 && (simple || atom)) {
    const { first, again } = named(context, address, "store address");
    const checked = `${test(context, first, again.text, access)}?${use("index")}(${again.text},${offset},1):${index(again, offset, 0)}`;
    return `${use(view)}[${checked}]=${value.text}`;
  }
  let before = "";
  let place = named(context, address, "store address");
  let written = value.text;
  if (!atom) {
    // The value is written twice below, and evaluated after the address.
    if (place.first !== place.again.text) {
      before = `${place.first.slice(1, -1)};`;
      place = { first: place.again.text, again: place.again };
    }
    const name = context.scratch("store value");
    before += `${name}=${value.text};`;
    written = name;
  }
  const { first, again } = place;
  const slow =
    type[0] === "f"
      ? `${use(`store ${type}`)}(${again.text},${offset},${written})`
      : `${use("store")}(${again.text},${offset},${bytes},${written})`;
  if (offset % bytes !== 0 || bytes === 1) return before + slowOnly(slow, first, again.text);
  const fast = `${use(view)}[${index(again, offset, shift)}]=${written}`;
  return `${before}${test(context, first, again.text, access)}?${slow}:${fast}`;
}

import { type Code, Level, number } from "./code.js";
import type { ModuleSymbols } from "./symbols.js";

const words = new DataView(new ArrayBuffer(8));

/**
 * The literal of a double that every interpreter reads exactly: a whole number below 2^31, or one with few digits.
 * Espruino adds fractions up digit by digit (`stringToFloatWithRadix`), so that it reads .75 as a little more.
 */
function exactLiteral(value: number): string | undefined {
  if (Object.is(value, -0) || !Number.isFinite(value)) return undefined;
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) return `${value}.`;
  if (!Number.isInteger(value * 8) || Math.abs(value) >= 2 ** 20) return undefined;
  const [whole, fraction] = String(Math.abs(value)).split(".");
  let read = Number(whole);
  let place = 0.1;
  for (const digit of fraction) {
    read += place * Number(digit);
    place /= 10;
  }
  return read === Math.abs(value) ? String(value).replace(/^(-?)0\./, "$1.") : undefined;
}

function literalOf(value: number): Code | undefined {
  const text = exactLiteral(value);
  return text === undefined ? undefined : number(text, text[0] === "-" ? Level.unary : Level.primary);
}

/** An f64 constant from its bits: a literal, or a constant of the module built from two words. */
export function f64Constant(symbols: ModuleSymbols, bits: bigint): Code {
  words.setBigInt64(0, bits);
  const low = words.getInt32(4);
  const high = words.getInt32(0);
  const simple = literalOf(words.getFloat64(0));
  if (simple) return simple;
  const symbol = `f64 ${bits}`;
  if (symbols.find(symbol) === undefined) symbols.define(symbol, `${symbols.use("f64.bits")}(${low},${high})`);
  return number(symbols.use(symbol), Level.primary);
}

/** An f32 constant from its bits. */
export function f32Constant(symbols: ModuleSymbols, bits: number): Code {
  words.setInt32(0, bits);
  const simple = literalOf(words.getFloat32(0));
  if (simple) return simple;
  const symbol = `f32 ${bits}`;
  if (symbols.find(symbol) === undefined) symbols.define(symbol, `${symbols.use("f32.bits")}(${bits})`);
  return number(symbols.use(symbol), Level.primary);
}

import { expect, test } from "@jest/globals";
import { f64Constant } from "./constants.js";
import { ModuleSymbols } from "./symbols.js";

function textOf(value: number): string {
  const bits = new BigInt64Array(new Float64Array([value]).buffer)[0];
  return f64Constant(new ModuleSymbols(65536, 500), bits).text;
}

/** As Espruino's `stringToFloatWithRadix` reads: each digit of a fraction is added by its place. */
function readDigitByDigit(text: string): number {
  const [whole, fraction] = text.replace("-", "").split(".");
  let value = Number(whole);
  let place = 0.1;
  for (const digit of fraction) {
    value += place * Number(digit);
    place /= 10;
  }
  return text[0] === "-" ? -value : value;
}

test("a double is a literal where reading it digit by digit gives it back", () => {
  expect([3, -7, 0, 0.5, -0.5, 1.5].map(textOf)).toEqual(["3.", "-7.", "0.", ".5", "-.5", "1.5"]);
});

test("any other is built from its bits: .75 would become a little more, the zero's sign would be lost", () => {
  expect(readDigitByDigit(".75")).not.toBe(0.75);
  for (const value of [0.75, -0, 0.1, 1e300, Infinity]) expect(textOf(value)).toMatch(/^[A-Z$_]\w*$/);
});

test("every literal of eighths is read exactly", () => {
  let literals = 0;
  for (let eighths = -4000; eighths <= 4000; eighths++) {
    const text = textOf(eighths / 8);
    if (!text.includes(".")) continue;
    literals++;
    expect(readDigitByDigit(text)).toBe(eighths / 8);
  }
  expect(literals).toBeGreaterThan(1000);
});

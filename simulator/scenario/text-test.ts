import type { Amount, TextTest } from "./schema.js";

/** What the test asks for, in words: `contains "ok"`. */
export function describeText(test: TextTest): string {
  const wishes: string[] = [];
  if (test.contains !== undefined) wishes.push(`contains ${JSON.stringify(test.contains)}`);
  if (test.matches !== undefined) wishes.push(`matches /${test.matches}/`);
  if (test.equals !== undefined) wishes.push(`is ${JSON.stringify(test.equals)}`);
  if (test.lacks !== undefined) wishes.push(`lacks ${JSON.stringify(test.lacks)}`);
  return wishes.join(" and ");
}

/** Whether a text is as a scenario expects it. */
export function testText(test: TextTest, text: string): boolean {
  return (
    (test.contains === undefined || text.includes(test.contains)) &&
    (test.matches === undefined || new RegExp(test.matches, "mu").test(text)) &&
    (test.equals === undefined || text === test.equals) &&
    (test.lacks === undefined || !text.includes(test.lacks))
  );
}

/** `3`, `at least 2`, `2 to 5`. */
export function describeAmount(amount: Amount): string {
  if (typeof amount === "number") return String(amount);
  const { atLeast, atMost } = amount;
  if (atLeast !== undefined && atMost !== undefined) return `${atLeast} to ${atMost}`;
  if (atLeast !== undefined) return `at least ${atLeast}`;
  return atMost === undefined ? "any number" : `at most ${atMost}`;
}

/** Whether a number is as a scenario expects it: equal, or within bounds. */
export function testAmount(amount: Amount, actual: number): boolean {
  if (typeof amount === "number") return actual === amount;
  return actual >= (amount.atLeast ?? -Infinity) && actual <= (amount.atMost ?? Infinity);
}

/** The end of a long text, in quotes. */
export function quoteEnd(text: string, most = 200): string {
  const shown = text.length > most ? text.slice(-most) : text;
  return (text.length > most ? "… " : "") + JSON.stringify(shown);
}

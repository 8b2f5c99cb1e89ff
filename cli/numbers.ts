import { misuse } from "./failure.js";

/** @throws Failure for what isn't an integer of 32 bits */
export function parseSeed(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || seed >= 2 ** 32)
    throw misuse(`--seed ${text}: not a seed`, "an integer from 0 to 4294967295");
  return seed;
}

/** @returns microseconds */
export function parseSeconds(option: string, text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0)) throw misuse(`${option} ${text}: not a time`, `seconds, for example ${option} 30`);
  return seconds * 1e6;
}

/**
 * Why a guest was stopped: what `entry` returns then. From -1 upwards it means other things (README.md).
 * The wording is that of the specification's tests.
 */
export const trapCodes = {
  unreachable: -2,
  "integer divide by zero": -3,
  "integer overflow": -4,
  "invalid conversion to integer": -5,
  "out of bounds memory access": -6,
  "out of bounds table access": -7,
  "indirect call type mismatch": -8,
  "uninitialized element": -9,
  "call stack exhausted": -10,
} as const;

export type TrapName = keyof typeof trapCodes;

const names = new Map<number, TrapName>(Object.entries(trapCodes).map(([name, code]) => [code, name as TrapName]));

/** The trap that `entry` returned, or undefined for what isn't one. */
export function trapName(returned: number): TrapName | undefined {
  return names.get(returned);
}

import type { Register, Target } from "../instruction.js";
import { AssemblyError } from "./assembly-error.js";

/** One operand. Only the fields that its kind needs mean something. */
export interface Operand {
  readonly kind: "register" | "base" | "number" | "literal" | "label" | "address" | "list";
  readonly register: Register;
  /** Second register of an address. */
  readonly index?: Register;
  readonly number: number;
  readonly target: Target;
  readonly list: readonly Register[];
}

const names = new Map<string, Register>([
  ...Array.from({ length: 16 }, (_, register) => [`r${register}`, register] as const),
  ["sl", 10],
  ["fp", 11],
  ["ip", 12],
  ["sp", 13],
  ["lr", 14],
  ["pc", 15],
]);

const nothing: Operand = { kind: "label", register: NaN, number: NaN, target: NaN, list: [] };

/** Splits at commas outside of brackets. */
function split(text: string): string[] {
  const parts = text.match(/(?:\[[^\]]*\]|\{[^}]*\}|[^,])+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** `12`, `-1`, `0x7f`, `'a'` or undefined. */
export function numberOf(text: string): number | undefined {
  return /^-?(\d+|0[xX][\da-fA-F]+|0b[01]+)$/.test(text)
    ? text.startsWith("-")
      ? -Number(text.slice(1))
      : Number(text)
    : undefined;
}

/** Operands of an instruction, in order. @throws AssemblyError when one can't be read */
export function operandsOf(text: string, line: string): Operand[] {
  const fail = (part: string): never => {
    throw new AssemblyError(`"${part}" can't be read in "${line.trim()}"`);
  };
  const register = (part: string): Register => names.get(part.toLowerCase()) ?? fail(part);
  const number = (part: string): number => numberOf(part) ?? fail(part);
  return split(text).map((part): Operand => {
    const found = names.get(part.toLowerCase());
    if (found !== undefined) return { ...nothing, kind: "register", register: found };
    if (part.endsWith("!")) return { ...nothing, kind: "base", register: register(part.slice(0, -1)) };
    if (part.startsWith("#")) return { ...nothing, kind: "number", number: number(part.slice(1)) };
    if (part.startsWith("=")) return { ...nothing, kind: "literal", number: number(part.slice(1)) };
    if (part.startsWith("{")) {
      const list = split(part.slice(1, -1)).flatMap((range) => {
        const [first, last = first] = range.split("-").map((end) => register(end.trim()));
        return Array.from({ length: last - first + 1 }, (_, index) => first + index);
      });
      return { ...nothing, kind: "list", list };
    }
    if (part.startsWith("[")) {
      const [base, offset = "#0", ...more] = split(part.slice(1, -1));
      if (more.length) fail(part);
      const address: Operand = { ...nothing, kind: "address", register: register(base) };
      return offset.startsWith("#")
        ? { ...address, number: number(offset.slice(1)) }
        : { ...address, index: register(offset) };
    }
    const place = numberOf(part);
    if (place !== undefined) return { ...nothing, kind: "number", number: place, target: place };
    return /^[\w.$]+$/.test(part) ? { ...nothing, kind: "label", target: part } : fail(part);
  });
}

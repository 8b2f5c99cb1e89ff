import { AssemblyError } from "./assembly-error.js";
import { numberOf } from "./operands.js";

/** A value that may depend on where labels are. */
export type Value = (placeOf: (label: string) => number) => number;

/** What a line, or a part of it, says. Lines count from 1. */
export type Line = { readonly line: number } & (
  | { readonly kind: "label" | "global"; readonly name: string }
  | { readonly kind: "align"; readonly bytes: number }
  | { readonly kind: "pool" }
  | { readonly kind: "data"; readonly size: 1 | 2 | 4; readonly values: readonly Value[] }
  | { readonly kind: "instruction"; readonly text: string }
);

const sizes: Readonly<Record<string, 1 | 2 | 4>> = { ".byte": 1, ".hword": 2, ".short": 2, ".word": 4, ".long": 4 };
/** Said at the head of files for GNU as; here they go without saying. */
const ignored = new Set([".syntax", ".thumb", ".cpu", ".text", ".thumb_func", ".type", ".size"]);

/**
 * Assembly text as a list of labels, directives and instructions. Numbered labels (`1:`) get names of their own, and so
 * do `1b` and `1f` that refer to them.
 */
export function readLines(text: string): Line[] {
  const found: Line[] = [];
  const counts = new Map<string, number>();
  const numbered = (digits: string, occurrence: number): string => `$${digits}.${occurrence}`;
  text.split("\n").forEach((source, index) => {
    const line = index + 1;
    let rest = source.replace(/(@|\/\/).*$/, "").trim();
    for (let label; (label = /^([\w.$]+):\s*/.exec(rest)); rest = rest.slice(label[0].length)) {
      let name = label[1];
      if (/^\d+$/.test(name)) {
        const occurrence = (counts.get(name) ?? 0) + 1;
        counts.set(name, occurrence);
        name = numbered(name, occurrence);
      }
      found.push({ line, kind: "label", name });
    }
    if (rest === "") return;
    const [, head, operands] = /^(\S+)\s*(.*)$/.exec(rest)!;
    if (!head.startsWith(".")) {
      const renamed = rest.replace(/\b(\d+)([bf])$/, (_, digits: string, way: string) =>
        numbered(digits, (counts.get(digits) ?? 0) + (way === "f" ? 1 : 0)),
      );
      found.push({ line, kind: "instruction", text: renamed });
    } else if (head === ".global" || head === ".globl") {
      found.push({ line, kind: "global", name: operands });
    } else if (head === ".align" || head === ".p2align" || head === ".balign") {
      const amount = operands === "" ? 2 : Number(operands);
      found.push({ line, kind: "align", bytes: head === ".balign" ? amount : 2 ** amount });
    } else if (head === ".pool" || head === ".ltorg") {
      found.push({ line, kind: "pool" });
    } else if (sizes[head]) {
      const values = operands.split(",").map((value) => valueOf(value.trim(), line));
      found.push({ line, kind: "data", size: sizes[head], values });
    } else if (!ignored.has(head)) {
      throw new AssemblyError(`Line ${line}: the directive ${head} isn't known`);
    }
  });
  return found;
}

/** A number, `label - label`, that and a number more or less, or `(label - label) / number`. */
function valueOf(text: string, line: number): Value {
  const number = numberOf(text);
  if (number !== undefined) return () => number;
  const difference = /^\(?\s*([\w.$]+)\s*-\s*([\w.$]+)\s*\)?\s*(?:([-+/])\s*(\d+))?$/.exec(text);
  if (!difference) {
    throw new AssemblyError(`Line ${line}: "${text}" is neither a number nor a difference of labels`);
  }
  const [, one, other, sign = "+", digits = "0"] = difference;
  return (placeOf) => {
    const bytes = placeOf(one) - placeOf(other);
    const amount = Number(digits);
    return sign === "/" ? bytes / amount : sign === "-" ? bytes - amount : bytes + amount;
  };
}

import type { Condition, Instruction, Register } from "../../instruction.js";

/** A word in a pool. */
export type Literal =
  | { readonly kind: "number"; readonly value: number }
  /** A place in the blob, from its start, plus `addend`. */
  | { readonly kind: "offset"; readonly label: string; readonly addend: number }
  /** A place in the blob, plus `addend`, as seen from a label of the function. */
  | { readonly kind: "distance"; readonly label: string; readonly addend: number; readonly from: string };

/** What a function's code is laid out from: branches without their lengths yet, literals without their pools. */
export type Item =
  | { readonly kind: "code"; readonly instruction: Instruction }
  | { readonly kind: "label"; readonly label: string }
  | { readonly kind: "branch"; readonly condition?: Condition; readonly to: string }
  /** A call of what is elsewhere in the blob. */
  | { readonly kind: "far"; readonly to: string }
  | { readonly kind: "literal"; readonly rd: Register; readonly literal: Literal }
  /** Leaves to code that stands aside: items which end by going back, or nowhere. The same key is the same code. */
  | { readonly kind: "aside"; readonly condition?: Condition; readonly key: string; readonly items: readonly Item[] }
  /** Entries of a jump table, right behind `add pc`; two bytes each, or four. */
  | { readonly kind: "table"; readonly index: Register; readonly targets: readonly string[] };

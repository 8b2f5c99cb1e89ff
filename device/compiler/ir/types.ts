import type { ValueType } from "../decode/module.js";

/**
 * The intermediate representation: structured control flow as in WebAssembly, with expression trees instead of a
 * stack.
 *
 * Invariants:
 * - Trees are evaluated left to right, operands before operators; nothing in a tree writes a local.
 * - A tree reads no local, global or memory that a call in the same tree, further right, may write.
 * - An operation on i64 stands alone: its operands are `local` or `const` (or an i32/f32/f64 tree), and an i64 result
 *   goes straight into a local. Engines that keep i64 in two words never have to nest one.
 * - Calls that may suspend the guest stand alone, too.
 * - Labels are unique within a function. `loop` labels are branched to at the head, `block` labels at the end.
 */
export interface FunctionIr {
  readonly index: number;
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
  /** Types of all locals, parameters first, temporaries last. Locals that aren't parameters start as zero. */
  readonly locals: ValueType[];
  readonly body: Statement[];
}

export type Expression =
  | ConstExpression
  | { readonly kind: "local"; readonly type: ValueType; readonly index: number }
  | { readonly kind: "global"; readonly type: ValueType; readonly index: number }
  | { readonly kind: "unary"; readonly type: ValueType; readonly operator: string; readonly operand: Expression }
  | {
      readonly kind: "binary";
      readonly type: ValueType;
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | LoadExpression
  | {
      readonly kind: "select";
      readonly type: ValueType;
      readonly condition: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
    }
  | CallExpression
  | { readonly kind: "memory.size"; readonly type: "i32" }
  | { readonly kind: "memory.bytes"; readonly type: "i32" }
  | { readonly kind: "memory.grow"; readonly type: "i32"; readonly pages: Expression }
  | { readonly kind: "ref.null"; readonly type: ValueType }
  | { readonly kind: "ref.func"; readonly type: ValueType; readonly index: number }
  | { readonly kind: "ref.is_null"; readonly type: "i32"; readonly operand: Expression }
  | { readonly kind: "table.get"; readonly type: ValueType; readonly table: number; readonly index: Expression }
  | { readonly kind: "table.size"; readonly type: "i32"; readonly table: number }
  | {
      readonly kind: "table.grow";
      readonly type: "i32";
      readonly table: number;
      readonly value: Expression;
      readonly delta: Expression;
    };

/** i32 as an int32, i64 as a bigint of 64 bits (signed), floats as their bits (f32 an int32, f64 a bigint). */
export type ConstExpression =
  | { readonly kind: "const"; readonly type: "i32"; readonly value: number; readonly padded?: boolean }
  | { readonly kind: "const"; readonly type: "i64"; readonly value: bigint }
  | { readonly kind: "const"; readonly type: "f32"; readonly value: number }
  | { readonly kind: "const"; readonly type: "f64"; readonly value: bigint };

/** A value from linear memory; traps beyond its end. */
export interface LoadExpression {
  readonly kind: "load";
  readonly type: ValueType;
  /** Bytes in memory: 1, 2, 4 or 8. */
  readonly bytes: number;
  /** Whether a narrow integer is sign-extended. */
  readonly signed: boolean;
  /** Static offset, unsigned. */
  readonly offset: number;
  /** The alignment that the compiler claims, in bytes: a hint only. */
  readonly align: number;
  readonly address: Expression;
}

/** A call of a function, by index or through a table. */
export interface CallExpression {
  readonly kind: "call";
  /** Of the first result; "i32" when there is none. */
  readonly type: ValueType;
  readonly target:
    | { readonly kind: "direct"; readonly index: number }
    | { readonly kind: "indirect"; readonly table: number; readonly typeIndex: number; readonly index: Expression };
  readonly operands: readonly Expression[];
}

export type Statement =
  | { readonly kind: "set"; readonly local: number; readonly value: Expression }
  | { readonly kind: "set global"; readonly global: number; readonly value: Expression }
  | {
      readonly kind: "store";
      readonly type: ValueType;
      readonly bytes: number;
      readonly offset: number;
      readonly align: number;
      readonly address: Expression;
      readonly value: Expression;
    }
  /** A call for its effects, or with its results going to locals (one or several). */
  | { readonly kind: "call"; readonly call: CallExpression; readonly results: readonly number[] }
  | { readonly kind: "drop"; readonly value: Expression }
  | { readonly kind: "block"; readonly label: number; readonly body: Statement[] }
  | { readonly kind: "loop"; readonly label: number; readonly body: Statement[] }
  | { readonly kind: "if"; readonly condition: Expression; readonly then: Statement[]; readonly else: Statement[] }
  | { readonly kind: "br"; readonly label: number }
  /** `targets[index]`, or the last one when the index is beyond. */
  | { readonly kind: "br_table"; readonly index: Expression; readonly targets: readonly number[] }
  /** Values are in order; several only in multi-value functions. */
  | { readonly kind: "return"; readonly values: readonly Expression[] }
  | { readonly kind: "unreachable" }
  /** Bulk operations: memory.copy, memory.fill, memory.init, table.copy, table.fill, table.init, table.set. */
  | {
      readonly kind: "bulk";
      readonly operator: BulkOperator;
      /** Segment and table immediates, in the order of the text format. */
      readonly immediates: readonly number[];
      readonly operands: readonly Expression[];
    }
  | { readonly kind: "data.drop" | "elem.drop"; readonly segment: number };

export type BulkOperator =
  "memory.copy" | "memory.fill" | "memory.init" | "table.copy" | "table.fill" | "table.init" | "table.set";

/**
 * A function in static single assignment form over 32-bit words: i64, f64 are two words, low first; references and f32
 * are one. What the generator optimises, and selects instructions from.
 */

/** Operations without effects, whose value hangs on the operands alone. */
export type PureOp =
  | "const" // imm
  | "param" // imm: the word's number among the parameters
  | "phi"
  | "add"
  | "sub"
  | "mul"
  | "and"
  | "or"
  | "xor"
  | "shl"
  | "shr"
  | "sar"
  | "ror"
  | "sext8"
  | "sext16"
  | "rev"
  | "eq"
  | "ne"
  | "lt_s"
  | "lt_u"
  | "le_s"
  | "le_u"
  | "lt64_s" // low, high, low, high
  | "lt64_u"
  | "select" // condition, when it isn't zero, when it is
  | "add64" // low, high, low, high; results by "result"
  | "sub64"
  | "pure routine" // name; results by "result"
  | "pages" // what memory.size tells of a fixed memory of imm bytes
  | "base" // address of linear memory, plus imm
  | "code" // address of the blob (imm 0), of data segment imm - 1, of element segment -1 - imm
  | "reference" // to function imm, as tables hold it
  | "result"; // imm: which word of the operand's results

/** Operations with effects, or that hang on state. They stay in their order within a block. */
export type EffectOp =
  | "limit" // bytes of linear memory
  | "bound" // traps when the first operand, an address, is above the second
  | "trap if" // operand; imm: trap code
  | "load" // operand: address in linear memory, or native once `native` is set; imm: offset
  | "store" // address, value; imm: offset
  | "get" // word at imm bytes from linear memory's base (negative): globals and the context
  | "set"
  | "routine" // name; results by "result"
  | "call" // imm: function index
  | "call indirect" // code address first
  | "fuel"
  | "stack check";

export type Op = PureOp | EffectOp;

/** An operation and its result, a word. */
export interface Value {
  readonly id: number;
  op: Op;
  args: Value[];
  imm: number;
  block: Block;
  /** Of loads and stores: bytes accessed, and whether a narrow load is sign-extended. */
  bytes: number;
  signed: boolean;
  /** Whether a load's or store's address is native already, and known to be aligned. */
  native: boolean;
  aligned: boolean;
  /** Name of a routine. */
  name: string;
  /** What stands in its place after an optimisation. */
  forward?: Value;
}

export type Terminator =
  | { kind: "jump"; to: Block }
  | { kind: "branch"; condition: Value; then: Block; else: Block }
  | { kind: "table"; index: Value; targets: Block[] }
  | { kind: "return"; values: Value[] }
  | { kind: "trap"; code: number };

/** Values that are computed one after the other, and where it goes on. */
export interface Block {
  readonly id: number;
  readonly phis: Value[];
  body: Value[];
  end: Terminator;
  preds: Block[];
  /** How many loops are around it. */
  depth: number;
  /** Whether it is the head of a loop. */
  loopHead: boolean;
  idom?: Block;
}

/** A function's blocks. */
export interface Graph {
  readonly name: string;
  blocks: Block[];
  readonly entry: Block;
  readonly parameterWords: number;
  values: number;
}

const PURE: ReadonlySet<Op> = new Set<Op>([
  ...(["const", "param", "phi", "add", "sub", "mul", "and", "or", "xor", "shl", "shr", "sar", "ror"] as const),
  ...(["sext8", "sext16", "rev", "eq", "ne", "lt_s", "lt_u", "le_s", "le_u", "lt64_s", "lt64_u", "select"] as const),
  ...(["add64", "sub64", "pure routine", "base", "code", "reference", "result", "pages"] as const),
]);

/** Whether a value can be dropped when nothing uses it, and be shared with an equal one. */
export function isPure(op: Op): boolean {
  return PURE.has(op);
}

/** Whether a value without uses can be dropped: the pure, reads, and a check that has turned out to pass. */
export function isRemovable(value: Value): boolean {
  if (value.op === "trap if") return isConst(value.args[0], 0);
  return isPure(value.op) || value.op === "limit" || value.op === "get" || value.op === "load";
}

/** Whether an operation's result is 0 or 1 and can be branched on at once. */
export function isComparison(op: Op): boolean {
  return op === "eq" || op === "ne" || /^l[te](64)?_[su]$/.test(op);
}

/** Whether a value is constant, and that one where one is given. */
export function isConst(value: Value, imm?: number): boolean {
  return value.op === "const" && (imm === undefined || value.imm === imm);
}

/** What stands for a value now. */
export function resolved(value: Value): Value {
  let found = value;
  while (found.forward) found = found.forward;
  return found;
}

/** A value that no block has yet. */
export function newValue(graph: Graph, op: Value["op"], args: readonly Value[], imm: number, block: Block): Value {
  return {
    id: graph.values++,
    op,
    args: [...args],
    imm,
    block,
    bytes: 4,
    signed: false,
    native: false,
    aligned: false,
    name: "",
  };
}

/** How control leaves a block, of values or of instructions. */
type Ways<B> =
  | { readonly kind: "jump"; readonly to: B }
  | { readonly kind: "branch"; readonly then: B; readonly else: B }
  | { readonly kind: "table"; readonly targets: readonly B[] }
  | { readonly kind: "return" | "trap" };

/** Blocks that can come next. */
export function successors<B>(block: { readonly end: Ways<B> }): B[] {
  switch (block.end.kind) {
    case "jump":
      return [block.end.to];
    case "branch":
      return [block.end.then, block.end.else];
    case "table":
      return [...new Set(block.end.targets)];
    default:
      return [];
  }
}

/** Values that a terminator uses. */
export function terminatorArguments(end: Terminator): Value[] {
  switch (end.kind) {
    case "branch":
      return [end.condition];
    case "table":
      return [end.index];
    case "return":
      return end.values;
    default:
      return [];
  }
}

/** Replaces what was forwarded everywhere, and drops forwarded values. */
export function applyForwards(graph: Graph): void {
  for (const block of graph.blocks) {
    for (const list of [block.phis, block.body]) {
      for (const value of list) value.args = value.args.map(resolved);
    }
    block.body = block.body.filter((value) => !value.forward);
    block.phis.splice(0, block.phis.length, ...block.phis.filter((value) => !value.forward));
    const { end } = block;
    if (end.kind === "branch") end.condition = resolved(end.condition);
    else if (end.kind === "table") end.index = resolved(end.index);
    else if (end.kind === "return") end.values = end.values.map(resolved);
  }
}

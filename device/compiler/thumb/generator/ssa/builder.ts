import { fold } from "./fold.js";
import {
  type Block,
  type EffectOp,
  type Graph,
  isConst,
  newValue,
  type PureOp,
  resolved,
  type Value,
} from "./graph.js";

/** Puts values and blocks into a graph, simplifying pure values on the way. */
export interface Builder {
  readonly graph: Graph;
  /** Where values go; undefined where control can't get. */
  here: Block | undefined;
  depth: number;
  constant(imm: number): Value;
  make(op: PureOp, args: readonly Value[], imm?: number): Value;
  /** The words of a routine that has no effects: equal calls are made once. */
  pureRoutine(name: string, args: readonly Value[], words: number): Value[];
  effect(op: EffectOp, args: readonly Value[], fields?: Partial<Value>): Value;
  /** One word of what a call or another operation of several results gives. */
  result(of: Value, word: number): Value;
  block(): Block;
  /** Ends the current block. */
  end(terminator: Block["end"]): void;
}

const NOWHERE: Block["end"] = { kind: "trap", code: 0 };

/** Starts a graph with an empty entry block. */
export function createBuilder(name: string, parameterWords: number): Builder {
  const blocks: Block[] = [];
  const entry: Block = { id: 0, phis: [], body: [], end: NOWHERE, preds: [], depth: 0, loopHead: false };
  blocks.push(entry);
  const graph: Graph = { name, blocks, entry, parameterWords, values: 0 };
  return builderOf(graph, entry);
}

/** A builder that goes on with a graph. */
export function builderOf(graph: Graph, at: Block): Builder {
  const floating = new Map<string, Value>();
  const local = new WeakMap<Block, Map<string, Value>>();

  const float = (op: PureOp, imm: number): Value => {
    const key = `${op} ${imm}`;
    let value = floating.get(key);
    if (!value) floating.set(key, (value = newValue(graph, op, [], imm, graph.entry)));
    return value;
  };
  const place = (key: string, create: (block: Block) => Value): Value => {
    const block = builder.here ?? graph.entry;
    let known = local.get(block);
    if (!known) local.set(block, (known = new Map<string, Value>()));
    const found = known.get(key);
    if (found && !found.forward) return found;
    const value = create(block);
    known.set(key, value);
    block.body.push(value);
    return value;
  };
  const make = (op: PureOp, given: readonly Value[], imm = 0): Value => {
    if (op === "const" || op === "pages" || op === "base" || op === "param" || op === "code" || op === "reference")
      return float(op, op === "const" ? imm | 0 : imm);
    const args = given.map(resolved);
    const folded = fold(op, args, make);
    if (folded) return folded;
    return place(`${op} ${args.map(({ id }) => id).join(" ")} ${imm}`, (block) =>
      newValue(graph, op, args, imm, block),
    );
  };

  const builder: Builder = {
    graph,
    here: at,
    depth: 0,
    constant: (imm) => float("const", imm | 0),
    make,
    pureRoutine(name, args, words) {
      const call = place(`${name}(${args.map(({ id }) => id).join(" ")})`, (block) => ({
        ...newValue(graph, "pure routine", args, 0, block),
        name,
      }));
      return Array.from({ length: words }, (_, word) => builder.result(call, word));
    },
    effect(op, args, fields = {}) {
      const block = builder.here ?? graph.entry;
      const value = Object.assign(newValue(graph, op, args.map(resolved), 0, block), fields);
      if (builder.here) block.body.push(value);
      return value;
    },
    result(of, word) {
      return place(`result ${of.id} ${word}`, (block) => newValue(graph, "result", [of], word, block));
    },
    block() {
      const block: Block = {
        id: graph.blocks.length,
        phis: [],
        body: [],
        end: NOWHERE,
        preds: [],
        depth: builder.depth,
        loopHead: false,
      };
      graph.blocks.push(block);
      return block;
    },
    end(terminator) {
      const block = builder.here;
      if (!block) return;
      let end = terminator;
      if (end.kind === "branch" && end.condition.op === "const") {
        end = { kind: "jump", to: end.condition.imm !== 0 ? end.then : end.else };
      }
      block.end = end;
      const targets = end.kind === "jump" ? [end.to] : end.kind === "branch" ? [end.then, end.else] : [];
      if (end.kind === "table") targets.push(...new Set(end.targets));
      for (const target of targets) target.preds.push(block);
      builder.here = undefined;
    },
  };
  return builder;
}

/** A sum or difference of 64 bits, from and to two words. */
export function wide(
  builder: Builder,
  op: "add64" | "sub64",
  a: readonly Value[],
  b: readonly Value[],
): [low: Value, high: Value] {
  if ([...a, ...b].every(({ op: kind }) => kind === "const")) {
    const big = (words: readonly Value[]) => (BigInt(words[1].imm) << 32n) | BigInt(words[0].imm >>> 0);
    const sum = op === "add64" ? big(a) + big(b) : big(a) - big(b);
    return [builder.constant(Number(BigInt.asIntN(32, sum))), builder.constant(Number(BigInt.asIntN(32, sum >> 32n)))];
  }
  if (isConst(b[0], 0)) return [a[0], builder.make(op === "add64" ? "add" : "sub", [a[1], b[1]])];
  const value = builder.make(op, [...a, ...b]);
  return [builder.result(value, 0), builder.result(value, 1)];
}

import type { Register } from "../../instruction.js";
import { imm8 } from "../../instruction.js";
import { FIRST_VIRTUAL, type MachineBlock, type MachineFunction, type Piece } from "../machine/function.js";
import type { Plan } from "../plan.js";
import type { Block, Graph, Value } from "../ssa/graph.js";
import { findLoops, type Loop } from "../ssa/flow.js";

/** Labels of what is in the blob. */
export const labels = {
  function: (index: number): string => `function ${index}`,
  /** The halfword before a function, by which tables know it. */
  reference: (index: number): string => `reference ${index}`,
  data: (segment: number): string => `data ${segment}`,
  elements: (segment: number): string => `elements ${segment}`,
  blob: "blob",
};

/** What the selection of a function's instructions works on. */
export interface Selector {
  readonly graph: Graph;
  readonly plan: Plan;
  readonly machine: MachineFunction;
  readonly blocks: ReadonlyMap<Block, MachineBlock>;
  /** Where units go. */
  block: MachineBlock;
  source: Block;
  /** How many other values and ends use a value. */
  readonly uses: ReadonlyMap<Value, number>;
  /** Runtime routines that are called. */
  readonly routines: Set<string>;
  /** The register in which a phi's value comes in. */
  readonly entering: Map<Value, Register>;
  /** Puts a unit at the current block's end. */
  emit(...unit: Piece[]): void;
  temporary(): Register;
  /** The register that holds a value. */
  register(value: Value): Register;
  /** A register of constants and addresses, made once for a loop or a block. */
  made(key: string, piece: (rd: Register) => Piece): Register;
  /** A number in a register. */
  constant(value: number): Register;
  /** Linear memory's address plus an offset, in a register. */
  memoryAddress(offset: number): Register;
}

/** A machine function with a block for each of the graph's, and the means to fill it. */
export function createSelector(graph: Graph, plan: Plan, routines: Set<string>): Selector {
  const machine: MachineFunction = {
    name: graph.name,
    blocks: [],
    nextBlock: Math.max(...graph.blocks.map(({ id }) => id)) + 1,
    nextRegister: FIRST_VIRTUAL + graph.values,
    remade: new Map(),
    outgoingWords: 0,
    incomingWords: Math.max(0, graph.parameterWords - 4),
    calls: false,
    homes: new Map(),
  };
  const blocks = new Map<Block, MachineBlock>();
  for (const block of graph.blocks) {
    const made: MachineBlock = {
      id: block.id,
      units: [],
      test: [],
      end: { kind: "trap", code: 0 },
      depth: block.depth,
    };
    blocks.set(block, made);
    machine.blocks.push(made);
  }
  const innermost = new Map<Block, Loop>();
  // Outer loops come first, so the inner ones have the last word.
  for (const loop of findLoops(graph)) for (const block of loop.blocks) innermost.set(block, loop);
  const known = new Map<string, Register>();

  const selector: Selector = {
    graph,
    plan,
    machine,
    blocks,
    block: machine.blocks[0],
    source: graph.entry,
    uses: countUses(graph),
    routines,
    entering: new Map(),
    emit(...unit) {
      selector.block.units.push(unit);
    },
    temporary: () => machine.nextRegister++,
    register(value) {
      switch (value.op) {
        case "const":
        case "pages":
        case "base":
        case "code":
        case "reference":
          return selector.made(`${value.op} ${value.imm}`, (rd) => pieceFor(value, rd));
        default:
          return FIRST_VIRTUAL + value.id;
      }
    },
    made(key, piece) {
      const loop = innermost.get(selector.source);
      const before = loop?.head.idom;
      const place = before ? `loop ${loop.head.id} ${key}` : `block ${selector.source.id} ${key}`;
      const found = known.get(place);
      if (found !== undefined) return found;
      const rd = selector.temporary();
      known.set(place, rd);
      const made = piece(rd);
      machine.remade.set(rd, made);
      (before ? blocks.get(before)! : selector.block).units.push([made]);
      return rd;
    },
    constant: (value) => selector.made(`const ${value}`, (rd) => ({ kind: "constant", rd, value })),
    memoryAddress: (offset) => selector.made(`base ${offset}`, (rd) => ({ kind: "memoryAddress", rd, offset })),
  };
  return selector;
}

function countUses(graph: Graph): Map<Value, number> {
  const uses = new Map<Value, number>();
  const count = (value: Value): void => void uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const block of graph.blocks) {
    for (const list of [block.phis, block.body]) for (const value of list) value.args.forEach(count);
    const { end } = block;
    if (end.kind === "branch") count(end.condition);
    else if (end.kind === "table") count(end.index);
    else if (end.kind === "return") end.values.forEach(count);
  }
  return uses;
}

/** Puts what hangs on nothing into a given register: numbers and addresses; other values are copied. */
export function pieceFor(value: Value, rd: Register): Piece {
  const { imm } = value;
  switch (value.op) {
    case "const":
      return setTo(rd, imm);
    case "pages":
      return setTo(rd, imm >>> 16);
    case "base":
      return { kind: "memoryAddress", rd, offset: imm };
    case "code": {
      const label = imm === 0 ? labels.blob : imm > 0 ? labels.data(imm - 1) : labels.elements(-1 - imm);
      return { kind: "codeAddress", rd, label, addend: 0 };
    }
    case "reference":
      return { kind: "codeOffset", rd, label: labels.reference(imm), addend: 0 };
    default:
      return { kind: "move", rd, rm: FIRST_VIRTUAL + value.id };
  }
}

/** Puts a number into a given register. */
export function setTo(rd: Register, value: number): Piece {
  return value >= 0 && value <= 255 ? imm8("movs", rd, value) : { kind: "constant", rd, value };
}

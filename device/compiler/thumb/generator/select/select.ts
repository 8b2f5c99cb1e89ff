import { trapCodes } from "../../traps.js";
import { contextOffsets } from "../../context.js";
import { imm8, memoryImmediate, register } from "../../instruction.js";
import { type MachineBlock, type MachineFunction, type Unit } from "../machine/function.js";
import { registersOf, setsFlagsOf } from "../machine/registers.js";
import { dropUnused } from "../machine/unused.js";
import type { Plan } from "../plan.js";
import { type Block, type Graph, isComparison, isConst, successors, type Value } from "../ssa/graph.js";
import { selectArithmetic } from "./arithmetic.js";
import { selectCall, selectRoutine } from "./calls.js";
import { conditionsOnly, materialise, test } from "./compare.js";
import { type Addressing, contextPlace, planAddressing, selectLoad, selectStore } from "./memory.js";
import { createSelector, pieceFor, type Selector, setTo } from "./selector.js";

/**
 * Chooses instructions for a function, on virtual registers.
 * @param routines gets the runtime routines that are called
 */
export function selectInstructions(graph: Graph, plan: Plan, routines: Set<string>): MachineFunction {
  const selector = createSelector(graph, plan, routines);
  const { machine, blocks } = selector;
  const fused = conditionsOnly(selector);
  const results = resultsByCall(graph);
  for (const block of graph.blocks) {
    selector.source = block;
    selector.block = blocks.get(block)!;
    if (block === graph.entry) takeParameters(selector);
    for (const phi of block.phis) {
      selector.emit({ kind: "move", rd: selector.register(phi), rm: entering(selector, phi) });
    }
    const addressing = planAddressing(block);
    for (const value of block.body) {
      if (!fused.has(value)) selectValue(selector, value, addressing, results);
    }
    selectEnd(selector, block);
  }
  for (const block of graph.blocks) feedPhis(selector, block);
  dropUnused(machine);
  return machine;
}

function resultsByCall(graph: Graph): Map<Value, Value[]> {
  const results = new Map<Value, Value[]>();
  for (const block of graph.blocks) {
    for (const value of block.body) {
      if (value.op !== "result") continue;
      const [call] = value.args;
      results.set(call, [...(results.get(call) ?? []), value]);
    }
  }
  return results;
}

/** Each phi has a register of its own in which its value comes in, so that no order among copies matters. */
function entering(selector: Selector, phi: Value): number {
  let found = selector.entering.get(phi);
  if (found === undefined) selector.entering.set(phi, (found = selector.temporary()));
  return found;
}

function takeParameters(selector: Selector): void {
  const words = [...selector.uses.keys()].filter(({ op }) => op === "param").sort((a, b) => a.imm - b.imm);
  for (const word of words) {
    const rd = selector.register(word);
    if (word.imm < 4) selector.emit({ kind: "move", rd, rm: word.imm });
  }
  for (const word of words) {
    if (word.imm >= 4) selector.emit({ kind: "incoming", rd: selector.register(word), word: word.imm - 4 });
  }
}

function selectValue(
  selector: Selector,
  value: Value,
  addressing: Addressing,
  results: ReadonlyMap<Value, readonly Value[]>,
): void {
  switch (value.op) {
    case "result":
      return;
    case "load":
      return selectLoad(selector, value, addressing);
    case "store":
      return selectStore(selector, value, addressing);
    case "get":
    case "limit": {
      const { rn, imm } = contextPlace(selector, value.op === "get" ? value.imm : contextOffsets.memoryBytes);
      return selector.emit(memoryImmediate("ldr", selector.register(value), rn, imm));
    }
    case "set": {
      const { rn, imm } = contextPlace(selector, value.imm);
      return selector.emit(memoryImmediate("str", selector.register(value.args[0]), rn, imm));
    }
    case "bound": {
      const { pieces, condition } = test(selector, { ...value, op: "lt_u", args: [value.args[1], value.args[0]] });
      return selector.emit(...pieces, {
        kind: "trapIf",
        condition,
        code: trapCodes["out of bounds memory access"],
      });
    }
    case "trap if": {
      const { pieces, condition } = test(selector, value.args[0]);
      return selector.emit(...pieces, { kind: "trapIf", condition, code: value.imm });
    }
    case "select": {
      const [asked, whenTrue, whenFalse] = value.args;
      const rd = selector.register(value);
      if (whenFalse.op === "const") selector.emit(setTo(rd, whenFalse.imm));
      else selector.emit({ kind: "move", rd, rm: selector.register(whenFalse) });
      const { pieces, condition } = test(selector, asked);
      if (whenTrue.op === "const" && whenTrue.imm >= 0 && whenTrue.imm <= 255) {
        return selector.emit(...pieces, { kind: "setIf", condition, rd, value: whenTrue.imm });
      }
      return selector.emit(...pieces, { kind: "moveIf", condition, rd, rm: selector.register(whenTrue) });
    }
    case "fuel":
      selector.machine.calls = true;
      return selector.emit({ kind: "fuel", rd: selector.temporary() });
    case "stack check":
      return selector.emit({ kind: "stackCheck" });
    case "call":
    case "call indirect":
      return selectCall(selector, value, results.get(value) ?? []);
    case "routine":
    case "pure routine":
      return selectRoutine(selector, value, results.get(value) ?? []);
    default:
      if (isComparison(value.op)) return materialise(selector, value);
      return selectArithmetic(selector, value, results.get(value) ?? []);
  }
}

function selectEnd(selector: Selector, block: Block): void {
  const { end } = block;
  const machineBlock = selector.block;
  const target = (to: Block): MachineBlock => selector.blocks.get(to)!;
  switch (end.kind) {
    case "jump":
      machineBlock.end = { kind: "jump", to: target(end.to) };
      return;
    case "branch": {
      delayTested(selector, block);
      const { pieces, condition } = test(selector, end.condition);
      machineBlock.test = pieces;
      machineBlock.end = { kind: "branch", condition, then: target(end.then), else: target(end.else) };
      return;
    }
    case "table": {
      // The last target is for all indices from its own on.
      const { machine } = selector;
      const [others, last] = [end.targets.slice(0, -1), end.targets[end.targets.length - 1]];
      const index = selector.temporary();
      const dispatch: MachineBlock = {
        id: machine.nextBlock++,
        units: [],
        test: [{ kind: "move", rd: index, rm: selector.register(end.index) }],
        end: { kind: "table", index, targets: others.map(target) },
        depth: machineBlock.depth,
      };
      machine.blocks.splice(machine.blocks.indexOf(machineBlock) + 1, 0, dispatch);
      const asked = selector.register(end.index);
      machineBlock.test = [
        others.length <= 255
          ? imm8("cmp", asked, others.length)
          : register("cmp", asked, selector.constant(others.length)),
      ];
      machineBlock.end = { kind: "branch", condition: "lo", then: dispatch, else: target(last) };
      return;
    }
    case "return": {
      const words = end.values;
      words.slice(2).forEach((word, at) => {
        const { rn, imm } = contextPlace(selector, contextOffsets.transfer + 4 * at);
        selector.emit(memoryImmediate("str", selector.register(word), rn, imm));
      });
      words.slice(0, 2).forEach((word, rd) => {
        if (word.op === "const") selector.emit(setTo(rd, word.imm));
        else selector.emit({ kind: "move", rd, rm: selector.register(word) });
      });
      machineBlock.end = { kind: "return", uses: words.slice(0, 2).map((_, at) => at) };
      return;
    }
    case "trap":
      machineBlock.end = { kind: "trap", code: end.code };
  }
}

/**
 * What is tested against zero at a block's end is computed there, if nothing in between needs it: the computation sets
 * the flags itself.
 */
function delayTested(selector: Selector, block: Block): void {
  if (block.end.kind !== "branch") return;
  const { condition } = block.end;
  const [a, b] = condition.args;
  const tested = (condition.op === "eq" || condition.op === "ne") && isConst(b, 0) ? a : condition;
  if (tested.block !== block || !block.body.includes(tested)) return;
  const { units } = selector.block;
  const register = selector.register(tested);
  // The last one that writes it: where an operand is overwritten, the first one only brings that.
  const writes = (unit: Unit): boolean => unit.some((piece) => registersOf(piece).defs.includes(register));
  let at = units.length - 1;
  while (at >= 0 && !writes(units[at])) at--;
  if (at < 0 || units[at].length > 1 || !setsFlagsOf(units[at][0], register)) return;
  if (units.slice(at + 1).some((unit) => unit.some((piece) => registersOf(piece).uses.includes(register)))) return;
  units.push(...units.splice(at, 1));
}

/** Copies that bring the phis of the blocks behind a block their values; on an edge of its own where that is needed. */
function feedPhis(selector: Selector, block: Block): void {
  const { machine } = selector;
  const from = selector.blocks.get(block)!;
  const following = successors(block);
  for (const next of following) {
    if (next.phis.length === 0) continue;
    let place = from;
    if (following.length > 1) {
      const to = selector.blocks.get(next)!;
      place = {
        id: machine.nextBlock++,
        units: [],
        test: [],
        end: { kind: "jump", to },
        depth: Math.min(from.depth, to.depth),
      };
      // On the way out of a loop it stands aside, so that the loop runs straight.
      if (to.depth < from.depth) machine.blocks.push(place);
      else machine.blocks.splice(machine.blocks.indexOf(from) + 1, 0, place);
      redirect(selector, from, to, place);
    }
    const at = next.preds.indexOf(block);
    for (const phi of next.phis) {
      place.units.push([pieceFor(phi.args[at], entering(selector, phi))]);
    }
  }
}

function redirect(selector: Selector, from: MachineBlock, to: MachineBlock, place: MachineBlock): void {
  const { end } = from;
  if (end.kind === "branch") {
    // A table's range check stands before the block that jumps by it.
    if (end.then === to) end.then = place;
    else if (end.else === to) end.else = place;
    if (end.then.end.kind === "table" && end.then !== place) redirect(selector, end.then, to, place);
  } else if (end.kind === "table") {
    end.targets = end.targets.map((target) => (target === to ? place : target));
  }
}

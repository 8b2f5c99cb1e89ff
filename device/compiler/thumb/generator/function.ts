import type { FunctionIr } from "../../ir/types.js";
import { expand, frameOf, type Frame } from "./layout/expand.js";
import type { Item } from "./layout/item.js";
import { place, type PlacedFunction } from "./layout/place.js";
import type { Plan } from "./plan.js";
import { allocateRegisters } from "./registers/allocate.js";
import { assignHomes } from "./registers/homes.js";
import { selectInstructions } from "./select/select.js";
import { alignmentOf, markAligned } from "./analysis/alignment.js";
import { countersIn, dropChecks } from "./analysis/checks.js";
import { dropFuel } from "./analysis/fuel.js";
import { testNext } from "./analysis/exit-tests.js";
import { buildGraph } from "./ssa/build.js";
import type { Graph } from "./ssa/graph.js";
import { moveFuelUp, removeEmpty, removeUnused, simplify } from "./ssa/simplify.js";

/** A function's code, and what whoever joins it with others must know. */
export interface CompiledFunction extends PlacedFunction {
  readonly index: number;
  readonly name: string;
  readonly frameBytes: number;
  /** Whether it checks that the stack suffices, itself. */
  readonly checked: boolean;
}

/** A function's graph, simplified: what analysis of the whole module looks at. */
export function prepareFunction(ir: FunctionIr, plan: Plan, name: string): Graph {
  const graph = buildGraph(ir, plan, name);
  simplify(graph);
  return graph;
}

/**
 * Compiles a function from its graph: checks, instructions, registers, layout.
 * @param globals how what is read from the context is aligned, by its place
 * @param routines gets the runtime routines it calls
 */
export function compileFunction(
  graph: Graph,
  index: number,
  plan: Plan,
  globals: (at: number) => number,
  routines: Set<string>,
): CompiledFunction {
  const counters = countersIn(graph);
  dropChecks(graph, counters, plan.leastMemoryBytes);
  markAligned(graph, alignmentOf(graph, globals));
  dropFuel(graph, counters, (index) => plan.recursive.has(index));
  removeUnused(graph);
  moveFuelUp(graph);
  removeEmpty(graph);
  testNext(graph);
  const machine = selectInstructions(graph, plan, routines);
  // r10 holds the stack's limit where there are functions that ask for it.
  const kept = plan.recursive.size > 0 ? [9] : [9, 10];
  allocateRegisters(machine, { kept });
  let frame: Frame = frameOf(machine);
  let items: Item[] = expand(machine, frame);
  let placed = place(items);
  if (placed.linkLost) {
    // A branch too far for all but `bl`: lr must be saved, and holds nothing.
    machine.calls = true;
    assignHomes(machine, false, kept);
    frame = frameOf(machine);
    items = expand(machine, frame);
    placed = place(items);
  }
  if (
    items.some(
      (item) => item.kind === "aside" && item.items.some((one) => one.kind === "far" && one.to === "unaligned"),
    )
  ) {
    routines.add("unaligned");
  }
  return {
    ...placed,
    index,
    name: graph.name,
    frameBytes: frame.bytes,
    checked: plan.recursive.has(index),
  };
}

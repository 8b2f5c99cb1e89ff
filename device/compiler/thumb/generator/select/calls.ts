import { FIRST_VIRTUAL } from "../machine/function.js";
import type { Value } from "../ssa/graph.js";
import { labels, type Selector, setTo } from "./selector.js";

/** Words of arguments that are in registers. */
const IN_REGISTERS = 4;

/** A call of a WebAssembly function: the first four words in r0-r3, the others on the stack. */
export function selectCall(selector: Selector, call: Value, results: readonly Value[]): void {
  const indirect = call.op === "call indirect";
  const args = indirect ? call.args.slice(1) : call.args;
  const uses = passArguments(selector, args);
  const defs = [0, 1].slice(0, Math.max(0, ...results.map(({ imm }) => imm + 1)));
  selector.machine.calls = true;
  if (indirect) {
    selector.emit({ kind: "callRegister", rm: selector.register(call.args[0]), uses, defs });
  } else {
    selector.emit({ kind: "call", label: labels.function(call.imm), uses, defs });
  }
  takeResults(selector, results);
}

/** A call of a runtime routine: all in registers. */
export function selectRoutine(selector: Selector, call: Value, results: readonly Value[]): void {
  const uses = passArguments(selector, call.args);
  selector.routines.add(call.name);
  selector.machine.calls = true;
  const words = Math.max(0, ...results.map(({ imm }) => imm + 1));
  selector.emit({
    kind: "call",
    label: call.name,
    uses,
    defs: Array.from({ length: words }, (_, word) => word),
  });
  takeResults(selector, results);
}

function passArguments(selector: Selector, args: readonly Value[]): number[] {
  args.slice(IN_REGISTERS).forEach((arg, word) => {
    selector.emit({ kind: "outgoing", rt: selector.register(arg), word });
  });
  selector.machine.outgoingWords = Math.max(selector.machine.outgoingWords, args.length - IN_REGISTERS);
  const inRegisters = args.slice(0, IN_REGISTERS);
  // Constants last: they need no register of their own until then.
  const order = inRegisters
    .map((arg, rd) => ({ arg, rd }))
    .sort((a, b) => Number(a.arg.op === "const") - Number(b.arg.op === "const"));
  for (const { arg, rd } of order) {
    if (arg.op === "const") selector.emit(setTo(rd, arg.imm));
    else selector.emit({ kind: "move", rd, rm: selector.register(arg) });
  }
  return inRegisters.map((_, rd) => rd);
}

function takeResults(selector: Selector, results: readonly Value[]): void {
  for (const result of results) {
    selector.emit({ kind: "move", rd: FIRST_VIRTUAL + result.id, rm: result.imm });
  }
}

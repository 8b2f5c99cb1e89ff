import type { Instruction, Register } from "../../instruction.js";
import {
  blx,
  bx,
  high,
  imm8,
  invert,
  LR,
  memoryImmediate,
  memorySp,
  mov,
  moveSp,
  pop,
  push,
  PC,
  register,
  shift,
  SP,
} from "../../instruction.js";
import { trapCodes } from "../../traps.js";
import { FUEL, type MachineBlock, type MachineFunction, MEMORY, type Piece, STACK_LIMIT } from "../machine/function.js";
import { setsFlagsOf } from "../machine/registers.js";
import type { Item, Literal } from "./item.js";

/** How a function's stack is laid out: outgoing arguments lowest, then spilled words, then what is kept for the caller. */
export interface Frame {
  readonly low: readonly Register[];
  readonly high: readonly Register[];
  readonly lr: boolean;
  /** Words of outgoing arguments and of spilled values. */
  readonly words: number;
  readonly outgoingWords: number;
  /** Bytes from the stack pointer in the body to the caller's. */
  readonly bytes: number;
}

/** Names of the entries to `trap`, one for a reason; `leaf` for functions that haven't saved lr, which is in r2 then. */
export function trapLabel(code: number, leaf: boolean): string {
  return `${leaf ? "leaf" : "framed"}.trap${-code}`;
}

/** What the frame of a function with all registers known must hold. */
export function frameOf(machine: MachineFunction): Frame {
  const written = new Set<Register>();
  const visit = (piece: Piece): void => {
    for (const field of ["rd", "rt"] as const) {
      const found = (piece as unknown as Record<string, unknown>)[field];
      if (typeof found === "number") written.add(found);
    }
  };
  for (const { units, test, end } of machine.blocks) {
    for (const unit of units) unit.forEach(visit);
    test.forEach(visit);
    if (end.kind === "table") written.add(end.index);
  }
  const homes = [...machine.homes.values()];
  const kept = [9, 10].filter((one) => homes.some((home) => home.kind === "register" && home.register === one));
  let low = [4, 5, 6, 7].filter((one) => written.has(one));
  const spilled = Math.max(0, ...homes.map((home) => (home.kind === "stack" ? home.word + 1 : 0)));
  const words = machine.outgoingWords + spilled;
  // High registers are saved by way of low ones.
  low = [...new Set([...low, 4, 5])].slice(0, Math.max(low.length, kept.length)).sort();
  const lr = machine.calls;
  return {
    low,
    high: kept,
    lr,
    words,
    outgoingWords: machine.outgoingWords,
    bytes: 4 * (words + kept.length + low.length + Number(lr)),
  };
}

/** A function with all registers known, as items: its frame, its blocks in order, its way out. */
export function expand(machine: MachineFunction, frame: Frame): Item[] {
  const items: Item[] = [];
  const code = (...instructions: Instruction[]): void => {
    for (const instruction of instructions) items.push({ kind: "code", instruction });
  };
  let labels = 0;
  const fresh = (what: string): string => `${what} ${labels++}`;
  const block = (target: MachineBlock): string => `block ${threaded(target).id}`;

  const leave = (): void => {
    for (let rest = frame.words; rest > 0; rest -= 127) code(moveSp("add", 4 * Math.min(rest, 127)));
    if (frame.high.length > 0) {
      // r2 and r3 hold no results.
      const carriers = [2, 3].slice(0, frame.high.length);
      code(pop(carriers), ...frame.high.map((to, n) => mov(to, carriers[n])));
    }
    if (frame.lr) code(pop([...frame.low, PC]));
    else {
      if (frame.low.length > 0) code(pop(frame.low));
      code(bx(LR));
    }
  };
  const trapItems = (reason: number): Item[] => [
    ...(frame.lr ? [] : [{ kind: "code", instruction: mov(2, LR) } as const]),
    { kind: "far", to: trapLabel(reason, !frame.lr) },
  ];
  const literal = (rd: Register, word: Literal): void => void items.push({ kind: "literal", rd, literal: word });

  const constant = (rd: Register, value: number): void => {
    const bits = value >>> 0;
    const zeros = bits === 0 ? 0 : 31 - Math.clz32(bits & -bits);
    if (bits <= 255) code(imm8("movs", rd, bits));
    else if (~value >= 0 && ~value <= 255) code(imm8("movs", rd, ~value), register("mvns", rd, rd));
    else if (bits >>> zeros <= 255) code(imm8("movs", rd, bits >>> zeros), shift("lsls", rd, rd, zeros));
    else if (bits <= 510) code(imm8("movs", rd, 255), imm8("adds", rd, bits - 255));
    else literal(rd, { kind: "number", value });
  };

  /** A word of the frame, however far up it is. The flags are kept. */
  const frameWord = (op: "ldr" | "str", rt: Register, bytes: number): void => {
    if (bytes <= 1020) return code(memorySp(op, rt, bytes));
    // Another register serves as address; a load's own is free for that.
    const carrier = op === "ldr" ? rt : rt === 0 ? 1 : 0;
    const pushed = op === "str" ? 4 : 0;
    if (pushed) code(push([carrier]));
    literal(carrier, { kind: "number", value: bytes + pushed });
    code(high("add", carrier, SP), memoryImmediate(op, rt, carrier, 0));
    if (pushed) code(pop([carrier]));
  };

  const slow = (unit: readonly Piece[], at: number): void => {
    // The access is told to the routine by its own halfword behind the call.
    const back = fresh("back");
    const access = unit[at + 1] as Instruction;
    const piece = unit[at] as Piece & { kind: "slowIf" };
    items.push({
      kind: "aside",
      condition: piece.condition,
      key: fresh("slow"),
      items: [
        { kind: "far", to: "unaligned" },
        { kind: "code", instruction: access },
        { kind: "branch", to: back },
      ],
    });
    code(access);
    items.push({ kind: "label", label: back });
  };

  const piece = (found: Piece): void => {
    switch (found.kind) {
      case "move":
        if (found.rd !== found.rm) code(mov(found.rd, found.rm));
        return;
      case "moveIf":
      case "setIf": {
        if (found.kind === "moveIf" && found.rd === found.rm) return;
        const over = fresh("over");
        items.push({ kind: "branch", condition: invert(found.condition), to: over });
        code(found.kind === "moveIf" ? mov(found.rd, found.rm) : imm8("movs", found.rd, found.value));
        items.push({ kind: "label", label: over });
        return;
      }
      case "constant":
        return constant(found.rd, found.value);
      case "memoryAddress": {
        const { rd, offset } = found;
        if (Math.abs(offset) <= 255) {
          code(mov(rd, MEMORY));
          if (offset !== 0) code(imm8(offset > 0 ? "adds" : "subs", rd, Math.abs(offset)));
          return;
        }
        constant(rd, offset);
        return code(high("add", rd, MEMORY));
      }
      case "codeAddress": {
        const from = fresh("here");
        literal(found.rd, { kind: "distance", label: found.label, addend: found.addend, from });
        items.push({ kind: "label", label: from });
        return code(high("add", found.rd, PC));
      }
      case "codeOffset":
        return literal(found.rd, { kind: "offset", label: found.label, addend: found.addend });
      case "borrow":
        return code(register("sbcs", found.rd, found.rd));
      case "call":
        items.push({ kind: "far", to: found.label });
        return;
      case "callRegister":
        return code(blx(found.rm));
      case "incoming":
        return frameWord("ldr", found.rd, frame.bytes + 4 * found.word);
      case "outgoing":
        return frameWord("str", found.rt, 4 * found.word);
      case "reload":
      case "spill": {
        const home = machine.homes.get(found.value)!;
        const low = found.kind === "reload" ? found.rd : found.rt;
        if (home.kind === "register") {
          return code(found.kind === "reload" ? mov(low, home.register) : mov(home.register, low));
        }
        return frameWord(found.kind === "reload" ? "ldr" : "str", low, 4 * (frame.outgoingWords + home.word));
      }
      case "trapIf":
        items.push({
          kind: "aside",
          condition: found.condition,
          key: trapLabel(found.code, !frame.lr),
          items: trapItems(found.code),
        });
        return;
      case "fuel": {
        const back = fresh("back");
        code(
          mov(found.rd, FUEL),
          { kind: "imm3", op: "subs", rd: found.rd, rn: found.rd, imm: 1 },
          mov(FUEL, found.rd),
        );
        items.push({
          kind: "aside",
          condition: "mi",
          key: fresh("fuel"),
          items: [
            { kind: "far", to: "fuel" },
            { kind: "branch", to: back },
          ],
        });
        items.push({ kind: "label", label: back });
        return;
      }
      case "stackCheck":
      case "slowIf":
        return;
      default:
        return code(found);
    }
  };
  const unit = (pieces: readonly Piece[]): void => {
    for (let at = 0; at < pieces.length; at++) {
      if (pieces[at].kind === "slowIf") {
        slow(pieces, at);
        at++;
      } else piece(pieces[at]);
    }
  };

  const checksStack = machine.blocks[0].units.some(([first]) => first.kind === "stackCheck");
  if (checksStack) {
    const reason = trapCodes["call stack exhausted"];
    code(high("cmp", SP, STACK_LIMIT));
    items.push({
      kind: "aside",
      condition: "lo",
      key: trapLabel(reason, true),
      items: [
        { kind: "code", instruction: mov(2, LR) },
        { kind: "far", to: trapLabel(reason, true) },
      ],
    });
  }
  const pushed = [...frame.low, ...(frame.lr ? [LR] : [])];
  if (pushed.length > 0) code(push(pushed));
  if (frame.high.length > 0) {
    const carriers = frame.low.slice(0, frame.high.length);
    code(...frame.high.map((from, n) => mov(carriers[n], from)), push(carriers));
  }
  for (let rest = frame.words; rest > 0; rest -= 127) code(moveSp("sub", 4 * Math.min(rest, 127)));

  const order = machine.blocks.filter((one, at) => at === 0 || threaded(one) === one);
  order.forEach((one, at) => {
    const next = order[at + 1] ? block(order[at + 1]) : undefined;
    items.push({ kind: "label", label: `block ${one.id}` });
    one.units.forEach(unit);
    if (!isTested(items, one)) unit(one.test);
    const { end } = one;
    switch (end.kind) {
      case "jump":
        if (block(end.to) !== next) items.push({ kind: "branch", to: block(end.to) });
        return;
      case "branch": {
        const [then, otherwise] = [block(end.then), block(end.else)];
        if (then === otherwise) {
          if (then !== next) items.push({ kind: "branch", to: then });
        } else if (then === next) items.push({ kind: "branch", condition: invert(end.condition), to: otherwise });
        else {
          items.push({ kind: "branch", condition: end.condition, to: then });
          if (otherwise !== next) items.push({ kind: "branch", to: otherwise });
        }
        return;
      }
      case "table":
        items.push({ kind: "table", index: end.index, targets: end.targets.map(block) });
        return;
      case "return":
        return leave();
      case "trap":
        items.push({ kind: "aside", key: trapLabel(end.code, !frame.lr), items: trapItems(end.code) });
    }
  });
  return items;
}

/** Whether the flags already say what a block's end asks, whether a register is zero: copies leave them alone. */
function isTested(items: readonly Item[], { test, end }: MachineBlock): boolean {
  const [compare] = test;
  if (test.length !== 1 || compare.kind !== "imm8" || compare.op !== "cmp" || compare.imm !== 0) return false;
  if (end.kind !== "branch" || (end.condition !== "eq" && end.condition !== "ne")) return false;
  for (let at = items.length - 1; at >= 0; at--) {
    const item = items[at];
    if (item.kind !== "code") return false;
    const { instruction } = item;
    if (setsFlagsOf(instruction, compare.rd)) return true;
    if (instruction.kind !== "high" || instruction.op !== "mov" || instruction.rd === compare.rd) return false;
  }
  return false;
}

/** Where a block that does nothing but jump leads to. */
function threaded(block: MachineBlock): MachineBlock {
  const seen = new Set<MachineBlock>();
  let found = block;
  while (found.end.kind === "jump" && isEmpty(found) && !seen.has(found)) {
    seen.add(found);
    found = found.end.to;
  }
  return found;
}

function isEmpty({ units, test }: MachineBlock): boolean {
  const idle = (found: Piece): boolean => found.kind === "move" && found.rd === found.rm;
  return test.every(idle) && units.every((unit) => unit.every(idle));
}

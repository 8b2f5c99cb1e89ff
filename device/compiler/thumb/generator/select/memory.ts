import type { Instruction, Register, RegisterOffsetOp } from "../../instruction.js";
import { imm3, imm8, memoryImmediate, memoryRegister, shift } from "../../instruction.js";
import type { Piece } from "../machine/function.js";
import type { Block, Value } from "../ssa/graph.js";
import type { Selector } from "./selector.js";

/** What an address is made of: a value, if it isn't constant, and a number of bytes. */
interface Parts {
  readonly root: Value | undefined;
  readonly offset: number;
}

/** Accesses of one block that share a register: its value is the root's plus linear memory's address plus `anchor`. */
interface Cluster {
  readonly anchor: number;
  register?: Register;
}

/** How each access of a block is addressed. */
export type Addressing = ReadonlyMap<Value, Cluster>;

function partsOf(access: Value): Parts {
  const [address] = access.args;
  if (address.op === "const") return { root: undefined, offset: (address.imm + access.imm) | 0 };
  if (address.op === "add" && address.args[1].op === "const") {
    return { root: address.args[0], offset: (address.args[1].imm + access.imm) | 0 };
  }
  return { root: address, offset: access.imm };
}

/** Bytes from a register that an access of this size reaches. */
function reach(bytes: number): number {
  return 31 * Math.min(bytes, 4);
}

/** Finds accesses of a block that are near each other: one sum serves them all. */
export function planAddressing(block: Block): Addressing {
  const groups = new Map<Value, { access: Value; offset: number }[]>();
  for (const access of block.body) {
    if ((access.op !== "load" && access.op !== "store") || access.native) continue;
    const { root, offset } = partsOf(access);
    if (!root) continue;
    const group = groups.get(root) ?? [];
    group.push({ access, offset });
    groups.set(root, group);
  }
  const planned = new Map<Value, Cluster>();
  for (const group of groups.values()) {
    if (new Set(group.map(({ offset }) => offset)).size < 2) continue;
    let members: Value[] = [];
    let cluster: Cluster | undefined;
    const finish = (): void => {
      // Alone, an access is cheaper with two registers.
      if (members.length > 1) for (const member of members) planned.set(member, cluster!);
      members = [];
    };
    for (const { access, offset } of group.sort((a, b) => a.offset - b.offset)) {
      const distance = cluster ? offset - cluster.anchor : 0;
      if (!cluster || distance > reach(access.bytes) || distance % Math.min(access.bytes, 4) !== 0) {
        finish();
        cluster = { anchor: offset };
      }
      members.push(access);
    }
    finish();
  }
  return planned;
}

/** An access's two registers, or register and distance. */
type Place =
  | { readonly kind: "sum"; readonly rn: Register; readonly rm: Register }
  | {
      readonly kind: "near";
      readonly rn: Register;
      readonly imm: number;
    };

function place(selector: Selector, access: Value, addressing: Addressing): Place {
  const size = Math.min(access.bytes, 4);
  const [address] = access.args;
  if (access.native) {
    const rn = selector.register(address);
    if (access.imm <= reach(size) && access.imm % size === 0) return { kind: "near", rn, imm: access.imm };
    return { kind: "sum", rn, rm: selector.constant(access.imm) };
  }
  const { root, offset } = partsOf(access);
  if (!root) {
    // Constant addresses near each other share a register.
    const anchor = offset - (((offset % (size * 32)) + size * 32) % (size * 32));
    const imm = offset - anchor;
    if (imm % size === 0) return { kind: "near", rn: selector.memoryAddress(anchor), imm };
    return { kind: "near", rn: selector.memoryAddress(offset), imm: 0 };
  }
  const cluster = addressing.get(access);
  if (cluster) {
    if (cluster.register === undefined) {
      cluster.register = selector.temporary();
      const rn = selector.register(root);
      selector.emit({
        kind: "add3",
        op: "adds",
        rd: cluster.register,
        rn,
        rm: selector.memoryAddress(cluster.anchor),
      });
    }
    return { kind: "near", rn: cluster.register, imm: offset - cluster.anchor };
  }
  // Where the sum is needed anyway, for its check, it is the better root: its offset is the smaller one.
  if (root !== address && (selector.uses.get(address) ?? 0) > 1) {
    return { kind: "sum", rn: selector.register(address), rm: selector.memoryAddress(access.imm) };
  }
  return { kind: "sum", rn: selector.register(root), rm: selector.memoryAddress(offset) };
}

/** Pieces that leave to the slow way where the address isn't a multiple of the access's size. */
function alignment(selector: Selector, access: Value, at: Place): Piece[] {
  if (access.bytes === 1 || access.aligned) return [];
  const temporary = selector.temporary();
  const count = access.bytes === 2 ? 31 : 30;
  const size = Math.min(access.bytes, 4);
  const [address] = access.args;
  if (address.op === "const") {
    return (address.imm + access.imm) % size === 0
      ? []
      : [imm8("movs", temporary, 1), { kind: "slowIf", condition: "ne" }];
  }
  // Linear memory is 8-aligned: what counts is the distance from it.
  if (at.kind === "near" && (access.native || at.imm % size === 0)) {
    return [shift("lsls", temporary, at.rn, count), { kind: "slowIf", condition: "ne" }];
  }
  const { root, offset } = partsOf(access);
  const uneven = ((offset % size) + size) % size;
  const rn = selector.register(root!);
  if (uneven === 0) return [shift("lsls", temporary, rn, count), { kind: "slowIf", condition: "ne" }];
  return [
    imm3("adds", temporary, rn, uneven),
    shift("lsls", temporary, temporary, count),
    { kind: "slowIf", condition: "ne" },
  ];
}

/** A load from memory, into the value's register. */
export function selectLoad(selector: Selector, load: Value, addressing: Addressing): void {
  const at = place(selector, load, addressing);
  const rt = selector.register(load);
  const op: RegisterOffsetOp =
    load.bytes === 1 ? (load.signed ? "ldrsb" : "ldrb") : load.bytes === 2 ? (load.signed ? "ldrsh" : "ldrh") : "ldr";
  const check = alignment(selector, load, at);
  if (check.length > 0) selector.machine.calls = true;
  if (at.kind === "sum") return selector.emit(...check, memoryRegister(op, rt, at.rn, at.rm));
  if (op === "ldrsb" || op === "ldrsh") {
    const unsigned = op === "ldrsb" ? "ldrb" : "ldrh";
    const narrow = selector.temporary();
    selector.emit(...check, memoryImmediate(unsigned, narrow, at.rn, at.imm));
    return selector.emit({ kind: "extend", op: op === "ldrsb" ? "sxtb" : "sxth", rd: rt, rm: narrow });
  }
  selector.emit(...check, memoryImmediate(op, rt, at.rn, at.imm));
}

/** A store to memory. */
export function selectStore(selector: Selector, store: Value, addressing: Addressing): void {
  const at = place(selector, store, addressing);
  const rt = selector.register(store.args[1]);
  const op = store.bytes === 1 ? "strb" : store.bytes === 2 ? "strh" : "str";
  const check = alignment(selector, store, at);
  if (check.length > 0) selector.machine.calls = true;
  const access: Instruction =
    at.kind === "sum" ? memoryRegister(op, rt, at.rn, at.rm) : memoryImmediate(op, rt, at.rn, at.imm);
  selector.emit(...check, access);
}

/** A word of the context: a global, or the engine's. @param at bytes from the context */
export function contextPlace(selector: Selector, at: number): { rn: Register; imm: number } {
  const distance = at - selector.plan.memoryOffset;
  const anchor = Math.floor(distance / 128) * 128;
  return { rn: selector.memoryAddress(anchor), imm: distance - anchor };
}

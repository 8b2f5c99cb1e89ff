import { signatureKey } from "../../../ir/call-graph.js";
import type { CallExpression, Expression, LoadExpression, Statement } from "../../../ir/types.js";
import { isHeapEnd } from "../../../memory/allocator.js";
import { contextOffsets } from "../../context.js";
import { trapCodes } from "../../traps.js";
import { wordCount } from "../plan.js";
import type { Scope } from "./build.js";
import { floatBinary, floatUnary } from "./floats.js";
import type { Value } from "./graph.js";
import { int32Binary, int64Binary, integerUnary, negate } from "./integers.js";

type Pair = readonly [low: Value, high: Value];

/** The value of a tree of one word. */
export function one(scope: Scope, tree: Expression): Value {
  return expression(scope, tree)[0];
}

/** The words of a tree's value, low first. */
export function expression(scope: Scope, tree: Expression): Value[] {
  const { b, plan } = scope;
  switch (tree.kind) {
    case "const": {
      if (tree.type === "i64" || tree.type === "f64") {
        return [
          b.constant(Number(BigInt.asIntN(32, tree.value))),
          b.constant(Number(BigInt.asIntN(32, tree.value >> 32n))),
        ];
      }
      // What the linker wrote as the end of memory is where a fixed memory ends.
      if (plan.fixedMemoryBytes !== undefined && isHeapEnd(plan.module, tree)) {
        return [b.constant(plan.fixedMemoryBytes | 0)];
      }
      return [b.constant(tree.value)];
    }
    case "local": {
      const slot = scope.slots[tree.index];
      return scope.locals.slice(slot, slot + (tree.type === "i64" || tree.type === "f64" ? 2 : 1));
    }
    case "global": {
      const at = plan.globals[tree.index];
      return (tree.type === "i64" || tree.type === "f64" ? [at, at + 4] : [at]).map((place) => word(scope, place));
    }
    case "unary": {
      const operand = expression(scope, tree.operand);
      return integerUnary(b, tree.operator, operand) ?? floatUnary(b, tree.operator, operand);
    }
    case "binary": {
      const left = expression(scope, tree.left);
      const right = expression(scope, tree.right);
      const [type, name] = tree.operator.split(".");
      if (type === "i32") return [int32Binary(b, name, left[0], right[0])];
      if (type === "i64") return int64Binary(b, name, left as unknown as Pair, right as unknown as Pair);
      return floatBinary(b, tree.operator, left, right);
    }
    case "load":
      return load(scope, tree);
    case "select": {
      const condition = one(scope, tree.condition);
      const whenTrue = expression(scope, tree.whenTrue);
      const whenFalse = expression(scope, tree.whenFalse);
      return whenTrue.map((value, at) => b.make("select", [condition, value, whenFalse[at]]));
    }
    case "call":
      return call(scope, tree);
    case "memory.size":
      if (plan.fixedMemoryBytes !== undefined) return [b.make("pages", [], plan.fixedMemoryBytes)];
      return [b.make("shr", [memoryLimit(scope), b.constant(16)])];
    case "memory.bytes":
      return [memoryLimit(scope)];
    case "memory.grow": {
      const pages = one(scope, tree.pages);
      if (plan.fixedMemoryBytes !== undefined) {
        // A fixed arena: growing by nothing tells the size, by more is refused.
        const size = b.constant(plan.fixedMemoryBytes >>> 16);
        return [b.make("select", [b.make("eq", [pages, b.constant(0)]), size, b.constant(-1)])];
      }
      const result = b.result(b.effect("routine", [pages], { name: "memory.grow" }), 0);
      scope.limit = undefined;
      return [result];
    }
    case "ref.null":
      return [b.constant(0)];
    case "ref.func":
      return [b.make("reference", [], tree.index)];
    case "ref.is_null":
      return [b.make("eq", [one(scope, tree.operand), b.constant(0)])];
    case "table.get": {
      const index = one(scope, tree.index);
      checkIndex(scope, tree.table, index);
      return [b.effect("load", [tableEntry(scope, tree.table, index)], { native: true, aligned: true })];
    }
    case "table.size":
      return [tableSize(scope, tree.table)];
    case "table.grow":
      return [growTable(scope, tree)];
  }
}

/** A word of the context, read once as long as nothing may have changed it. */
export function word(scope: Scope, at: number): Value {
  const known = scope.known.get(at);
  if (known) return known;
  const value = scope.b.effect("get", [], { imm: at });
  scope.known.set(at, value);
  return value;
}

/** Bytes of linear memory. */
export function memoryLimit(scope: Scope): Value {
  const { plan, b } = scope;
  if (plan.fixedMemoryBytes !== undefined) return b.constant(plan.fixedMemoryBytes);
  scope.limit ??= b.effect("limit", []);
  return scope.limit;
}

function checkAccess(scope: Scope, address: Value, span: number): void {
  const { b, plan } = scope;
  const limit = memoryLimit(scope);
  if (span > plan.leastMemoryBytes) {
    const outside = span > 0xffffffff ? b.constant(1) : b.make("lt_u", [limit, b.constant(span)]);
    b.effect("trap if", [outside], { imm: trapCodes["out of bounds memory access"] });
  }
  b.effect("bound", [address, b.make("sub", [limit, b.constant(span)])]);
}

function load(scope: Scope, tree: LoadExpression): Value[] {
  const { b } = scope;
  const address = one(scope, tree.address);
  checkAccess(scope, address, tree.offset + tree.bytes);
  const read = (bytes: number, offset: number, signed = false) =>
    b.effect("load", [address], { imm: offset, bytes, signed });
  if (tree.bytes === 8) return [read(4, tree.offset), read(4, tree.offset + 4)];
  const low = read(tree.bytes, tree.offset, tree.signed);
  if (tree.type !== "i64") return [low];
  return [low, tree.signed ? b.make("sar", [low, b.constant(31)]) : b.constant(0)];
}

/** A store of a statement. */
export function store(scope: Scope, item: Statement & { kind: "store" }): void {
  const { b } = scope;
  const address = one(scope, item.address);
  const words = expression(scope, item.value);
  checkAccess(scope, address, item.offset + item.bytes);
  const write = (value: Value, bytes: number, offset: number) =>
    b.effect("store", [address, value], { imm: offset, bytes });
  write(words[0], Math.min(item.bytes, 4), item.offset);
  if (item.bytes === 8) write(words[1], 4, item.offset + 4);
}

/** A call, direct or indirect. @returns the words of its results */
export function call(scope: Scope, { target, operands }: CallExpression): Value[] {
  const { b, plan } = scope;
  const { module } = plan;
  const args = operands.flatMap((operand) => expression(scope, operand));
  const type = target.kind === "direct" ? module.functions[target.index].type : module.types[target.typeIndex];
  let made: Value;
  if (target.kind === "direct") {
    made = b.effect("call", args, { imm: target.index });
  } else {
    const index = one(scope, target.index);
    checkIndex(scope, target.table, index);
    const entry = b.effect("load", [tableEntry(scope, target.table, index)], { native: true, aligned: true });
    b.effect("trap if", [b.make("eq", [entry, b.constant(0)])], { imm: trapCodes["uninitialized element"] });
    const place = b.make("add", [entry, b.make("code", [], 0)]);
    const number = b.effect("load", [place], { native: true, aligned: true, bytes: 2 });
    const wrong = b.make("ne", [number, b.constant(plan.typeNumber(target.typeIndex))]);
    b.effect("trap if", [wrong], { imm: trapCodes["indirect call type mismatch"] });
    // Behind the type's number, with the Thumb bit.
    made = b.effect("call indirect", [b.make("add", [place, b.constant(3)]), ...args], {
      name: signatureKey(type),
    });
  }
  scope.known = new Map();
  scope.limit = undefined;
  return Array.from({ length: wordCount(type.results) }, (_, at) =>
    at < 2 ? b.result(made, at) : b.effect("get", [], { imm: contextOffsets.transfer + 4 * (at - 2) }),
  );
}

/** Traps unless an index is within a table. */
function checkIndex(scope: Scope, table: number, index: Value): void {
  const { b } = scope;
  const outside = negate(b, b.make("lt_u", [index, tableSize(scope, table)]));
  b.effect("trap if", [outside], { imm: trapCodes["out of bounds table access"] });
}

/** Address of a table's entry. */
export function tableEntry(scope: Scope, table: number, index: Value): Value {
  const { b, plan } = scope;
  const start = b.make("base", [], plan.tables[table].at - plan.memoryOffset);
  return b.make("add", [b.make("shl", [index, b.constant(2)]), start]);
}

/** Entries of a table. */
export function tableSize({ b, plan }: Scope, table: number): Value {
  const { sizeAt, capacity } = plan.tables[table];
  return sizeAt === undefined ? b.constant(capacity) : b.effect("get", [], { imm: sizeAt });
}

function growTable(scope: Scope, tree: Expression & { kind: "table.grow" }): Value {
  const { b, plan } = scope;
  const value = one(scope, tree.value);
  const delta = one(scope, tree.delta);
  const { sizeAt, capacity } = plan.tables[tree.table];
  const size = tableSize(scope, tree.table);
  const room = b.make("sub", [b.constant(capacity), size]);
  const fits = b.make("le_u", [delta, room]);
  const count = b.make("select", [fits, delta, b.constant(0)]);
  b.effect("set", [b.make("add", [size, count])], { imm: sizeAt! });
  b.effect("routine", [tableEntry(scope, tree.table, size), value, count], { name: "table.fill" });
  return b.make("select", [fits, size, b.constant(-1)]);
}

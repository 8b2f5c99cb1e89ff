import type { Statement } from "../../../ir/types.js";
import { trapCodes } from "../../traps.js";
import type { Scope } from "./build.js";
import { expression, memoryLimit, tableEntry, tableSize } from "./expression.js";
import type { Value } from "./graph.js";

/** Bulk operations: all is checked first, so that nothing is written where one traps. */
export function bulk(scope: Scope, item: Statement & { kind: "bulk" }): void {
  const { b, plan } = scope;
  const operands = item.operands.map((operand) => expression(scope, operand)[0]);
  const [first, second, count] = operands;
  const memory = trapCodes["out of bounds memory access"];
  const table = trapCodes["out of bounds table access"];
  const native = (address: Value) => b.make("add", [address, b.make("base", [], 0)]);
  const bytes = () => b.make("shl", [count, b.constant(2)]);
  const routine = (name: string, args: Value[]) => b.effect("routine", args, { name });
  switch (item.operator) {
    case "memory.copy":
      within(scope, first, count, memoryLimit(scope), memory);
      within(scope, second, count, memoryLimit(scope), memory);
      routine("memory.copy", [native(first), native(second), count]);
      return;
    case "memory.fill":
      within(scope, first, count, memoryLimit(scope), memory);
      routine("memory.fill", [native(first), second, count]);
      return;
    case "memory.init": {
      const segment = item.immediates[0];
      within(scope, second, count, b.effect("get", [], { imm: plan.dataLengths.get(segment)! }), memory);
      within(scope, first, count, memoryLimit(scope), memory);
      const from = b.make("add", [second, b.make("code", [], 1 + segment)]);
      routine("memory.copy", [native(first), from, count]);
      return;
    }
    case "table.copy": {
      const [to, from] = item.immediates;
      within(scope, first, count, tableSize(scope, to), table);
      within(scope, second, count, tableSize(scope, from), table);
      routine("memory.copy", [tableEntry(scope, to, first), tableEntry(scope, from, second), bytes()]);
      return;
    }
    case "table.fill": {
      const [to] = item.immediates;
      within(scope, first, count, tableSize(scope, to), table);
      routine("table.fill", [tableEntry(scope, to, first), second, count]);
      return;
    }
    case "table.init": {
      const [to, segment] = item.immediates;
      within(scope, second, count, b.effect("get", [], { imm: plan.elementLengths.get(segment)! }), table);
      within(scope, first, count, tableSize(scope, to), table);
      const from = b.make("add", [b.make("shl", [second, b.constant(2)]), b.make("code", [], -1 - segment)]);
      routine("memory.copy", [tableEntry(scope, to, first), from, bytes()]);
      return;
    }
    case "table.set": {
      const [to] = item.immediates;
      within(scope, first, b.constant(1), tableSize(scope, to), table);
      b.effect("store", [tableEntry(scope, to, first), second], { native: true, aligned: true });
    }
  }
}

/** Traps unless `start + count <= size`, as if without overflow. */
function within({ b }: Scope, start: Value, count: Value, size: Value, code: number): void {
  b.effect("trap if", [b.make("lt_u", [size, count])], { imm: code });
  b.effect("trap if", [b.make("lt_u", [b.make("sub", [size, count]), start])], { imm: code });
}

/** `data.drop`, `elem.drop`: of the segment nothing is left. */
export function drop({ b, plan }: Scope, item: Statement & { kind: "data.drop" | "elem.drop" }): void {
  const lengths = item.kind === "data.drop" ? plan.dataLengths : plan.elementLengths;
  b.effect("set", [b.constant(0)], { imm: lengths.get(item.segment)! });
}

import type { Module } from "../decode/module.js";
import { signatureKey } from "../ir/call-graph.js";
import type { FunctionIr } from "../ir/types.js";
import { walkExpressions, walkStatements } from "../ir/walk.js";
import { at, type Code, Level } from "./code.js";
import type { FunctionContext } from "./function-context.js";
import type { ModuleSymbols } from "./symbols.js";

/*
 * Calls through a table.
 *
 * A table that nothing changes after instantiation, the usual one, becomes one array a signature: a slot holds the
 * function, or 0 where the element is missing or of another signature. One look-up then both finds and checks.
 * Any other table is an object `{e: elements, m: maximum}` with elements null or `{f: function, s: signature}`, so
 * that it can be written and shared between modules.
 */

/** Tables that are neither shared nor written nor read as a whole, with what each slot holds: a function's index, or undefined. */
export function staticTables(
  module: Module,
  functions: readonly FunctionIr[],
): ReadonlyMap<number, readonly (number | undefined)[]> {
  const written = new Set<number>();
  for (const { body } of functions) {
    walkStatements(body, (statement) => {
      if (statement.kind !== "bulk" || !statement.operator.startsWith("table.")) return;
      written.add(statement.immediates[0]);
      if (statement.operator === "table.copy") written.add(statement.immediates[1]);
    });
    walkExpressions(body, (expression) => {
      if (expression.kind === "table.grow" || expression.kind === "table.get" || expression.kind === "table.size") {
        written.add(expression.table);
      }
    });
  }
  for (const { kind, index } of module.exports) if (kind === "table") written.add(index);
  const tables = new Map<number, readonly (number | undefined)[]>();
  module.tables.forEach((table, index) => {
    if (written.has(index) || table.import) return;
    const slots: (number | undefined)[] = new Array(table.minimum).fill(undefined);
    for (const { mode, table: target, offset, items } of module.elements) {
      if (mode !== "active" || target !== index) continue;
      if (offset?.kind !== "i32" || (offset.value >>> 0) + items.length > slots.length) return;
      items.forEach((item, position) => {
        slots[(offset.value >>> 0) + position] = item.kind === "function" ? item.index : undefined;
      });
    }
    tables.set(index, slots);
  });
  return tables;
}

/** What an indirect call calls, up to its arguments. */
export function tableCall(context: FunctionContext, table: number, typeIndex: number, index: Code): string {
  const { use } = context.symbols;
  const text = at(index, Level.assignment);
  const key = signatureKey(context.module.types[typeIndex]);
  if (!context.staticTables.has(table)) return `${use("table.call")}(${use(`table ${table}`)},${text},"${key}")`;
  let first = text;
  let again = text;
  if (!/^\w+$/.test(text)) {
    again = context.scratch("element");
    first = `${again}=${text}`;
  }
  return `(${use(`elements ${table} ${key}`)}[${first}]||${use(`missing ${table}`)}(${again}))`;
}

/** Defines the arrays that the calls so far look into. Every function used by them must have its name by then. */
export function defineStaticTables(
  module: Module,
  symbols: ModuleSymbols,
  tables: ReadonlyMap<number, readonly (number | undefined)[]>,
): void {
  for (const [table, slots] of tables) {
    const keys = new Set(module.types.map(signatureKey));
    for (const key of keys) {
      const symbol = `elements ${table} ${key}`;
      if (symbols.find(symbol) === undefined) continue;
      const fits = slots.map((slot) => slot !== undefined && signatureKey(module.functions[slot].type) === key);
      const items = slots
        .slice(0, fits.lastIndexOf(true) + 1)
        .map((slot, position) => (fits[position] ? symbols.use(`function ${slot}`) : "0"));
      symbols.define(symbol, `[${items.join(",")}]`);
    }
    if (symbols.find(`missing ${table}`) !== undefined) symbols.define(`missing ${table}`, missing(symbols, slots));
  }
}

/** The trap of a look-up that found nothing: beyond the table, an empty slot, or another signature. */
function missing(symbols: ModuleSymbols, slots: readonly (number | undefined)[]): string {
  const { use } = symbols;
  const filled = slots.map((slot) => (slot === undefined ? "0" : "1")).join("");
  const beyond = `i>>>0>=${slots.length}?${use("trap undefined element")}():`;
  if (!filled.includes("0")) return `function(i){${beyond}${use("trap signature")}()}`;
  const empty = /^01*$/.test(filled) ? "i" : `"${filled}".charAt(i)>0`;
  return `function(i){${beyond}${empty}?${use("trap signature")}():${use("trap null element")}()}`;
}

import type { Initializer } from "../decode/module.js";
import { f32Constant, f64Constant } from "./constants.js";
import { bytesLiteral, stretchesOf } from "./data.js";
import type { ModuleContext } from "./module-context.js";

/** How a module's state comes into being. */
export interface Instantiation {
  /** Statements that fill tables and memory. */
  readonly text: string;
  /** Symbols that are defined only if something turns out to use them, and how. */
  readonly later: Map<string, () => string>;
}

/** Globals, tables and memory before the start function (core specification, section 4.5.4). */
export function instantiate(context: ModuleContext): Instantiation {
  const { module, options, symbols } = context;
  const { use } = symbols;
  const define = (symbol: string, definition: string) => symbols.define(symbol, definition);
  const later = new Map<string, () => string>();
  const { globals, tables, elements, data } = module;
  let text = "";
  globals.forEach(({ initial, type }, index) => {
    if (!initial) return;
    if (initial.kind === "global" && type === "i64") {
      define(`global high ${index}`, use(`global high ${initial.index}`));
    }
    define(`global ${index}`, initializer(context, initial));
    if (initial.kind === "i64") {
      define(`global high ${index}`, String(Number(BigInt.asIntN(32, initial.value >> 32n))));
    }
  });
  tables.forEach((table, index) => {
    if (context.staticTables.has(index) || table.import) return;
    define(`table ${index}`, `{e:[],m:${table.maximum ?? 65536}}`);
    text += `${use("table.grow")}(${use(`table ${index}`)},null,${table.minimum});`;
  });
  elements.forEach((segment, index) => {
    const items = () => `[${segment.items.map((item) => initializer(context, item)).join(",")}]`;
    if (segment.mode === "active" && segment.offset && !context.staticTables.has(segment.table)) {
      text += `${use("table.init")}(${use(`table ${segment.table}`)},${initializer(context, segment.offset)},0,${segment.items.length},${items()});`;
    }
    later.set(`segment ${index}`, () => (segment.mode === "passive" ? items() : "[]"));
  });
  data.forEach((segment, index) => {
    if (segment.mode === "active" && segment.offset) text += place(context, segment.offset, segment.bytes);
    later.set(`data ${index}`, () => (segment.mode === "passive" ? bytesLiteral(segment.bytes) : '""'));
  });
  const pages = module.memory?.minimum ?? 0;
  const maximum = Math.min(module.memory?.maximum ?? 65536, options.maximumPages);
  if (symbols.memorySize === undefined) {
    define("memory size", String(pages * 65536));
    later.set(
      "memory.grow",
      () =>
        `function(n){var o=${use("memory size")}>>>16;n>>>=0;if(o+n>${maximum})return-1;${use("memory size")}+=n*65536;return o}`,
    );
  } else {
    // The arena is what there is: only growing by nothing succeeds.
    later.set("memory.grow", () => `function(n){return n?-1:${(symbols.memorySize ?? 0) >>> 16}}`);
  }
  later.set("depth", () => String(symbols.depthLimit));
  // Nothing is left to begin with, so that the first loop asks.
  later.set("fuel", () => "0");
  later.set(
    "out of fuel",
    () => `function(){return(${use("fuel")}=${use("take fuel")}())?${use("state")}=0:${use("state")}=1}`,
  );
  if (context.suspending.size > 0) {
    define("state", "0");
    define("frames", "[]");
  }
  return { text, later };
}

function initializer({ symbols }: ModuleContext, initial: Initializer): string {
  const { use } = symbols;
  switch (initial.kind) {
    case "i32":
      return String(initial.value);
    case "i64":
      return String(Number(BigInt.asIntN(32, initial.value)));
    case "f32":
      return f32Constant(symbols, initial.bits).text;
    case "f64":
      return f64Constant(symbols, BigInt.asIntN(64, initial.bits)).text;
    case "global":
      return use(`global ${initial.index}`);
    case "function":
      return use(`reference ${initial.index}`);
    case "null":
      return "null";
  }
}

/** Copies an active data segment to its place, or traps where it doesn't fit. */
function place(context: ModuleContext, offset: Initializer, bytes: Uint8Array): string {
  const { use, memorySize } = context.symbols;
  if (offset.kind !== "i32" || memorySize === undefined) {
    return `${use("memory.init")}(${initializer(context, offset)},0,${bytes.length},${bytesLiteral(bytes)});`;
  }
  const start = offset.value >>> 0;
  if (start + bytes.length > memorySize) return `${use("trap memory")}();`;
  return stretchesOf(bytes)
    .map((stretch) => `${use("place")}(${start + stretch.offset},${bytesLiteral(stretch.bytes)});`)
    .join("");
}

import { ModuleError } from "../decode/errors.js";
import type { FunctionType, Import } from "../decode/module.js";
import type { ModuleContext } from "./module-context.js";

/** An import that is a parameter of the generated function, and the parameter's name. */
export interface ImportParameter {
  readonly from: Import;
  readonly name: string;
}

/**
 * Names and defines what is imported and used: functions that may wait or return an i64 are wrapped, globals of two
 * words are taken apart. Call it once, when everything has been emitted.
 * @returns the parameters, in order: functions, globals, tables
 * @throws ModuleError for an import that can't be given
 */
export function defineImports(context: ModuleContext): ImportParameter[] {
  const outer = new Map([...wrapFunctions(context), ...splitGlobals(context)]);
  const { module, symbols } = context;
  const imports: ImportParameter[] = [];
  const add = (from: Import | undefined, symbol: string) => {
    const name = symbols.find(symbol);
    if (from && name !== undefined) imports.push({ from, name: outer.get(symbol) ?? name });
  };
  module.functions.forEach((declaration, index) => add(declaration.import, `function ${index}`));
  module.globals.forEach((declaration, index) => add(declaration.import, `global ${index}`));
  module.tables.forEach((declaration, index) => add(declaration.import, `table ${index}`));
  return imports;
}

/** Wraps functions that may wait or return an i64; gives the parameters' names by symbol. */
function wrapFunctions({ module, symbols, suspending }: ModuleContext): Map<string, string> {
  const { use } = symbols;
  const outerNames = new Map<string, string>();
  module.functions.forEach(({ import: from, type }, index) => {
    const symbol = `function ${index}`;
    if (!from || symbols.find(symbol) === undefined) return;
    const waits = suspending.has(index);
    const wide = type.results.includes("i64");
    if (!waits && !wide) return;
    const outer = use(`import ${index}`);
    outerNames.set(symbol, outer);
    const parameters = wordsOf(type);
    if (wide) {
      const text = `"${from.module}.${from.name}"`;
      if (type.results.length > 1)
        throw new ModuleError(`import ${text} returns several results, which is not supported`);
      if (waits) throw new ModuleError(`import ${text} returns an i64, so it can't wait`);
      symbols.define(symbol, `function(${parameters}){var r=${outer}(${parameters});${use("high")}=r[1];return r[0]}`);
      return;
    }
    const state = use("state");
    symbols.define(
      symbol,
      `function(${parameters}){var r;if(${state}){${state}=0;return ${use("value")}}r=${outer}(${parameters});if(r<0)${state}=1;return r}`,
    );
  });
  if (symbols.find("value") !== undefined) symbols.define("value", "0");
  return outerNames;
}

/** Takes globals of two words apart; gives the parameters' names by symbol. */
function splitGlobals({ module, symbols }: ModuleContext): Map<string, string> {
  const outerNames = new Map<string, string>();
  module.globals.forEach(({ import: from, mutable, type }, index) => {
    if (!from) return;
    if (mutable) throw new ModuleError(`imported mutable global "${from.module}.${from.name}" is not supported`);
    if (type !== "i64") return;
    if (symbols.find(`global ${index}`) === undefined && symbols.find(`global high ${index}`) === undefined) return;
    const outer = symbols.use(`import global ${index}`);
    outerNames.set(`global ${index}`, outer);
    symbols.define(`global ${index}`, `0+${outer}[0]`);
    symbols.define(`global high ${index}`, `0+${outer}[1]`);
  });
  return outerNames;
}

/** Names for the parameters of a function, an i64 as two words. */
function wordsOf(type: FunctionType): string {
  return type.params
    .flatMap((param) => (param === "i64" ? [0, 0] : [0]))
    .map((_, position) => `a${position}`)
    .join(",");
}

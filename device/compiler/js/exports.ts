import type { ModuleContext } from "./module-context.js";

/** What the function returns: exports, whether the guest is suspended, how to resume it, and what tests want. */
export function exportsOf(context: ModuleContext): string {
  const { module, options, suspending } = context;
  const { use } = context.symbols;
  const wanted = module.exports.filter(({ name }) => options.exports?.includes(name) ?? true);
  const functions = wanted
    .filter(({ kind }) => kind === "function")
    .map(({ name, index }) => `${JSON.stringify(name)}:${exported(context, use(`function ${index}`))}`);
  const parts = [`{${functions.join(",")}}`];
  if (suspending.size > 0) {
    const state = use("state");
    parts.push(`function(){return ${state}==1}`, `function(v){${use("value")}=v;${state}=2}`);
  } else if (options.reflect) parts.push("0", "0");
  if (options.reflect) parts.push(...reflection(context));
  return parts.join(",");
}

/** A trap leaves without counting its depth back, so tests, which go on after one, count anew at each call. */
function exported({ options, symbols }: ModuleContext, name: string): string {
  const depth = symbols.find("depth");
  if (!options.reflect || depth === undefined) return name;
  return `function(){${depth}=${symbols.depthLimit};return ${name}.apply(null,arguments)}`;
}

/** High words of results by position, further results, globals, memory's size in bytes, tables. */
function reflection({ module, symbols }: ModuleContext): string[] {
  const { use } = symbols;
  const most = Math.max(1, ...module.types.map(({ results }) => results.length));
  const positions = Array.from({ length: most - 1 }, (_, position) => position + 1);
  const highs = [use("high"), ...positions.map((position) => use(`result high ${position}`))];
  const results = ["0", ...positions.map((position) => use(`result ${position}`))];
  const globals = module.exports
    .filter(({ kind }) => kind === "global")
    .map(({ name, index }) => {
      const high = module.globals[index].type === "i64" ? use(`global high ${index}`) : "0";
      return `${JSON.stringify(name)}:function(){return[${use(`global ${index}`)},${high}]}`;
    });
  const tables = module.exports
    .filter(({ kind }) => kind === "table")
    .map(({ name, index }) => `${JSON.stringify(name)}:${use(`table ${index}`)}`);
  return [
    `function(){return[${highs.join(",")}]}`,
    `function(){return[${results.join(",")}]}`,
    `{${globals.join(",")}}`,
    `function(){return ${use("memory size")}}`,
    `{${tables.join(",")}}`,
  ];
}

import { type Function as FunctionNode, parse } from "acorn";
import { ancestor, simple } from "acorn-walk";
import { type Edit, edited } from "./edits.js";

/**
 * Globals that are there wherever a bundle names them, and never change. `Math` isn't among them, so that the lint for
 * Espruino sees what is called of it.
 */
const GLOBALS = ["Uint8Array", "Uint16Array", "Int32Array", "global", "getTime"];

/**
 * Gives globals that are named often a variable of the script's own: shorter once it is minified, and found before an
 * interpreter looks through all of its own.
 * @param code ES5, a function around all of it, in which no name is one of these globals'
 */
export function nameGlobals(code: string): string {
  const program = parse(code, { ecmaVersion: 5 });
  const uses = new Map<string, { readonly start: number; readonly end: number }[]>();
  simple(program, {
    Identifier: (node) => {
      if (GLOBALS.includes(node.name)) uses.set(node.name, [...(uses.get(node.name) ?? []), node]);
    },
  });
  // `var a=Uint8Array;` once, and a letter or two each time.
  const pays = ([name, { length }]: [string, readonly unknown[]]) => length * (name.length - 1.5) > name.length + 3;
  const often = [...uses].filter(pays);
  const around = outermost(code);
  if (often.length === 0 || around === undefined) return code;
  const edits: Edit[] = often.flatMap(([name, places]) =>
    places.map(({ start, end }) => ({ start, end, text: `own_${name}` })),
  );
  const declared = often.map(([name]) => `own_${name}=${name}`).join(",");
  return edited(code, [...edits, { start: around, end: around, text: `var ${declared};` }]);
}

/** Where the statements of the function around everything begin. */
function outermost(code: string): number | undefined {
  let found: FunctionNode | undefined;
  ancestor(parse(code, { ecmaVersion: 5 }), {
    Function: (node, _state, ancestors) => {
      if (!ancestors.slice(0, -1).some(({ type }) => /^Function/.test(type))) found ??= node;
    },
  });
  return found && found.body.start + 1;
}

import { localsReadAsZero } from "../ir/assignment.js";
import { ControlEmitter, leaveDepth, SAVED_LOCALS, type Suspension } from "./control.js";
import type { FunctionContext } from "./function-context.js";
import { leavesAlways } from "./restructure.js";

/** The source of a function whose body has been reshaped (`restructure`): `function(a,b){…}`. */
export function emitFunction(context: FunctionContext, suspension?: Suspension): string {
  const { use } = context.symbols;
  const statements = context.ir.body;
  const zeroed = localsReadAsZero(context.ir);
  const emitter = new ControlEmitter(context, suspension);
  let body = emitter.body(statements);
  if (context.recursive && !leavesAlways(statements)) body += leaveDepth(context);

  let prologue = context.recursive ? `--${use("depth")}||${use("trap call depth")}();` : "";
  let restore = "";
  const frame = emitter.sites > 0 ? context.scratch("frame") : "";
  const site = emitter.sites > 0 ? context.scratch("site") : "";
  const declarations = context.declarations(zeroed);
  if (emitter.sites === 0) body = initialiseInDeclarations(declarations, body);
  if (emitter.sites > 0) {
    const saved = [...context.parameters(), ...declarations.map((declared) => declared.split("=")[0])].filter(
      (name) => name !== frame && name !== site,
    );
    body = body.split(SAVED_LOCALS).join(saved.map((name) => `,${name}`).join(""));
    restore = `if(${use("state")}){${frame}=${use("frames")}.pop();${site}=${frame}[0];${saved
      .map((name, position) => `${name}=${frame}[${position + 1}]`)
      .join(";")}}`;
  }
  const declared = declarations.length > 0 ? `var ${declarations.join(",")};` : "";
  prologue += declared + restore;
  const text = prologue + body;
  return `function(${context.parameters().join(",")}){${text.endsWith(";") ? text.slice(0, -1) : text}}`;
}

/** Makes constants assigned at the very start part of the declarations, which have to be executed anyway. */
function initialiseInDeclarations(declarations: string[], body: string): string {
  for (let rest = body; ;) {
    const first = /^([a-z]\w*)=(-?\d+);/.exec(rest);
    const position = first ? declarations.findIndex((declared) => declared.split("=")[0] === first[1]) : -1;
    if (!first || position < 0) return rest;
    declarations[position] = `${first[1]}=${first[2]}`;
    rest = rest.slice(first[0].length);
  }
}

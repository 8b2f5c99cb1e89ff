import type { Statement } from "../ir/types.js";
import { LOOP_END } from "./jump.js";
import { leavesAlways } from "./restructure.js";

/** Whether a statement is `if (…) br label`, a loop's test at its end. */
export function isBranchIf(statement: Statement | undefined, label: number): statement is Statement & { kind: "if" } {
  if (statement?.kind !== "if" || statement.else.length > 0 || statement.then.length !== 1) return false;
  const [jump] = statement.then;
  return jump.kind === "br" && jump.label === label;
}

/** A loop's body whose end leaves the loop, as WebAssembly has it. */
export function closed(body: readonly Statement[]): readonly Statement[] {
  return leavesAlways(body) ? body : [...body, { kind: "br", label: LOOP_END }];
}

/** Puts the assignment at a loop's end into its test: `do{…;i+=4}while(i!=32)` is `do{…}while((i+=4)!=32)`. */
export function fuse(body: string, test: string): { readonly body: string; readonly test: string } {
  const last = /(?:^|[;}])((?:\+\+|--)([a-z]\w*)|([a-z]\w*)[-+]=\d+);$/.exec(body);
  const name = last?.[2] ?? last?.[3];
  if (!last || !name) return { body, test };
  const rest = test.slice(name.length);
  if (!test.startsWith(name) || !/^(?:$|[!=<>&])/.test(rest) || new RegExp(`\\b${name}\\b`).test(rest))
    return { body, test };
  const update = last[1];
  const kept = body.slice(0, body.length - update.length - 1);
  if (rest === "") return { body: kept, test: update };
  return { body: kept, test: `${last[3] ? `(${update})` : update}${rest}` };
}

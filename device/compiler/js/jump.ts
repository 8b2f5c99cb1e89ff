import type { Statement } from "../ir/types.js";

/*
 * How control gets from one place of the code to another in a language whose `break` and `continue` name no label.
 */

/** What a jump can be at some point of the code. */
export interface Place {
  /** Labels that are reached by falling off the end of the list. */
  readonly tails: ReadonlySet<number>;
  /** Labels that `break` and `continue` of the innermost loop lead to. */
  readonly breaks: ReadonlySet<number>;
  readonly continues: ReadonlySet<number>;
  /** Labels from which nothing is left to do: `return` leads there. */
  readonly returns: ReadonlySet<number>;
  readonly inLoop: boolean;
  /** Labels of blocks that lie inside the innermost loop: jumping there must not leave it. */
  readonly inside: ReadonlySet<number>;
}

/** No labels. */
export const NOWHERE: ReadonlySet<number> = new Set();

/** Code, and the labels that it jumps to by setting their flag, because no statement of the language gets there. */
export interface Emitted {
  readonly text: string;
  /** Labels whose flag may be up when control comes out at the code's end. */
  readonly flagged: ReadonlySet<number>;
  /** Labels whose flag may be up when control has left the innermost loop by `break`. */
  readonly broken: ReadonlySet<number>;
  /** Set if the text is one `do{…}while(…);`. */
  readonly rotated?: { readonly body: string; readonly test: string };
}

/** The label of the function's end. */
export const FUNCTION_END = -2;

/** The label of what stands behind a loop whose body fell through. */
export const LOOP_END = -3;

/** Code that sets no flag. */
export function plain(text: string): Emitted {
  return { text, flagged: NOWHERE, broken: NOWHERE };
}

/** The statement that leads to a label without a flag, or undefined if none does. */
export function directJump(label: number, place: Place): string | undefined {
  if (place.tails.has(label)) return "";
  if (label === LOOP_END || (place.inLoop && place.breaks.has(label))) return "break;";
  if (place.continues.has(label)) return "continue;";
  if (place.returns.has(label)) return "return;";
  return undefined;
}

/** Whether the last statement is a return without values. */
export function endsInEmptyReturn(list: readonly Statement[]): boolean {
  const last = list[list.length - 1];
  return last?.kind === "return" && last.values.length === 0;
}

/** A body in braces. */
export function braces(text: string): string {
  return `{${text.endsWith(";") ? text.slice(0, -1) : text}}`;
}

/**
 * What stands behind `if(…)` or `else`: in braces, or without them if it is one short statement without control flow.
 * The interpreter skips a long body faster by its braces.
 */
export function arm(text: string): string {
  return text.length <= 32 && /^(?!(?:if|for|while|do|var)\b)[^;{}"']+;$/.test(text) ? text : braces(text);
}

/** `else` and its arm; nothing if that is empty. */
export function elseArm(text: string): string {
  if (text === "") return "";
  const body = arm(text);
  return `else${/^[\w$]/.test(body) ? " " : ""}${body}`;
}

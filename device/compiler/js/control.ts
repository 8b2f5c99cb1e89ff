import { effectsOf } from "../ir/effects.js";
import type { Statement } from "../ir/types.js";
import { at, Level } from "./code.js";
import { callText, condition, negated } from "./expression.js";
import type { FunctionContext } from "./function-context.js";
import { isSmallFunction, isSmallLoop } from "./hotness.js";
import {
  arm,
  braces,
  directJump,
  elseArm,
  type Emitted,
  endsInEmptyReturn,
  FUNCTION_END,
  LOOP_END,
  NOWHERE,
  type Place,
  plain,
} from "./jump.js";
import { closed, fuse, isBranchIf } from "./loop-form.js";
import { atLoopHead, type Environment, join, refine } from "./ranges.js";
import { countBranches, leavesAlways } from "./restructure.js";
import { callStatement, returnStatement, simpleStatement } from "./statement.js";

/** How a function that can be suspended saves and finds its place again. */
export interface Suspension {
  /** Whether a call may suspend the guest. */
  suspends(call: Statement & { kind: "call" }): boolean;
  /** What a loop takes of the fuel each time round; undefined for one that takes none. */
  fuel(label: number): number | undefined;
}

/**
 * Emits structured control flow without labels.
 *
 * A jump is, in order of preference: nothing (the end of the list is where it leads), `break`, `continue`, `return`,
 * or a flag, which guards what must be skipped: `z=1` … `if(!z){…}`.
 *
 * In a function that can be suspended every list also knows which calls it holds ("sites", numbered in order of
 * emission). `state` is 0 while running, 1 while leaving, 2 while finding back; on the way back everything but the
 * path to the site is skipped.
 */
export class ControlEmitter {
  readonly #context: FunctionContext;
  readonly #suspension: Suspension | undefined;
  /** What is known where a label's jumps come together. */
  readonly #arrivals = new Map<number, Environment>();
  #sites = 0;

  constructor(context: FunctionContext, suspension?: Suspension) {
    this.#context = context;
    this.#suspension = suspension;
  }

  /** The code of a function's body. */
  body(statements: readonly Statement[]): string {
    const end: ReadonlySet<number> = new Set([FUNCTION_END]);
    const place: Place = {
      tails: end,
      breaks: NOWHERE,
      continues: NOWHERE,
      returns: end,
      inLoop: false,
      inside: NOWHERE,
    };
    this.#context.compact = !isSmallFunction(statements);
    return this.#list(statements, place).text;
  }

  /** Calls that may suspend the guest, so far. */
  get sites(): number {
    return this.#sites;
  }

  #flag(label: number): string {
    return this.#context.scratch(`flag ${label}`);
  }

  /** The statement that jumps to a label from a place. */
  #jump(label: number, place: Place): Emitted {
    const direct = directJump(label, place);
    if (direct !== undefined) return plain(direct);
    const raise = `${this.#flag(label)}=1;`;
    if (!place.inLoop || place.inside.has(label)) return { text: raise, flagged: new Set([label]), broken: NOWHERE };
    return { text: `${raise}break;`, flagged: NOWHERE, broken: new Set([label]) };
  }

  /**
   * Emits a list. Where a statement may have set a flag, the rest stands behind a guard; where it ends differently on
   * its two ways, the rest moves into the way that needs it.
   */
  #list(statements: readonly Statement[], place: Place): Emitted {
    const end = statements[statements.length - 1];
    if (statements.length > 1 && end.kind === "br" && place.tails.has(end.label)) {
      // Falling off the end does it, for what stands before as well.
      const emitted = this.#list(statements.slice(0, -1), place);
      this.#arrive(end.label);
      return emitted;
    }
    let text = "";
    let run = "";
    let only: Emitted | undefined;
    // Where no site is, it isn't come by on the way back: what is around is skipped as a whole.
    const passed = this.#hasSites(statements);
    const flagged = new Set<number>();
    const broken = new Set<number>();
    const flush = () => {
      if (run !== "") text += passed ? `if(!${this.#state})${arm(run)}` : run;
      run = "";
    };
    const finish = (last: Emitted, sites: boolean): Emitted => {
      if (sites) flush();
      if (sites || !passed) text += run + last.text;
      else {
        run += last.text;
        flush();
      }
      for (const label of last.flagged) flagged.add(label);
      for (const label of last.broken) broken.add(label);
      return { text, flagged, broken };
    };
    for (let position = 0; position < statements.length; position++) {
      const statement = statements[position];
      const rest = statements.slice(position + 1);
      const before = this.#sites;
      if (statement.kind === "if" && rest.length > 0 && this.#restMovesInside(statement, place)) {
        const thenLeaves = leavesAlways(statement.then);
        const joined: Statement = thenLeaves
          ? { ...statement, else: [...statement.else, ...rest] }
          : { ...statement, then: [...statement.then, ...rest] };
        return finish(this.#if(joined as Statement & { kind: "if" }, place), this.#sites > before);
      }
      const inner: Place = rest.length === 0 ? place : { ...place, tails: NOWHERE };
      const emitted = this.#statement(statement, inner);
      only = emitted;
      if (this.#sites > before) {
        flush();
        text += emitted.text;
      } else {
        run += emitted.text;
      }
      const last = rest.length === 0 || leavesAlways([statement]);
      const guards: string[] = [];
      for (const label of emitted.broken) broken.add(label);
      for (const label of emitted.flagged) {
        const flag = this.#flag(label);
        const falls = place.tails.has(label);
        const onward = falls ? undefined : directJump(label, place);
        if (onward !== undefined) {
          run += `if(${flag})${onward}`;
          continue;
        }
        if (!falls && place.inLoop && !place.inside.has(label)) {
          run += `if(${flag})break;`;
          broken.add(label);
          continue;
        }
        if (!falls) flagged.add(label);
        guards.push(flag);
      }
      if (last) break;
      if (guards.length > 0) {
        const sitesBefore = this.#sites;
        const guarded = this.#list(rest, place);
        const test = guards.map((guard) => `!${guard}`).join("&&");
        // On the way back flags are as they were, so the guard holds for sites inside, too.
        const text = guarded.text === "" ? "" : `if(${test})${arm(guarded.text)}`;
        return finish({ ...guarded, text }, this.#sites > sitesBefore);
      }
    }
    flush();
    return {
      text,
      flagged,
      broken,
      rotated: statements.length === 1 && text === only?.text ? only.rotated : undefined,
    };
  }

  /** Whether what follows an `if` goes into the arm that falls through, the other one ending by falling off. */
  #restMovesInside(statement: Statement & { kind: "if" }, place: Place): boolean {
    const thenLeaves = leavesAlways(statement.then);
    const elseLeaves = leavesAlways(statement.else);
    if (thenLeaves === elseLeaves) return false;
    const leaving = thenLeaves ? statement.then : statement.else;
    // Needed where a jump is by falling off the end; an arm that returns or breaks needs no else.
    let falls = false;
    for (const label of place.tails) {
      if (countBranches(leaving, label) > 0) falls = true;
    }
    return falls || (place.tails.has(FUNCTION_END) && endsInEmptyReturn(leaving));
  }

  #statement(statement: Statement, place: Place): Emitted {
    switch (statement.kind) {
      case "block":
        return this.#block(statement, place);
      case "loop":
        return this.#loop(statement, place);
      case "if":
        return this.#if(statement, place);
      case "br":
        this.#arrive(statement.label);
        return this.#jump(statement.label, place);
      case "br_table":
        throw new Error("br_table is lowered before");
      case "return":
        if (statement.values.length === 0 && place.tails.has(FUNCTION_END)) return this.#ended("");
        return this.#ended(returnStatement(this.#context, statement.values, leaveDepth(this.#context)));
      case "unreachable":
        return this.#ended(`${this.#context.symbols.use("trap unreachable")}();`);
      case "call":
        if (this.#suspension?.suspends(statement)) return plain(this.#site(statement));
        return plain(simpleStatement(this.#context, statement));
      default:
        return plain(simpleStatement(this.#context, statement));
    }
  }

  /** Control doesn't come out behind this. */
  #ended(text: string): Emitted {
    this.#context.environment = undefined;
    return plain(text);
  }

  /** A jump takes what is known here to its label. */
  #arrive(label: number): void {
    const here = join(this.#arrivals.get(label), this.#context.environment);
    if (here) this.#arrivals.set(label, here);
    this.#context.environment = undefined;
  }

  #block(statement: Statement & { kind: "block" }, place: Place): Emitted {
    const { label, body } = statement;
    const { text, flagged, broken } = this.#list(body, {
      ...place,
      tails: new Set([...place.tails, label]),
      returns: place.tails.has(FUNCTION_END) ? new Set([...place.returns, label]) : place.returns,
      inside: new Set([...place.inside, label]),
    });
    this.#context.environment = join(this.#context.environment, this.#arrivals.get(label));
    const outer = new Set(flagged);
    outer.delete(label);
    // A flag must be down again when the block is entered once more.
    const reset = place.inLoop ? this.#resetFlag(label, body) : "";
    return { text: reset + text, flagged: outer, broken };
  }

  /** Takes a label's flag down, if it has one. @param body what it stands before */
  #resetFlag(label: number, body: readonly Statement[]): string {
    if (!this.#context.hasScratch(`flag ${label}`)) return "";
    const reset = `${this.#flag(label)}=0;`;
    return this.#hasSites(body) ? `if(!${this.#state})${reset}` : reset;
  }

  #loop(statement: Statement & { kind: "loop" }, place: Place): Emitted {
    const { label, body } = statement;
    const before = this.#sites;
    const outerCompact = this.#context.compact;
    this.#context.compact = outerCompact && !isSmallLoop(body);
    this.#context.symbols.weight *= 8;
    const inner: Place = {
      tails: new Set([label]),
      breaks: place.tails,
      continues: new Set([label]),
      returns: place.returns,
      inLoop: true,
      inside: NOWHERE,
    };
    const context = this.#context;
    const outerEnd = this.#arrivals.get(LOOP_END);
    this.#arrivals.delete(LOOP_END);
    if (context.environment) context.environment = atLoopHead(context.environment, label, body);
    const fuel = this.#fuel(label);
    const { head, text, tail, flagged, broken, test } = this.#loopParts(label, body, inner);
    // What goes round is accounted for at the head; what comes out is the end's, and what jumped to it.
    context.environment = join(context.environment, this.#arrivals.get(LOOP_END));
    this.#arrivals.delete(LOOP_END);
    if (outerEnd) this.#arrivals.set(LOOP_END, outerEnd);
    context.symbols.weight /= 8;
    context.compact = outerCompact;
    const outer = new Set([...flagged, ...broken]);
    outer.delete(label);
    const reset = this.#resetFlag(label, [statement]);
    const loop = `${head}${braces(reset + fuel + text)}${tail}`;
    // On the way back to a site behind this loop, it isn't entered.
    const guard = this.#sites > before ? `if(!${this.#state}||${this.#siteVariable}<${this.#sites + 1})` : "";
    const rotated = test !== undefined && guard === "" ? { body: reset + text, test } : undefined;
    return { text: guard + loop, flagged: outer, broken: NOWHERE, rotated };
  }

  /** The loop in the cheapest form that it fits. */
  #loopParts(
    label: number,
    body: readonly Statement[],
    place: Place,
  ): Emitted & { readonly head: string; readonly tail: string; readonly test?: string } {
    const context = this.#context;
    const last = body[body.length - 1];
    if (isBranchIf(last, label) && countBranches(body, label) === 1) {
      // The only way back is a test at the end.
      const emitted = this.#list(body.slice(0, -1), { ...place, tails: NOWHERE, continues: NOWHERE });
      const test = condition(context, last.condition).text;
      if (context.environment) context.environment = refine(context.environment, last.condition, false);
      const fused = fuse(emitted.text, test);
      return { ...emitted, text: fused.body, head: "do", tail: `while(${fused.test});`, test: fused.test };
    }
    const [first, ...rest] = body;
    if (
      first?.kind === "if" &&
      first.else.length === 0 &&
      !this.#hasSites([{ kind: "loop", label, body: [...body] }])
    ) {
      // Everything hangs on a test at the start.
      const head = context.environment;
      if (rest.length === 0 && leavesAlways(first.then)) {
        const test = condition(context, first.condition);
        if (head) context.environment = refine(head, first.condition, true);
        const emitted = this.#list(first.then, place);
        context.environment = head && refine(head, first.condition, false);
        return { ...emitted, head: `while(${test.text})`, tail: "" };
      }
      const [jump] = first.then;
      if (first.then.length === 1 && jump.kind === "br" && place.breaks.has(jump.label)) {
        const test = negated(context, first.condition);
        if (head) context.environment = refine(head, first.condition, true);
        this.#arrive(jump.label);
        context.environment = head && refine(head, first.condition, false);
        const emitted = this.#list(closed(rest), place);
        context.environment = undefined;
        return { ...emitted, head: `while(${test.text})`, tail: "" };
      }
    }
    const emitted = this.#list(closed(body), place);
    context.environment = undefined;
    return { ...emitted, head: "for(;;)", tail: "" };
  }

  #hasSites(list: readonly Statement[]): boolean {
    if (!this.#suspension) return false;
    return list.some((statement) => {
      if (statement.kind === "call") return this.#suspension?.suspends(statement) ?? false;
      if (statement.kind === "if") return this.#hasSites(statement.then) || this.#hasSites(statement.else);
      if (statement.kind === "loop" && this.#suspension?.fuel(statement.label) !== undefined) return true;
      return (statement.kind === "block" || statement.kind === "loop") && this.#hasSites(statement.body);
    });
  }

  #if(statement: Statement & { kind: "if" }, place: Place): Emitted {
    const context = this.#context;
    const first = this.#sites;
    const yes = condition(context, statement.condition);
    // The opposite is needed only where nothing stands on the first way; both are emitted before either way is.
    const no = negated(context, statement.condition);
    const before = context.environment;
    context.environment = before && refine(before, statement.condition, true);
    const then = this.#list(statement.then, place);
    const afterThen = context.environment;
    const middle = this.#sites;
    context.environment = before && refine(before, statement.condition, false);
    const otherwise = this.#list(statement.else, place);
    context.environment = join(afterThen, context.environment);
    const jumps = {
      flagged: new Set([...then.flagged, ...otherwise.flagged]),
      broken: new Set([...then.broken, ...otherwise.broken]),
    };
    if (then.text === "" && otherwise.text === "") {
      const effects = effectsOf(statement.condition);
      return { text: effects.calls || effects.traps ? `${yes.text};` : "", ...jumps };
    }
    if (this.#sites > first) {
      const state = this.#state;
      const test =
        middle > first
          ? `${state}?${this.#siteVariable}<${middle + 1}:${at(yes, Level.assignment)}`
          : `!${state}&&${at(yes, Level.and)}`;
      // On the way back to a site behind this, the second way is taken.
      const guarded = middle === this.#sites && otherwise.text !== "";
      const second = guarded ? `if(!${state})${arm(otherwise.text)}` : otherwise.text;
      return { text: `if(${test})${arm(then.text)}${elseArm(second)}`, ...jumps };
    }
    if (then.text === "") return { text: `if(${no.text})${arm(otherwise.text)}`, ...jumps };
    if (otherwise.text === "") {
      // A loop that compilers turned round: `if(…){do{…}while(…)}`.
      const { rotated } = then;
      if (rotated?.test === yes.text) return { text: `while(${yes.text})${braces(rotated.body)}`, ...jumps };
      return { text: `if(${yes.text})${arm(then.text)}`, ...jumps };
    }
    return { text: `if(${yes.text})${arm(then.text)}${elseArm(otherwise.text)}`, ...jumps };
  }

  // ---- suspension

  get #state(): string {
    return this.#context.symbols.use("state");
  }

  get #siteVariable(): string {
    return this.#context.scratch("site");
  }

  /** A call that may suspend: made when running, or when it is the one to find back to; left at once after it. */
  #site(statement: Statement & { kind: "call" }): string {
    const number = ++this.#sites;
    const state = this.#state;
    const { call, results } = callStatement(this.#context, callText(this.#context, statement.call), statement.results);
    return `if(!${state}||${this.#siteVariable}==${number}){${call}if(${state}){${this.#leave(number)}}${results}}`;
  }

  /** What a loop does first, each time round, where it takes fuel: a site, too. */
  #fuel(label: number): string {
    const nodes = this.#suspension?.fuel(label);
    if (nodes === undefined) return "";
    const number = ++this.#sites;
    const { use } = this.#context.symbols;
    const test = `${this.#state}?${this.#siteVariable}==${number}:(${use("fuel")}-=${nodes})<0`;
    return `if(${test})if(${use("out of fuel")}()){${this.#leave(number)}}`;
  }

  /** Keeps the place and the locals, and leaves. */
  #leave(site: number): string {
    const save = `${this.#context.symbols.use("frames")}.push([${site}${SAVED_LOCALS}]);`;
    return `${save}${leaveDepth(this.#context)}return`;
  }
}

/** Stands for the locals of a frame until all of them are known. */
export const SAVED_LOCALS = "\x01";

/** What a function on a cycle of the call graph does on its way out. */
export function leaveDepth(context: FunctionContext): string {
  return context.recursive ? `++${context.symbols.use("depth")};` : "";
}

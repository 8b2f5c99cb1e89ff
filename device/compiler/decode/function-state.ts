import { effectsOf, type Effects } from "../ir/effects.js";
import type { Expression, Statement } from "../ir/types.js";
import { ModuleError } from "./errors.js";
import type { FunctionType, Module, ValueType } from "./module.js";
import { Reader } from "./reader.js";

/** Which calls must stand alone, because they may suspend the guest. */
export interface SuspendingCalls {
  direct(functionIndex: number): boolean;
  indirect(typeIndex: number): boolean;
}

/** A `block`, `loop`, `if` or the function itself, while its body is being decoded. */
export interface Frame {
  readonly kind: "block" | "loop" | "if" | "else" | "function";
  readonly label: number;
  /** Locals that a branch to the label assigns. */
  readonly branchLocals: readonly number[];
  /** Locals that hold the results behind its end. */
  readonly resultLocals: readonly number[];
  readonly statements: Statement[];
  /** Height of the operand stack at its start, parameters not counted. */
  readonly height: number;
  readonly params: readonly Expression[];
  readonly condition?: Expression;
  /** The first arm of an `if`, while the second is being decoded. */
  readonly then?: Statement[];
  reachable: boolean;
  targeted: boolean;
}

/**
 * A function body while it is being decoded: where the reader is, which blocks are open, and what is pending on the
 * operand stack. Trees wait there until something that they would see, or that would see them, has to come first.
 */
export class FunctionState {
  readonly reader: Reader;
  readonly locals: ValueType[];
  readonly frames: Frame[] = [];
  /** Locals from here on are temporaries, each assigned once; those below are the module's own. */
  firstTemporary = 0;
  stack: Expression[] = [];
  /** Labels handed out. */
  labels = 0;

  constructor(
    readonly module: Module,
    readonly index: number,
    readonly type: FunctionType,
    body: { readonly start: number; readonly end: number },
    readonly suspending: SuspendingCalls,
  ) {
    this.reader = new Reader(module.bytes, body.start, body.end);
    this.locals = [...type.params];
  }

  /** The innermost open block. */
  get frame(): Frame {
    return this.frames[this.frames.length - 1];
  }

  /** Appends a statement, after evaluating whatever is pending on the stack and must come before it. */
  emit(
    statement: Statement,
    effects: Effects,
    writes: { local?: number; state?: boolean; leaves?: boolean } = {},
  ): void {
    this.spillWhere((pending) => {
      const below = effectsOf(pending);
      if (writes.local !== undefined && below.locals.has(writes.local)) return true;
      if (effects.calls || writes.state) return below.state || below.traps || below.calls;
      if (effects.traps || writes.leaves) return below.traps || below.calls;
      return effects.state && below.calls;
    });
    this.frame.statements.push(statement);
  }

  /** Moves matching pending trees to temporaries, and what must be evaluated before them. */
  spillWhere(matches: (pending: Expression) => boolean): void {
    let last = this.stack.length - 1;
    while (last >= 0 && !matches(this.stack[last])) last--;
    for (let position = 0; position <= last; position++) {
      const pending = this.stack[position];
      const { state, traps, calls } = effectsOf(pending);
      if (state || traps || calls || matches(pending)) this.stack[position] = this.toTemporary(pending);
    }
  }

  /** Settles everything below a height of the stack: it may be needed after a block that changes it. */
  spillAll(count: number): void {
    for (let position = 0; position < count; position++) {
      const pending = this.stack[position];
      const settled = pending.kind === "const" || (pending.kind === "local" && pending.index >= this.firstTemporary);
      if (!settled) this.stack[position] = this.toTemporary(pending);
    }
  }

  /** Evaluates what is pending and can trap or call. */
  spillEffects(): void {
    this.spillWhere((pending) => {
      const { calls, traps } = effectsOf(pending);
      return calls || traps;
    });
  }

  /** Evaluates a tree now, and gives what stands for it from here on. */
  toTemporary(value: Expression): Expression {
    const local = this.temporary(value.type);
    this.frame.statements.push({ kind: "set", local, value });
    return { kind: "local", type: value.type, index: local };
  }

  /** A new temporary. */
  temporary(type: ValueType): number {
    return this.locals.push(type) - 1;
  }

  /** Pushes a tree; one of i64 is evaluated at once (see the invariants in ir/types.ts). */
  push(value: Expression): void {
    const effects = effectsOf(value);
    const nests = value.type !== "i64" || value.kind === "local" || value.kind === "const";
    if (!nests) {
      const local = this.temporary(value.type);
      this.emit({ kind: "set", local, value }, effects);
      this.stack.push({ kind: "local", type: value.type, index: local });
      return;
    }
    if (effects.calls) this.spillWhere((pending) => effectsOf(pending).state);
    this.stack.push(value);
  }

  /** @throws ModuleError on an empty stack */
  pop(): Expression {
    const value = this.stack.pop();
    if (!value) throw new ModuleError("operand stack underflow", this.reader.offset);
    return value;
  }

  /** The topmost trees, lowest first. */
  popMany(count: number): Expression[] {
    return this.stack.splice(this.stack.length - count, count);
  }

  /** Assigns a local of the module. */
  setLocal(local: number, value: Expression): void {
    this.spillWhere((pending) => effectsOf(pending).locals.has(local));
    const statements = this.frame.statements;
    const last = statements[statements.length - 1];
    // `temporary = …; local = temporary` is one assignment when the temporary was made for it.
    if (
      value.kind === "local" &&
      value.index >= this.firstTemporary &&
      last?.kind === "set" &&
      last.local === value.index &&
      last.value.type === "i64"
    ) {
      statements[statements.length - 1] = { kind: "set", local, value: last.value };
      return;
    }
    if (
      value.kind === "local" &&
      value.index >= this.firstTemporary &&
      last?.kind === "call" &&
      last.results.length === 1 &&
      last.results[0] === value.index
    ) {
      statements[statements.length - 1] = { ...last, results: [local] };
      return;
    }
    this.emit({ kind: "set", local, value }, effectsOf(value), { local });
  }

  /** Assigns several locals at once: no value sees another's assignment. */
  assign(locals: readonly number[], values: readonly Expression[]): void {
    let sources = values;
    const clash = values.some((value, at) => {
      const { locals: read, state, calls } = effectsOf(value);
      return locals.some((local, before) => before < at && read.has(local)) || ((state || calls) && values.length > 1);
    });
    if (clash) sources = values.map((value) => this.toTemporary(value));
    sources.forEach((value, at) => {
      if (value.kind === "local" && value.index === locals[at]) return;
      this.frame.statements.push({ kind: "set", local: locals[at], value });
    });
  }

  /** Runs `body` with its statements going to a list of their own. */
  collect(body: () => void): Statement[] {
    const statements: Statement[] = [];
    this.frames.push({ ...this.frame, statements });
    body();
    this.frames.pop();
    return statements;
  }
}

import { combineEffects, effectsOf, type Effects } from "../ir/effects.js";
import type { BulkOperator, CallExpression, Expression, FunctionIr, Statement } from "../ir/types.js";
import { ModuleError } from "./errors.js";
import { readValueType, type FunctionType, type Module, type ValueType } from "./module.js";
import { LOADS, numericOpcode, STORES } from "./opcodes.js";
import { Reader } from "./reader.js";

/** Which calls must stand alone, because they may suspend the guest. */
export interface SuspendingCalls {
  direct(functionIndex: number): boolean;
  indirect(typeIndex: number): boolean;
}

/** A `block`, `loop`, `if` or the function itself, while its body is being decoded. */
interface Frame {
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
 * Decodes one function body to IR (core specification, section 5.4), keeping the invariants of `ir/types.ts`.
 * The module is taken to be valid.
 */
export function decodeFunction(module: Module, index: number, suspending: SuspendingCalls): FunctionIr {
  const declaration = module.functions[index];
  if (!declaration.body) throw new ModuleError(`function ${index} is imported`);
  return new FunctionDecoder(module, index, declaration.type, declaration.body, suspending).decode();
}

class FunctionDecoder {
  readonly #module: Module;
  readonly #index: number;
  readonly #type: FunctionType;
  readonly #reader: Reader;
  readonly #suspending: SuspendingCalls;
  readonly #locals: ValueType[];
  readonly #frames: Frame[] = [];
  #stack: Expression[] = [];
  #labels = 0;
  /** Locals below this number are the module's own, those from here on are temporaries, each assigned once. */
  #firstTemporary = 0;

  constructor(
    module: Module,
    index: number,
    type: FunctionType,
    body: { readonly start: number; readonly end: number },
    suspending: SuspendingCalls,
  ) {
    this.#module = module;
    this.#index = index;
    this.#type = type;
    this.#reader = new Reader(module.bytes, body.start, body.end);
    this.#suspending = suspending;
    this.#locals = [...type.params];
  }

  decode(): FunctionIr {
    this.#reader.vector(() => {
      const at = this.#reader.offset;
      const count = this.#reader.u32();
      if (this.#locals.length + count > 50_000) throw new ModuleError("too many locals", at);
      const type = readValueType(this.#reader);
      for (let repeat = 0; repeat < count; repeat++) this.#locals.push(type);
    });
    this.#firstTemporary = this.#locals.length;
    const frame = this.#enter("function", [], [], []);
    while (this.#frames.length > 0) this.#instruction();
    return {
      index: this.#index,
      params: this.#type.params,
      results: this.#type.results,
      locals: this.#locals,
      body: frame.statements,
    };
  }

  get #frame(): Frame {
    return this.#frames[this.#frames.length - 1];
  }

  // ---- statements and the operand stack

  /** Appends a statement, after evaluating whatever is pending on the stack and must come before it. */
  #emit(
    statement: Statement,
    effects: Effects,
    writes: { local?: number; state?: boolean; leaves?: boolean } = {},
  ): void {
    this.#spillWhere((pending) => {
      const below = effectsOf(pending);
      if (writes.local !== undefined && below.locals.has(writes.local)) return true;
      if (effects.calls || writes.state) return below.state || below.traps || below.calls;
      if (effects.traps || writes.leaves) return below.traps || below.calls;
      return effects.state && below.calls;
    });
    this.#frame.statements.push(statement);
  }

  /** Moves matching pending trees to temporaries, and what must be evaluated before them. */
  #spillWhere(matches: (pending: Expression) => boolean): void {
    let last = this.#stack.length - 1;
    while (last >= 0 && !matches(this.#stack[last])) last--;
    for (let position = 0; position <= last; position++) {
      const pending = this.#stack[position];
      const { state, traps, calls } = effectsOf(pending);
      if (state || traps || calls || matches(pending)) this.#stack[position] = this.#toTemporary(pending);
    }
  }

  #toTemporary(value: Expression): Expression {
    const local = this.#temporary(value.type);
    this.#frame.statements.push({ kind: "set", local, value });
    return { kind: "local", type: value.type, index: local };
  }

  #temporary(type: ValueType): number {
    return this.#locals.push(type) - 1;
  }

  #push(value: Expression): void {
    const effects = effectsOf(value);
    const nests = value.type !== "i64" || value.kind === "local" || value.kind === "const";
    if (!nests) {
      const local = this.#temporary(value.type);
      this.#emit({ kind: "set", local, value }, effects);
      this.#stack.push({ kind: "local", type: value.type, index: local });
      return;
    }
    if (effects.calls) this.#spillWhere((pending) => effectsOf(pending).state);
    this.#stack.push(value);
  }

  #pop(): Expression {
    const value = this.#stack.pop();
    if (!value) throw new ModuleError("operand stack underflow", this.#reader.offset);
    return value;
  }

  #popMany(count: number): Expression[] {
    return this.#stack.splice(this.#stack.length - count, count);
  }

  #setLocal(local: number, value: Expression): void {
    this.#spillWhere((pending) => effectsOf(pending).locals.has(local));
    const statements = this.#frame.statements;
    const last = statements[statements.length - 1];
    // `temporary = …; local = temporary` is one assignment when the temporary was made for it.
    if (
      value.kind === "local" &&
      value.index >= this.#firstTemporary &&
      last?.kind === "set" &&
      last.local === value.index &&
      last.value.type === "i64"
    ) {
      statements[statements.length - 1] = { kind: "set", local, value: last.value };
      return;
    }
    if (
      value.kind === "local" &&
      value.index >= this.#firstTemporary &&
      last?.kind === "call" &&
      last.results.length === 1 &&
      last.results[0] === value.index
    ) {
      statements[statements.length - 1] = { ...last, results: [local] };
      return;
    }
    this.#emit({ kind: "set", local, value }, effectsOf(value), { local });
  }

  /** Assigns several locals at once: no value sees another's assignment. */
  #assign(locals: readonly number[], values: readonly Expression[]): void {
    let sources = values;
    const clash = values.some((value, at) => {
      const { locals: read, state, calls } = effectsOf(value);
      return locals.some((local, before) => before < at && read.has(local)) || ((state || calls) && values.length > 1);
    });
    if (clash) sources = values.map((value) => this.#toTemporary(value));
    sources.forEach((value, at) => {
      if (value.kind === "local" && value.index === locals[at]) return;
      this.#frame.statements.push({ kind: "set", local: locals[at], value });
    });
  }

  // ---- blocks

  #enter(
    kind: Frame["kind"],
    branchLocals: readonly number[],
    resultLocals: readonly number[],
    params: readonly Expression[],
    condition?: Expression,
  ): Frame {
    const frame: Frame = {
      kind,
      label: this.#labels++,
      branchLocals,
      resultLocals,
      statements: [],
      height: this.#stack.length,
      params,
      condition,
      reachable: true,
      targeted: false,
    };
    this.#frames.push(frame);
    this.#stack.push(...params);
    return frame;
  }

  #blockType(): FunctionType {
    const at = this.#reader.offset;
    const code = this.#reader.s32();
    if (code >= 0) return this.#module.types[code];
    if (code === -64) return { params: [], results: [] };
    this.#reader.offset = at;
    return { params: [], results: [readValueType(this.#reader)] };
  }

  #block(kind: "block" | "loop" | "if"): void {
    const type = this.#blockType();
    let condition = kind === "if" ? this.#pop() : undefined;
    // What the block may change must not be pending across it, and a condition must be evaluated after what is pending.
    if (condition && this.#stack.length > 0) {
      this.#stack.push(condition);
      this.#spillAll(this.#stack.length - 1);
      condition = this.#pop();
    } else {
      this.#spillAll(this.#stack.length);
    }
    let params: Expression[] = this.#popMany(type.params.length);
    const results = type.results.map((result) => this.#temporary(result));
    let branch = results;
    if (kind === "loop") {
      branch = type.params.map((param) => this.#temporary(param));
      this.#assign(branch, params);
      params = branch.map((index, at) => ({ kind: "local", type: type.params[at], index }));
    }
    this.#enter(kind, branch, results, params, condition);
  }

  #spillAll(count: number): void {
    for (let position = 0; position < count; position++) {
      const pending = this.#stack[position];
      const settled = pending.kind === "const" || (pending.kind === "local" && pending.index >= this.#firstTemporary);
      if (!settled) this.#stack[position] = this.#toTemporary(pending);
    }
  }

  #else(): void {
    const frame = this.#frames.pop() as Frame;
    this.#leave(frame);
    this.#frames.push({
      ...frame,
      kind: "else",
      statements: [],
      then: frame.statements,
      reachable: true,
    });
    this.#stack = this.#stack.slice(0, frame.height);
    this.#stack.push(...frame.params);
  }

  /** Assigns the results at the end of an arm. */
  #leave(frame: Frame): void {
    if (!frame.reachable) return;
    const values = this.#popMany(frame.resultLocals.length);
    this.#frames.push(frame);
    this.#assign(frame.resultLocals, values);
    this.#frames.pop();
  }

  #end(): void {
    const frame = this.#frame;
    if (frame.kind === "function") {
      if (frame.reachable) {
        const values = this.#popMany(this.#type.results.length);
        if (values.length > 0) frame.statements.push({ kind: "return", values });
      }
      this.#frames.pop();
      return;
    }
    this.#frames.pop();
    this.#leave(frame);
    this.#stack = this.#stack.slice(0, frame.height);
    const { kind, label, statements, condition } = frame;
    const outer = this.#frame.statements;
    if (kind === "if" || kind === "else") {
      const then = kind === "if" ? statements : (frame.then as Statement[]);
      const otherwise: Statement[] = kind === "else" ? statements : [];
      if (kind === "if") {
        // Without an `else`, the parameters are the results.
        this.#frames.push({ ...frame, statements: otherwise });
        this.#assign(frame.resultLocals, frame.params);
        this.#frames.pop();
      }
      const branch: Statement = { kind: "if", condition: condition as Expression, then, else: otherwise };
      outer.push(frame.targeted ? { kind: "block", label, body: [branch] } : branch);
    } else if (kind === "loop" && frame.targeted) {
      outer.push({ kind: "loop", label, body: statements });
    } else if (kind === "block" && frame.targeted) {
      outer.push({ kind: "block", label, body: statements });
    } else {
      outer.push(...statements);
    }
    const results = frame.resultLocals;
    this.#stack.push(...results.map((index): Expression => ({ kind: "local", type: this.#locals[index], index })));
    // Even when no path gets here, what follows is decoded: it's small, and later passes drop it.
  }

  // ---- branches

  #target(depth: number): Frame {
    const frame = this.#frames[this.#frames.length - 1 - depth];
    if (!frame) throw new ModuleError("unknown label", this.#reader.offset);
    frame.targeted = true;
    return frame;
  }

  #spillEffects(): void {
    this.#spillWhere((pending) => {
      const { calls, traps } = effectsOf(pending);
      return calls || traps;
    });
  }

  /** The statements of a branch whose values are on top of the stack. */
  #branch(target: Frame, values: readonly Expression[]): void {
    if (target.kind === "function") {
      this.#frame.statements.push({ kind: "return", values });
      return;
    }
    this.#assign(target.branchLocals, values);
    this.#frame.statements.push({ kind: "br", label: target.label });
  }

  #arity(target: Frame): number {
    return target.kind === "function" ? this.#type.results.length : target.branchLocals.length;
  }

  /** Runs `body` with its statements going to a list of their own. */
  #collect(body: () => void): Statement[] {
    const statements: Statement[] = [];
    this.#frames.push({ ...this.#frame, statements });
    body();
    this.#frames.pop();
    return statements;
  }

  #brIf(): void {
    const target = this.#target(this.#reader.u32());
    let condition = this.#pop();
    const arity = this.#arity(target);
    this.#stack.push(condition);
    this.#settle(this.#stack.length - 1 - arity, this.#stack.length - 1);
    this.#spillBelowCondition();
    condition = this.#pop();
    const values = this.#stack.slice(this.#stack.length - arity);
    const then = this.#collect(() => this.#branch(target, values));
    this.#frame.statements.push({ kind: "if", condition, then, else: [] });
  }

  /** Makes values that are needed on both ways of a branch cheap to read twice. */
  #settle(from: number, to: number): void {
    let needed = false;
    for (let position = from; position < to; position++) {
      const { kind } = this.#stack[position];
      if (kind !== "const" && kind !== "local") needed = true;
    }
    if (!needed) return;
    for (let position = 0; position < to; position++) {
      const pending = this.#stack[position];
      const { state, traps, calls } = effectsOf(pending);
      const wanted = position >= from && pending.kind !== "const" && pending.kind !== "local";
      if (wanted || state || traps || calls) this.#stack[position] = this.#toTemporary(pending);
    }
  }

  /** Evaluates what is pending below the condition on top, where the order can be seen. */
  #spillBelowCondition(): void {
    const condition = this.#pop();
    const effects = effectsOf(condition);
    this.#spillWhere((pending) => {
      const below = effectsOf(pending);
      return below.calls || below.traps || (effects.calls && below.state);
    });
    this.#stack.push(condition);
  }

  #brTable(): void {
    const depths = this.#reader.vector(() => this.#reader.u32());
    depths.push(this.#reader.u32());
    const targets = depths.map((depth) => this.#target(depth));
    const arity = this.#arity(targets[targets.length - 1]);
    const top = this.#stack.length - 1;
    if (arity > 0) this.#settle(top - arity, top);
    this.#spillBelowCondition();
    const index = this.#pop();
    const values = this.#popMany(arity);
    const plain = targets.every((target) => target.kind !== "function" && target.branchLocals.length === 0);
    if (plain) {
      this.#frame.statements.push({ kind: "br_table", index, targets: targets.map((target) => target.label) });
    } else {
      this.#brTableWithValues(index, targets, values);
    }
    this.#unreachable();
  }

  /** A br_table that assigns on its way: each distinct target gets a landing block of its own. */
  #brTableWithValues(index: Expression, targets: readonly Frame[], values: readonly Expression[]): void {
    const distinct = [...new Set(targets)];
    const landings = distinct.map(() => this.#labels++);
    let body: Statement[] = [
      { kind: "br_table", index, targets: targets.map((target) => landings[distinct.indexOf(target)]) },
    ];
    distinct.forEach((target, at) => {
      const landed = this.#collect(() => this.#branch(target, values));
      body = [{ kind: "block", label: landings[at], body }, ...landed];
    });
    this.#frame.statements.push(...body);
  }

  /** The rest of the block can't be reached: skips to its `else` or `end`. */
  #unreachable(): void {
    const frame = this.#frame;
    frame.reachable = false;
    this.#stack = this.#stack.slice(0, frame.height);
    let depth = 0;
    for (;;) {
      const at = this.#reader.offset;
      const opcode = this.#reader.byte();
      if (opcode === 0x0b || (opcode === 0x05 && depth === 0)) {
        if (depth === 0) {
          this.#reader.offset = at;
          return;
        }
        depth--;
      } else if (opcode === 0x02 || opcode === 0x03 || opcode === 0x04) {
        this.#reader.s32();
        depth++;
      } else {
        this.#skipImmediates(opcode, at);
      }
    }
  }

  #skipImmediates(opcode: number, at: number): void {
    const reader = this.#reader;
    if (opcode === 0x0e) {
      reader.vector(() => reader.u32());
      reader.u32();
    } else if (opcode === 0x0c || opcode === 0x0d || opcode === 0x10 || opcode === 0xd2) reader.u32();
    else if (opcode >= 0x20 && opcode <= 0x26) reader.u32();
    else if (opcode === 0x11 || (opcode >= 0x28 && opcode <= 0x3e)) {
      reader.u32();
      reader.u32();
    } else if (opcode === 0x1c) reader.vector(() => reader.byte());
    else if (opcode === 0x3f || opcode === 0x40 || opcode === 0xd0) reader.byte();
    else if (opcode === 0x41) reader.s32();
    else if (opcode === 0x42) reader.s64();
    else if (opcode === 0x43) reader.bytes(4);
    else if (opcode === 0x44) reader.bytes(8);
    else if (opcode === 0xfc) {
      const sub = reader.u32();
      const immediates = sub < 8 ? 0 : sub === 8 || sub === 10 || sub === 12 || sub === 14 ? 2 : 1;
      for (let count = 0; count < immediates; count++) reader.u32();
    } else if (!numericOpcode(opcode) && ![0x00, 0x01, 0x05, 0x0f, 0x1a, 0x1b, 0xd1].includes(opcode)) {
      throw this.#unsupported(opcode, at);
    }
  }

  #unsupported(opcode: number, at: number): ModuleError {
    const known: Readonly<Record<number, string>> = {
      0x06: "exception handling",
      0x07: "exception handling",
      0x08: "exception handling",
      0x09: "exception handling",
      0x12: "tail calls",
      0x13: "tail calls",
      0x14: "typed function references",
      0xfb: "garbage collection",
      0xfd: "SIMD",
      0xfe: "threads",
    };
    const what = known[opcode]
      ? `${known[opcode]} (opcode 0x${opcode.toString(16)})`
      : `opcode 0x${opcode.toString(16)}`;
    return new ModuleError(`${what} in function ${this.#index} is not supported`, at);
  }

  // ---- calls

  #call(target: CallExpression["target"], type: FunctionType, suspends: boolean): void {
    let operands = this.#popMany(type.params.length);
    // An indirect call looks its function up first, yet operands come before its traps.
    if (target.kind === "indirect" && changesOrTraps(combineEffects(operands))) {
      this.#stack.push(...operands);
      this.#spillWhere((pending) => operands.includes(pending) && changesOrTraps(effectsOf(pending)));
      operands = this.#popMany(type.params.length);
    }
    const call: CallExpression = { kind: "call", type: type.results[0] ?? "i32", target, operands };
    const single = type.results.length === 1 && type.results[0] !== "i64" && !suspends;
    if (single) {
      this.#push(call);
      return;
    }
    const results = type.results.map((result) => this.#temporary(result));
    this.#emit({ kind: "call", call, results }, effectsOf(call), { state: true });
    this.#stack.push(...results.map((index): Expression => ({ kind: "local", type: this.#locals[index], index })));
  }

  // ---- instructions

  #instruction(): void {
    const reader = this.#reader;
    const at = reader.offset;
    const opcode = reader.byte();
    if (opcode >= 0x28 && opcode <= 0x3e) return this.#memoryAccess(opcode);
    const numeric = numericOpcode(opcode);
    if (numeric) return this.#numeric(numeric.name, numeric.operands.length, numeric.result);
    switch (opcode) {
      case 0x00:
        this.#spillEffects();
        this.#frame.statements.push({ kind: "unreachable" });
        return this.#unreachable();
      case 0x01:
        return;
      case 0x02:
        return this.#block("block");
      case 0x03:
        return this.#block("loop");
      case 0x04:
        return this.#block("if");
      case 0x05:
        return this.#else();
      case 0x0b:
        return this.#end();
      case 0x0c: {
        const target = this.#target(reader.u32());
        const values = this.#popMany(this.#arity(target));
        this.#spillForLeaving(values);
        this.#branch(target, values);
        return this.#unreachable();
      }
      case 0x0d:
        return this.#brIf();
      case 0x0e:
        return this.#brTable();
      case 0x0f: {
        const values = this.#popMany(this.#type.results.length);
        this.#spillForLeaving(values);
        this.#frame.statements.push({ kind: "return", values });
        return this.#unreachable();
      }
      case 0x10: {
        const index = reader.u32();
        return this.#call(
          { kind: "direct", index },
          this.#module.functions[index].type,
          this.#suspending.direct(index),
        );
      }
      case 0x11: {
        const typeIndex = reader.u32();
        const table = reader.u32();
        const index = this.#pop();
        const target = { kind: "indirect", table, typeIndex, index: this.#indexAfterOperands(index) } as const;
        return this.#call(target, this.#module.types[typeIndex], this.#suspending.indirect(typeIndex));
      }
      case 0x1a: {
        const value = this.#pop();
        const effects = effectsOf(value);
        if (effects.calls || effects.traps) this.#emit({ kind: "drop", value }, effects);
        return;
      }
      case 0x1b:
        return this.#select();
      case 0x1c:
        reader.vector(() => readValueType(reader));
        return this.#select();
      case 0x20: {
        const index = reader.u32();
        return this.#push({ kind: "local", type: this.#locals[index], index });
      }
      case 0x21:
        return this.#setLocal(reader.u32(), this.#pop());
      case 0x22: {
        const index = reader.u32();
        this.#setLocal(index, this.#pop());
        return this.#push({ kind: "local", type: this.#locals[index], index });
      }
      case 0x23: {
        const index = reader.u32();
        return this.#push({ kind: "global", type: this.#module.globals[index].type, index });
      }
      case 0x24: {
        const global = reader.u32();
        const value = this.#pop();
        return this.#emit({ kind: "set global", global, value }, effectsOf(value), { state: true });
      }
      case 0x25: {
        const table = reader.u32();
        return this.#push({ kind: "table.get", type: this.#module.tables[table].element, table, index: this.#pop() });
      }
      case 0x26:
        return this.#bulk("table.set", [reader.u32()], 2);
      case 0x3f:
        reader.byte();
        return this.#push({ kind: "memory.size", type: "i32" });
      case 0x40:
        reader.byte();
        return this.#push({ kind: "memory.grow", type: "i32", pages: this.#pop() });
      case 0x41: {
        const from = reader.offset;
        const value = reader.s32() | 0;
        // The linker pads what it relocates to five bytes: facts of allocators hang on that (see memory/).
        const padded = reader.offset - from === 5;
        return this.#push({ kind: "const", type: "i32", value, padded });
      }
      case 0x42:
        return this.#push({ kind: "const", type: "i64", value: reader.s64() });
      case 0x43:
        return this.#push({ kind: "const", type: "f32", value: reader.bits32() });
      case 0x44:
        return this.#push({ kind: "const", type: "f64", value: BigInt.asIntN(64, reader.bits64()) });
      case 0xd0:
        return this.#push({ kind: "ref.null", type: readValueType(reader) });
      case 0xd1:
        return this.#push({ kind: "ref.is_null", type: "i32", operand: this.#pop() });
      case 0xd2:
        return this.#push({ kind: "ref.func", type: "funcref", index: reader.u32() });
      case 0xfc:
        return this.#prefixed(reader.u32(), at);
      default:
        throw this.#unsupported(opcode, at);
    }
  }

  /** Dropped values below a branch must still have their effects. */
  #spillForLeaving(values: readonly Expression[]): void {
    const effects = combineEffects(values);
    this.#spillWhere((pending) => {
      const below = effectsOf(pending);
      return below.calls || below.traps || (effects.calls && below.state);
    });
  }

  /**
   * The index of an indirect call is evaluated after the operands in WebAssembly, but before them in an engine that
   * writes `table[index](operands)`: keeps that order from being seen.
   */
  #indexAfterOperands(index: Expression): Expression {
    const effects = effectsOf(index);
    if (!effects.calls && !effects.traps && !effects.state) return index;
    this.#stack.push(index);
    this.#spillWhere((pending) => pending === index);
    return this.#pop();
  }

  #select(): void {
    const condition = this.#pop();
    const [whenTrue, whenFalse] = this.#popMany(2);
    const arms = [whenTrue, whenFalse];
    // Engines evaluate the condition first and one arm only: fine unless somebody can see it.
    const visible = arms.some((arm) => effectsOf(arm).calls || effectsOf(arm).traps);
    const clash = effectsOf(condition).calls && arms.some((arm) => effectsOf(arm).state);
    if (visible || clash) {
      this.#stack.push(whenTrue, whenFalse);
      const top = this.#stack.length;
      this.#spillWhere((pending) => pending === whenTrue || pending === whenFalse);
      arms[0] = this.#stack[top - 2];
      arms[1] = this.#stack[top - 1];
      this.#popMany(2);
    }
    this.#push({ kind: "select", type: whenTrue.type, condition, whenTrue: arms[0], whenFalse: arms[1] });
  }

  #numeric(operator: string, operands: number, type: ValueType): void {
    if (operands === 1) {
      const operand = this.#pop();
      return this.#push({ kind: "unary", type, operator, operand });
    }
    const [left, right] = this.#popMany(2);
    // `memory.size << 16` and `* 65536` are how allocators ask where memory ends (see memory/).
    if (left.kind === "memory.size" && right.kind === "const") {
      const bytes = (operator === "i32.shl" && right.value === 16) || (operator === "i32.mul" && right.value === 65536);
      if (bytes) return this.#push({ kind: "memory.bytes", type: "i32" });
    }
    this.#push({ kind: "binary", type, operator, left, right });
  }

  #memoryAccess(opcode: number): void {
    const align = 1 << this.#reader.u32();
    const offset = this.#reader.u32();
    if (opcode <= 0x35) {
      const { type, bytes, signed } = LOADS[opcode - 0x28];
      return this.#push({ kind: "load", type, bytes, signed, offset, align, address: this.#pop() });
    }
    const { type, bytes } = STORES[opcode - 0x36];
    const [address, value] = this.#popMany(2);
    const effects = combineEffects([address, value], { traps: true });
    this.#emit({ kind: "store", type, bytes, offset, align, address, value }, effects, { state: true });
  }

  #bulk(operator: BulkOperator, immediates: number[], count: number): void {
    const operands = this.#popMany(count);
    const effects = combineEffects(operands, { traps: true });
    this.#emit({ kind: "bulk", operator, immediates, operands }, effects, { state: true });
  }

  #prefixed(sub: number, at: number): void {
    const reader = this.#reader;
    const numeric = numericOpcode(0xfc00 + sub);
    if (numeric && sub < 8) return this.#numeric(numeric.name, 1, numeric.result);
    switch (sub) {
      case 8: {
        const segment = reader.u32();
        reader.byte();
        return this.#bulk("memory.init", [segment], 3);
      }
      case 9:
        return this.#emit({ kind: "data.drop", segment: reader.u32() }, combineEffects([]), { state: true });
      case 10:
        reader.bytes(2);
        return this.#bulk("memory.copy", [], 3);
      case 11:
        reader.byte();
        return this.#bulk("memory.fill", [], 3);
      case 12: {
        const segment = reader.u32();
        return this.#bulk("table.init", [reader.u32(), segment], 3);
      }
      case 13:
        return this.#emit({ kind: "elem.drop", segment: reader.u32() }, combineEffects([]), { state: true });
      case 14:
        return this.#bulk("table.copy", [reader.u32(), reader.u32()], 3);
      case 15: {
        const table = reader.u32();
        const [value, delta] = this.#popMany(2);
        return this.#push({ kind: "table.grow", type: "i32", table, value, delta });
      }
      case 16:
        return this.#push({ kind: "table.size", type: "i32", table: reader.u32() });
      case 17:
        return this.#bulk("table.fill", [reader.u32()], 3);
      default:
        throw new ModuleError(`opcode 0xfc ${sub} in function ${this.#index} is not supported`, at);
    }
  }
}

function changesOrTraps({ traps, calls }: Effects): boolean {
  return traps || calls;
}

import type { FunctionType, ValueType } from "../decode/module.js";
import type { FunctionDescription, Instruction } from "./encode.js";
import { memoryOperators, type NumericOperator, numericOperators } from "./opcodes.js";
import type { Random } from "./random.js";

export type NumberType = "i32" | "i64" | "f32" | "f64";
export const NUMBER_TYPES: readonly NumberType[] = ["i32", "i64", "f32", "f64"];

/** What a body may refer to. */
export interface Surroundings {
  /** All functions, imported ones first. */
  readonly functions: readonly FunctionType[];
  readonly importedCount: number;
  /** The table as it is at first: function indices, undefined where there is none. */
  readonly table: readonly (number | undefined)[];
  readonly globals: readonly { readonly type: NumberType; readonly mutable: boolean }[];
  /** The global that every loop and call takes one from, so that every run ends. */
  readonly fuel: number;
  readonly dataCount: number;
  readonly elementCount: number;
}

interface Label {
  readonly id: number;
  /** What a branch to it has to bring. */
  readonly types: readonly NumberType[];
}

const byResult = new Map(
  NUMBER_TYPES.map((type) => [type, numericOperators.filter((operator) => operator.result === type)]),
);
/** Twice as likely as the rest: what compilers emit most. */
const COMMON = /^i32\.(add|sub|mul|and|or|xor|shl|shr_[su]|eqz?|ne|lt_[su]|gt_[su]|le_[su]|ge_[su])$/;

/** How many loop turns and calls an invocation may take. */
export const FUEL = 100;

/** A well-typed body for a function, by a seeded generator. */
export function generateFunction(random: Random, surroundings: Surroundings, type: FunctionType): FunctionDescription {
  return new FunctionGenerator(random, surroundings, type).generate();
}

class FunctionGenerator {
  private readonly locals: NumberType[];
  private readonly labels: Label[] = [];
  private nextLabel = 0;
  /** Nodes that may still be made. */
  private budget: number;
  private readonly canonical = new Map<NumberType, number>();

  constructor(
    private readonly random: Random,
    private readonly around: Surroundings,
    private readonly type: FunctionType,
  ) {
    this.locals = [...(type.params as NumberType[])];
    for (let count = random.below(6); count > 0; count--) this.locals.push(random.pick(NUMBER_TYPES));
    this.locals.push("i32", "i32");
    this.budget = random.between(10, 120);
  }

  generate(): FunctionDescription {
    const outOfFuel = make(
      "return",
      this.results().map((type) => constant(type, 0n)),
    );
    const body = [
      ...this.burn(outOfFuel),
      ...this.statements(this.random.between(1, 6), 4),
      ...this.results().map((type) => this.canonicalize(this.expression(type, 5))),
    ];
    return { type: this.type, locals: this.locals.slice(this.type.params.length), body };
  }

  private results(): NumberType[] {
    return this.type.results as NumberType[];
  }

  private fuel(): Instruction {
    return make("global.get", [], ["i32"], { index: this.around.fuel });
  }

  /** Takes one from the fuel, or leaves when there is none. */
  private burn(leave: Instruction): Instruction[] {
    const less = make("i32.sub", [this.fuel(), constant("i32", 1n)], ["i32"]);
    return [
      { ...conditional([make("i32.eqz", [this.fuel()], ["i32"])], [leave]), keep: true },
      make("global.set", [less], [], { index: this.around.fuel, keep: true }),
    ];
  }

  /** Which NaN an operation gives is up to the engine, so none may be seen: any becomes the canonical one. */
  private canonicalize(value: Instruction): Instruction {
    const type = value.results[0] as NumberType;
    if (type !== "f32" && type !== "f64") return value;
    return this.withoutNaN(value, constant(type, type === "f32" ? 0x7fc00000n : 0x7ff8000000000000n));
  }

  private withoutNaN(value: Instruction, instead: Instruction): Instruction {
    const type = value.results[0] as NumberType;
    const index = this.canonical.get(type) ?? this.locals.push(type) - 1;
    this.canonical.set(type, index);
    const get = () => make("local.get", [], [type], { index });
    const itself = make(`${type}.eq`, [get(), get()], ["i32"]);
    return make("select", [make("local.tee", [value], [type], { index }), instead, itself], [type]);
  }

  private statements(count: number, depth: number): Instruction[] {
    return Array.from({ length: count }, () => this.statement(depth)).flat();
  }

  private statement(depth: number): Instruction[] {
    this.budget--;
    if (depth <= 0 || this.budget <= 0) return [this.setLocal(1)];
    return this.random.weighted<() => Instruction[]>([
      [8, () => [this.setLocal(depth)]],
      [3, () => [this.setGlobal(depth)]],
      [8, () => [this.store(depth)]],
      [2, () => [make("drop", [this.expression(this.random.pick(NUMBER_TYPES), depth - 1)])]],
      [5, () => [this.ifStatement(depth)]],
      [3, () => [this.plainBlock(depth)]],
      [3, () => [this.plainLoop(depth)]],
      [5, () => this.countedLoop(depth)],
      [3, () => this.switchBlock(depth)],
      [4, () => this.callStatement(depth)],
      [2, () => this.multipleBlock(depth)],
      [4, () => this.branchIf(depth)],
      [1, () => [this.leave(depth)]],
      [3, () => [this.bulk(depth)]],
      [1, () => [make("nop", [])]],
    ])();
  }

  private setLocal(depth: number): Instruction {
    const index = this.random.below(this.locals.length);
    return make("local.set", [this.expression(this.locals[index], depth - 1)], [], { index });
  }

  private setGlobal(depth: number): Instruction {
    const index = this.globalIndex((global, at) => global.mutable && at !== this.around.fuel);
    if (index === undefined) return make("nop", []);
    const value = this.expression(this.around.globals[index].type, depth - 1);
    return make("global.set", [this.canonicalize(value)], [], { index });
  }

  private globalIndex(wanted: (global: Surroundings["globals"][number], index: number) => boolean): number | undefined {
    const indices = this.around.globals.flatMap((global, index) => (wanted(global, index) ? [index] : []));
    return indices.length > 0 ? this.random.pick(indices) : undefined;
  }

  /** Mostly inside the first page, sometimes at an edge, sometimes anywhere. */
  private address(depth: number): { operand: Instruction; offset: number } {
    const masked = (mask: bigint) =>
      make("i32.and", [this.expression("i32", depth - 1), constant("i32", mask)], ["i32"]);
    return this.random.weighted<() => { operand: Instruction; offset: number }>([
      [18, () => ({ operand: masked(0xffn), offset: this.random.below(64) })],
      [9, () => ({ operand: masked(0xfffcn), offset: this.random.pick([0, 0, 4, 8, 1]) })],
      [6, () => ({ operand: constant("i32", BigInt(this.random.below(65530))), offset: 0 })],
      [1, () => ({ operand: constant("i32", BigInt(65536 - this.random.below(12))), offset: this.random.below(4) })],
      [1, () => ({ operand: masked(0xffffn), offset: this.random.pick([65530, 65535, 0x7fffffff, 0xffffffff]) })],
      [1, () => ({ operand: this.expression("i32", depth - 1), offset: this.random.below(16) })],
    ])();
  }

  private store(depth: number): Instruction {
    const operator = this.random.pick(memoryOperators.filter((candidate) => candidate.store));
    const { operand, offset } = this.address(depth);
    const value = this.canonicalize(this.expression(operator.type as NumberType, depth - 1));
    return make(operator.name, [operand, value], [], { offset, align: this.alignment(operator.bytes) });
  }

  private load(type: NumberType, depth: number): Instruction {
    const operator = this.random.pick(
      memoryOperators.filter((candidate) => !candidate.store && candidate.type === type),
    );
    const { operand, offset } = this.address(depth);
    return make(operator.name, [operand], [type], { offset, align: this.alignment(operator.bytes) });
  }

  /** A hint only: it may claim more than is true. */
  private alignment(bytes: number): number {
    return this.random.below(Math.log2(bytes) + 1);
  }

  private within(types: readonly NumberType[], make: (label: Label) => Instruction): Instruction {
    const label = { id: this.nextLabel++, types };
    this.labels.push(label);
    const result = make(label);
    this.labels.pop();
    return result;
  }

  private ifStatement(depth: number): Instruction {
    const condition = this.condition(depth);
    return this.within([], ({ id }) => ({
      ...conditional(
        [condition],
        this.statements(this.random.between(1, 3), depth - 1),
        this.random.oneIn(2) ? this.statements(this.random.between(1, 3), depth - 1) : undefined,
      ),
      label: id,
    }));
  }

  private condition(depth: number): Instruction {
    return this.expression("i32", depth - 1);
  }

  private plainBlock(depth: number): Instruction {
    return this.within([], ({ id }) => block("block", id, [], this.statements(this.random.between(1, 4), depth - 1)));
  }

  private loopHead(): Instruction[] {
    const leave = this.random.oneIn(6)
      ? make("unreachable", [])
      : make(
          "return",
          this.results().map((type) => constant(type, 1n)),
        );
    return this.burn(leave);
  }

  private plainLoop(depth: number): Instruction {
    return this.within([], ({ id }) =>
      block("loop", id, [], [...this.loopHead(), ...this.statements(this.random.between(1, 4), depth - 1)]),
    );
  }

  /** As compilers write them: a counter that steps to a bound, and an address that goes along. */
  private countedLoop(depth: number): Instruction[] {
    const counters = this.locals.flatMap((type, index) => (type === "i32" ? [index] : []));
    const counter = this.random.pick(counters);
    const get = () => make("local.get", [], ["i32"], { index: counter });
    const step = BigInt(this.random.pick([1, 1, 1, 2, 4, -1, -1, 3, -4]));
    const turns = BigInt(this.random.between(1, 9));
    const start = this.random.pick([0n, 0n, 0n, -step * turns, BigInt(this.random.below(3000)), 0x7ffffffen]);
    const end = start + step * turns;
    const stepped = make("i32.add", [get(), constant("i32", step)], ["i32"]);
    const tee = make("local.tee", [stepped], ["i32"], { index: counter });
    const compare = this.random.pick(["ne", "ne", step > 0n ? "lt_s" : "gt_s", step > 0n ? "lt_u" : "gt_u"]);
    const again = end === 0n && compare === "ne" ? tee : make(`i32.${compare}`, [tee, constant("i32", end)], ["i32"]);
    const loop = this.within([], ({ id }) => {
      const body = this.statements(this.random.between(1, 3), depth - 1);
      if (this.random.oneIn(2)) {
        const base = BigInt(this.random.below(5000));
        const address = make("i32.add", [get(), constant("i32", base)], ["i32"]);
        const store = this.random.pick(["i32.store", "i32.store8", "i32.store16"]);
        body.push(make(store, [address, this.expression("i32", depth - 1)], [], { offset: 0, align: 0 }));
      }
      return block("loop", id, [], [...this.loopHead(), ...body, make("br_if", [again], [], { label: id })]);
    });
    return [make("local.set", [constant("i32", start)], [], { index: counter }), loop];
  }

  /** Nested blocks with a `br_table` in the innermost, as a switch compiles to. */
  private switchBlock(depth: number): Instruction[] {
    const cases = this.random.between(1, 5);
    const labels = Array.from({ length: cases }, () => ({ id: this.nextLabel++, types: [] as NumberType[] }));
    this.labels.push(...labels);
    const outer = this.labels.filter((label) => label.types.length === 0);
    const targets = Array.from({ length: this.random.between(1, 7) }, () => this.random.pick([...outer, ...labels]).id);
    const dispatch = make("br_table", [this.condition(depth)], [], { labels: targets });
    let body: Instruction[] = [dispatch];
    for (const label of [...labels].reverse()) {
      const inside = block("block", label.id, [], body);
      this.labels.pop();
      body = [inside, ...this.statements(this.random.below(3), depth - 1)];
    }
    return body;
  }

  private branchIf(depth: number): Instruction[] {
    const targets = this.labels.filter((label) => label.types.length === 0);
    if (targets.length === 0) return [this.setLocal(depth)];
    return [make("br_if", [this.condition(depth)], [], { label: this.random.pick(targets).id })];
  }

  /** Anything that doesn't go on; what follows is unreachable, and typed however the stack needs it. */
  private leave(depth: number): Instruction {
    const target = this.labels.length > 0 ? this.random.pick(this.labels) : undefined;
    const values = (types: readonly NumberType[]) => types.map((type) => this.expression(type, depth - 1));
    return this.random.weighted<() => Instruction>([
      [1, () => make("unreachable", [])],
      [
        3,
        () =>
          make(
            "return",
            values(this.results()).map((value) => this.canonicalize(value)),
          ),
      ],
      [target ? 6 : 0, () => make("br", values(target!.types), [], { label: target!.id })],
    ])();
  }

  private callArguments(index: number, type: FunctionType, depth: number): Instruction[] {
    const values = (type.params as NumberType[]).map((param) => this.expression(param, depth - 1));
    return index < this.around.importedCount ? values.map((value) => this.canonicalize(value)) : values;
  }

  private call(index: number, depth: number): Instruction {
    const type = this.around.functions[index];
    return make("call", this.callArguments(index, type, depth), [...type.results], { index });
  }

  /** Mostly to an entry that exists; with the type of a function of the module, which may not be the entry's. */
  private callIndirect(type: FunctionType, depth: number): Instruction {
    const fitting = this.around.table.flatMap((entry, at) =>
      entry !== undefined && sameType(this.around.functions[entry], type) ? [at] : [],
    );
    const index =
      fitting.length > 0 && !this.random.oneIn(8)
        ? constant("i32", BigInt(this.random.pick(fitting)))
        : this.random.oneIn(3)
          ? this.expression("i32", depth - 1)
          : constant("i32", BigInt(this.random.below(this.around.table.length + 1)));
    const args = (type.params as NumberType[]).map((param) => this.canonicalize(this.expression(param, depth - 1)));
    return make("call_indirect", [...args, index], [...type.results], { type, index: 0 });
  }

  private callStatement(depth: number): Instruction[] {
    const index = this.random.below(this.around.functions.length);
    const call = this.random.oneIn(4)
      ? this.callIndirect(this.around.functions[index], depth)
      : this.call(index, depth);
    return [call, ...this.consume(call.results as NumberType[])];
  }

  /** Takes values off the stack, last first. */
  private consume(types: readonly NumberType[]): Instruction[] {
    return [...types].reverse().map((type) => {
      const locals = this.locals.flatMap((local, index) => (local === type ? [index] : []));
      return locals.length > 0 && !this.random.oneIn(3)
        ? make("local.set", [], [], { index: this.random.pick(locals) })
        : make("drop", []);
    });
  }

  /** A block, loop or if with parameters and several results. */
  private multipleBlock(depth: number): Instruction[] {
    const list = () => Array.from({ length: this.random.below(3) }, () => this.random.pick(NUMBER_TYPES));
    const params = list();
    const results = list();
    const op = this.random.pick(["block", "loop", "if"]);
    const operands = params.map((type) => this.expression(type, depth - 1));
    if (op === "if") operands.push(this.condition(depth));
    const arm = () => [
      ...(op === "loop" ? this.loopHead() : []),
      ...this.consume(params),
      ...this.statements(this.random.below(3), depth - 1),
      ...results.map((type) => this.expression(type, depth - 1)),
    ];
    const made = this.within(op === "loop" ? params : results, ({ id }) => ({
      ...make(op, operands, results, { label: id, type: { params, results } }),
      body: arm(),
      otherwise: op === "if" ? arm() : undefined,
    }));
    return [made, ...this.consume(results)];
  }

  private bulk(depth: number): Instruction {
    const place = () =>
      this.random.oneIn(6)
        ? this.expression("i32", depth - 1)
        : make("i32.and", [this.expression("i32", depth - 1), constant("i32", 0xfffn)], ["i32"]);
    const length = () =>
      this.random.oneIn(8)
        ? this.expression("i32", depth - 1)
        : make("i32.and", [this.expression("i32", depth - 1), constant("i32", 31n)], ["i32"]);
    const few = () => constant("i32", BigInt(this.random.below(3)));
    const data = this.random.below(Math.max(1, this.around.dataCount));
    const element = this.random.below(Math.max(1, this.around.elementCount));
    return this.random.weighted<() => Instruction>([
      [4, () => make("memory.fill", [place(), this.expression("i32", depth - 1), length()])],
      [4, () => make("memory.copy", [place(), place(), length()])],
      [this.around.dataCount ? 3 : 0, () => make("memory.init", [place(), few(), length()], [], { index: data })],
      [this.around.dataCount ? 1 : 0, () => make("data.drop", [], [], { index: data })],
      [2, () => make("table.copy", [few(), few(), few()], [], { index: 0, second: 0 })],
      [
        this.around.elementCount ? 2 : 0,
        () => make("table.init", [few(), few(), few()], [], { index: element, second: 0 }),
      ],
      [this.around.elementCount ? 1 : 0, () => make("elem.drop", [], [], { index: element })],
    ])();
  }

  private leaf(type: NumberType): Instruction {
    const locals = this.locals.flatMap((local, index) => (local === type ? [index] : []));
    if (locals.length > 0 && !this.random.oneIn(3))
      return make("local.get", [], [type], { index: this.random.pick(locals) });
    const global = this.random.oneIn(4)
      ? this.globalIndex((candidate, index) => candidate.type === type && index !== this.around.fuel)
      : undefined;
    return global === undefined
      ? constant(type, this.random.bits(type))
      : make("global.get", [], [type], { index: global });
  }

  private expression(type: NumberType, depth: number): Instruction {
    this.budget--;
    if (depth <= 0 || this.budget <= 0) return this.leaf(type);
    return this.random.weighted<() => Instruction>([
      [14, () => this.leaf(type)],
      [36, () => this.operation(type, depth)],
      [10, () => this.load(type, depth)],
      [5, () => this.tee(type, depth)],
      [5, () => this.select(type, depth)],
      [6, () => this.callFor(type, depth)],
      [4, () => this.blockFor(type, depth)],
      [5, () => this.ifFor(type, depth)],
      [2, () => this.loopFor(type, depth)],
      [2, () => this.branchWithValue(type, depth)],
      [type === "i32" ? 2 : 0, () => this.memorySize()],
      [1, () => block("block", this.nextLabel++, [type], [this.leave(depth - 1)])],
    ])();
  }

  private operation(type: NumberType, depth: number): Instruction {
    const candidates = byResult.get(type)!;
    let operator = this.random.pick(candidates);
    if (type === "i32" && this.random.oneIn(2))
      operator = this.random.pick(candidates.filter((o) => COMMON.test(o.name)));
    // Trapping conversions mostly get what they can convert.
    if (/trunc_f/.test(operator.name) && !this.random.oneIn(4)) {
      const sat = operator.name.replace("trunc_", "trunc_sat_");
      operator = numericOperators.find((candidate) => candidate.name === sat)!;
    }
    return make(operator.name, this.operands(operator, depth), [type]);
  }

  private operands(operator: NumericOperator, depth: number): Instruction[] {
    const values = (operator.params as NumberType[]).map((param) => this.expression(param, depth - 1));
    if (/reinterpret_f/.test(operator.name)) return [this.canonicalize(values[0])];
    if (/copysign/.test(operator.name))
      return [values[0], this.withoutNaN(values[1], constant(operator.result as "f32", 0n))];
    if (/(div|rem)_/.test(operator.name) && !this.random.oneIn(5)) {
      const type = operator.result as NumberType;
      return [values[0], make(`${type}.or`, [values[1], constant(type, 1n)], [type])];
    }
    return values;
  }

  private tee(type: NumberType, depth: number): Instruction {
    const locals = this.locals.flatMap((local, index) => (local === type ? [index] : []));
    if (locals.length === 0) return this.leaf(type);
    return make("local.tee", [this.expression(type, depth - 1)], [type], { index: this.random.pick(locals) });
  }

  private select(type: NumberType, depth: number): Instruction {
    return make(
      "select",
      [this.expression(type, depth - 1), this.expression(type, depth - 1), this.condition(depth)],
      [type],
    );
  }

  private callFor(type: NumberType, depth: number): Instruction {
    const fits = (signature: FunctionType) => signature.results.length === 1 && signature.results[0] === type;
    const indices = this.around.functions.flatMap((signature, index) => (fits(signature) ? [index] : []));
    if (indices.length === 0) return this.leaf(type);
    const index = this.random.pick(indices);
    return this.random.oneIn(4) ? this.callIndirect(this.around.functions[index], depth) : this.call(index, depth);
  }

  private blockFor(type: NumberType, depth: number): Instruction {
    return this.within([type], ({ id }) =>
      block(
        "block",
        id,
        [type],
        [...this.statements(this.random.below(3), depth - 1), this.expression(type, depth - 1)],
      ),
    );
  }

  private ifFor(type: NumberType, depth: number): Instruction {
    const condition = this.condition(depth);
    const arm = () => [...this.statements(this.random.below(2), depth - 1), this.expression(type, depth - 1)];
    return this.within([type], ({ id }) => ({
      ...make("if", [condition], [type], { label: id, type: { params: [], results: [type] } }),
      body: arm(),
      otherwise: arm(),
    }));
  }

  private loopFor(type: NumberType, depth: number): Instruction {
    return this.within([], ({ id }) =>
      block(
        "loop",
        id,
        [type],
        [...this.loopHead(), ...this.statements(this.random.below(3), depth - 1), this.expression(type, depth - 1)],
      ),
    );
  }

  /** `br_if` leaves its value on the stack where it doesn't branch. */
  private branchWithValue(type: NumberType, depth: number): Instruction {
    const targets = this.labels.filter((label) => label.types.length === 1 && label.types[0] === type);
    if (targets.length === 0) return this.leaf(type);
    const operands = [this.expression(type, depth - 1), this.condition(depth)];
    return make("br_if", operands, [type], { label: this.random.pick(targets).id });
  }

  private memorySize(): Instruction {
    if (this.random.oneIn(2)) return make("memory.size", [], ["i32"]);
    return make("memory.grow", [constant("i32", BigInt(this.random.pick([0, 0, 1, 2, 70000])))], ["i32"]);
  }
}

function make(
  op: string,
  operands: Instruction[],
  results: readonly ValueType[] = [],
  immediates: Partial<Instruction> = {},
): Instruction {
  return { op, operands, results: [...results], ...immediates };
}

function sameType(a: FunctionType, b: FunctionType): boolean {
  return a.params.join() === b.params.join() && a.results.join() === b.results.join();
}

/** A constant by its bits. */
export function constant(type: NumberType, value: bigint): Instruction {
  return make(`${type}.const`, [], [type], { value });
}

function block(op: "block" | "loop", label: number, results: readonly ValueType[], body: Instruction[]): Instruction {
  return make(op, [], results, { label, type: { params: [], results }, body });
}

function conditional(operands: Instruction[], body: Instruction[], otherwise?: Instruction[]): Instruction {
  return make("if", operands, [], { label: -3, type: { params: [], results: [] }, body, otherwise });
}

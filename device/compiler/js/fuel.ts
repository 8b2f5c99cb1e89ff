import type { Expression, FunctionIr, Statement } from "../ir/types.js";
import { bodiesOf, expressionsOf, operandsOf, walkStatements } from "../ir/walk.js";
import { atLoopHead, changesIn, type Environment, roundsOf, stepOf } from "./ranges.js";

/*
 * Which loops take fuel at their head, so that a guest that never calls out lets the event loop go on.
 *
 * A function whose loops take fuel must be resumable, which costs bytes and time in it and in all its callers. So a loop
 * pays only where it may keep the board for long: where nothing shows that it ends, and where what is known of its
 * rounds multiplies to more than a stretch. What a loop takes is estimated in nodes of the tree; one takes about 10 us
 * at 64 MHz.
 */

/** Nodes in one go: about two seconds at 64 MHz. */
const STRETCH = 200_000;
/** The same in functions that are resumable anyway, where a check costs only itself. */
const RESUMABLE_STRETCH = 20_000;
/** Rounds of a loop that counts up or down to something that isn't known. */
const COUNTED_ROUNDS = 24;
/**
 * Rounds of a loop that follows its data to their end: the letters of a word, the digits of a number. `printf` is one
 * that takes long here, since it could print fractions of a thousand digits; so such a loop doesn't make its function
 * resumable.
 */
const DATA_ROUNDS = 3;
/** A call back into a function whose estimate is being made; the least that any call takes. */
const LEAST_CALL = 10;
/** The most that a call is taken to take: a function's long loops have fuel of their own. */
const MOST_CALL = 500;

/** What the estimate asks of the module around a function. */
export interface FuelSurroundings {
  /** Functions that an expression may call, imported ones among them. */
  targets(call: Expression & { kind: "call" }): readonly number[];
  /** The body of a function; undefined for an imported one. */
  body(functionIndex: number): FunctionIr | undefined;
  /** Whether a function can be suspended for another reason. */
  resumable(functionIndex: number): boolean;
  /** Whether loops that need none take fuel, too. */
  readonly everyLoop: boolean;
}

/** Estimates functions, callees first. */
export class FuelPlan {
  readonly #loops = new Map<number, ReadonlyMap<number, number>>();
  readonly #nodes = new Map<number, number>();

  constructor(private readonly around: FuelSurroundings) {}

  /** Labels of the loops of a function that take fuel, and how much each time round: nodes. */
  loopsOf(ir: FunctionIr): ReadonlyMap<number, number> {
    this.#estimate(ir);
    return this.#loops.get(ir.index)!;
  }

  #estimate(ir: FunctionIr): number {
    const known = this.#nodes.get(ir.index);
    if (known !== undefined) return known;
    this.#nodes.set(ir.index, LEAST_CALL);
    const resumable = this.around.resumable(ir.index);
    const estimate = new FunctionEstimate(resumable, this.around.everyLoop, (call) => this.#call(call));
    const nodes = estimate.list(ir.body);
    this.#loops.set(ir.index, estimate.loops);
    this.#nodes.set(ir.index, nodes);
    return nodes;
  }

  #call(call: Expression & { kind: "call" }): number {
    const costs = this.around.targets(call).map((index) => {
      const ir = this.around.body(index);
      return ir ? this.#estimate(ir) : 0;
    });
    return Math.min(MOST_CALL, Math.max(LEAST_CALL, ...costs));
  }
}

class FunctionEstimate {
  readonly loops = new Map<number, number>();
  #environment: Environment = new Map();

  constructor(
    private readonly resumable: boolean,
    private readonly everyLoop: boolean,
    private readonly call: (call: Expression & { kind: "call" }) => number,
  ) {}

  list(statements: readonly Statement[]): number {
    let nodes = 0;
    for (const statement of statements) nodes += this.#statement(statement);
    return nodes;
  }

  #statement(statement: Statement): number {
    let nodes = 1;
    for (const expression of expressionsOf(statement)) nodes += this.#expression(expression);
    if (statement.kind === "loop") nodes += this.#loop(statement);
    else if (statement.kind === "if") {
      const before = this.#environment;
      const then = this.list(statement.then);
      this.#environment = before;
      nodes += Math.max(then, this.list(statement.else));
    } else for (const body of bodiesOf(statement)) nodes += this.list(body);
    this.#forget(statement);
    if (statement.kind === "set" && statement.value.kind === "const" && statement.value.type === "i32") {
      const { value } = statement.value;
      this.#environment = new Map(this.#environment).set(statement.local, { minimum: value, maximum: value, zeros: 0 });
    }
    return nodes;
  }

  /** What a statement may have changed isn't known behind it. */
  #forget(statement: Statement): void {
    const environment = new Map(this.#environment);
    walkStatements([statement], (inner) => {
      if (inner.kind === "set") environment.delete(inner.local);
      if (inner.kind === "call") for (const local of inner.results) environment.delete(local);
    });
    this.#environment = environment;
  }

  #expression(expression: Expression): number {
    let nodes = 1;
    for (const operand of operandsOf(expression)) nodes += this.#expression(operand);
    return expression.kind === "call" ? nodes + this.call(expression) : nodes;
  }

  #loop({ label, body }: Statement & { kind: "loop" }): number {
    const before = this.#environment;
    const rounds = roundsOf(before, label, body, changesIn(body));
    this.#environment = atLoopHead(before, label, body);
    const turn = this.list(body);
    const assumed = rounds ?? assumedRounds(label, body);
    const all = turn * assumed;
    const stretch = this.resumable ? RESUMABLE_STRETCH : assumed === DATA_ROUNDS ? Infinity : STRETCH;
    if (all <= stretch && assumed !== Infinity && !this.everyLoop) return all;
    this.loops.set(label, turn);
    return turn;
  }
}

/** A local by its index, or a word of the stack frame by base and offset; and whether it is used as an address. */
interface Source {
  readonly name: string;
  readonly followed: boolean;
}

/**
 * What a loop is taken to go round where that can't be told: Infinity where nothing shows that it ends.
 *
 * What shows it is a way out that hangs on something which each round makes from itself, such as a counter, a pointer
 * into a string (memory ends somewhere), a number that is shifted out, a list's next element. A counter in memory shows
 * nothing, since it is there for being waited with; a pointer in memory does. Nor does what a call returns.
 */
function assumedRounds(label: number, body: readonly Statement[]): number {
  const sources = new Map<string, Source[]>();
  const counted = new Set<number>();
  const otherwise = new Set<number>();
  const assigned = new Set<number>();
  const inside = new Set([label]);
  const exits: Expression[] = [];
  walkStatements(body, (statement) => {
    if (statement.kind === "set") assigned.add(statement.local);
    if (statement.kind === "call") for (const local of statement.results) assigned.add(local);
    if (statement.kind === "block" || statement.kind === "loop") inside.add(statement.label);
  });
  const slot = (address: Expression, offset: number): string | undefined =>
    address.kind === "local" && !assigned.has(address.index) ? `${address.index}+${offset}` : undefined;
  const sourcesOf = (expression: Expression, followed = false): Source[] => {
    if (expression.kind === "local") return [{ name: String(expression.index), followed }];
    if (expression.kind === "call") return [];
    if (expression.kind !== "load") return operandsOf(expression).flatMap((operand) => sourcesOf(operand, followed));
    const name = slot(expression.address, expression.offset);
    return name === undefined ? sourcesOf(expression.address, true) : [{ name, followed }];
  };
  // The test that goes round again, behind which the loop is left.
  const { length } = body;
  const end =
    body[length - 1]?.kind === "br" || body[length - 1]?.kind === "return" ? body[length - 2] : body[length - 1];
  const jumpsOut = (list: readonly Statement[], last: boolean) =>
    list.some(
      (jump) =>
        jump.kind === "return" || (jump.kind === "br" && (!inside.has(jump.label) || (last && jump.label === label))),
    );
  walkStatements(body, (statement) => {
    const name =
      statement.kind === "set"
        ? String(statement.local)
        : statement.kind === "store"
          ? slot(statement.address, statement.offset)
          : undefined;
    if (name !== undefined && (statement.kind === "set" || statement.kind === "store"))
      sources.set(name, [...(sources.get(name) ?? []), ...sourcesOf(statement.value)]);
    if (statement.kind === "set") (stepOf(statement) === undefined ? otherwise : counted).add(statement.local);
    const last = statement === end;
    if (statement.kind === "if" && (jumpsOut(statement.then, last) || jumpsOut(statement.else, last)))
      exits.push(statement.condition);
    if (statement.kind === "br_table" && statement.targets.some((target) => !inside.has(target)))
      exits.push(statement.index);
  });
  const fixed = (expression: Expression) =>
    expression.kind === "const" || (expression.kind === "local" && !assigned.has(expression.index));
  const counts = (condition: Expression): boolean => {
    if (condition.kind === "local") return counted.has(condition.index) && !otherwise.has(condition.index);
    if (condition.kind === "unary") return counts(condition.operand);
    if (condition.kind !== "binary") return false;
    const { left, right } = condition;
    return (counts(left) && fixed(right)) || (fixed(left) && counts(right));
  };
  if (exits.some(counts)) return COUNTED_ROUNDS;
  const ends = exits.some((condition) =>
    reached(sources, sourcesOf(condition)).some(({ name, followed }) => {
      const isLocal = !name.includes("+");
      if (!isLocal && !followed) return false;
      const around = reached(sources, sources.get(name) ?? [], isLocal && !followed);
      return around.some((source) => source.name === name);
    }),
  );
  return ends ? DATA_ROUNDS : Infinity;
}

/** Everything that something is made from, by way of others perhaps, in the loop. */
function reached(
  sources: ReadonlyMap<string, readonly Source[]>,
  from: readonly Source[],
  localsOnly = false,
): readonly Source[] {
  const found = new Map<string, Source>();
  const waiting = [...from];
  for (let source = waiting.pop(); source; source = waiting.pop()) {
    const key = `${source.name} ${source.followed}`;
    if (found.has(key) || (localsOnly && source.name.includes("+"))) continue;
    found.set(key, source);
    for (const { name, followed } of sources.get(source.name) ?? [])
      waiting.push({ name, followed: followed || source.followed });
  }
  return [...found.values()];
}

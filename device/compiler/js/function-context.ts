import { type Code, INT32_MAXIMUM, INT32_MINIMUM } from "./code.js";
import type { Module } from "../decode/module.js";
import { localsReadAsZero } from "../ir/assignment.js";
import type { Expression, FunctionIr } from "../ir/types.js";
import { walkExpressions, walkStatements } from "../ir/walk.js";
import type { Environment } from "./ranges.js";
import { localName, type ModuleSymbols } from "./symbols.js";

/** What the emitters of one function share: the names of its locals, and the module around it. */
export class FunctionContext {
  readonly #names: string[] = [];
  readonly #highNames: (string | undefined)[] = [];
  readonly #pages: ReadonlySet<number>;
  readonly #scratch = new Map<string, string>();
  readonly #uses = new Map<string, number>();
  #next = 0;

  /** Whether code is emitted to be small rather than fast: it stands in no small loop, nor in a small function. */
  compact = false;

  /** What is known of the locals where code is being emitted; undefined where control never gets. */
  environment: Environment | undefined = new Map();

  constructor(
    readonly module: Module,
    readonly symbols: ModuleSymbols,
    readonly ir: FunctionIr,
    /** Whether this function is on a cycle of the call graph, so that its depth must be counted. */
    readonly recursive: boolean,
    readonly staticTables: ReadonlyMap<number, readonly (number | undefined)[]>,
    /** Whether an imported function may suspend the guest. */
    readonly waits: (functionIndex: number) => boolean,
  ) {
    this.#pages = localsOfPages(ir);
    for (const index of byUse(ir)) {
      this.#names[index] = localName(this.#next++);
      if (ir.locals[index] === "i64") this.#highNames[index] = localName(this.#next++);
    }
  }

  /** The local's name; of an i64 the low word. */
  local(index: number): string {
    return this.#count(this.#names[index]);
  }

  /** The name of an i64's high word. */
  high(index: number): string {
    return this.#count(this.#highNames[index] as string);
  }

  /** A variable of the generated code's own: the same for the same purpose. */
  scratch(purpose: string): string {
    let name = this.#scratch.get(purpose);
    if (name === undefined) {
      name = localName(this.#next++);
      this.#scratch.set(purpose, name);
    }
    return this.#count(name);
  }

  /** Notes what is known of a local from here on. */
  know(local: number, value: Code | undefined): void {
    if (!this.environment) return;
    const environment = new Map(this.environment);
    const useful =
      value?.kind === "int" &&
      (value.minimum > INT32_MINIMUM || value.maximum < INT32_MAXIMUM || value.zeros > 0) &&
      this.ir.locals[local] === "i32";
    if (useful) environment.set(local, { minimum: value.minimum, maximum: value.maximum, zeros: value.zeros });
    else environment.delete(local);
    this.environment = environment;
  }

  /** Whether an operation makes bytes of `memory.size`, by way of a local: `pages << 16` or `pages * 65536`. */
  makesMemoryBytes(operator: string, left: Expression, right: Expression): boolean {
    if (this.symbols.memorySize === undefined || left.kind !== "local" || right.kind !== "const") return false;
    const factor = operator === "i32.shl" ? 16 : operator === "i32.mul" ? 65536 : undefined;
    return right.value === factor && this.#pages.has(left.index);
  }

  hasScratch(purpose: string): boolean {
    return this.#scratch.has(purpose);
  }

  /** Names of the parameters, an i64 as two. */
  parameters(): string[] {
    return this.ir.params.flatMap((_, index) => this.#namesOf(index));
  }

  /**
   * The other variables that were used, most used first, since the interpreter looks them up in order.
   * @param zeroed locals that are read before they are assigned
   */
  declarations(zeroed: ReadonlySet<number>): string[] {
    const initialised = new Set<string>();
    for (const index of zeroed) for (const name of this.#namesOf(index)) initialised.add(name);
    const names = this.ir.locals.flatMap((_, index) => (index < this.ir.params.length ? [] : this.#namesOf(index)));
    names.push(...this.#scratch.values());
    const uses = (name: string) => this.#uses.get(name) ?? 0;
    return names
      .filter((name) => uses(name) > 0)
      .sort((a, b) => uses(b) - uses(a))
      .map((name) => {
        if (!initialised.has(name)) return name;
        const type = this.#typeOf(name);
        // A float must be a float to the interpreter, so that its sign of zero is kept.
        if (type === "f32" || type === "f64") return `${name}=0.`;
        return type === "funcref" || type === "externref" ? `${name}=null` : `${name}=0`;
      });
  }

  #typeOf(name: string): string {
    return this.ir.locals[this.#names.indexOf(name)] ?? "i64";
  }

  #namesOf(index: number): string[] {
    const high = this.#highNames[index];
    return high === undefined ? [this.#names[index]] : [this.#names[index], high];
  }

  #count(name: string): string {
    this.#uses.set(name, (this.#uses.get(name) ?? 0) + this.symbols.weight);
    return name;
  }
}

/** Locals, most used first, so that those have the shortest names. */
function byUse(ir: FunctionIr): number[] {
  const uses = ir.locals.map(() => 0);
  walkExpressions(ir.body, (expression, loops) => {
    if (expression.kind === "local") uses[expression.index] += 8 ** Math.min(loops, 6);
  });
  walkStatements(ir.body, (statement, loops) => {
    if (statement.kind === "set") uses[statement.local] += 8 ** Math.min(loops, 6);
  });
  return [...uses.keys()].sort((a, b) => uses[b] - uses[a]);
}

/** Locals that hold `memory.size` and nothing else. */
function localsOfPages(ir: FunctionIr): Set<number> {
  const pages = new Set<number>();
  const others = new Set<number>([...ir.params.keys(), ...localsReadAsZero(ir)]);
  walkStatements(ir.body, (statement) => {
    if (statement.kind === "call") for (const local of statement.results) others.add(local);
    if (statement.kind !== "set") return;
    // Assigned twice, it may be something else at the second.
    if (statement.value.kind === "memory.size" && !pages.has(statement.local)) pages.add(statement.local);
    else others.add(statement.local);
  });
  for (const local of others) pages.delete(local);
  return pages;
}

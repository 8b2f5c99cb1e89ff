import type { FunctionType } from "../decode/module.js";
import type { Instruction } from "./encode.js";
import { conditional, constant, make, NUMBER_TYPES, type NumberType } from "./instructions.js";
import type { Random } from "./random.js";

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

/** A block that a branch can leave. */
export interface Label {
  readonly id: number;
  /** What a branch to it has to bring. */
  readonly types: readonly NumberType[];
}

/** A body while it is being generated, and the parts that statements and expressions share. */
export class GeneratorState {
  readonly locals: NumberType[];
  readonly labels: Label[] = [];
  nextLabel = 0;
  /** Nodes that may still be made. */
  budget: number;
  readonly #canonical = new Map<NumberType, number>();

  constructor(
    readonly random: Random,
    readonly around: Surroundings,
    readonly type: FunctionType,
  ) {
    this.locals = [...(type.params as NumberType[])];
    for (let count = random.below(6); count > 0; count--) this.locals.push(random.pick(NUMBER_TYPES));
    this.locals.push("i32", "i32");
    this.budget = random.between(10, 120);
  }

  /** What the function gives back. */
  results(): NumberType[] {
    return this.type.results as NumberType[];
  }

  private fuel(): Instruction {
    return make("global.get", [], ["i32"], { index: this.around.fuel });
  }

  /** Takes one from the fuel, or leaves when there is none. */
  burn(leave: Instruction): Instruction[] {
    const less = make("i32.sub", [this.fuel(), constant("i32", 1n)], ["i32"]);
    return [
      { ...conditional([make("i32.eqz", [this.fuel()], ["i32"])], [leave]), keep: true },
      make("global.set", [less], [], { index: this.around.fuel, keep: true }),
    ];
  }

  /** What every turn of a loop begins with. */
  loopHead(): Instruction[] {
    const leave = this.random.oneIn(6)
      ? make("unreachable", [])
      : make(
          "return",
          this.results().map((type) => constant(type, 1n)),
        );
    return this.burn(leave);
  }

  /** Which NaN an operation gives is up to the engine, so none may be seen: any becomes the canonical one. */
  canonicalize(value: Instruction): Instruction {
    const type = value.results[0] as NumberType;
    if (type !== "f32" && type !== "f64") return value;
    return this.withoutNaN(value, constant(type, type === "f32" ? 0x7fc00000n : 0x7ff8000000000000n));
  }

  /** A value, or another instead of any NaN. */
  withoutNaN(value: Instruction, instead: Instruction): Instruction {
    const type = value.results[0] as NumberType;
    const index = this.#canonical.get(type) ?? this.locals.push(type) - 1;
    this.#canonical.set(type, index);
    const get = () => make("local.get", [], [type], { index });
    const itself = make(`${type}.eq`, [get(), get()], ["i32"]);
    return make("select", [make("local.tee", [value], [type], { index }), instead, itself], [type]);
  }

  /** A global by chance among those that fit; undefined if none does. */
  globalIndex(wanted: (global: Surroundings["globals"][number], index: number) => boolean): number | undefined {
    const indices = this.around.globals.flatMap((global, index) => (wanted(global, index) ? [index] : []));
    return indices.length > 0 ? this.random.pick(indices) : undefined;
  }

  /** A hint only: it may claim more than is true. */
  alignment(bytes: number): number {
    return this.random.below(Math.log2(bytes) + 1);
  }

  /** Runs `make` with a label that branches inside it can take. */
  within(types: readonly NumberType[], make: (label: Label) => Instruction): Instruction {
    const label = { id: this.nextLabel++, types };
    this.labels.push(label);
    const result = make(label);
    this.labels.pop();
    return result;
  }
}

import type { Expression } from "./types.js";

/** What evaluating a tree depends on and does: decides which trees may change places. */
export interface Effects {
  /** Locals read. */
  readonly locals: ReadonlySet<number>;
  /** Reads globals, memory or tables. */
  readonly state: boolean;
  readonly traps: boolean;
  /** Calls, or changes memory's size: may read and write everything but locals. */
  readonly calls: boolean;
  /** Whether evaluating it once more, with the same locals but other memory, may do something or trap. */
  readonly once: boolean;
}

const NONE: Effects = { locals: new Set(), state: false, traps: false, calls: false, once: false };

/** Effects by tree: trees are immutable, so each is looked at once. */
const known = new WeakMap<Expression, Effects>();

/** The effects of evaluating `expression`. */
export function effectsOf(expression: Expression): Effects {
  let effects = known.get(expression);
  if (!effects) {
    effects = compute(expression);
    known.set(expression, effects);
  }
  return effects;
}

/** What several trees do together. */
export function combineEffects(expressions: readonly Expression[], own: Partial<Effects> = {}): Effects {
  const all = expressions.map(effectsOf);
  if (all.length === 1 && Object.keys(own).length === 0) return all[0];
  const locals = new Set(own.locals);
  for (const effects of all) for (const local of effects.locals) locals.add(local);
  const below = all.some((effects) => effects.state);
  return {
    locals,
    state: own.state || below,
    traps: own.traps || all.some((effects) => effects.traps),
    calls: own.calls || all.some((effects) => effects.calls),
    // What traps by its operands may do so when those depend on more than locals.
    once: own.calls || (own.traps && below) || all.some((effects) => effects.once),
  };
}

function compute(expression: Expression): Effects {
  switch (expression.kind) {
    case "const":
    case "ref.null":
    case "ref.func":
    case "memory.bytes":
      return NONE;
    case "local":
      return { ...NONE, locals: new Set([expression.index]) };
    case "global":
    case "memory.size":
    case "table.size":
      return { ...NONE, state: true };
    case "unary":
      return combineEffects([expression.operand], /trunc_f/.test(expression.operator) ? { traps: true } : {});
    case "binary":
      return combineEffects([expression.left, expression.right], divisionTraps(expression) ? { traps: true } : {});
    case "load":
      return combineEffects([expression.address], { state: true, traps: true });
    case "select":
      return combineEffects([expression.condition, expression.whenTrue, expression.whenFalse]);
    case "call": {
      const target = expression.target.kind === "indirect" ? [expression.target.index] : [];
      return combineEffects([...expression.operands, ...target], { state: true, traps: true, calls: true });
    }
    case "memory.grow":
      return combineEffects([expression.pages], { state: true, calls: true });
    case "table.grow":
      return combineEffects([expression.value, expression.delta], { state: true, calls: true });
    case "table.get":
      return combineEffects([expression.index], { state: true, traps: true });
    case "ref.is_null":
      return combineEffects([expression.operand]);
  }
}

/** Division by a constant other than 0 and -1 can't trap. */
function divisionTraps(expression: Expression & { kind: "binary" }): boolean {
  if (!/^i\d\d\.(div|rem)_/.test(expression.operator)) return false;
  const divisor = expression.right;
  return !(divisor.kind === "const" && Number(divisor.value) !== 0 && Number(divisor.value) !== -1);
}

import { encodeModule } from "./encode.js";
import {
  type Engine,
  type Import,
  type Imports,
  type Instance,
  Refusal,
  sameTrap,
  Trap,
  TRAP_KINDS,
  type Value,
} from "./engine.js";
import type { ScriptAction, ScriptCommand, ScriptValue, SpecScript } from "./spec-script.js";
import { formatValue, isArithmeticNaN, isCanonicalNaN, toBits } from "./values.js";

/** How one script went. */
export interface SpecResult {
  readonly name: string;
  /** Commands that passed, by type; without those that have an exception. */
  readonly passed: Readonly<Record<string, number>>;
  /** Commands that this engine isn't asked: text that is malformed, types of imports where nobody checks them. */
  readonly skipped: number;
  readonly failures: readonly SpecFailure[];
}

/** A command of a script that didn't come out as it says. */
export interface SpecFailure {
  readonly line: number;
  readonly type: string;
  readonly reason: string;
}

/** The host module that every script may import from, as the reference interpreter has it. */
const spectestModule: Uint8Array = encodeSpectest();

function encodeSpectest(): Uint8Array {
  const signatures = ["", "i32", "i64", "f32", "f64", "i32 f32", "f64 f64"];
  const functions = signatures.map((text) => text.split(" ").filter(Boolean) as ("i32" | "i64" | "f32" | "f64")[]);
  const global = (type: "i32" | "i64" | "f32" | "f64", value: number | bigint) => {
    return { type, mutable: false, initial: toBits(type, value) };
  };
  const globals = [global("i32", 666), global("i64", 666n), global("f32", 666.6), global("f64", 666.6)];
  return encodeModule({
    imports: [],
    functions: functions.map((params) => ({ type: { params, results: [] }, locals: [], body: [] })),
    table: { minimum: 10, maximum: 20 },
    memory: { minimum: 1, maximum: 2 },
    globals,
    exports: [
      ...functions.map((params, index) => ({
        name: ["print", ...params].join("_"),
        kind: "function" as const,
        index,
      })),
      ...globals.map((entry, index) => ({ name: `global_${entry.type}`, kind: "global" as const, index })),
      { name: "table", kind: "table", index: 0 },
      { name: "memory", kind: "memory", index: 0 },
    ],
    elements: [],
    data: [],
  });
}

/** The instances of one script, by the names that it gives them. */
class Session {
  private readonly named = new Map<string, Instance>();
  private readonly registered = new Map<string, Instance>();
  private latest: Instance | undefined;
  private readonly externals: object[] = [];

  constructor(
    private readonly engine: Engine,
    private readonly script: SpecScript,
  ) {
    this.registered.set("spectest", engine.instantiate(spectestModule, {}));
  }

  /** Instantiates a module; only one that came up replaces the latest. */
  instantiate(command: ScriptCommand): void {
    this.latest = undefined;
    const instance = this.engine.instantiate(this.script.module(command.filename!), this.imports());
    this.latest = instance;
    if (command.name) this.named.set(command.name, instance);
  }

  /** Instantiates a module that isn't supposed to come up, which leaves the latest one in place. */
  attempt(filename: string): void {
    this.engine.instantiate(this.script.module(filename), this.imports());
  }

  register(name: string | undefined, as: string): void {
    this.registered.set(as, this.find(name));
  }

  perform(action: ScriptAction, expected: readonly ScriptValue[]): readonly Value[] {
    const instance = this.find(action.module);
    if (action.type === "get") return [instance.global(action.field, expected[0].type)];
    const args = (action.args ?? []).map((value) => this.value(value));
    return instance.invoke(
      action.field,
      args,
      expected.map((value) => value.type),
    );
  }

  /** External reference n of the script is always the same object. */
  value(value: ScriptValue): Value {
    if (value.type !== "externref" && value.type !== "funcref") return { type: value.type, bits: BigInt(value.value!) };
    if (value.value === "null") return { type: value.type, reference: null };
    const number = Number(value.value);
    this.externals[number] ??= { external: number };
    return { type: value.type, reference: this.externals[number] };
  }

  private find(name: string | undefined): Instance {
    const instance = name === undefined ? this.latest : this.named.get(name);
    if (!instance) throw new Error(`its module ${name ?? ""} did not come up`);
    return instance;
  }

  private imports(): Imports {
    const imports: Record<string, Record<string, Import>> = {};
    for (const [name, instance] of this.registered) {
      imports[name] = {};
      for (const field of instance.exportNames()) imports[name][field] = { exported: instance.exported(field) };
    }
    return imports;
  }
}

/** Runs all commands of a script; a failure doesn't end it. */
export function runSpecScript(engine: Engine, script: SpecScript): SpecResult {
  const session = new Session(engine, script);
  const passed: Record<string, number> = {};
  const failures: SpecFailure[] = [];
  let skipped = 0;
  for (const command of script.commands) {
    let reason: string | undefined | typeof SKIP;
    try {
      reason = runCommand(engine, session, script, command);
    } catch (error) {
      reason = describe(error);
    }
    if (reason === SKIP) skipped++;
    else if (reason === undefined) passed[command.type] = (passed[command.type] ?? 0) + 1;
    else failures.push({ line: command.line, type: command.type, reason });
  }
  return { name: script.name, passed, skipped, failures };
}

const SKIP = Symbol("skipped");

/** @returns why the command failed, or undefined */
function runCommand(
  engine: Engine,
  session: Session,
  script: SpecScript,
  command: ScriptCommand,
): string | undefined | typeof SKIP {
  switch (command.type) {
    case "module":
      session.instantiate(command);
      return undefined;
    case "register":
      session.register(command.name, command.as!);
      return undefined;
    case "action":
      session.perform(command.action!, command.expected ?? []);
      return undefined;
    case "assert_return":
      return compare(session, session.perform(command.action!, command.expected!), command.expected!);
    case "assert_trap":
    case "assert_exhaustion":
      return expectTrap(command.text!, () => session.perform(command.action!, command.expected ?? []));
    case "assert_uninstantiable":
      return expectTrap(command.text!, () => session.attempt(command.filename!));
    case "assert_unlinkable":
      if (!engine.checksImportTypes) return SKIP;
      return expectRefusal("link", () => session.attempt(command.filename!));
    case "assert_invalid":
    case "assert_malformed":
      if (command.module_type === "text") return SKIP;
      return expectRefusal("compile", () => engine.instantiate(script.module(command.filename!), {}));
    default:
      return `unknown command ${command.type}`;
  }
}

function compare(session: Session, actual: readonly Value[], expected: readonly ScriptValue[]): string | undefined {
  const matches = expected.every((pattern, index) => matchesPattern(session, actual[index], pattern));
  if (matches && actual.length === expected.length) return undefined;
  const wanted = expected.map((pattern) =>
    pattern.value === undefined || /^(nan|null)/.test(pattern.value)
      ? `${pattern.type}:${pattern.value ?? "any"}`
      : formatValue(session.value(pattern)),
  );
  return `expected ${wanted.join(" ")}, got ${actual.map(formatValue).join(" ")}`;
}

function matchesPattern(session: Session, actual: Value | undefined, pattern: ScriptValue): boolean {
  if (!actual || actual.type !== pattern.type) return false;
  if (!("bits" in actual)) {
    if (pattern.value === undefined) return actual.reference !== null;
    const expected = session.value(pattern);
    return "reference" in expected && expected.reference === actual.reference;
  }
  if (actual.type === "f32" || actual.type === "f64") {
    if (pattern.value === "nan:canonical") return isCanonicalNaN(actual.type, actual.bits);
    if (pattern.value === "nan:arithmetic") return isArithmeticNaN(actual.type, actual.bits);
  }
  return actual.bits === BigInt(pattern.value!);
}

function expectTrap(text: string, run: () => unknown): string | undefined {
  // The script may say more: "uninitialized element 2".
  const wanted = Object.entries(TRAP_KINDS).find(([start]) => text.startsWith(start))?.[1];
  if (!wanted) return `unknown trap "${text}"`;
  try {
    run();
  } catch (error) {
    if (!(error instanceof Trap)) throw error;
    return sameTrap(error.kind, wanted) ? undefined : `expected trap "${wanted}", got "${error.kind}"`;
  }
  return `expected trap "${wanted}", but it returned`;
}

function expectRefusal(stage: "compile" | "link", run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof Refusal && error.stage === stage) return undefined;
    return `expected a refusal to ${stage}, got ${describe(error)}`;
  }
  return `expected a refusal to ${stage}, but the module came up`;
}

function describe(error: unknown): string {
  if (error instanceof Trap) return `trap "${error.kind}"`;
  if (error instanceof Refusal) return `refused to ${error.stage}: ${error.message}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

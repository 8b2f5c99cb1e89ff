import { LineCounter, parseDocument, isMap, isPair, isScalar, type Node } from "yaml";
import { z } from "zod";
import { nearestName } from "./nearest-name.js";
import {
  type EventDescription,
  eventSchemas,
  type ExpectationDescription,
  expectationSchemas,
  outlineSchema,
  type PartDescription,
  partSchemas,
} from "./schema.js";

/** Something of a scenario and where it stands: `scenario.yaml:12:5`. */
export type Located<T> = T & { readonly where: string };

/** A scenario that is sound in itself; whether the board has what it names is seen when it is played. */
export interface Scenario {
  readonly file: string;
  readonly board?: string;
  readonly seed?: number;
  /** Microseconds: as given, or up to the latest time in the file. */
  readonly duration: number;
  readonly parts: readonly Located<PartDescription>[];
  readonly events: readonly Located<EventDescription>[];
  readonly expect: readonly Located<ExpectationDescription>[];
}

/** A scenario that can't be used; its message has a line for each problem: `file:line:column: what (mend)`. */
export class ScenarioError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "ScenarioError";
  }
}

type Path = readonly PropertyKey[];

/**
 * Reads a scenario.
 * @param text YAML 1.2
 * @param file its name, for messages
 * Throws `ScenarioError` with everything that is wrong.
 */
export function parseScenario(text: string, file = "scenario.yaml"): Scenario {
  const reader = new Reader(text, file);
  const outline = reader.check([], outlineSchema, reader.value ?? {});
  const parts = (outline?.parts ?? []).flatMap((part, i) => reader.part(part, i));
  const events = (outline?.events ?? []).flatMap((event, i) => reader.event(event, i));
  const expect = (outline?.expect ?? []).flatMap((expectation, i) => reader.expectation(expectation, i));
  const duration = outline?.duration ?? Math.max(0, ...events.map(endOfEvent), ...expect.map(endOfExpectation));
  if (outline && duration === 0) reader.complain([], 'no time passes in this scenario (add "duration: 30s")');
  if (!outline || reader.problems.length > 0) throw new ScenarioError(reader.problems);
  return { file, board: outline.board, seed: outline.seed, duration, parts, events, expect };
}

class Reader {
  readonly problems: string[] = [];
  readonly value: unknown;
  readonly #document;
  readonly #lines = new LineCounter();

  constructor(
    text: string,
    readonly file: string,
  ) {
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    const error = this.#document.errors[0];
    if (error) throw new ScenarioError([`${this.#position(error.pos[0])}: is not YAML: ${error.message}`]);
    this.value = this.#document.toJS();
  }

  complain(path: Path, problem: string): void {
    this.problems.push(`${this.where(path)}: ${problem}`);
  }

  where(path: Path): string {
    return this.#position(this.#offset(path));
  }

  part(value: Record<string, unknown>, index: number): Located<PartDescription>[] {
    const path = ["parts", index];
    const types = Object.keys(partSchemas);
    const { type } = value;
    if (typeof type !== "string" || !(type in partSchemas)) {
      const problem = type === undefined ? "is missing" : `${JSON.stringify(type)} is not a part that is known`;
      this.complain(
        [...path, ...(type === undefined ? [] : ["type"])],
        `type ${problem} (${nearestName(String(type ?? ""), types)})`,
      );
      return [];
    }
    const part = this.check<PartDescription>(path, partSchemas[type as keyof typeof partSchemas], value);
    return part ? [{ ...part, where: this.where(path) }] : [];
  }

  event(value: Record<string, unknown>, index: number): Located<EventDescription>[] {
    const path = ["events", index];
    const kinds = Object.keys(eventSchemas) as (keyof typeof eventSchemas)[];
    const kind = this.#kind(path, value, kinds, "an event");
    const event = kind && this.check<object>(path, eventSchemas[kind], value);
    return event ? [{ ...event, kind, where: this.where(path) } as Located<EventDescription>] : [];
  }

  expectation(value: Record<string, unknown>, index: number): Located<ExpectationDescription>[] {
    const path = ["expect", index];
    const kinds = Object.keys(expectationSchemas) as (keyof typeof expectationSchemas)[];
    const kind = this.#kind(path, value, kinds, "an expectation");
    const expectation = kind && this.check<object>(path, expectationSchemas[kind], value);
    return expectation ? [{ ...expectation, kind, where: this.where(path) } as Located<ExpectationDescription>] : [];
  }

  check<T>(path: Path, schema: z.ZodType<T>, value: unknown): T | undefined {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const issue of result.error.issues.flatMap(flatten)) this.#issue(path, schema, issue);
    return undefined;
  }

  /** The one field of `value` that says what it is. */
  #kind<K extends string>(
    path: Path,
    value: Record<string, unknown>,
    kinds: readonly K[],
    what: string,
  ): K | undefined {
    const found = kinds.filter((kind) => kind in value);
    if (found.length === 1) return found[0];
    if (found.length > 1) {
      this.complain([...path, found[1]], `${found[1]} can't be in ${what} with ${found[0]} (make two of it)`);
      return undefined;
    }
    const others = Object.keys(value).filter(
      (key) => !["at", "by", "after", "for", "every", "times", "pin"].includes(key),
    );
    const mend = nearestName(others[0] ?? "", kinds);
    if (others[0]) this.complain([...path, others[0]], `${others[0]} is not a field of ${what} (${mend})`);
    else this.complain(path, `${what} needs a field that says what it is (${mend})`);
    return undefined;
  }

  #issue(base: Path, schema: z.ZodType, issue: z.core.$ZodIssue): void {
    const path = [...base, ...issue.path];
    const field = fieldName(issue.path);
    const label = field ? `${field} ` : "";
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys)
        this.complain(
          [...path, key],
          `${fieldName([...issue.path, key])} is not a field here (${nearestName(key, fieldsAt(schema, issue.path))})`,
        );
    } else if (issue.code === "invalid_type" && this.#document.getIn(path) === undefined)
      this.complain(path, `${label}is missing (add "${String(path.at(-1))}")`);
    else if (issue.code === "invalid_value" && issue.message.startsWith("Invalid"))
      this.complain(path, `${label}must be one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`);
    else if (issue.code === "invalid_type") {
      const found = this.#document.getIn(path, true) as Node | undefined;
      const seen = isScalar(found) ? `, not ${JSON.stringify(found.value)}` : "";
      this.complain(path, `${label}must be ${describeType(issue.expected)}${seen}`);
    } else this.complain(path, label + issue.message.replace(/^Invalid input: /, ""));
  }

  #position(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `${this.file}:${line}:${col}`;
  }

  /** Of the key where there is one, and of what holds it where it is missing. */
  #offset(path: Path): number {
    for (let length = path.length; length > 0; length--) {
      const parent = length === 1 ? this.#document.contents : this.#document.getIn(path.slice(0, length - 1), true);
      if (isMap(parent)) {
        const pair = parent.items.find(
          (item) => isPair(item) && isScalar(item.key) && item.key.value === path[length - 1],
        );
        const key = pair?.key as Node | undefined;
        if (key?.range) return key.range[0];
      } else {
        const node = this.#document.getIn(path.slice(0, length), true) as Node | undefined;
        if (node?.range) return node.range[0];
      }
    }
    return 0;
  }
}

/** Of the branches of a union, the one that came furthest says what was meant. */
function flatten(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [issue];
  const branches = issue.errors.map((branch) =>
    branch.flatMap((inner) => flatten({ ...inner, path: [...issue.path, ...inner.path] } as z.core.$ZodIssue)),
  );
  const depth = (branch: z.core.$ZodIssue[]) => Math.max(...branch.map((inner) => inner.path.length));
  const isOther = (branch: z.core.$ZodIssue[]) =>
    branch.some((inner) => inner.code === "invalid_type" && inner.path.length === issue.path.length) ? 1 : 0;
  return branches.sort((a, b) => isOther(a) - isOther(b) || depth(b) - depth(a))[0];
}

/** The names that are known at a path, for guessing what was meant. */
function fieldsAt(schema: z.ZodType, path: Path): string[] {
  let current: z.core.$ZodType = unwrap(schema);
  for (const part of path) {
    if (current instanceof z.ZodObject) current = unwrap(current.shape[part as string]);
    else if (current instanceof z.ZodRecord) current = unwrap(current.valueType);
    else if (current instanceof z.ZodArray) current = unwrap(current.element);
    else return [];
  }
  return current instanceof z.ZodObject ? Object.keys(current.shape) : [];
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  while (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) schema = schema.unwrap();
  return schema;
}

function fieldName(path: Path): string {
  return path.map((part, i) => (typeof part === "number" ? `[${part}]` : (i ? "." : "") + String(part))).join("");
}

function describeType(expected: string): string {
  const words: Record<string, string> = { record: "a map of names to values", object: "a map", array: "a list" };
  return words[expected] ?? `a ${expected}`;
}

function endOfEvent(event: EventDescription): number {
  const last = event.at + (event.every ?? 0) * ((event.times ?? 1) - 1);
  return last + ("for" in event ? (event.for ?? 0) : 0);
}

function endOfExpectation(expectation: ExpectationDescription): number {
  return Math.max(
    0,
    "at" in expectation ? (expectation.at ?? 0) : 0,
    "by" in expectation ? (expectation.by ?? 0) : 0,
    "after" in expectation ? (expectation.after ?? 0) : 0,
  );
}

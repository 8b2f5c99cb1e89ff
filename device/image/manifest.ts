import { z } from "zod";
import { emptyManifest, manifestSchema } from "./manifest-schema.js";
import type { Manifest } from "./manifest-schema.js";
import { locate, parseJson } from "./json-position.js";
import type { JsonPosition } from "./json-position.js";

export { emptyManifest };
export type { Manifest };

/** One thing that is wrong in a manifest. */
export interface ManifestProblem {
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  /** `peripherals.gpio.led.pin`; empty for the whole file. */
  readonly field: string;
  readonly message: string;
  /** What to write instead, where that is known. */
  readonly mend?: string;
}

/** A manifest that can't be used; its message has a line for each problem, `file:line:column: field: what (mend)`. */
export class ManifestError extends Error {
  readonly problems: readonly ManifestProblem[];

  constructor(file: string, problems: readonly ManifestProblem[]) {
    super(problems.map((problem) => describe(file, problem)).join("\n"));
    this.name = "ManifestError";
    this.problems = problems;
  }
}

/**
 * Reads a manifest.
 * @param text what the file holds
 * @param file its name, for messages
 * @throws ManifestError with everything that is wrong
 */
export function parseManifest(text: string, file = "ristretto.json"): Manifest {
  const value = parseJson(text, (position, message) => {
    throw new ManifestError(file, [{ ...position, field: "", message, mend: "the file is JSON, without comments" }]);
  });
  const result = manifestSchema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap(flatten).map((issue) => problemOf(text, issue));
  throw new ManifestError(
    file,
    problems.sort((a, b) => a.line - b.line || a.column - b.column),
  );
}

/** Of the branches of a union, the one that came furthest, with the fewest mistakes, says what was meant. */
function flatten(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [issue];
  const branches = issue.errors.map((branch) =>
    branch.flatMap((inner) => flatten({ ...inner, path: [...issue.path, ...inner.path] } as z.core.$ZodIssue)),
  );
  const depth = (branch: z.core.$ZodIssue[]): number => Math.max(...branch.map((inner) => inner.path.length));
  const wrongType = (branch: z.core.$ZodIssue[]): number =>
    branch.some((inner) => inner.code === "invalid_type" && inner.path.length === issue.path.length) ? 1 : 0;
  branches.sort((a, b) => wrongType(a) - wrongType(b) || depth(b) - depth(a) || a.length - b.length);
  return branches[0];
}

function problemOf(text: string, issue: z.core.$ZodIssue): ManifestProblem {
  const path = [...issue.path];
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0];
    return {
      ...locate(text, [...path, key]),
      field: fieldName([...path, key]),
      message: "is not a field of a manifest",
      mend: nearest(key, fieldsAt(path)),
    };
  }
  const position: JsonPosition = locate(text, path);
  const field = fieldName(path);
  if (issue.code === "invalid_type" && issue.message.includes("received undefined"))
    return { ...position, field, message: "is missing", mend: `add "${String(path[path.length - 1])}"` };
  if (issue.code === "invalid_key")
    return { ...position, field, message: `is not allowed as a name: ${issue.issues[0].message}` };
  if (issue.code === "invalid_value")
    return {
      ...position,
      field,
      message: `must be one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`,
    };
  return { ...position, field, message: issue.message.replace(/^Invalid input: /, "") };
}

function fieldName(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : (index ? "." : "") + String(part)))
    .join("");
}

/** The names that are known at a path, for guessing what was meant. */
function fieldsAt(path: readonly PropertyKey[]): string[] {
  let schema: z.core.$ZodType = manifestSchema;
  for (const part of path) {
    schema = unwrap(schema);
    if (schema instanceof z.ZodObject) schema = schema.shape[part as string];
    else if (schema instanceof z.ZodRecord) schema = schema.valueType;
    else return [];
    if (!schema) return [];
  }
  schema = unwrap(schema);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  while (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional)
    schema = schema.unwrap();
  return schema;
}

function nearest(wanted: string, names: readonly string[]): string | undefined {
  const lower = wanted.toLowerCase();
  const close = names.find(
    (name) =>
      name.toLowerCase() === lower ||
      (lower.length > 2 && (name.startsWith(lower.slice(0, 3)) || lower.startsWith(name.slice(0, 3)))),
  );
  if (close) return `did you mean "${close}"?`;
  return names.length ? `known here: ${names.join(", ")}` : undefined;
}

function describe(file: string, problem: ManifestProblem): string {
  const field = problem.field ? `${problem.field} ` : "";
  const mend = problem.mend ? ` (${problem.mend})` : "";
  return `${file}:${problem.line}:${problem.column}: ${field}${problem.message}${mend}`;
}

import type { StackFrame, Thrown } from "./sandbox.js";

/** QuickJS's words for what Espruino says in others; where they differ, a person at the prompt would notice. */
const MESSAGES: readonly [RegExp, (match: RegExpExecArray, thrown: Thrown) => [name: string, message: string]][] = [
  [/^'(.*)' is not defined$/, ([, name]) => ["ReferenceError", `"${name}" is not defined`]],
  [
    /^cannot (?:read|set) property '(.*)' of (undefined|null)$/,
    ([, name, what]) => ["Error", `Can't read property '${name}' of ${what}`],
  ],
  [/^'(.*)' is read-only$/, () => ["TypeError", "Assignment to a constant"]],
  [/^stack overflow$/, () => ["Error", "Too much recursion - the stack is about to overflow"]],
  [/^unexpected end of string$/, () => ["SyntaxError", "Got UNFINISHED STRING expected EOF"]],
  [/^unexpected token in expression: ''$/, () => ["SyntaxError", "Unexpected end of Input"]],
  [/^unexpected token in expression: '(.*)'$/, ([, token]) => ["SyntaxError", `Got '${token}' expected EOF`]],
  [/^invalid 'in' operand$/, () => ["Error", "Can't use 'in' operator to search a number"]],
];

/**
 * An exception as Espruino's prompt shows it, without the leading `Uncaught `: the message, then for each frame its
 * place, the line (empty at the prompt, which forgets it) and a caret. Columns are QuickJS's: they can differ by a
 * token from Espruino's.
 * @param source of the script that was running, to name what isn't a function
 * @param isNative whether a frame's function is one of the globals of this simulation, which a board has in C
 */
export function describeThrown(thrown: Thrown, source: string | undefined): string {
  if (thrown.name === undefined) return `${thrown.message}\n`;
  const [name, message] = translate(thrown, source);
  const frames = thrown.frames.filter((frame) => frame.file !== undefined && !frame.file.startsWith("install"));
  return `${message === "" ? name : `${name}: ${message}`}\n${frames.map((frame) => place(frame)).join("")}`;
}

function translate(thrown: Thrown, source: string | undefined): [name: string, message: string] {
  if (thrown.message === "not a function") {
    const callee = calledName(thrown, source);
    return callee === undefined
      ? ["Error", "Expecting function, got undefined"]
      : ["Error", `Function "${callee}" not found!`];
  }
  for (const [pattern, words] of MESSAGES) {
    const match = pattern.exec(thrown.message);
    if (match) return words(match, thrown);
  }
  return [thrown.name ?? "Error", thrown.message];
}

/** The identifier before the place of the call. */
function calledName(thrown: Thrown, source: string | undefined): string | undefined {
  const frame = thrown.frames[0];
  if (!frame || source === undefined) return undefined;
  const line = source.split("\n")[frame.line - 1] ?? "";
  return /([\w$]+)\s*$/.exec(line.slice(0, frame.column - 1))?.[1];
}

function place({ name, file, line, column }: StackFrame): string {
  const known = file === "REPL" || file === undefined ? "" : file;
  const where = `${known}:${line}:${column}`;
  const caret = `${" ".repeat(Math.max(0, column - 1))}^`;
  if (name === "<eval>") return `    at ${file === "REPL" ? "REPL " : ""}(${where})\n\n${caret}\n`;
  return `    at ${name === "<anonymous>" ? "" : `${name} `}(${where})\n\n${caret}\n`;
}

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

/** Files of this simulation that a board has in C: their frames stay out of sight. */
const OWN_FILES = /^(?:install\w+|createWorld|entriesOf)$/;

/** The name that expressions in packets are run by: they have none in Espruino's traces. */
export const EXPRESSION = "packet";

/** Boot files whose code has no name of its own in Espruino's traces. */
const BOOT_CODE = /^\.(?:bootcde|bootrst)$/;

/**
 * An exception as Espruino's prompt shows it, without the leading `Uncaught `: the message, then for each frame its
 * place, an empty line (the interpreter has let go of the text) and a caret.
 * Columns are Espruino's where the line that failed is at hand; inside functions they count from the line's start.
 * @param running the script that was running and its name
 */
export function describeThrown(
  thrown: Thrown,
  running: { readonly source: string; readonly file: string } | undefined,
): string {
  if (thrown.name === undefined) return `${thrown.message}\n`;
  const frames = thrown.frames.filter(({ file }) => file !== undefined && !OWN_FILES.test(file));
  const line = (frame: StackFrame) =>
    running && frame.file === running.file ? (running.source.split("\n")[frame.line - 1] ?? "") : "";
  const first = frames[0];
  let text = "";
  const [name, message] = translate(thrown, first ? line(first).slice(0, first.column - 1) : "");
  frames.forEach((frame, index) => {
    text += place(frame, column(frame, line(frame), index === 0 && thrown.message === "not a function"));
  });
  return `${message === "" ? name : `${name}: ${message}`}\n${text}`;
}

function translate(thrown: Thrown, beforeCall: string): [name: string, message: string] {
  if (thrown.message === "not a function") {
    const callee = /([\w$]+)\s*$/.exec(beforeCall)?.[1];
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

/** QuickJS points at a call's opening bracket, Espruino at the closing one, or at a name that isn't a function. */
function column(frame: StackFrame, line: string, missing: boolean): number {
  const start = frame.column - 1;
  if (missing) return start - (/[\w$]+\s*$/.exec(line.slice(0, start))?.[0].length ?? 0) + 1;
  if (line[start] !== "(") return frame.column;
  let open = 0;
  for (let i = start; i < line.length; i++) {
    if (line[i] === "(") open++;
    if (line[i] === ")" && --open === 0) return i + 1;
  }
  return frame.column;
}

function place({ name, file, line }: StackFrame, at: number): string {
  const where = `${file === "REPL" || file === EXPRESSION ? "" : file}:${line}:${at}`;
  const caret = `\n\n${" ".repeat(Math.max(0, at - 1))}^\n`;
  if (name === "<anonymous>" || file === EXPRESSION) return `    at ${where}${caret}`;
  const top = BOOT_CODE.test(file ?? "") ? "boot code" : file;
  return `    at ${name === "<eval>" ? top : name} (${where})${caret}`;
}

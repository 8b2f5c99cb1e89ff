import { FlasherError } from "../error.js";
import { reconnect } from "./connect.js";
import { crc32 } from "./crc32.js";
import type { Operation } from "./operation.js";
import { receiveUntil, report, send, type Session } from "./session.js";

/**
 * What the board is given at the start of a conversation: `$r` evaluates a text whose CRC is right and answers with the
 * marker, the CRC of the answer and the answer; `$w` writes a piece of a file unless it is there already. Both can be
 * asked again without harm when a line or its answer was garbled.
 */
const HELPERS =
  '$r=function(i,c,s){var r="C";if(E.CRC32(i+s)==c)try{r="="+JSON.stringify(eval(s))}catch(e){r="!"+e}' +
  'print("<"+i+":"+E.CRC32(r)+":"+r+":"+i+">")};' +
  '$w=function(f,o,n,b){var S=require("Storage"),l,c,k=function(){var d=S.read(f,o,l);return d&&d.length==l&&E.CRC32(d)==c};' +
  "b=atob(b);l=b.length;c=E.CRC32(b);k()||S.write(f,b,o,o?undefined:n);return k()?1:0}";

/** How often a command is sent before the line is called hopeless. */
const ATTEMPTS = 12;

/** An exception that the board threw while evaluating. */
export class BoardException extends Error {
  override readonly name = "BoardException";
}

/** How an evaluation is waited for. */
export interface EvaluateOptions {
  /** Milliseconds that the board may take, beyond the time on the wire; 2,000 unless given. */
  readonly timeout?: number;
}

/**
 * Evaluates an expression on the board with echo off and returns its value as JSON carries it. Question and answer
 * are checked by CRC and repeated when garbled, so the expression must do no harm when evaluated twice.
 * @param expression JavaScript on one line
 * @throws BoardException what the expression threw
 * @throws FlasherError `line-noise` when retries don't help, `no-answer` when the board falls silent
 */
export function* evaluate<T>(session: Session, expression: string, options: EvaluateOptions = {}): Operation<T> {
  let why = "";
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) {
      session.resent++;
      yield* report(session, { phase: "retry", detail: why });
      if (attempt > 1 || why !== "a garbled line") yield* reconnect(session);
    }
    if (!session.prepared) {
      yield* send(session, helperLine());
      session.prepared = true;
    }
    const answer = yield* ask(session, expression, options.timeout ?? 2000);
    if (answer?.startsWith("=")) return parse(answer.slice(1)) as T;
    if (answer?.startsWith("!")) throw new BoardException(answer.slice(1));
    why = answer === "C" ? "a garbled line" : "no answer";
  }
  throw new FlasherError(
    "line-noise",
    `${session.port}: the same command was lost ${ATTEMPTS} times`,
    "Use a shorter or better cable, or a lower rate (--baud, and Serial1.setup on the board).",
  );
}

/** Takes the helpers away, so that an inspected board is left as it was found. */
export function* removeHelpers(session: Session): Operation<void> {
  if (!session.prepared) return;
  yield* send(session, "\x10delete global.$r;delete global.$w;delete global.$s\n");
  session.prepared = false;
}

/** A line that defines the helpers, or nothing at all if it arrives garbled. */
function helperLine(): string {
  return `\x10$s=${JSON.stringify(HELPERS)};if(E.CRC32($s)==${crc32(HELPERS)})eval($s);delete global.$s\n`;
}

function* ask(session: Session, expression: string, timeout: number): Operation<string | undefined> {
  const id = `${session.nonce}${++session.evaluations}`;
  session.received = "";
  const line = `\x10$r("${id}",${crc32(id + expression)},${JSON.stringify(expression)})\n`;
  yield* send(session, line);
  // A UART at 9,600 baud needs about a millisecond a byte; faster ones only answer sooner.
  let until = session.now + timeout + line.length;
  const pattern = new RegExp(`<${id}:(\\d+):([^]*):${id}>`);
  let sawError = false;
  for (;;) {
    const [, crc, answer] = pattern.exec(session.received) ?? [];
    if (answer !== undefined) return crc32(answer) === Number(crc) ? answer : undefined;
    if (!sawError && /Uncaught|SyntaxError/.test(session.received)) {
      sawError = true;
      until = Math.min(until, session.now + 300);
    }
    if (session.now >= until) return undefined;
    yield* receiveUntil(session, until);
  }
}

function parse(json: string): unknown {
  return json === "undefined" ? undefined : JSON.parse(json);
}

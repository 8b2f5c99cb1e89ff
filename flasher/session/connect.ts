import { FlasherError } from "../error.js";
import type { Operation } from "./operation.js";
import { pause, receiveUntil, report, send, type Session } from "./session.js";

/** Milliseconds for the operating system and the board to settle after the port was opened. */
const SETTLE = 200;
/** Milliseconds that a prompt may take to answer a newline. */
const ANSWER = 500;
/** Milliseconds after a Ctrl-C in which the board may still clear its line. */
const AFTER_INTERRUPT = 200;
/** A second Ctrl-C on an empty line within 5 s ends Espruino's desktop build; boards don't care. */
const INTERRUPT_EVERY = 5500;

/** `ESC [ 2 H` erases the line that was typed so far, and a newline asks for a prompt. */
const CLEAR_LINE = "\x1b[2H\n";

/**
 * Gets the prompt's attention: a newline, and if nothing comes Ctrl-C, again and again, since opening a port resets
 * some boards (ESP32) and they need seconds to boot. Leaves the debugger. Ends when the board evaluates what it is sent.
 * @param timeout milliseconds before giving up
 * @throws FlasherError `no-answer`, `not-espruino` or `board-locked`
 */
export function* connect(session: Session, timeout = 10_000): Operation<void> {
  yield* report(session, { phase: "connect" });
  const deadline = session.now + timeout;
  yield* pause(session, SETTLE);
  let line = "\n";
  for (let attempt = 0; session.now < deadline; attempt++) {
    session.received = "";
    yield* send(session, line);
    line = CLEAR_LINE;
    const prompt = yield* awaitPrompt(session, ANSWER);
    if (prompt === "debug>") yield* leaveDebugger(session);
    else if (prompt === "password>") {
      throw new FlasherError(
        "board-locked",
        `${session.port}: the board asks for its password`,
        "Unlock it in a terminal with the password that E.setPassword was given, and retry.",
      );
    }
    // What a busy board doesn't take would fill its buffer until even a Ctrl-C can't get in: ask sparingly without a
    // prompt, which a board whose echo was turned off never shows.
    if ((prompt !== undefined || attempt % 3 === 1) && (yield* probe(session))) return;
    if (attempt > 0 || prompt === undefined) yield* interrupt(session);
  }
  throw nobodyThere(session, timeout);
}

/**
 * After noise or a reset in mid-conversation: clears the line, interrupts what runs if that isn't enough.
 * @throws FlasherError as `connect`
 */
export function* reconnect(session: Session, timeout = 10_000): Operation<void> {
  session.prepared = false;
  const deadline = session.now + timeout;
  for (let attempt = 0; session.now < deadline; attempt++) {
    yield* send(session, CLEAR_LINE);
    const prompt = yield* awaitPrompt(session, ANSWER);
    if (prompt === "debug>") yield* leaveDebugger(session);
    if (yield* probe(session)) return;
    if (attempt > 0) yield* interrupt(session);
  }
  throw nobodyThere(session, timeout);
}

/** Ctrl-C, not more often than the desktop build survives, and the time that it takes. */
function* interrupt(session: Session): Operation<void> {
  if (session.now - session.interruptedAt < INTERRUPT_EVERY) return;
  session.interruptedAt = session.now;
  yield* send(session, "\x03");
  yield* pause(session, AFTER_INTERRUPT);
}

/** A Ctrl-C into a running program opens the debugger; a second one ends both, and is never the desktop build's end. */
function* leaveDebugger(session: Session): Operation<void> {
  session.interruptedAt = -Infinity;
  yield* interrupt(session);
}

/** Which prompt the board shows, if it does within the time. */
function* awaitPrompt(session: Session, milliseconds: number): Operation<">" | "debug>" | "password>" | undefined> {
  const until = session.now + milliseconds;
  do {
    const prompt = /(?:^|[\r\n])(debug>|password>|>)[^\r\n]*$/.exec(session.received)?.[1];
    if (prompt) return prompt as ">" | "debug>" | "password>";
    yield* receiveUntil(session, until);
  } while (session.now < until);
  return undefined;
}

/**
 * Whether the board evaluates: the answer can't be an echo, since the sum isn't in the question.
 * @param patience milliseconds that the answer may take
 * @throws FlasherError `board-unsupported` when it does, but lacks what every later step stands on
 */
export function* probe(session: Session, patience = ANSWER): Operation<boolean> {
  const first = 1000 + session.evaluations++;
  const answer = `<${session.nonce}:${first + 7000}`;
  yield* send(session, `\x10print("<${session.nonce}:"+(${first}+7000)+(E.CRC32?">":"!"))\n`);
  const until = session.now + patience;
  for (;;) {
    if (session.received.includes(`${answer}>`)) return true;
    if (session.received.includes(`${answer}!`)) {
      // Noise can garble the question: believe it when it is said again.
      if (session.lacksCrc) throw lacksCrc(session);
      session.lacksCrc = true;
      return false;
    }
    if (session.now >= until) return false;
    yield* receiveUntil(session, until);
  }
}

function lacksCrc(session: Session): FlasherError {
  return new FlasherError(
    "board-unsupported",
    `${session.port}: this firmware has no E.CRC32, so nothing that is sent could be checked`,
    "Update the firmware; builds for the smallest parts (micro:bit 1) leave it out and can't be used.",
  );
}

function nobodyThere(session: Session, timeout: number): FlasherError {
  const seconds = timeout / 1000;
  if (session.receivedBytes === 0) {
    return new FlasherError(
      "no-answer",
      `${session.port}: no answer in ${seconds} s`,
      "See that this is the board's port, that it has power and Espruino firmware, and that its console is on this port.",
    );
  }
  const sample = JSON.stringify(session.received.slice(-40));
  return new FlasherError(
    "not-espruino",
    `${session.port}: something answers, but not an Espruino prompt (last: ${sample})`,
    "See that this is the right port, the rate is right (--baud) and the board runs Espruino; reset it and retry.",
  );
}

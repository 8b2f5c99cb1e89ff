import type { Operation, Progress } from "./operation.js";

const XON = 0x11;
const XOFF = 0x13;
/** Bytes sent between two looks at what arrived, so that an XOFF is obeyed in time. */
const BURST = 128;
/** Milliseconds after which an XOFF is taken for one whose XON was lost (Espruino forgets it over a reset). */
const XOFF_PATIENCE = 1000;
/** Received text kept while nobody waits for it, in chars. */
const MEMORY = 65536;

/** One conversation's memory. */
export interface Session {
  /** Milliseconds, as of the last step. */
  now: number;
  /** What arrived and nobody has taken, one char a byte, without XON and XOFF. */
  received: string;
  /** Bytes received in all. */
  receivedBytes: number;
  /** Whether the board said XOFF and no XON since. */
  paused: boolean;
  /** Makes this conversation's markers differ from any earlier one's. */
  readonly nonce: string;
  /** Evaluations so far; part of each one's marker. */
  evaluations: number;
  /** Whether the board has `$r` and `$w` (session/evaluate.ts), as far as we know. */
  prepared: boolean;
  /** When a Ctrl-C was sent last, in milliseconds. */
  interruptedAt: number;
  /** Whether the board said once that it has no `E.CRC32`. */
  lacksCrc: boolean;
  /** Commands that had to be sent again. */
  resent: number;
  /** Where the board is, for messages. */
  readonly port: string;
}

/**
 * A fresh conversation.
 * @param port how messages call it
 * @param nonce a few letters or digits that no earlier conversation used
 */
export function newSession(port: string, nonce: string): Session {
  return {
    now: 0,
    received: "",
    receivedBytes: 0,
    paused: false,
    nonce,
    evaluations: 0,
    prepared: false,
    interruptedAt: -Infinity,
    lacksCrc: false,
    resent: 0,
    port,
  };
}

/** Sends text, one byte a char, holding back while the board says XOFF. */
export function* send(session: Session, text: string): Operation<void> {
  const bytes = Buffer.from(text, "latin1");
  for (let at = 0; at < bytes.length; at += BURST) {
    yield* receiveUntil(session, -Infinity);
    const patience = session.now + XOFF_PATIENCE;
    while (session.paused && session.now < patience) yield* receiveUntil(session, patience);
    session.paused = false;
    session.now = (yield { kind: "send", bytes: bytes.subarray(at, at + BURST) }).now;
  }
}

/**
 * Waits for anything to arrive.
 * @param until milliseconds on the session's clock; one that has passed only collects what is already here
 * @returns whether something arrived
 */
export function* receiveUntil(session: Session, until: number): Operation<boolean> {
  const { now, bytes } = yield { kind: "receive", until };
  session.now = now;
  if (!bytes) return false;
  session.receivedBytes += bytes.length;
  for (const byte of bytes) {
    if (byte === XOFF) session.paused = true;
    else if (byte === XON) session.paused = false;
  }
  const text = Buffer.from(bytes.filter((byte) => byte !== XOFF && byte !== XON)).toString("latin1");
  session.received = (session.received + text).slice(-MEMORY);
  return true;
}

/** Lets time pass, collecting what arrives. */
export function* pause(session: Session, milliseconds: number): Operation<void> {
  const until = session.now + milliseconds;
  while (session.now < until) yield* receiveUntil(session, until);
}

/** Tells whoever started this how far it is. */
export function* report(session: Session, progress: Progress): Operation<void> {
  session.now = (yield { kind: "report", progress }).now;
}

import type { PinLevel } from "../board/index.js";
import { formatDuration } from "./duration.js";
import { nearestName } from "./nearest-name.js";
import { partNamed } from "./perform-event.js";
import type { ScenarioTarget } from "./play-scenario.js";
import type { ExpectationDescription } from "./schema.js";
import { describeAmount, describeText, quoteEnd, testAmount, testText } from "./text-test.js";

/** Looks at a board from the start of a run, and judges at its moment. */
export interface Watcher {
  /** Microseconds from the start of the run. */
  readonly judgedAt: number;
  /** What is expected, as a sentence. */
  readonly description: string;
  /** What is wrong, or undefined. */
  judge(): string | undefined;
  stop(): void;
}

/**
 * Begins to watch for what is expected.
 * @param start of the run on the clock; @param duration of the run, in microseconds
 * Throws an `Error` for a person when the board hasn't got what is named.
 */
export function watchFor(
  expectation: ExpectationDescription,
  target: ScenarioTarget,
  start: number,
  duration: number,
): Watcher {
  const { board } = target;
  const nothing = () => {};
  const moment = "at" in expectation ? expectation.at : "by" in expectation ? expectation.by : undefined;
  const judgedAt = Math.min(moment ?? duration, duration);
  const after = "after" in expectation ? expectation.after : 0;
  const clause = "at" in expectation && expectation.at !== undefined ? "at" : "by";
  const inTime = moment === undefined ? "at the end" : `${clause} ${formatDuration(moment)}`;
  const time = after > 0 ? `from ${formatDuration(after)} on, ${inTime}` : inTime;
  const isCounted = () => board.clock.now() - start >= after;

  switch (expectation.kind) {
    case "console": {
      const chunks: Uint8Array[] = [];
      const stop = target.onConsoleOutput((bytes) => {
        if (isCounted()) chunks.push(Uint8Array.from(bytes));
      });
      const description = `${time} the console ${describeText(expectation.console)}`;
      const judge = () => {
        const output = Buffer.concat(chunks).toString("utf8");
        if (testText(expectation.console, output)) return undefined;
        return output === "" ? "it printed nothing" : `it printed ${quoteEnd(output)}`;
      };
      return { judgedAt, description, judge, stop };
    }
    case "level": {
      const pin = board.pin(expectation.pin);
      const description = `${time} ${expectation.pin} is ${expectation.level}`;
      const judge = () => {
        const actual = LEVEL_WORDS[pin.level];
        return actual === expectation.level ? undefined : `it is ${actual}`;
      };
      return { judgedAt, description, judge, stop: nothing };
    }
    case "edges": {
      const pin = board.pin(expectation.pin);
      const seen = { rising: 0, falling: 0 };
      let before = pin.read();
      const stop = pin.onChange(() => {
        const high = pin.read();
        if (high !== before && isCounted()) seen[high ? "rising" : "falling"]++;
        before = high;
      });
      const wanted = (["rising", "falling"] as const).flatMap((edge) => {
        const amount = expectation.edges[edge];
        return amount === undefined ? [] : [{ edge, amount }];
      });
      const wishes = wanted.map(({ edge, amount }) => `${describeAmount(amount)} ${edge}`).join(" and ");
      const description = `${time} ${expectation.pin} had ${wishes} edges`;
      const judge = () =>
        wanted.every(({ edge, amount }) => testAmount(amount, seen[edge]))
          ? undefined
          : `it had ${seen.rising} rising and ${seen.falling} falling`;
      return { judgedAt, description, judge, stop };
    }
    case "value": {
      const part = partNamed(target, expectation.part);
      const { property, value } = expectation;
      const known = Object.keys(part.state());
      if (!known.includes(property))
        throw new Error(`${part.name} has no ${property} (${nearestName(property, known)})`);
      const wish = typeof value === "object" || typeof value === "number" ? describeAmount(value) : String(value);
      const description = `${time} ${property} of ${part.name} is ${wish}`;
      const judge = () => {
        const actual = part.state()[property];
        const isRight =
          typeof value === "object" || typeof value === "number"
            ? typeof actual === "number" && testAmount(value, actual)
            : actual === value;
        return isRight ? undefined : `it is ${actual}`;
      };
      return { judgedAt, description, judge, stop: nothing };
    }
    case "file": {
      if (!target.readFile) throw new Error("files can't be looked at here: what runs on the board has no file system");
      const description = `${time} ${expectation.file} ${describeText(expectation.text)}`;
      const judge = () => {
        const bytes = target.readFile!(expectation.file);
        if (!bytes) return "there is no such file";
        const content = Buffer.from(bytes).toString("utf8");
        return testText(expectation.text, content) ? undefined : `it holds ${quoteEnd(content)}`;
      };
      return { judgedAt, description, judge, stop: nothing };
    }
    case "asleep": {
      const before = board.energy;
      const description = `${time} the processor slept ${describeAmount(expectation.asleep)} of the time`;
      const judge = () => {
        const now = board.energy;
        const asleep = now.asleepMicroseconds - before.asleepMicroseconds;
        const total = asleep + now.activeMicroseconds - before.activeMicroseconds;
        const share = total > 0 ? asleep / total : 0;
        return testAmount(expectation.asleep, share) ? undefined : `it slept ${share.toFixed(6)}`;
      };
      return { judgedAt, description, judge, stop: nothing };
    }
    case "faults": {
      const faults: string[] = [];
      const stop = board.events.listen((event) => {
        if (event.type === "fault" && isCounted()) faults.push(`${event.where}: ${event.what}`);
      });
      const description = `${time} there were ${describeAmount(expectation.faults)} faults`;
      const judge = () =>
        testAmount(expectation.faults, faults.length)
          ? undefined
          : `there were ${faults.length}${faults.length > 0 ? `, the last was ${faults.at(-1)}` : ""}`;
      return { judgedAt, description, judge, stop };
    }
  }
}

const LEVEL_WORDS: Record<PinLevel, string> = { "0": "low", "1": "high", z: "floating", x: "driven both ways" };

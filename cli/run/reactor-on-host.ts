import { type Happen, runReactor } from "../../device/engine/reactor.js";
import { every, onEdge, onLine } from "../../device/engine/triggers.js";
import type { Reaction } from "../../device/image/reactions.js";
import { inputPin, uart } from "../../simulator/board/fakes/index.js";
import type { SimulatedBoard } from "../../simulator/board/index.js";
import { type HostOptions, instantiateOnHost, type Outcome } from "../../simulator/engine/host.js";

/** What a reactor's calls on V8 are left by when they don't return. */
class Left {
  constructor(readonly outcome: Outcome) {}
}

/**
 * Runs a reactor on V8 as a board does, until its time is over or one of its exports exits or traps.
 * @param tell gets a line for a person
 */
export function runReactorOnHost(
  options: HostOptions,
  board: SimulatedBoard,
  reactions: readonly Reaction[],
  tell: (line: string) => void,
): Outcome {
  const { time, until = Infinity, clock } = options;
  const host = instantiateOnHost(options);
  const triggerOf = (reaction: Reaction) => (happen: Happen) => {
    switch (reaction.kind) {
      case "every":
        return every(happen, clock, reaction.microseconds);
      case "edge":
        return onEdge(happen, inputPin(board.pin(reaction.pin.pin), reaction.pin.pull), reaction.edge);
      case "line":
        return onLine(happen, uart(board.uart(reaction.port.bus), reaction.port));
    }
  };
  const call =
    (name: string) =>
    (...given: (number | undefined)[]) => {
      const outcome = host.call(name, ...given.map((value) => value ?? 0));
      if (outcome.kind !== "returned") throw new Left(outcome);
      return outcome.values[0];
    };
  const exported = Object.fromEntries(host.functions.map((name) => [name, call(name)]));
  let end: Outcome | undefined;
  runReactor(
    (instance, entry, ended) => {
      try {
        instance[0][entry]();
      } catch (thrown) {
        if (!(thrown instanceof Left)) throw thrown;
        end = thrown.outcome;
        return ended(1);
      }
      ended(0);
    },
    host.guest,
    { 0: exported as unknown as Record<string, () => void> },
    host.functions.includes("_initialize") ? "_initialize" : undefined,
    reactions.map((reaction) => ({
      entry: reaction.call,
      trigger: triggerOf(reaction),
      merges: reaction.kind === "every",
      takesLine: reaction.kind === "line" && reaction.takesLine,
    })),
    clock.after,
    tell,
    (_exitCode, fault, entry) => {
      end ??= { kind: "trapped", reason: fault?.message ?? "", stack: [entry] };
    },
  );
  for (let next = time.next(); !end && next !== undefined && next <= until; next = time.next()) time.step();
  host.close();
  return end ?? { kind: "stopped", reason: "time" };
}

import { type Happen, runReactor } from "../../device/engine/reactor.js";
import { every, onEdge, onLine } from "../../device/engine/triggers.js";
import type { Reaction } from "../../device/image/reactions.js";
import { inputPin, uart } from "../../simulator/board/fakes/index.js";
import type { SimulatedBoard } from "../../simulator/board/index.js";
import { type HostOptions, instantiateOnHost, type Outcome } from "../../simulator/engine/host.js";

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
  let end: Outcome | undefined;
  runReactor(
    (entry, given, returned, ended) => {
      const outcome = host.call(entry, ...given.map((value) => (value ?? 0) as number));
      if (outcome.kind === "returned") return returned(outcome.values[0] as number);
      end = outcome;
      ended(1);
    },
    host.guest,
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

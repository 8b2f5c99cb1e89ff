import { readFile } from "node:fs/promises";
import { parseScenario, playScenario } from "../../simulator/scenario/index.js";
import type { Scenario, ScenarioResult } from "../../simulator/scenario/index.js";
import type { SimulatedBoard } from "../../simulator/board/index.js";
import type { Part } from "../../simulator/chips/index.js";
import { unreadable } from "../source/program.js";

/** @throws Failure, ScenarioError */
export async function readScenario(path: string): Promise<Scenario> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw unreadable(path, error);
  }
  return parseScenario(text, path);
}

/** A scenario around a guest that runs without a board's prompt: the console is the guest's three streams. */
export interface GuestScenario {
  /** When it is over, on the board's clock. */
  readonly end: number;
  /** Whether it types anything: else input has ended from the start. */
  readonly types: boolean;
  /** To be called with everything that the guest prints. */
  printed(bytes: Uint8Array): void;
  /** Calls `listener` with what is typed, at once and later. @returns a function that ends it */
  onTyped(listener: (bytes: Uint8Array) => void): () => void;
  /** Lets what is left of its time pass, and judges. */
  finish(): ScenarioResult;
}

/**
 * Plans a scenario on a board, from the clock's present on.
 * @param readFile a file of the board's file system by its absolute path
 * @throws ScenarioError when the board hasn't got what it names
 */
export function startScenario(
  scenario: Scenario,
  board: SimulatedBoard,
  parts: ReadonlyMap<string, Part>,
  readFile: (path: string) => Uint8Array | undefined,
): GuestScenario {
  const outputs = new Set<(bytes: Uint8Array) => void>();
  const waiting: Uint8Array[] = [];
  let typed: ((bytes: Uint8Array) => void) | undefined;
  const deliver = (): void => {
    while (typed && waiting.length > 0) typed(waiting.shift()!);
  };
  const progress = playScenario(scenario, {
    board,
    parts,
    type(bytes) {
      waiting.push(bytes);
      board.clock.schedule(0, deliver);
    },
    onConsoleOutput(listener) {
      outputs.add(listener);
      return () => outputs.delete(listener);
    },
    readFile,
  });
  return {
    end: progress.end,
    types: scenario.events.some((event) => event.kind === "type"),
    printed: (bytes) => outputs.forEach((listener) => listener(bytes)),
    onTyped(listener) {
      typed = listener;
      board.clock.schedule(0, deliver);
      return () => {
        typed = undefined;
      };
    },
    finish() {
      board.clock.advanceTo(progress.end);
      return progress.finish();
    },
  };
}

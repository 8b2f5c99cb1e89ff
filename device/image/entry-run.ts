import { portCall } from "./entry-devices.js";
import { type EntryPort, PORTS } from "./entry-ports.js";
import type { EntryOptions, From } from "./entry.js";
import type { Reaction } from "./reactions.js";

/** How an engine is asked to run a guest: expressions. */
export interface EngineText {
  /** Calls a command's entry; of the function that stops it, where `waits`. @param ended an expression of type `Ended` */
  readonly run: (ended: string) => string;
  /** `Enter` for a reactor's exports. */
  readonly enter: () => string;
  /** Whether the guest may go on after the script has come to its end. */
  readonly waits: boolean;
}

/**
 * The JS engine's.
 * @param instance the expression that instantiates the module
 * @param granted whether it may have files or peripherals open
 */
export function jsEngineText(
  { console, waits, entry }: Pick<EntryOptions, "console" | "waits" | "entry">,
  instance: string,
  granted: boolean,
  from: From,
): EngineText {
  const port = PORTS[console];
  const engine = (name: string) => from("device/engine/js.js", name);
  // Where a script can be ended from outside, a timer tells.
  const watched = port.stoppable ? ", setTimeout" : "";
  return {
    waits,
    run(ended) {
      const parameters = `${instance}, ${JSON.stringify(entry)}, ${ended}`;
      // What has nothing to close needn't be told: its input isn't where Ctrl-C is heard, or isn't taken yet.
      return waits
        ? `${engine("runWaiting")}(guest, ${parameters}${granted ? watched : ""})`
        : `${engine("run")}(${parameters})`;
    },
    enter() {
      const run = waits
        ? `function (instance, entry, ended) { return ${engine("runWaiting")}(guest, instance, entry, ended${watched}); }`
        : engine("run");
      return `${from("device/engine/reactor.js", "entering")}(${run}, ${instance})`;
    },
  };
}

/**
 * The statements that run a guest; `guest` is in scope, and `clock` for a reactor.
 * @param close statements that close what the guest left open
 * @param ended statements that tell how it ended; `code` and `trap` are in scope
 * @param several whether it is one of several guests
 */
export function runLines(
  options: Pick<EntryOptions, "console" | "entry" | "reactions">,
  engine: EngineText,
  close: string,
  ended: string,
  several: boolean,
  from: From,
): string[] {
  const port = PORTS[options.console];
  const { entry, reactions = [] } = options;
  if (reactions.length === 0) {
    const run = engine.run(`function (code, trap) { ${close}${ended} }`);
    return engine.waits ? [stoppable(port, run, several, from), port.afterwards(from)] : [`${run};`];
  }
  const list = reactions.map((reaction) => {
    const members = [`entry: ${JSON.stringify(reaction.call)}`, `trigger: ${triggerText(reaction, from)}`];
    if (reaction.kind === "every") members.push("merges: true");
    if (reaction.kind === "line" && reaction.takesLine) members.push("takesLine: true");
    return `{ ${members.join(", ")} }`;
  });
  const parameters = [
    engine.enter(),
    "guest",
    entry === undefined ? "undefined" : JSON.stringify(entry),
    `[${list.join(", ")}]`,
    "clock.after",
    port.tell,
    `function (code, trap, entry) { ${close}${port.reactionEnded}${ended} }`,
  ];
  const run = `${from("device/engine/reactor.js", "runReactor")}(${parameters.join(", ")})`;
  return [stoppable(port, run, several, from), port.afterwards(from)];
}

/** A statement that runs a guest, and lets the prompt stop it where there is one. @param run gives the function that does */
function stoppable(port: EntryPort, run: string, several: boolean, from: From): string {
  return port.stoppable ? `${port.stoppable(from, several)}(${run});` : `${run};`;
}

function triggerText(reaction: Reaction, from: From): string {
  const trigger = (name: string, ...parameters: readonly string[]) =>
    `function (happen) { return ${from("device/engine/triggers.js", name)}(${["happen", ...parameters].join(", ")}); }`;
  switch (reaction.kind) {
    case "every":
      return trigger("every", "clock", String(reaction.microseconds));
    case "edge":
      return trigger("onEdge", portCall.input(reaction.pin, from), JSON.stringify(reaction.edge));
    case "line":
      return trigger("onLine", portCall.uart(reaction.port, from));
  }
}

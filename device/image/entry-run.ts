import { portCall } from "./entry-devices.js";
import { type EntryPort, PORTS } from "./entry-ports.js";
import type { EntryOptions, From } from "./entry.js";
import type { Reaction } from "./reactions.js";

/**
 * The statements that run a guest; `guest` is in scope, and `clock` for a reactor.
 * @param instance the expression that instantiates the module
 * @param close statements that close what the guest left open
 * @param ended statements that tell how it ended; `code` and `trap` are in scope
 */
export function runLines(
  options: Pick<EntryOptions, "console" | "waits" | "entry" | "reactions">,
  instance: string,
  close: string,
  ended: string,
  from: From,
): string[] {
  const port = PORTS[options.console];
  const { waits, entry, reactions = [] } = options;
  const engine = (name: string) => from("device/engine/js.js", name);
  // Where a script can be ended from outside, a timer tells.
  const watched = port.stoppable ? `, ${port.clock.after(from)}` : "";
  if (reactions.length === 0) {
    const parameters = `${instance}, ${JSON.stringify(entry)}, function (code, trap) { ${close}${ended} }`;
    if (!waits) return [`${engine("run")}(${parameters});`];
    return [stoppable(port, `${engine("runWaiting")}(guest, ${parameters}${watched})`, from), port.afterwards(from)];
  }
  const enter = waits
    ? `function (instance, entry, ended) { return ${engine("runWaiting")}(guest, instance, entry, ended${watched}); }`
    : engine("run");
  const list = reactions.map((reaction) => {
    const members = [`entry: ${JSON.stringify(reaction.call)}`, `trigger: ${triggerText(reaction, from)}`];
    if (reaction.kind === "every") members.push("merges: true");
    if (reaction.kind === "line" && reaction.takesLine) members.push("takesLine: true");
    return `{ ${members.join(", ")} }`;
  });
  const parameters = [
    enter,
    "guest",
    instance,
    entry === undefined ? "undefined" : JSON.stringify(entry),
    `[${list.join(", ")}]`,
    "clock.after",
    port.tell,
    `function (code, trap, entry) { ${close}${port.reactionEnded}${ended} }`,
  ];
  const run = `${from("device/engine/reactor.js", "runReactor")}(${parameters.join(", ")})`;
  return [stoppable(port, run, from), port.afterwards(from)];
}

/** A statement that runs a guest, and lets the prompt stop it where there is one. @param run gives the function that does */
export function stoppable(port: EntryPort, run: string, from: From): string {
  return port.stoppable ? `${port.stoppable(from)}(${run});` : `${run};`;
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

import { portCall } from "./entry-devices.js";
import { PORTS } from "./entry-ports.js";
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
  if (reactions.length === 0) {
    const run = waits ? `${engine("runWaiting")}(guest, ` : `${engine("run")}(`;
    const line = `${run}${instance}, ${JSON.stringify(entry)}, function (code, trap) { ${close}${ended} });`;
    return waits ? [line, port.afterwards(from)] : [line];
  }
  const enter = waits
    ? `function (instance, entry, ended) { ${engine("runWaiting")}(guest, instance, entry, ended); }`
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
  return [`${from("device/engine/reactor.js", "runReactor")}(${parameters.join(", ")});`, port.afterwards(from)];
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

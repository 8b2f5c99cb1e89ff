import type { Part } from "../chips/index.js";
import { nearestName } from "./nearest-name.js";
import type { EventDescription } from "./schema.js";
import type { ScenarioTarget } from "./play-scenario.js";

/** Asked at the end of a run: what an event planned and didn't come to pass, or undefined. */
export type Aftermath = () => string | undefined;

/**
 * Does what an event says, at this moment. Throws an `Error` for a person when the board or its parts can't do it.
 */
export function performEvent(event: EventDescription, target: ScenarioTarget): Aftermath | undefined {
  const { board } = target;
  switch (event.kind) {
    case "set":
      for (const [name, properties] of Object.entries(event.set))
        for (const [property, value] of Object.entries(properties)) partNamed(target, name).set(property, value);
      return undefined;
    case "press": {
      const button = partNamed(target, event.press);
      button.set("pressed", true);
      if (event.for !== undefined) board.clock.scheduleOutside(event.for, () => button.set("pressed", false));
      return undefined;
    }
    case "release":
      partNamed(target, event.release).set("pressed", false);
      return undefined;
    case "type":
      target.type(new TextEncoder().encode(event.type));
      return undefined;
    case "send":
      board.uart(event.send.port).deliver(event.send.bytes ?? new TextEncoder().encode(event.send.text));
      return undefined;
    case "power":
      if (event.power === "on") board.powerOn();
      else board.powerOff("the scenario switched it off");
      return undefined;
    case "cutPower":
      return cutPower(event, target);
    case "reset":
      board.reset("reset button");
      return undefined;
    case "i2cFault": {
      const { bus, count, ...fault } = event.i2cFault;
      board.i2c(bus).inject({ ...fault, count: count === "forever" ? Infinity : count });
      return undefined;
    }
    case "clearFaults":
      board.i2c(event.clearFaults).clearFaults();
      return undefined;
  }
}

/**
 * What the event names that isn't there, before anything runs; undefined when all of it is.
 */
export function missingFromBoard(event: EventDescription, target: ScenarioTarget): string | undefined {
  try {
    switch (event.kind) {
      case "set":
        for (const [name, properties] of Object.entries(event.set)) {
          const part = partNamed(target, name);
          const known = Object.keys(part.state());
          for (const property of Object.keys(properties))
            if (!known.includes(property)) return `${name} has no ${property} (${nearestName(property, known)})`;
        }
        return undefined;
      case "press":
      case "release": {
        const part = partNamed(target, event.kind === "press" ? event.press : event.release);
        return part.type === "button" ? undefined : `${part.name} is of type ${part.type}, not a button`;
      }
      case "send":
        target.board.uart(event.send.port);
        return undefined;
      case "i2cFault":
        target.board.i2c(event.i2cFault.bus);
        return undefined;
      case "clearFaults":
        target.board.i2c(event.clearFaults);
        return undefined;
      default:
        return undefined;
    }
  } catch (error) {
    return (error as Error).message;
  }
}

/** Throws an `Error` with the mend. */
export function partNamed(target: ScenarioTarget, name: string): Part {
  const part = target.parts.get(name);
  if (part) return part;
  throw new Error(`there is no part ${name} (${nearestName(name, [...target.parts.keys()])})`);
}

function cutPower(
  event: Extract<EventDescription, { kind: "cutPower" }>,
  { board }: ScenarioTarget,
): Aftermath | undefined {
  const { flashOperation, moment, wholeBytes } = event.cutPower;
  const comeBack = () => board.clock.scheduleOutside(event.for, () => board.powerOn());
  if (flashOperation === undefined) {
    board.powerOff("the scenario cut the power");
    comeBack();
    return undefined;
  }
  let isCut = false;
  board.flash.planPowerCut({ operation: flashOperation, moment, wholeBytes });
  const stop = board.events.listen((happened) => {
    if (happened.type !== "power" || happened.on) return;
    stop();
    isCut = true;
    comeBack();
  });
  return () =>
    isCut
      ? undefined
      : `the cut was to be at flash operation ${flashOperation}, and there were only ${board.flash.operations}`;
}

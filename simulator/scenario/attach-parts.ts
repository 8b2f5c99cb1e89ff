import type { SimulatedBoard } from "../board/index.js";
import {
  attachAnalogSource,
  attachButton,
  attachLed,
  attachSerialPeer,
  attachSolderedParts,
  Bme280,
  type Part,
  type SolderedParts,
} from "../chips/index.js";
import { type Located, type Scenario, ScenarioError } from "./parse-scenario.js";
import type { PartDescription } from "./schema.js";

/**
 * Puts a scenario's parts on a board, before whatever runs there begins.
 * @param soldered what is on the board already; put there when absent
 * @returns all parts by name. Throws `ScenarioError` for a pin, bus or port that the board hasn't, and a name given twice.
 */
export function attachParts(
  scenario: Pick<Scenario, "parts">,
  board: SimulatedBoard,
  soldered: SolderedParts = attachSolderedParts(board),
): Map<string, Part> {
  const parts = new Map<string, Part>();
  for (const part of [...soldered.leds, ...soldered.buttons]) parts.set(part.name, part);
  const problems: string[] = [];
  for (const description of scenario.parts) {
    try {
      const part = attachPart(description, board);
      if (parts.has(part.name)) throw new Error(`there is a part ${part.name} already (give it another "name")`);
      parts.set(part.name, part);
    } catch (error) {
      problems.push(`${description.where}: ${(error as Error).message}`);
    }
  }
  if (problems.length > 0) throw new ScenarioError(problems);
  return parts;
}

function attachPart(description: Located<PartDescription>, board: SimulatedBoard): Part {
  switch (description.type) {
    case "bme280": {
      const sensor = new Bme280(board, description);
      const { bus, address, select } = description;
      return select === undefined ? sensor.attachI2c(bus, address!) : sensor.attachSpi(bus, select);
    }
    case "led":
      return attachLed(board, description.pin, { ...description, activeLow: description.active === "low" });
    case "button":
      return attachButton(board, description.pin, {
        ...description,
        activeLow: description.active === "low",
        bounceMicroseconds: description.bounce,
      });
    case "analog":
      return attachAnalogSource(board, description.pin, description);
    case "serial":
      return attachSerialPeer(board, description.port, description);
  }
}

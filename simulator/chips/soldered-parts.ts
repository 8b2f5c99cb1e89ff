import type { SimulatedBoard } from "../board/index.js";
import { attachButton, type Button } from "./button.js";
import { attachLed, type Led } from "./led.js";

/** LEDs and buttons that are on the board as it is sold. */
export interface SolderedParts {
  /** In the order of the profile; named by the pin's first alias (`LED1`, `BTN1`), or the pin. */
  readonly leds: readonly Led[];
  readonly buttons: readonly Button[];
}

/** Solders on what the profile says is there. Call it once a board. */
export function attachSolderedParts(board: SimulatedBoard): SolderedParts {
  const leds: Led[] = [];
  const buttons: Button[] = [];
  for (const pin of board.pins) {
    const part = pin.profile.part;
    if (!part) continue;
    const name = pin.aliases[0] ?? pin.name;
    const { activeLow } = part;
    if (part.kind === "led") leds.push(attachLed(board, pin.name, { name, activeLow, color: part.color }));
    else buttons.push(attachButton(board, pin.name, { name, activeLow }));
  }
  return { leds, buttons };
}

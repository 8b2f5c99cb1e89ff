import { espruinoWifi } from "./espruino-wifi.js";
import { generic } from "./generic.js";
import { pico } from "./pico.js";
import type { BoardProfile } from "./profile.js";
import { puckjs } from "./puckjs.js";
import { rp2040Pico } from "./rp2040-pico.js";

export type { BoardProfile, BusProfile, FlashArea, PinProfile } from "./profile.js";
export { espruinoWifi, generic, pico, puckjs, rp2040Pico };

/** Every board that is known, the default first. */
export const boards: readonly BoardProfile[] = [generic, puckjs, pico, espruinoWifi, rp2040Pico];

/**
 * The profile by its id or by what `process.env.BOARD` says, in any case.
 * @throws Error that names the nearest board and all of them
 */
export function findBoard(name: string): BoardProfile {
  const wanted = name.toLowerCase();
  const found = boards.find((board) => board.id === wanted || board.espruinoBoard.toLowerCase() === wanted);
  if (found) return found;
  const ids = boards.map((board) => board.id);
  const [nearest] = ids
    .map((id) => ({ id, distance: editDistance(wanted, id) }))
    .filter(({ id, distance }) => distance <= Math.max(2, id.length / 3))
    .sort((a, b) => a.distance - b.distance);
  const guess = nearest ? ` Did you mean "${nearest.id}"?` : "";
  throw new Error(`No board is called "${name}".${guess} Known boards: ${ids.join(", ")}.`);
}

/** Levenshtein's distance of two names: insertions, deletions and replacements. Who names something else meant one near. */
export function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[to.length];
}

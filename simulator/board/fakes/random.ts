import type { RandomSource } from "../../../hal/contract/index.js";
import type { SimulatedBoard } from "../simulated-board.js";

/** The board's entropy, which its seed decides. */
export function boardRandom(board: SimulatedBoard): RandomSource {
  return { fill: (bytes, start, length) => board.entropy.fill(bytes, start, length) };
}

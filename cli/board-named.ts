import type { BoardProfile } from "../hal/boards/profile.js";
import { misuse } from "./failure.js";

/**
 * @param name a board's id, as in `--board puckjs`
 * @throws Failure that names the nearest and all of them
 */
export async function boardNamed(name: string): Promise<BoardProfile> {
  const { findBoard } = await import("../hal/boards/index.js");
  try {
    return findBoard(name);
  } catch (error) {
    throw misuse((error as Error).message.replace(/\.$/, ""), "ristretto boards tells more");
  }
}

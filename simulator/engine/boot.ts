import type { BoardProfile } from "../../hal/boards/profile.js";

/** The firmware that this simulation follows. */
export const VERSION = "2v29";

/** Why the interpreter starts: power, `load(…)`, `reset()`. */
export type BootReason = "power" | "load" | "reset";

/** Boards that Espruino sells, whose banner doesn't ask for donations (`ESPR_OFFICIAL_BOARD`). */
const OFFICIAL = ["PUCKJS", "PICO_R1_3", "ESPRUINOWIFI"];

/**
 * Files that run at start, in order (`jsfLoadBootCodeFromFlash`).
 * @param firstBoot after power-up
 * @param withoutCode after `reset()` and before `load(file)`, where `.bootcde` stays out
 */
export function bootFiles(firstBoot: boolean, withoutCode: boolean, exists: (name: string) => boolean): string[] {
  const names = [...(firstBoot ? [".bootPowerOn"] : []), ".boot0", ".boot1", ".boot2", ".boot3"];
  if (exists(".bootrst")) names.push(".bootrst");
  else if (!withoutCode) names.push(".bootcde");
  return names.filter(exists);
}

/** What is printed when nothing was loaded. */
export function banner(profile: BoardProfile): string {
  const lines = [
    "\x1b[?7l",
    " ____                 _ ",
    "|  __|___ ___ ___ _ _|_|___ ___ ",
    "|  __|_ -| . |  _| | | |   | . |",
    "|____|___|  _|_| |___|_|_|_|___|",
    "         |_| espruino.com",
    ` ${VERSION} (c) 2026 G.Williams`,
  ];
  if (!OFFICIAL.includes(profile.espruinoBoard))
    lines.push(
      "",
      "Espruino is Open Source. Our work is supported",
      "only by sales of official boards and donations:",
      "http://espruino.com/Donate",
    );
  return lines.join("\n") + "\n";
}

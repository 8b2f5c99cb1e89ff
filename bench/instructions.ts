import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Processor instructions that the real Espruino needs for a script, counted by valgrind: unlike times, they are the same
 * on a busy machine.
 */
export type Count = (script: string) => number;

/** How to count, or in words what is missing. */
export function findCounter(): { readonly count: Count } | { readonly skipped: string } {
  const espruino = process.env.ESPRUINO;
  if (!espruino) return { skipped: "counting instructions: set ESPRUINO to an interpreter built for this machine" };
  if (spawnSync("valgrind", ["--version"]).error) return { skipped: "counting instructions: no valgrind in PATH" };
  return { count: (script) => countOn(espruino, script) };
}

/** @throws Error with what was printed when the script fails or valgrind tells no count */
function countOn(espruino: string, script: string): number {
  const folder = mkdtempSync(join(tmpdir(), "ristretto-count-"));
  try {
    const file = join(folder, "script.js");
    writeFileSync(file, `${script}\nprint("done");quit();`, "latin1");
    const args = ["--tool=callgrind", "--callgrind-out-file=/dev/null", espruino, file];
    const { stdout, stderr } = spawnSync("valgrind", args, { encoding: "utf8", maxBuffer: 1 << 28 });
    const counted = /Collected : (\d+)/.exec(stderr);
    if (!counted || !stdout.includes("done"))
      throw new Error(`no count of instructions: ${(stdout + stderr).slice(-500)}`);
    return Number(counted[1]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

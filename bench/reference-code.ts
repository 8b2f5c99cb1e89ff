import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryRegion } from "../simulator/engine/processor/memory-map.js";
import { Processor } from "../simulator/engine/processor/processor.js";

/** What gcc makes of a kernel's source, on the same simulated core. */
export interface ReferenceCode {
  readonly version: string;
  /** Calls a function of one i32. @returns what it returns, unsigned, and what it took */
  run(name: string, argument: number): { readonly result: number; readonly cycles: number };
}

const BASE = 0x20000000;
const RAM = 1 << 18;
const FLAGS = [
  "-mcpu=cortex-m0plus",
  "-mthumb",
  "-ffreestanding",
  "-nostartfiles",
  "-w",
  `-Wl,-Ttext=0x${BASE.toString(16)},-e,0`,
];

/**
 * Compiles C for a Cortex-M0+ with `arm-none-eabi-gcc` (Debian: gcc-arm-none-eabi).
 * @param level `-O2`
 * @returns undefined when the compiler isn't here
 */
export function compileReference(file: string, level: string, names: readonly string[]): ReferenceCode | undefined {
  const found = spawnSync("arm-none-eabi-gcc", ["-dumpfullversion"], { encoding: "utf8" });
  if (found.error) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "ristretto-gcc-"));
  try {
    const program = join(folder, "program");
    const kept = names.map((name) => `-Wl,-u,${name}`);
    execFileSync("arm-none-eabi-gcc", [level, ...FLAGS, ...kept, file, "-o", program]);
    execFileSync("arm-none-eabi-objcopy", ["-O", "binary", program, join(folder, "memory")]);
    const symbols = execFileSync("arm-none-eabi-nm", [program], { encoding: "utf8" });
    return {
      version: `gcc ${found.stdout.trim()} ${level}`,
      run: runnerOf(readFileSync(join(folder, "memory")), symbols),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runnerOf(image: Uint8Array, symbols: string): ReferenceCode["run"] {
  const addresses = new Map(
    symbols.split("\n").map((line) => {
      const [address, , name] = line.trim().split(/\s+/);
      return [name, parseInt(address, 16)] as const;
    }),
  );
  return (name, argument) => {
    const ram = new Uint8Array(RAM);
    ram.set(image);
    const processor = new Processor({
      stackBytes: 4096,
      regions: () => [memoryRegion("RAM", BASE, ram, true)],
      passed: () => {},
    });
    const result = processor.call(addresses.get(name)! | 1, [argument]);
    return { result: result >>> 0, cycles: processor.counters.cycles };
  };
}

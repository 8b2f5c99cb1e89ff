import { mountFileSystem } from "../../device/fs/mount.js";
import type { Image } from "../../device/image/image.js";
import { storageFiles } from "../../flasher/index.js";
import type { BoardProfile } from "../../hal/boards/profile.js";
import { flashGeometry, memoryBacking, SimulatedBoard } from "../../simulator/board/index.js";
import type { FlashBacking } from "../../simulator/board/index.js";
import type { Part } from "../../simulator/chips/index.js";
import { BoardConsole } from "../../simulator/console/index.js";
import type { Transport } from "../../simulator/console/index.js";
import { VirtualClock } from "../../simulator/core/virtual-clock.js";
import type { ProcessorCounters } from "../../simulator/engine/index.js";
import { crc32 } from "../../simulator/engine/crc32.js";
import { attachParts } from "../../simulator/scenario/index.js";
import type { Scenario } from "../../simulator/scenario/index.js";
import { Failure } from "../failure.js";
import { fileArea, provideFileArea } from "../files/file-area.js";
import { flashSnapshot } from "../files/flash-snapshot.js";
import { listAllFiles, readWholeFile } from "../files/read-file.js";

/** What a simulated board is made from. */
export interface SimulationOptions {
  readonly profile: BoardProfile;
  readonly seed: number;
  /** Microseconds since 1970 at power-up. */
  readonly epochMicroseconds: number;
  /** Flash that outlives the board; new when absent. */
  readonly flash?: FlashBacking;
  /** What is around the board. */
  readonly scenario?: Pick<Scenario, "parts">;
}

/** A simulated board with Espruino's prompt, powered on by `powerOn`. Its clock stands until somebody moves it. */
export interface Simulation {
  readonly board: SimulatedBoard;
  readonly clock: VirtualClock;
  readonly parts: ReadonlyMap<string, Part>;
  /** Puts a program where flashing would, before the power is switched on. */
  install(image: Image): void;
  powerOn(): void;
  /** Types at the console; runs nothing by itself, the clock does. */
  type(bytes: Uint8Array): void;
  /** @returns a function that ends it */
  onConsoleOutput(listener: (bytes: Uint8Array) => void): () => void;
  /** A file of the file system as its flash is now; undefined when there is none. Takes no time on the board. */
  readFile(path: string): Uint8Array | undefined;
  /** What machine code took since the interpreter started; undefined when none ran. */
  readonly processor: ProcessorCounters | undefined;
  /** Undefined on a board without flash for files. */
  listFiles(): readonly { readonly path: string; readonly bytes: number }[] | undefined;
  /** Puts the console on a wire as well. */
  attach(transport: Transport): void;
  /** Ends the interpreter and closes the wires. */
  close(): Promise<void>;
}

/**
 * Puts a board with Espruino's prompt and the parts of a scenario together; the power is still off.
 * @throws Error for a scenario's parts that the board hasn't got pins or buses for
 */
export async function makeSimulation(options: SimulationOptions): Promise<Simulation> {
  const { profile, seed, epochMicroseconds } = options;
  const clock = new VirtualClock();
  const geometry = flashGeometry(profile);
  const backing = options.flash ?? memoryBacking(geometry);
  const board = new SimulatedBoard({ profile, clock, seed, epochMicroseconds, flash: backing });
  const parts = attachParts(options.scenario ?? { parts: [] }, board);
  const console = await BoardConsole.create({ board });
  const { espruino } = console;
  const files = () => {
    const area = fileArea(profile, backing);
    return area && mountFileSystem(flashSnapshot(board.flash.geometry, area, backing.cells), crc32, () => 0);
  };

  return {
    board,
    clock,
    parts,
    install(image) {
      if (image.needsFiles) provideFileArea(profile, board.flash, backing);
      for (const { name, bytes } of storageFiles(image))
        if (!espruino.storage.write(name, bytes))
          throw new Failure(`${image.name}: ${bytes.length} B don't fit ${profile.id}'s Storage`, {
            mend: "ristretto check tells more",
          });
    },
    get processor() {
      return espruino.processor;
    },
    powerOn: () => espruino.powerOn(),
    type(bytes) {
      // While a script runs, the prompt keeps what is typed, but sees Ctrl-C.
      if (espruino.running) console.type(bytes);
      else clock.schedule(0, () => console.type(bytes));
    },
    onConsoleOutput: (listener) => console.onOutput(listener),
    attach: (transport) => void console.attach(transport),
    readFile(path) {
      const mounted = files();
      return mounted && readWholeFile(mounted, path);
    },
    listFiles() {
      const mounted = files();
      return mounted && listAllFiles(mounted);
    },
    close: () => console.close(),
  };
}

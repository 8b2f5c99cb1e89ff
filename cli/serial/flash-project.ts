import type { BoardProfile } from "../../hal/boards/profile.js";
import type { FlashReport, Transport } from "../../flasher/index.js";
import { buildProject } from "../build/build-project.js";
import { engineChoice } from "../engine-choice.js";
import { Failure } from "../failure.js";
import { loadProject } from "../project.js";
import type { Project, ProjectOptions } from "../project.js";
import { report } from "../report.js";
import { joinTransport } from "./join-console.js";
import { progressReporter } from "./progress.js";
import { withTransport } from "./with-transport.js";

/** The options of `ristretto flash`, as commander hands them over. */
export interface FlashCommandOptions extends ProjectOptions {
  readonly port: readonly string[];
  readonly baud: string;
  readonly force?: boolean;
  readonly compact?: boolean;
  readonly eraseStorage?: boolean;
  readonly console: boolean;
  readonly json?: boolean;
}

type Flasher = typeof import("../../flasher/index.js");

/**
 * Flashes one board after the other. Without `--board` each is asked what it is, and the program is built for that.
 * @returns the exit code: that of the first board that failed
 */
export async function flashProject(path: string, options: FlashCommandOptions): Promise<number> {
  const project = await loadProject(path, options);
  const isChosen = (options.board ?? project.manifest.board) !== undefined;
  const joins = options.console && !options.json && options.port.length === 1 && process.stdout.isTTY === true;
  let exitCode = 0;
  for (const port of options.port) {
    try {
      await withTransport({ port, baud: options.baud }, async (transport, flasher) => {
        await flashOne(project, isChosen, transport, flasher, options);
        if (joins) await joinTransport(transport, flasher);
      });
    } catch (error) {
      // Other boards can still be flashed.
      const failed = report(error);
      exitCode = exitCode || failed;
    }
  }
  return exitCode;
}

async function flashOne(
  project: Project,
  isChosen: boolean,
  transport: Transport,
  flasher: Flasher,
  options: FlashCommandOptions,
): Promise<void> {
  const port = transport.describe();
  const onProgress = progressReporter(port, options.json === true);
  const board = isChosen ? project.board : await boardAt(transport, flasher);
  const engine = engineChoice(options, project.manifest);
  const image = await buildProject({ ...project, board }, { console: "espruino", engine });
  const { force, compact, eraseStorage } = options;
  const done = await flasher.flash(
    transport,
    image,
    { expectedBoard: board.espruinoBoard, force, compact, eraseStorage },
    onProgress,
  );
  process.stdout.write(
    options.json ? `${JSON.stringify({ port, name: image.name, ...done })}\n` : describe(port, image.name, done),
  );
}

/** The profile of the board that answers there. */
async function boardAt(transport: Transport, flasher: Flasher): Promise<BoardProfile> {
  const { identity } = await flasher.info(transport);
  const { boards } = await import("../../hal/boards/index.js");
  const board = boards.find(({ espruinoBoard }) => espruinoBoard === identity.board);
  if (board) return board;
  throw new Failure(`${transport.describe()}: the board says that it is ${identity.board}, which is not known`, {
    mend: "name the nearest with --board; ristretto boards lists them",
  });
}

function describe(port: string, name: string, done: FlashReport): string {
  const states: Readonly<Record<FlashReport["state"], string>> = {
    proving: "runs, and counts as proved in 10 s",
    confirmed: "runs",
    busy: "runs, and keeps the prompt busy",
  };
  const written = done.present
    ? "was there already"
    : `${done.bytes} B in slot ${done.slot}, CRC ${done.crc.toString(16)}`;
  const erased = done.erased.length > 0 ? `${port}: erased ${done.erased.join(", ")}\n` : "";
  const setAside =
    done.setAside > 0
      ? `${port}: ${done.storageErased ? "erased Storage and set" : "set"} ${done.setAside} B of it aside for files\n`
      : "";
  return `${erased}${setAside}${port}: ${name} ${written}; ${states[done.state]}\n`;
}

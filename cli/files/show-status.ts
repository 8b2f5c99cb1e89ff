import type { FileSystem } from "../../device/fs/file-system.js";
import type { Flash } from "../../hal/contract/index.js";
import { table } from "../table.js";
import { openImageFiles } from "./image-files.js";
import type { ImageFiles, ImageOptions } from "./image-files.js";
import { scanLog } from "./scan-log.js";

/** What `stat --json` prints; sizes in bytes. */
interface Status {
  readonly board: string;
  readonly blocks: number;
  readonly blockBytes: number;
  /** What could be stored, as far as is known before it is tried: names and records count too. */
  readonly capacity: number;
  readonly used: number;
  readonly free: number;
  /** Written and holding nothing valid any more, until its block is collected; an estimate. */
  readonly dead: number;
  /** Erases of a block since the image was made. */
  readonly wear: { readonly min: number; readonly median: number; readonly max: number; readonly blocks: number[] };
  /** Bytes programmed for each that users wrote, from the beginning on; undefined while that is too short to tell. */
  readonly writeAmplification: number | undefined;
  /** Erases of a block that the part's maker promises. */
  readonly endurance: number;
  /** For how long boards ran with the image, in seconds of their own time. */
  readonly poweredSeconds: number;
  /** For how long they could go on at this rate, in seconds; undefined when no block was erased yet, or no time passed. */
  readonly lifeSeconds: number | undefined;
  /** Why nothing can be written. */
  readonly readOnly: string | undefined;
}

/** `ristretto fs stat` */
export async function showStatus(options: ImageOptions & { json?: boolean }): Promise<void> {
  const status = statusOfImage(await openImageFiles(options));
  if (options.json) {
    process.stdout.write(`${JSON.stringify(status)}\n`);
    return;
  }
  const { min, median, max } = status.wear;
  const rows = [
    ["board", status.board],
    ["flash", `${status.blocks} blocks of ${status.blockBytes} B`],
    ["capacity", `${status.capacity} B`],
    ["used", `${status.used} B`],
    ["free", `${status.free} B`],
    ["dead", `about ${status.dead} B, collected when room is needed`],
    [
      "written",
      status.writeAmplification === undefined
        ? "too little yet to tell how much is programmed for it"
        : `${status.writeAmplification.toFixed(2)} bytes programmed for each byte that was written`,
    ],
    ["erases", `${min} to ${max} a block, median ${median}, of ${status.endurance} that the part is good for`],
    ["life", life(status)],
    ["state", status.readOnly === undefined ? "can be written" : `can only be read: ${status.readOnly}`],
  ];
  process.stdout.write(`${table(rows)}\n`);
}

function statusOfImage({ files, flash, wear, profile, powered }: ImageFiles): Status {
  const { free, total } = files.space();
  const sorted = [...wear].sort((a, b) => a - b);
  const max = sorted.at(-1)!;
  const { endurance } = profile.flash;
  return {
    board: profile.id,
    blocks: flash.size / flash.blockSize,
    blockBytes: flash.blockSize,
    capacity: total,
    used: total - free,
    free,
    dead: deadBytes(files, flash),
    wear: { min: sorted[0], median: sorted[sorted.length >> 1], max, blocks: [...wear] },
    writeAmplification: scanLog(flash).writeAmplification,
    endurance,
    poweredSeconds: powered / 1e6,
    lifeSeconds: max > 0 && powered > 0 ? ((Math.max(0, endurance - max) / max) * powered) / 1e6 : undefined,
    readOnly: files.readOnly,
  };
}

/** Units that aren't erased, less what is in use. A file system that can't be mounted has none that is known. */
function deadBytes(files: FileSystem, flash: Flash): number {
  if (files.readOnly !== undefined) return 0;
  let programmed = 0;
  for (let block = 0; block < flash.size; block += flash.blockSize) {
    const cells = flash.read(block, flash.blockSize);
    for (let at = 0; at < cells.length; at += flash.writeSize)
      if (cells.subarray(at, at + flash.writeSize).some((byte) => byte !== 0xff)) programmed += flash.writeSize;
  }
  const { free, total } = files.space();
  return Math.max(0, programmed - (total - free));
}

function life({ wear, poweredSeconds, lifeSeconds }: Status): string {
  if (wear.max === 0) return "no block was erased yet";
  if (lifeSeconds === undefined) return "not known: no board ran with it";
  return `${span(lifeSeconds)} more at the rate of the ${span(poweredSeconds)} that boards ran with it`;
}

/** `3 hours`, in the largest unit of which there are two. @param seconds more than 0 */
function span(seconds: number): string {
  const units: [string, number][] = [
    ["years", 365.25 * 86_400],
    ["days", 86_400],
    ["hours", 3600],
    ["minutes", 60],
  ];
  const [name, length] = units.find(([, each]) => seconds >= 2 * each) ?? ["seconds", 1];
  return `${Number((seconds / length).toPrecision(2))} ${name}`;
}

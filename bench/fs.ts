import { REGULAR_FILE, ROOT, type FileSystem } from "../device/fs/file-system.js";
import { formatFileSystem, mountFileSystem } from "../device/fs/mount.js";
import type { Flash } from "../hal/contract/index.js";

/**
 * The flash file system beside littlefs, Zephyr NVS, ESP-IDF NVS and Espruino's Storage, in what wears flash and
 * costs power: bytes programmed, blocks erased, bytes read. 64 blocks of 4,096 B, write size 4.
 */

const BLOCKS = 64;
const BLOCK_SIZE = 4096;

interface CountedFlash extends Flash {
  bytesRead: number;
  bytesProgrammed: number;
  erases: number[];
}

interface Row {
  workload: string;
  /** Bytes programmed for each byte that the program wrote. */
  programmedPerByte: number;
  erasesPer1000: number;
  /** Erases of the least and the most worn block. */
  leastWorn: number;
  mostWorn: number;
  mountBytesRead: number;
  bytesReadPerOperation: number;
  /** The bars that this row must clear, and whether it does. */
  bars: { bar: string; met: boolean }[];
}

/** Measured with the same workloads (README): programmed / erases / worn / mount, by system. */
const OTHERS: Record<string, Record<string, string>> = {
  W1: {
    littlefs: "2.13 / 16 / 0..8 / 4,644",
    "Zephyr NVS": "1.25 / 9 / 0..1 / 5,856",
    "ESP-IDF NVS": "3.65 / 0 / 0 / 174,052",
    "Espruino Storage": "2.19 / 0 / 0 / 46,768",
  },
  W1x20: {
    littlefs: "2.13 / 16.6 / 0..167 / 3,160",
    "Zephyr NVS": "1.25 / 9.9 / 3..4 / 12,216",
    "ESP-IDF NVS": "3.66 / 20.7 / 0..7 / 15,076",
    "Espruino Storage": "2.21 / 16 / 5..5 / 23,584",
  },
  W2: {
    littlefs: "128.6 / 1,002 / 4..35 / 3,016",
    "Zephyr NVS": "1.51 / 5.5 / 0..1 / 6,800",
    "ESP-IDF NVS": "6.80 / 0 / 0 / 839,044",
    "Espruino Storage": "1.01 / 0 / 0 / 880",
  },
  W3: {
    littlefs: "7.09 / 6.9 / 0..35 / 5,180",
    "Zephyr NVS": "3.01 / 2.9 / 0..1 / 10,028",
    "ESP-IDF NVS": "10.07 / 1.7 / 0..1 / 8,612",
    "Espruino Storage": "10.0 / 6.4 / 1..1 / 239,448",
  },
  "W4, 200 files": {
    littlefs: "2.27 / 113 / 0..5 / 108,204",
    "Zephyr NVS": "1.09 / 56 / 0..1 / 11,064",
    "ESP-IDF NVS": "1.59 / 23 / 0..1 / 85,860",
    "Espruino Storage": "1.57 / 64 / 1..1 / 68,344",
  },
  "W4, 80% full": {
    littlefs: "2.41 / 118 / 0..5 / 118,824",
    "Zephyr NVS": "2.57 / 128 / 2..2 / 7,336",
    "ESP-IDF NVS": "3.38 / 138 / 1..3 / 279,332",
    "Espruino Storage": "9.44 / 448 / 7..7 / 86,272",
  },
  capacity: {
    littlefs: "296 files (23%)",
    "Zephyr NVS": "1,197 (91%)",
    "ESP-IDF NVS": "881 (67%)",
    "Espruino Storage": "1,129 (86%)",
  },
};

function createFlash(): CountedFlash {
  const size = BLOCKS * BLOCK_SIZE;
  const cells = new Uint8Array(size).fill(0xff);
  const flash: CountedFlash = {
    size,
    blockSize: BLOCK_SIZE,
    writeSize: 4,
    reprogrammable: false,
    bytesRead: 0,
    bytesProgrammed: 0,
    erases: new Array<number>(BLOCKS).fill(0),
    read(address, length) {
      flash.bytesRead += length;
      return cells.slice(address, address + length);
    },
    program(address, bytes) {
      flash.bytesProgrammed += bytes.length;
      for (let i = 0; i < bytes.length; i++) cells[address + i] &= bytes[i];
    },
    erase(address) {
      flash.erases[address / BLOCK_SIZE]++;
      cells.fill(0xff, address, address + BLOCK_SIZE);
    },
  };
  return flash;
}

const table = new Int32Array(256).map((_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});

function crc32(bytes: Uint8Array): number {
  let sum = -1;
  for (let i = 0; i < bytes.length; i++) sum = table[(sum ^ bytes[i]) & 255] ^ (sum >>> 8);
  return (sum ^ -1) >>> 0;
}

const DATA = new Uint8Array(256).map((_, i) => i * 7);

function fileNamed(fs: FileSystem, name: string): number {
  const node = fs.lookup(ROOT, name);
  return node > 0 ? node : fs.create(ROOT, name, REGULAR_FILE);
}

/** Writes and syncs; returns how many bytes are stored, or an errno. */
function write(fs: FileSystem, node: number, position: number, length: number): number {
  if (node < 0) return node;
  const count = fs.write(node, position, DATA, 0, length);
  const answer = fs.sync(node);
  return answer < 0 ? answer : count;
}

function sizeOf(fs: FileSystem, node: number): number {
  const status = fs.stat(node);
  return typeof status === "number" ? 0 : status.size;
}

function put(fs: FileSystem, name: string, length: number): number {
  const node = fileNamed(fs, name);
  if (node > 0) fs.truncate(node, 0);
  return write(fs, node, 0, length);
}

function expectCount(count: number, length: number): void {
  if (count !== length) throw new Error(`the file system answers ${count}, not ${length}`);
}

/** Virtual time that an operation takes: a reading a second. */
const STEP = 1e6;

function measure(
  workload: string,
  count: number,
  userBytes: number,
  prepare: (fs: FileSystem) => void,
  operation: (fs: FileSystem, index: number) => void,
  bars: [string, (row: Row) => boolean][],
): Row {
  const flash = createFlash();
  let time = 1.7e15;
  const now = () => time;
  const fs = formatFileSystem(flash, crc32, now);
  prepare(fs);
  flash.bytesProgrammed = flash.bytesRead = 0;
  flash.erases.fill(0);
  for (let i = 0; i < count; i++) {
    time += STEP;
    operation(fs, i);
  }
  const erases = [...flash.erases];
  const read = flash.bytesRead;
  flash.bytesRead = 0;
  mountFileSystem(flash, crc32, now);
  const row: Row = {
    workload,
    programmedPerByte: flash.bytesProgrammed / (count * userBytes),
    erasesPer1000: (erases.reduce((sum, value) => sum + value, 0) * 1000) / count,
    leastWorn: Math.min(...erases),
    mostWorn: Math.max(...erases),
    mountBytesRead: flash.bytesRead,
    bytesReadPerOperation: read / count,
    bars: [],
  };
  row.bars = bars.map(([bar, met]) => ({ bar, met: met(row) }));
  return row;
}

function rewrites(files: number): [(fs: FileSystem) => void, (fs: FileSystem) => void] {
  let x = 12345;
  return [
    function (fs) {
      for (let i = 0; i < files; i++) expectCount(put(fs, `f${i}`, 200), 200);
    },
    function (fs) {
      x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
      const name = `f${(x >>> 8) % files}`;
      expectCount(fs.remove(ROOT, name, REGULAR_FILE), 0);
      expectCount(put(fs, name, 200), 200);
    },
  ];
}

function capacity(): number {
  const fs = formatFileSystem(createFlash(), crc32, () => 1.7e15);
  let files = 0;
  while (put(fs, `f${files}`, 200) === 200) files++;
  return files;
}

function append(fs: FileSystem, name = "log"): void {
  const node = fileNamed(fs, name);
  expectCount(write(fs, node, sizeOf(fs, node), 16), 16);
}

const spread = (row: Row) => row.mostWorn - row.leastWorn <= 2;

/** Runs W1 to W4; with `--json` prints one line of JSON instead of a table. */
export async function run(args: readonly string[]): Promise<void> {
  const none = () => {};
  const key = (fs: FileSystem, i: number) => expectCount(put(fs, `key${i % 16}`, 32), 32);
  const files = capacity();
  const usable = (files * 200) / (BLOCKS * BLOCK_SIZE);
  const rows = [
    measure("W1", 1000, 32, none, key, [
      ["programmed <= 2.0", (row) => row.programmedPerByte <= 2],
      ["erases <= 15", (row) => row.erasesPer1000 <= 15],
      ["mount <= 12 kB", (row) => row.mountBytesRead <= 12000],
      ["read per put <= 500", (row) => row.bytesReadPerOperation <= 500],
    ]),
    measure("W1x20", 20000, 32, none, key, [["spread <= 2", spread]]),
    measure("W2", 2000, 16, none, (fs) => append(fs), [["programmed <= 1.6", (row) => row.programmedPerByte <= 1.6]]),
    // Not measured elsewhere: four logs that take turns, with a sync after each 16 bytes.
    measure("W2, 4 logs in turns", 2000, 16, none, (fs, i) => append(fs, `log${i % 4}`), []),
    measure("W3", 10000, 4, none, (fs) => expectCount(write(fs, fileNamed(fs, "counter"), 0, 4), 4), [
      ["programmed <= 5", (row) => row.programmedPerByte <= 5],
      ["spread <= 2", spread],
    ]),
    measure("W4, 200 files", 1000, 200, ...rewrites(200), [
      ["programmed <= 1.6", (row: Row) => row.programmedPerByte <= 1.6],
    ]),
    measure("W4, 80% full", 1000, 200, ...rewrites(Math.floor(files * 0.8)), []),
  ];
  const capacityBar = { bar: "80% of raw flash", met: usable >= 0.8 };
  if (args.includes("--json")) {
    console.log(JSON.stringify({ rows, capacity: { files, usable, bars: [capacityBar] }, others: OTHERS }));
    return;
  }
  console.log("bytes programmed per user byte / erases per 1,000 / erases of a block / bytes read at mount\n");
  for (const row of rows) {
    const figures = [
      row.programmedPerByte.toFixed(2),
      row.erasesPer1000.toFixed(1),
      `${row.leastWorn}..${row.mostWorn}`,
      row.mountBytesRead.toLocaleString("en"),
    ];
    print(row.workload, `${figures.join(" / ")}   (reads ${row.bytesReadPerOperation.toFixed(0)} B each)`, row.bars);
  }
  print("capacity", `${files.toLocaleString("en")} files of 200 B (${(usable * 100).toFixed(1)}%)`, [capacityBar]);
}

function print(workload: string, figures: string, bars: Row["bars"]): void {
  console.log(workload);
  console.log(`  ${"ristretto".padEnd(18)}${figures}`);
  for (const [system, other] of Object.entries(OTHERS[workload] ?? {})) console.log(`  ${system.padEnd(18)}${other}`);
  for (const { bar, met } of bars) console.log(`  ${met ? "met   " : "MISSED"}  ${bar}`);
  console.log();
}

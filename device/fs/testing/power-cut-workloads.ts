import type { Workload } from "./power-cut.js";
import { appends, fill, keyPuts, logsInTurns, mixed, overwrites, rewrites } from "./workloads.js";

const SMALL = { blocks: 8, blockSize: 1024, writeSize: 4 };

/** What power is cut in: W1 to W4 shortened, on devices so small that blocks are collected, and everything at once. */
export const POWER_CUT_WORKLOADS: readonly Workload[] = [
  { name: "W1", flash: SMALL, operations: keyPuts(300) },
  { name: "W2", flash: SMALL, operations: appends(155) },
  { name: "W3", flash: SMALL, operations: overwrites(700) },
  { name: "W4", flash: { ...SMALL, blocks: 12 }, operations: rewrites(20, 80) },
  { name: "logs", flash: SMALL, operations: logsInTurns(3, 170) },
  { name: "full", flash: SMALL, operations: fill(2) },
  { name: "mixed-1", flash: { blocks: 16, blockSize: 1024, writeSize: 4 }, operations: mixed(500, 1, 300) },
  {
    name: "mixed-2",
    flash: { blocks: 8, blockSize: 4096, writeSize: 8, reprogrammable: false },
    operations: mixed(500, 2),
  },
  {
    name: "mixed-3",
    flash: { blocks: 12, blockSize: 1024, writeSize: 16, reprogrammable: false },
    operations: mixed(400, 3, 200),
  },
  { name: "mixed-4", flash: { blocks: 12, blockSize: 2048, writeSize: 1 }, operations: mixed(400, 4, 300) },
  {
    name: "mixed-5",
    flash: { blocks: 4, blockSize: 2048, writeSize: 2, reprogrammable: false },
    operations: mixed(500, 5, 100),
  },
];

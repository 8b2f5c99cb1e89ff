import type { RandomSource } from "../../contract/random.js";
import { check, checkBytes, immediate } from "./case.js";
import type { ConformanceCase } from "./case.js";

export const randomConformance: readonly ConformanceCase<RandomSource>[] = [
  immediate("only the bytes asked for are filled", function (random) {
    const bytes = new Uint8Array(64);
    random.fill(bytes, 16, 32);
    checkBytes(bytes.subarray(0, 16), new Uint8Array(16), "before");
    checkBytes(bytes.subarray(48, 64), new Uint8Array(16), "after");
    random.fill(bytes, 0, 0);
    checkBytes(bytes.subarray(0, 16), new Uint8Array(16), "nothing asked for");
  }),
  // By chance, sound sources fail the next two once in 10^30 runs and less.
  immediate("256 bytes hold more than 64 different values", function (random) {
    const bytes = new Uint8Array(256);
    random.fill(bytes, 0, 256);
    const seen = new Uint8Array(256);
    let different = 0;
    for (let i = 0; i < 256; i++) {
      if (!seen[bytes[i]]) different++;
      seen[bytes[i]] = 1;
    }
    check(different > 64, "there were " + different);
  }),
  immediate("it goes on with other bytes, at odd lengths too", function (random) {
    const first = new Uint8Array(17);
    const second = new Uint8Array(17);
    random.fill(first, 0, 17);
    random.fill(second, 0, 17);
    let same = 0;
    for (let i = 0; i < 17; i++) if (first[i] === second[i]) same++;
    check(same < 17, "both times the same");
    check(first[16] !== 0 || second[16] !== 0 || first[15] !== 0 || second[15] !== 0, "the last bytes stay 0");
  }),
];

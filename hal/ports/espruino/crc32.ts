import type { Crc32 } from "../../contract/flash.js";
import type { NativeE } from "./natives.js";

declare var E: NativeE;

/** Native, about a hundred times as quick as JavaScript. */
export const crc32: Crc32 = function (bytes) {
  return E.CRC32(bytes);
};

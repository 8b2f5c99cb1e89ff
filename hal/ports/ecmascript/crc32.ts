import type { Crc32 } from "../../contract/flash.js";

/** Bit by bit: a table would take more room than it saves time where only file names and records are checked. */
export const crc32: Crc32 = function (bytes) {
  var crc = -1;
  for (var i = 0; i < bytes.length; i++) {
    crc ^= bytes[i];
    for (var bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc;
};

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/**
 * CRC-32 of IEEE 802.3, the one that Espruino's `E.CRC32` computes.
 * @param data bytes, or a string of one byte a char
 * @returns 0 to 2^32 - 1
 */
export function crc32(data: Uint8Array | string): number {
  const bytes = typeof data === "string" ? Buffer.from(data, "latin1") : data;
  let crc = 0xffffffff;
  for (let at = 0; at < bytes.length; at++) crc = (crc >>> 8) ^ TABLE[(crc ^ bytes[at]) & 255];
  return ~crc >>> 0;
}

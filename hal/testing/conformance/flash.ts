import type { Crc32, Flash } from "../../contract/flash.js";
import { check, checkBytes, checkFault, checkSame, immediate } from "./case.js";
import type { ConformanceCase } from "./case.js";

/** Cases that erase and program the first two blocks, and want at least so many. */
export const flashConformance: readonly ConformanceCase<Flash>[] = [
  immediate("its geometry is one that NOR flash can have", function (flash) {
    checkSame(flash.size % flash.blockSize, 0, "size modulo block size");
    check(flash.blockSize >= 1024 && flash.blockSize <= 131072, "block size is " + flash.blockSize);
    checkSame(flash.blockSize & (flash.blockSize - 1), 0, "block size is a power of two");
    check([1, 2, 4, 8, 16].indexOf(flash.writeSize) >= 0, "write size is " + flash.writeSize);
  }),
  immediate("an erased block is 0xFF from its first to its last byte, and no other changes", function (flash) {
    erased(flash);
    flash.program(0, filled(flash.writeSize, 0));
    flash.program(flash.blockSize - flash.writeSize, filled(flash.writeSize, 0));
    flash.program(flash.blockSize, filled(flash.writeSize, 0));
    flash.erase(0);
    for (let at = 0; at < flash.blockSize; at += 256)
      checkBytes(flash.read(at, 256), filled(256, 255), "erased block at " + at);
    checkBytes(flash.read(flash.blockSize, flash.writeSize), filled(flash.writeSize, 0), "the block after it");
  }),
  immediate("what is programmed reads back, from any address and length", function (flash) {
    erased(flash);
    const bytes = new Uint8Array(32);
    for (let i = 0; i < 32; i++) bytes[i] = i * 7 + 1;
    flash.program(16, bytes);
    checkBytes(flash.read(16, 32), bytes, "all of it");
    checkBytes(flash.read(15, 3), [255, bytes[0], bytes[1]], "from before it");
    checkBytes(flash.read(17, 5), bytes.subarray(1, 6), "from inside it");
    checkBytes(flash.read(47, 2), [bytes[31], 255], "to after it");
    checkSame(flash.read(16, 0).length, 0, "nothing asked for");
  }),
  immediate("what is read is a copy", function (flash) {
    erased(flash);
    flash.read(0, 4)[0] = 0;
    checkBytes(flash.read(0, 4), [255, 255, 255, 255], "after writing to what was read");
  }),
  immediate("programming again clears further bits and sets none", function (flash) {
    if (!flash.reprogrammable) return;
    erased(flash);
    flash.program(0, filled(16, 0xf0));
    flash.program(0, filled(16, 0xcf));
    checkBytes(flash.read(0, 16), filled(16, 0xc0), "0xF0 and then 0xCF");
  }),
  immediate("the last bytes of the area can be read", function (flash) {
    checkSame(flash.read(flash.size - 4, 4).length, 4, "bytes at the end");
  }),
  immediate("an address or length that isn't a multiple of the write size is refused", function (flash) {
    erased(flash);
    if (flash.writeSize > 1) {
      checkFault(
        ["NotAligned"],
        function () {
          flash.program(1, filled(flash.writeSize, 0));
        },
        "program at 1",
      );
      checkFault(
        ["NotAligned"],
        function () {
          flash.program(0, filled(flash.writeSize - 1, 0));
        },
        "program of less than a unit",
      );
    }
    checkFault(
      ["NotAligned"],
      function () {
        flash.erase(flash.writeSize);
      },
      "erase inside a block",
    );
    checkBytes(flash.read(0, 16), filled(16, 255), "nothing was changed");
  }),
  immediate("nothing beyond the area can be touched", function (flash) {
    const size = flash.size;
    checkFault(
      ["OutOfBounds"],
      function () {
        flash.read(size - 1, 2);
      },
      "read across the end",
    );
    checkFault(
      ["OutOfBounds"],
      function () {
        flash.read(-1, 1);
      },
      "read before the start",
    );
    checkFault(
      ["OutOfBounds"],
      function () {
        flash.program(size, filled(flash.writeSize, 0));
      },
      "program after the end",
    );
    checkFault(
      ["OutOfBounds"],
      function () {
        flash.erase(size);
      },
      "erase after the end",
    );
    checkFault(
      ["OutOfBounds"],
      function () {
        flash.erase(-flash.blockSize);
      },
      "erase before the start",
    );
  }),
];

/** The standard's own check value and the shortest inputs. */
export const crc32Conformance: readonly ConformanceCase<Crc32>[] = [
  immediate("the check value of CRC-32 is 0xCBF43926", function (crc32) {
    checkSame(crc32(ascii("123456789")) | 0, 0xcbf43926 | 0, "CRC of 123456789");
  }),
  immediate("known strings have the values that zlib gives", function (crc32) {
    checkSame(crc32(new Uint8Array(1)) | 0, 0xd202ef8d | 0, "CRC of one zero byte");
    checkSame(crc32(ascii("a")) | 0, 0xe8b7be43 | 0, "CRC of a");
    checkSame(crc32(new Uint8Array([255, 255, 255, 255])) | 0, -1, "CRC of four bytes 0xFF");
  }),
];

function erased(flash: Flash): void {
  flash.erase(0);
  flash.erase(flash.blockSize);
}

function filled(length: number, value: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = value;
  return bytes;
}

function ascii(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

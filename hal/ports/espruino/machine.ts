import type { NativeE, NativeStorage } from "./natives.js";

declare var E: NativeE & {
  /** 0 where a value doesn't lie in one piece that the processor can read. */
  getAddressOf(value: ArrayBuffer | string, flat: boolean): number;
  /** undefined where there isn't so much memory in one piece. */
  toFlatString(text: string): string | undefined;
  /** The same bytes, not a copy. */
  toArrayBuffer(text: string): ArrayBuffer;
  nativeCall(address: number, signature: "int(int,int)"): (context: number, value: number) => number;
  CRC32(text: string | undefined): number;
};
declare function require(module: "Storage"): NativeStorage;
declare function setTimeout(action: () => void, milliseconds: number): void;

/** Reads what lies behind a script in the file that it came from, one char a byte; undefined when the file is gone. */
export type ReadBehind = (from: number, length: number) => string | undefined;

/** Enough to know where the code is. */
const BEGINNING = 16;

/**
 * Finds the slot that a script was started from by the machine code behind it. A slot's own CRC is that of the script.
 * @param offset of the code in the file
 * @param bytes of the code and its data
 * @param crc their CRC-32
 * @throws Error when no slot has it
 */
export function behindScript(offset: number, bytes: number, crc: number): ReadBehind {
  const storage = require("Storage");
  var file = "ristretto-a";
  const read: ReadBehind = function (from, length) {
    return storage["read"](file, offset + from, length);
  };
  if (E.CRC32(read(0, bytes)) !== crc) {
    file = "ristretto-b";
    if (E.CRC32(read(0, bytes)) !== crc) throw Error("the machine code is damaged: flash it again");
  }
  return read;
}

/** Bytes behind the script, where they lie. */
export function bytesBehind(read: ReadBehind, from: number, length: number): Uint8Array {
  return new Uint8Array(E.toArrayBuffer((length && read(from, length)) || ""));
}

/**
 * What `runNative` enters machine code by. The code is executed in flash where the processor can read it there, and
 * copied to RAM where it can't. Once the code lies elsewhere, its address is 0: what is entered is where it was.
 * @param arena what the guest's stack and memory are in, one piece
 * @param bytes of the code, which is what `read` begins with
 * @throws Error when there is no room for the code
 */
export function openMachine(arena: ArrayBuffer, read: ReadBehind, bytes: number) {
  var code = read(0, bytes) || "";
  const inPlace = E.getAddressOf(code, true);
  if (!inPlace) code = E.toFlatString(code) || "";
  if (!code) throw Error("not enough memory in one piece: " + bytes + " bytes wanted for machine code");
  function codeAddress(): number {
    // A file may have been moved or erased: its address is asked for by its name.
    const text = inPlace ? read(0, BEGINNING) : code;
    return text === undefined ? 0 : E.getAddressOf(text, true);
  }
  const opened = codeAddress();
  return {
    enter: E.nativeCall(opened | 1, "int(int,int)"),
    // It is asked before each entry, and a bound native is the cheapest that an interpreter can call.
    arenaAddress: E.getAddressOf.bind(E, arena, true) as () => number,
    codeAddress: function () {
      return codeAddress() === opened ? opened : 0;
    },
    later: function (action: () => void) {
      setTimeout(action, 0);
    },
  };
}

import { halError } from "../../contract/error.js";
import type { Flash } from "../../contract/flash.js";
import type { NativeFlash, NativeProcess } from "./natives.js";

declare function require(name: "Flash"): NativeFlash;
declare var process: NativeProcess;

/** An area of the chip's flash, by its own addresses. */
export interface NativeArea {
  addr: number;
  length: number;
}

/**
 * Where Storage begins, or undefined if the interpreter doesn't tell.
 * Linux and ESP builds don't; Linux reports Storage as free, so the free area of Storage's size is it.
 */
export function storageStart(): number | undefined {
  var start = process["memory"](false).flash_code_start;
  if (start === undefined)
    require("Flash")
      .getFree()
      .forEach(function (area) {
        if (area.length === process.env.STORAGE) start = area.addr;
      });
  return start;
}

/**
 * Areas that nothing uses, the largest first. What `getFree()` gives on RP2040 and Linux is Storage itself, so that is
 * left out.
 * @param pages that an area has at least
 */
export function freeAreas(pages: number): NativeArea[] {
  var chip = require("Flash");
  var storage = storageStart();
  return chip
    .getFree()
    .filter(function (area) {
      return area.addr !== storage && area.length >= pages * chip.getPage(area.addr)!.length;
    })
    .sort(largestFirst);
}

function largestFirst(a: NativeArea, b: NativeArea): number {
  return b.length - a.length;
}

/**
 * The largest area that nothing uses, on a board that is known to have one: a shorter way than `freeAreas`, and as safe
 * should it be another board, since what is as long as Storage is left out as Storage.
 * @returns undefined where there is none
 */
export function largestFreeArea(): NativeArea | undefined {
  return require("Flash")
    .getFree()
    .filter(function (area) {
      return area.length !== process.env.STORAGE;
    })
    .sort(largestFirst)[0];
}

/**
 * Flash on the chip.
 * @param area from the first byte of a page on, in pages of one size, as `freeAreas` gives them; a part of a page at its
 * end is left out
 */
export function openFlash(area: NativeArea): Flash {
  var chip = require("Flash");
  var blockSize = chip.getPage(area.addr)!.length;
  var size = area.length - (area.length % blockSize);
  /** The chip's own address. */
  function place(address: number, length: number, unit: number): number {
    var fault: "OutOfBounds" | "NotAligned" | 0 =
      address < 0 || length < 0 || address + length > size
        ? "OutOfBounds"
        : (address | length) & (unit - 1)
          ? "NotAligned"
          : 0;
    if (fault) throw halError(fault, "flash: " + length + " bytes at " + address);
    return area.addr + address;
  }
  function change(address: number, length: number, unit: number, native: (to: number) => void): void {
    var to = place(address, length, unit);
    try {
      native(to);
    } catch (error) {
      throw halError("Verify", "flash: " + error);
    }
  }
  return {
    size: size,
    blockSize: blockSize,
    writeSize: 4,
    reprogrammable: true,
    read: function (address, length) {
      return chip["read"](length, place(address, length, 1)) || new Uint8Array(0);
    },
    program: function (address, bytes) {
      change(address, bytes.length, 4, function (to) {
        chip["write"](bytes, to);
      });
    },
    erase: function (address) {
      change(address, blockSize, blockSize, function (to) {
        chip.erasePage(to);
      });
    },
  };
}

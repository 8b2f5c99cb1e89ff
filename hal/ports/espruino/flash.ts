import { halError } from "../../contract/error.js";
import type { Flash } from "../../contract/flash.js";
import { guard } from "./fault.js";
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
  if (start !== undefined) return start;
  var areas = require("Flash").getFree();
  for (var i = 0; i < areas.length; i++) if (areas[i].length === process.env.STORAGE) return areas[i].addr;
  return undefined;
}

/**
 * Areas that nothing uses, the largest first. `getFree()` on RP2040 and Linux answers with Storage, so that is left out.
 */
export function freeAreas(): NativeArea[] {
  var storage = storageStart();
  return require("Flash")
    .getFree()
    .filter(function (area) {
      return storage === undefined || storage < area.addr || storage >= area.addr + area.length;
    })
    .sort(function (a, b) {
      return b.length - a.length;
    });
}

/**
 * Flash on the chip.
 * @param area in pages of one size, as `freeAreas` gives them
 * @throws HalError `Unsupported` if there is no page at that address, `NotAligned` if the area isn't whole pages
 */
export function openFlash(area: NativeArea): Flash {
  var chip = require("Flash");
  var base = area.addr;
  var size = area.length;
  var page = chip.getPage(base);
  if (!page) throw halError("Unsupported", "flash: no page at " + base);
  var blockSize = page.length;
  if (page.addr !== base || size % blockSize) throw halError("NotAligned", "flash: the area isn't whole pages");
  function check(address: number, length: number, unit: number): number {
    if (address < 0 || length < 0 || address + length > size)
      throw halError("OutOfBounds", "flash: " + length + " bytes at " + address + " of " + size);
    if ((address | length) & (unit - 1))
      throw halError("NotAligned", "flash: " + address + " isn't a multiple of " + unit);
    return base + address;
  }
  return {
    size: size,
    blockSize: blockSize,
    writeSize: 4,
    reprogrammable: true,
    read: function (address, length) {
      var from = check(address, length, 1);
      return length ? chip["read"](length, from) : new Uint8Array(0);
    },
    program: function (address, bytes) {
      var to = check(address, bytes.length, 4);
      guard("flash", ["verif", "Verify"], function () {
        chip["write"](bytes, to);
      });
    },
    erase: function (address) {
      var block = check(address, blockSize, blockSize);
      guard("flash", [], function () {
        chip.erasePage(block);
      });
    },
  };
}

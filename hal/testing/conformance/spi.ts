import type { SpiDevice } from "../../contract/spi.js";
import { checkBytes, checkSame, immediate } from "./case.js";
import type { ConformanceCase } from "./case.js";

/** A device that sends back each byte that it gets: MOSI wired to MISO. */
export interface SpiSubject {
  readonly device: SpiDevice;
  /** Whether the chip select is asserted now; absent where it can't be seen. */
  selected?(): boolean;
  /** How often it was asserted so far; absent where it can't be seen. */
  selections?(): number;
}

export const spiConformance: readonly ConformanceCase<SpiSubject>[] = [
  immediate("a transfer returns as many bytes as were sent, in order", function (subject) {
    const bytes = subject.device.transfer([1, 2, 0x80, 0xff]);
    checkBytes(bytes, [1, 2, 0x80, 0xff], "transfer");
    checkSame(bytes instanceof Uint8Array, true, "the result is a Uint8Array");
    checkBytes(subject.device.transfer(new Uint8Array([7, 8])), [7, 8], "transfer of a typed array");
    checkBytes(subject.device.transfer([9]), [9], "transfer of one byte");
  }),
  immediate("a read sends zeros", function (subject) {
    checkBytes(subject.device.read(3), [0, 0, 0], "read");
  }),
  immediate("what comes back during the write of writeRead is dropped", function (subject) {
    checkBytes(subject.device.writeRead([1, 2, 3], 2), [0, 0], "writeRead");
  }),
  immediate("nothing asked for is nothing transferred", function (subject) {
    checkSame(subject.device.read(0).length, 0, "read of nothing");
    checkSame(subject.device.transfer([]).length, 0, "transfer of nothing");
    checkSame(subject.device.writeRead([1], 0).length, 0, "writeRead of nothing");
  }),
  immediate("each call is under one chip select, released at the end", function (subject) {
    const device = subject.device;
    if (!subject.selected || !subject.selections) return;
    const before = subject.selections();
    device.write([1, 2]);
    device.writeRead([1], 2);
    device.transfer([1, 2]);
    device.read(2);
    checkSame(subject.selections() - before, 4, "times that the chip select was asserted in four calls");
    checkSame(subject.selected(), false, "selected at the end");
  }),
];

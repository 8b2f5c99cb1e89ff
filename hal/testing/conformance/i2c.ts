import type { ErrorKind } from "../../contract/error.js";
import type { I2c } from "../../contract/i2c.js";
import { checkBytes, checkFault, checkSame, immediate } from "./case.js";
import type { ConformanceCase } from "./case.js";

/** A bus with one device whose registers are read and written as most sensors' are, and an address without a device. */
export interface I2cSubject {
  readonly bus: I2c;
  readonly address: number;
  readonly absent: number;
  /** A register that holds a known byte, e.g. the device's id. */
  readonly known: { readonly register: number; readonly value: number };
  /** A register that keeps what is written to it. */
  readonly scratch: number;
}

const NOBODY: readonly ErrorKind[] = ["NoAcknowledgeAddress", "NoAcknowledgeUnknown"];

export const i2cConformance: readonly ConformanceCase<I2cSubject>[] = [
  immediate("a register is read by writing its number and reading on", function (subject) {
    const bytes = subject.bus.writeRead(subject.address, [subject.known.register], 1);
    checkBytes(bytes, [subject.known.value], "the known register");
    checkSame(bytes instanceof Uint8Array, true, "the result is a Uint8Array");
  }),
  immediate("a register keeps what is written to it", function (subject) {
    for (let value = 0; value < 256; value += 85) {
      subject.bus.write(subject.address, [subject.scratch, value]);
      checkBytes(subject.bus.writeRead(subject.address, [subject.scratch], 1), [value], "the scratch register");
    }
  }),
  immediate("typed arrays are written as arrays are", function (subject) {
    subject.bus.write(subject.address, new Uint8Array([subject.scratch, 0x5a]));
    const bytes = subject.bus.writeRead(subject.address, new Uint8Array([subject.scratch]), 1);
    checkBytes(bytes, [0x5a], "the scratch register");
  }),
  immediate("a read returns as many bytes as were asked for", function (subject) {
    checkSame(subject.bus.read(subject.address, 3).length, 3, "bytes read");
    checkSame(subject.bus.writeRead(subject.address, [subject.known.register], 4).length, 4, "bytes after a write");
  }),
  immediate("a write without bytes probes the address", function (subject) {
    subject.bus.write(subject.address, []);
    checkFault(
      NOBODY,
      function () {
        subject.bus.write(subject.absent, []);
      },
      "a probe of the absent address",
    );
  }),
  immediate("nobody at an address is told as such", function (subject) {
    checkFault(
      NOBODY,
      function () {
        subject.bus.read(subject.absent, 1);
      },
      "read",
    );
    checkFault(
      NOBODY,
      function () {
        subject.bus.write(subject.absent, [1, 2]);
      },
      "write",
    );
    checkFault(
      NOBODY,
      function () {
        subject.bus.writeRead(subject.absent, [1], 1);
      },
      "writeRead",
    );
  }),
  immediate("the bus works on after a fault", function (subject) {
    checkFault(
      NOBODY,
      function () {
        subject.bus.read(subject.absent, 1);
      },
      "read",
    );
    const bytes = subject.bus.writeRead(subject.address, [subject.known.register], 1);
    checkBytes(bytes, [subject.known.value], "the known register");
  }),
];

import type { HalError } from "../../../hal/contract/index.js";
import { ScriptFault } from "../sandbox.js";
import { type NativeContext, type Natives, withFaults } from "./context.js";

/** What a chip family's port of Espruino throws when an I2C transfer fails. */
function i2cMessage(
  processor: string,
  direction: "Write" | "Read",
  fault: HalError,
): ["Error" | "InternalError", string] {
  // nrf_drv_twi's codes: 0x8200 and 0 overrun, 1 no acknowledge of the address, 2 of data; 0 is NRF_ERROR_INTERNAL's 3.
  const code = { NoAcknowledgeAddress: 0x8201, NoAcknowledgeData: 0x8202, Overrun: 0x8200 } as Record<string, number>;
  if (processor.startsWith("nRF")) return ["InternalError", `I2C ${direction} Error ${code[fault.kind] ?? 3}`];
  if (processor.startsWith("RP2")) return ["Error", `jshI2C${direction}: I2C I/O error`];
  return fault.kind.startsWith("NoAcknowledge")
    ? ["InternalError", "I2C got NACK"]
    : ["Error", "I2C device not responding"];
}

/** I2C and SPI over the board's controllers. */
export function busNatives({ board, received, give }: NativeContext): Natives {
  const ready = new Set<string>();
  const processor = board.profile.processor.name;

  const i2c = (name: unknown) => {
    if (!ready.has(String(name))) throw new ScriptFault("Error", `${name} not initialised`);
    return board.i2c(String(name));
  };

  return {
    i2cSetup: (name, _sda, _scl, bitrate) => {
      board.i2c(String(name)).setup(Number(bitrate));
      ready.add(String(name));
    },
    i2cWrite: (name, address, stop) => {
      const bytes = received();
      withFaults(
        () => i2c(name).write(Number(address), bytes, Boolean(stop)),
        (fault) => i2cMessage(processor, "Write", fault),
      );
    },
    i2cRead: (name, address, count, stop) =>
      withFaults(
        () => give(i2c(name).read(Number(address), Number(count), Boolean(stop))),
        (fault) => i2cMessage(processor, "Read", fault),
      ),
    spiSetup: (name, mode, hertz, order) => {
      const bitOrder = order === "lsb" ? "lsb" : "msb";
      board.spi(String(name)).setup({ mode: Number(mode) as 0 | 1 | 2 | 3, hertz: Number(hertz), bitOrder });
    },
    spiTransfer: (name) =>
      withFaults(
        () => give(board.spi(String(name)).transfer(received())),
        (fault) => ["Error", fault.message],
      ),
  };
}

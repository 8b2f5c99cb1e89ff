import { hardwareGrants } from "../../device/image/entry-hardware.js";
import type { HardwareGrant } from "../../device/wasi/proposals/hardware.js";
import type { Grant, Grants } from "../../device/image/grants.js";
import { openAdc } from "../../device/wasi/peripherals/adc.js";
import { openDevices } from "../../device/wasi/peripherals/devices.js";
import type { Device } from "../../device/wasi/peripherals/devices.js";
import { openInput, openOutput } from "../../device/wasi/peripherals/gpio.js";
import { openI2c } from "../../device/wasi/peripherals/i2c.js";
import { openPwm } from "../../device/wasi/peripherals/pwm.js";
import { openSpi } from "../../device/wasi/peripherals/spi.js";
import { openUart } from "../../device/wasi/peripherals/uart.js";
import type { Descriptor } from "../../device/wasi/index.js";
import { FD_READ, FD_WRITE } from "../../device/wasi/rights.js";
import type { SimulatedBoard } from "../../simulator/board/index.js";
import {
  analogInput,
  i2cController,
  inputPin,
  outputPin,
  pwmOutput,
  spiDevice,
  uart,
} from "../../simulator/board/fakes/index.js";

/** `/dev` over a simulated board, with what is granted and nothing else; undefined when that is nothing. */
export function openGrantedDevices(board: SimulatedBoard, grants: Grants): Descriptor | undefined {
  const devices: Device[] = [
    ...grants.gpio.map((grant) =>
      device(grant, () =>
        grant.direction === "in"
          ? openInput(inputPin(board.pin(grant.pin), grant.pull))
          : openOutput(outputPin(board.pin(grant.pin))),
      ),
    ),
    ...grants.adc.map((grant) => device(grant, () => openAdc(analogInput(board, grant.pin)))),
    ...grants.pwm.map((grant) =>
      device(grant, () => {
        const output = pwmOutput(board, grant.pin);
        output.setFrequency(grant.hertz);
        return openPwm(output);
      }),
    ),
    ...grants.i2c.map((grant) =>
      device(grant, () => openI2c(i2cController(board.i2c(grant.bus), grant.hertz), grant.address)),
    ),
    ...grants.spi.map((grant) =>
      device(grant, () => openSpi(spiDevice(board.spi(grant.bus), board.pin(grant.select), grant))),
    ),
    ...grants.uart.map((grant) => device(grant, () => openUart(uart(board.uart(grant.bus), grant)))),
  ];
  return devices.length ? openDevices(devices, "/dev") : undefined;
}

/** The same for the imports of the hardware proposals. */
export function openGrantedHardware(board: SimulatedBoard, grants: Grants): readonly HardwareGrant[] {
  return hardwareGrants<() => unknown>(grants, {
    gpio: (grant) => () =>
      grant.direction === "in" ? inputPin(board.pin(grant.pin), grant.pull) : outputPin(board.pin(grant.pin)),
    i2c: (grant) => () => i2cController(board.i2c(grant.bus), grant.hertz),
    spi: (grant) => () => spiDevice(board.spi(grant.bus), board.pin(grant.select), grant),
  });
}

function device(grant: Grant, open: () => Descriptor): Device {
  return {
    path: grant.path.replace(/^\/dev\//, ""),
    open() {
      const descriptor = open();
      if (grant.rights === "read") descriptor.rights &= ~FD_WRITE;
      if (grant.rights === "write") descriptor.rights &= ~FD_READ;
      return descriptor;
    },
  };
}

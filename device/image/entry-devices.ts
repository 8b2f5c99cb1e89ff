import { FD_READ, FD_WRITE } from "../wasi/rights.js";
import type { From } from "./entry.js";
import type { GpioGrant, Grant, Grants, I2cGrant, SpiGrant, UartGrant } from "./grants.js";

/** A granted peripheral, and the expression that opens it on Espruino. */
export interface Device {
  /** Below `/dev/`. */
  readonly path: string;
  readonly rights: Grant["rights"];
  /** An expression for its descriptor; `clock` is in scope. */
  readonly open: (from: From) => string;
}

/** Expressions that open what is granted, as `hal/contract` has it; `clock` is in scope. */
export const portCall = {
  input: (grant: GpioGrant, from: From): string => port(from, "digital", "openEdge", grant.pin, grant.pull, CLOCK),
  output: (grant: GpioGrant, from: From): string => port(from, "digital", "openOutput", grant.pin, false),
  i2c: (grant: I2cGrant, from: From): string =>
    port(from, "i2c", "openI2c", grant.bus, { ...grant.pins, bitrate: grant.hertz }),
  spi: (grant: SpiGrant, from: From): string => {
    const mode = { mode: grant.mode, hertz: grant.hertz, bitOrder: grant.bitOrder };
    return port(from, "spi", "openSpi", grant.bus, grant.pins, mode, grant.select);
  },
  uart: (grant: UartGrant, from: From): string =>
    port(from, "uart", "openUart", grant.bus, grant.pins, {
      baud: grant.baud,
      parity: grant.parity,
      stopBits: grant.stopBits,
    }),
};

/** All granted peripherals, to be opened by the Espruino port. */
export function devicesOf(grants: Grants): Device[] {
  const device = (grant: Grant, open: Device["open"]): Device => ({
    path: grant.path.replace(/^\/dev\//, ""),
    rights: grant.rights,
    open,
  });
  return [
    ...grants.gpio.map((grant) =>
      device(grant, (from) =>
        grant.direction === "in"
          ? wrap(from, "gpio", "openInput", portCall.input(grant, from))
          : wrap(from, "gpio", "openOutput", portCall.output(grant, from)),
      ),
    ),
    ...grants.adc.map((grant) =>
      device(grant, (from) => wrap(from, "adc", "openAdc", port(from, "adc", "openAnalogInput", grant.pin))),
    ),
    ...grants.pwm.map((grant) =>
      device(grant, (from) => {
        const output = port(from, "pwm", "openPwm", grant.pin);
        const hertz = `(function (output) { output.setFrequency(${grant.hertz}); return output; })(${output})`;
        return wrap(from, "pwm", "openPwm", hertz);
      }),
    ),
    ...grants.i2c.map((grant) =>
      device(grant, (from) => wrap(from, "i2c", "openI2c", portCall.i2c(grant, from), String(grant.address))),
    ),
    ...grants.spi.map((grant) => device(grant, (from) => wrap(from, "spi", "openSpi", portCall.spi(grant, from)))),
    ...grants.uart.map((grant) => device(grant, (from) => wrap(from, "uart", "openUart", portCall.uart(grant, from)))),
  ];
}

/** Stands for the variable among JSON arguments. */
const CLOCK = Symbol("clock");

function port(from: From, file: string, open: string, ...parameters: readonly unknown[]): string {
  const texts = parameters.map((parameter) => (parameter === CLOCK ? "clock" : literal(parameter)));
  return `${from(`hal/ports/espruino/${file}.js`, open)}(${texts.join(", ")})`;
}

/** JSON without quotes around names, so that a minifier that shortens names sees them as names. */
function literal(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${name}: ${literal(member)}`);
  return `{ ${members.join(", ")} }`;
}

function wrap(from: From, file: string, open: string, ...parameters: readonly string[]): string {
  return `${from(`device/wasi/peripherals/${file}.js`, open)}(${parameters.join(", ")})`;
}

/** Preopens `/dev` with the peripherals in it. Each is opened when the guest opens it. */
export function deviceLines(devices: readonly Device[], from: From): string[] {
  const entries = devices.map(({ path, rights, open }) => {
    const denied = rights === "read" ? FD_WRITE : rights === "write" ? FD_READ : 0;
    const opened = open(from);
    const body = denied ? `var opened = ${opened}; opened.rights &= ${~denied}; return opened;` : `return ${opened};`;
    return `{ path: ${JSON.stringify(path)}, open: function () { ${body} } }`;
  });
  const list = entries.join(", ");
  return [`guest.descriptors.push(${from("device/wasi/peripherals/devices.js", "openDevices")}([${list}], "/dev"));`];
}

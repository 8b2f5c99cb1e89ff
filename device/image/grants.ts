import type { BoardProfile, PinProfile } from "../../hal/boards/profile.js";
import type { Manifest } from "./manifest-schema.js";

/**
 * A manifest's grants on one board: names of parts resolved to pins, buses found, everything as the guest will see it.
 * This is what an engine opens, what `check` prints, and nothing more is ever opened.
 */
export interface Grants {
  readonly dirs: readonly DirectoryGrant[];
  readonly gpio: readonly GpioGrant[];
  readonly adc: readonly PinGrant[];
  readonly pwm: readonly (PinGrant & { readonly hertz: number })[];
  readonly i2c: readonly I2cGrant[];
  readonly spi: readonly SpiGrant[];
  readonly uart: readonly UartGrant[];
}

/** What a program without a manifest is granted beside stdio, clocks and random. */
export const NO_GRANTS: Grants = { dirs: [], gpio: [], adc: [], pwm: [], i2c: [], spi: [], uart: [] };

/** What all grants have. */
export interface Grant {
  /** The guest's absolute path. */
  readonly path: string;
  readonly rights: Rights;
}

export type Rights = "read" | "write" | "read-write";

/** A directory, preopened. */
export interface DirectoryGrant extends Grant {
  /** Absolute path of the directory in the board's file system. */
  readonly directory: string;
}

/** A pin, for an ADC or PWM. */
export interface PinGrant extends Grant {
  /** Espruino's name of the pin. */
  readonly pin: string;
}

/** A digital pin. */
export interface GpioGrant extends PinGrant {
  readonly direction: "in" | "out";
  readonly pull: "none" | "up" | "down";
}

/** One address on an I2C bus; clock in hertz. */
export interface I2cGrant extends Grant {
  readonly bus: string;
  /** Espruino's names of the bus' pins by role. */
  readonly pins: Readonly<Record<string, string>>;
  readonly hertz: number;
  /** 7 bits. */
  readonly address: number;
}

/** A device on an SPI bus, with its chip select; clock in hertz. */
export interface SpiGrant extends Grant {
  readonly bus: string;
  readonly pins: Readonly<Record<string, string>>;
  readonly select: string;
  readonly mode: 0 | 1 | 2 | 3;
  readonly hertz: number;
  readonly bitOrder: "msb" | "lsb";
}

/** A serial port; rate in bits a second. */
export interface UartGrant extends Grant {
  readonly bus: string;
  readonly pins: Readonly<Record<string, string>>;
  readonly baud: number;
  readonly parity: "none" | "even" | "odd";
  readonly stopBits: 1 | 2;
}

/** A grant that the board can't give. */
export interface GrantProblem {
  /** The field of the manifest: `peripherals.gpio.led.pin`. */
  readonly field: string;
  readonly message: string;
  readonly mend: string;
}

/**
 * Resolves a manifest on a board. What has a problem is left out of the grants.
 * @param owners who uses which pin already, where several programs share a board; those of this one are added
 * @param where what stands before its fields there: `guests.blink.`
 */
export function resolveGrants(
  manifest: Manifest,
  board: BoardProfile,
  owners = new Map<string, string>(),
  where = "",
): { readonly grants: Grants; readonly problems: readonly GrantProblem[] } {
  const problems: GrantProblem[] = [];
  const { gpio, adc, pwm, i2c, spi, uart } = manifest.peripherals;

  /** Finds a pin that can do `use`, and makes sure that it has one user. */
  const pin = (field: string, name: string, use: PinProfile["functions"][number]): string | undefined => {
    const found = findPin(board, name);
    if (!found) {
      problems.push({ field, message: `${board.id} has no pin "${name}"`, mend: `its pins: ${pinList(board, use)}` });
      return undefined;
    }
    if (!found.functions.includes(use)) {
      problems.push({
        field,
        message: `pin ${name} of ${board.id} can't be used for ${use}`,
        mend: `pins that can: ${pinList(board, use)}`,
      });
      return undefined;
    }
    return claim(field, found.name) ? found.name : undefined;
  };
  const claim = (field: string, name: string): boolean => {
    const owner = owners.get(name);
    if (owner !== undefined && owner !== field) {
      problems.push({ field, message: `pin ${name} is used by ${owner} already`, mend: "give it another pin" });
      return false;
    }
    owners.set(name, field);
    return true;
  };
  const bus = (field: string, kind: keyof BoardProfile["buses"], name: string) => {
    const found = board.buses[kind].find((candidate) => candidate.name === name);
    if (!found) {
      const known = board.buses[kind].map((candidate) => candidate.name).join(", ") || "none";
      problems.push({
        field,
        message: `${board.id} has no ${kind.toUpperCase()} bus "${name}"`,
        mend: `it has: ${known}`,
      });
      return undefined;
    }
    // Chips share a bus, but what comes from a port comes once.
    const user = kind === "uart" ? field : `${kind}:${name}`;
    const free = Object.values(found.pins).map((wire) => claim(user, findPin(board, wire)?.name ?? wire));
    return free.every(Boolean) ? found : undefined;
  };

  const grants: { -readonly [Kind in keyof Grants]: Grants[Kind][number][] } = {
    dirs: Object.entries(manifest.dirs).map(([path, value]) =>
      typeof value === "string"
        ? { path, directory: value, rights: "read-write" }
        : { path, directory: value.path, rights: value.rights },
    ),
    gpio: [],
    adc: [],
    pwm: [],
    i2c: [],
    spi: [],
    uart: [],
  };
  for (const path of Object.keys(manifest.dirs))
    if (path === "/dev" || path.startsWith("/dev/"))
      problems.push({
        field: `${where}dirs.${path}`,
        message: "/dev belongs to the peripherals",
        mend: "use another path",
      });

  for (const [name, grant] of Object.entries(gpio)) {
    const found = pin(`${where}peripherals.gpio.${name}.pin`, grant.pin, "digital");
    const rights = grant.direction === "in" ? "read" : "read-write";
    if (found !== undefined) grants.gpio.push({ ...grant, path: `/dev/gpio/${name}`, rights, pin: found });
  }
  for (const [name, grant] of Object.entries(adc)) {
    const found = pin(`${where}peripherals.adc.${name}.pin`, grant.pin, "adc");
    if (found !== undefined) grants.adc.push({ path: `/dev/adc/${name}`, rights: "read", pin: found });
  }
  for (const [name, grant] of Object.entries(pwm)) {
    const found = pin(`${where}peripherals.pwm.${name}.pin`, grant.pin, "pwm");
    if (found !== undefined) grants.pwm.push({ ...grant, path: `/dev/pwm/${name}`, rights: "write", pin: found });
  }
  for (const [name, { addresses, ...grant }] of Object.entries(i2c)) {
    const found = bus(`${where}peripherals.i2c.${name}.bus`, "i2c", grant.bus);
    if (!found) continue;
    for (const address of addresses)
      grants.i2c.push({ ...grant, path: `/dev/i2c/${name}/${hexadecimal(address)}`, pins: found.pins, address });
  }
  for (const [name, grant] of Object.entries(spi)) {
    const found = bus(`${where}peripherals.spi.${name}.bus`, "spi", grant.bus);
    const select = pin(`${where}peripherals.spi.${name}.select`, grant.select, "digital");
    if (found && select !== undefined)
      grants.spi.push({
        ...grant,
        path: `/dev/spi/${name}`,
        pins: found.pins,
        select,
        mode: grant.mode as 0 | 1 | 2 | 3,
      });
  }
  for (const [name, grant] of Object.entries(uart)) {
    const found = bus(`${where}peripherals.uart.${name}.bus`, "uart", grant.bus);
    if (found) grants.uart.push({ ...grant, path: `/dev/uart/${name}`, pins: found.pins });
  }
  return { grants, problems };
}

/** All that is granted, in the order in which a guest is given it. */
export function allGrants(grants: Grants): readonly Grant[] {
  return [...grants.dirs, ...grants.gpio, ...grants.adc, ...grants.pwm, ...grants.i2c, ...grants.spi, ...grants.uart];
}

/** A pin by its own name or that of what is soldered to it. */
export function findPin(board: BoardProfile, name: string): PinProfile | undefined {
  return (
    board.pins.find((candidate) => candidate.name === name) ??
    board.pins.find((candidate) => candidate.aliases?.includes(name))
  );
}

/** Addresses are two digits wide in paths: `0x76`, `0x0c`. */
function hexadecimal(address: number): string {
  return `0x${address.toString(16).padStart(2, "0")}`;
}

/** Pins that can do something, soldered parts first, shortened to what fits a line. */
function pinList(board: BoardProfile, use: PinProfile["functions"][number]): string {
  const able = board.pins.filter((candidate) => candidate.functions.includes(use));
  const names = [...able.flatMap((candidate) => candidate.aliases ?? []), ...able.map((candidate) => candidate.name)];
  return names.length > 12 ? `${names.slice(0, 12).join(", ")} …` : names.join(", ");
}

import type { Module } from "../compiler/decode/module.js";
import { allGrants, type Grants } from "./grants.js";

/** A peripheral that a module names in its data. */
export interface NamedDevice {
  /** As a guest with `/dev` opens it: `/dev/gpio/led`. */
  readonly path: string;
  readonly kind: "gpio" | "adc" | "pwm" | "i2c" | "spi" | "uart";
  readonly name: string;
  /** Of an I2C device, `0x76`. */
  readonly address: string | undefined;
  /** Whether the whole path stands there, from `/dev` to its end; otherwise it is a guess. */
  readonly isCertain: boolean;
}

/** What a module names in its data. */
export interface NamedPaths {
  readonly devices: readonly NamedDevice[];
  /** Absolute paths of files. */
  readonly files: readonly string[];
}

const DEVICE = /^(\/dev\/)?(gpio|adc|pwm|spi|uart|i2c)\/([A-Za-z0-9][A-Za-z0-9_-]{0,31})(?:\/(0x[0-9a-fA-F]{2}))?$/;
const FILE = /^(?:\/[A-Za-z0-9_.-]+)+$/;
/** Inside a text that goes on: Rust keeps its strings end to end. */
const WITHIN =
  /\/dev\/(?:(?:gpio|adc|pwm|spi|uart)\/[A-Za-z0-9][A-Za-z0-9_-]{0,31}|i2c\/[A-Za-z0-9][A-Za-z0-9_-]{0,31}\/0x[0-9a-fA-F]{2})/g;

/**
 * Finds paths that stand as text in a module's data: whole strings that end in a NUL, as C keeps them, strings of UTF-16,
 * as AssemblyScript does, and devices within longer text. What a program puts together while it runs isn't seen.
 */
function namedPaths(module: Module): NamedPaths {
  const devices = new Map<string, NamedDevice>();
  const files = new Set<string>();
  const add = (text: string, isWhole: boolean): boolean => {
    const [, root, kind, name, address] = DEVICE.exec(text) ?? [];
    if (kind === undefined || (kind === "i2c") !== (address !== undefined)) return false;
    const path = `/dev/${kind}/${name}${address === undefined ? "" : `/${address.toLowerCase()}`}`;
    const isCertain = isWhole && root !== undefined;
    if (isCertain || !devices.has(path))
      devices.set(path, { path, kind: kind as NamedDevice["kind"], name, address: address?.toLowerCase(), isCertain });
    return true;
  };
  for (const segment of module.data) {
    const text = Array.from(segment.bytes, (byte) => String.fromCharCode(byte)).join("");
    for (const whole of text.split("\0")) {
      if (add(whole, true)) continue;
      if (FILE.test(whole)) {
        if (!whole.startsWith("/dev/")) files.add(whole);
      } else for (const [within] of whole.matchAll(WITHIN)) add(within, false);
    }
    for (const [wide] of text.matchAll(/(?:[\x21-\x7e]\0){4,}(?:[\x21-\x7e]$)?/g)) add(wide.replaceAll("\0", ""), true);
  }
  return { devices: [...devices.values()], files: [...files] };
}

/**
 * What a module names and isn't granted. A device that is guessed from longer text may have had something behind its name,
 * so a grant that it begins with will do.
 */
export function missingPaths(module: Module, grants: Grants): NamedPaths {
  const granted = allGrants(grants).map(({ path }) => path);
  const { devices, files } = namedPaths(module);
  return {
    devices: devices.filter(
      ({ path, isCertain }) => !granted.some((grant) => (isCertain ? path === grant : path.startsWith(grant))),
    ),
    files: files.filter(
      (path) => !granted.some((grant) => grant === "/" || path === grant || path.startsWith(`${grant}/`)),
    ),
  };
}

import type { BoardProfile, PinProfile } from "../../hal/boards/profile.js";
import type { Module } from "../compiler/decode/module.js";
import { reachesGrants } from "./file-place.js";
import { findPin, type Grants } from "./grants.js";
import type { Manifest } from "./manifest-schema.js";
import { missingPaths, type NamedDevice } from "./named-paths.js";
import { proposalCall } from "./proposal-calls.js";
import { signature } from "./signature.js";

/** What could be added to a manifest, as a person would write it. */
export interface Suggestion {
  dirs?: Record<string, string>;
  peripherals?: Record<string, Record<string, Record<string, unknown>>>;
  reactions?: Record<string, unknown>[];
}

/** Names that are rather read than driven. */
const INPUT_NAME = /button|btn|switch|key|sensor|motion|pir|door|irq|interrupt|input|^in$/i;

/** Exports of a reactor that nobody is to call for something that happens. */
const NO_REACTION = /^(_initialize|_start|malloc|free|calloc|realloc|cabi_|cm32p2|canonical_abi_|__|asyncify_)/;

/**
 * What a module shows that it needs and isn't granted: peripherals and directories that its data names, what its imports
 * open, and for a reactor what it exports. Pins are ones of the board that nothing uses yet, and for a person to change.
 * @returns undefined when nothing is missing
 */
export function suggestManifest(
  module: Module,
  manifest: Manifest,
  grants: Grants,
  board: BoardProfile,
): Suggestion | undefined {
  const suggestion: Suggestion = {};
  const chooser = new PinChooser(board, grants);
  const { devices, files } = missingPaths(module, grants);
  const imports = module.functions.flatMap(({ import: from }) => from ?? []);

  if (reachesGrants(imports)) {
    for (const device of devices) addDevice(suggestion, device, chooser, board, manifest);
    for (const file of files) {
      const folder = file.slice(0, file.lastIndexOf("/")) || file;
      suggestion.dirs = { ...suggestion.dirs, [folder]: "/" };
    }
  }
  for (const { module: from, name } of imports) {
    const kind = proposalCall(from, name)?.opens;
    if (kind === undefined || name === "get-digital-in-out") continue;
    const direction = name === "get-digital-in" ? "in" : "out";
    const isThere = Object.values<object>(manifest.peripherals[kind]).some(
      (grant) => kind !== "gpio" || (grant as { direction: string }).direction === direction,
    );
    if (isThere) continue;
    const label = kind === "gpio" ? (direction === "in" ? "button" : "led") : kind === "i2c" ? "sensors" : "device";
    addDevice(
      suggestion,
      { path: "", kind, name: label, address: kind === "i2c" ? "0x76" : undefined, isCertain: false },
      chooser,
      board,
      manifest,
    );
  }
  const reactions = manifest.reactions.length > 0 ? [] : reactionsOf(module, manifest);
  if (reactions.length > 0) suggestion.reactions = reactions;
  return Object.keys(suggestion).length > 0 ? suggestion : undefined;
}

/** The line of a manifest that grants a device. */
export function grantLine(device: NamedDevice, board: BoardProfile, grants: Grants): string {
  const line = { [device.kind]: { [device.name]: grantOf(device, new PinChooser(board, grants), board) } };
  return spaced(line);
}

/** JSON on one line, with a space where a person puts one. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}: ${spaced(member)}`)
    .join(", ")} }`;
}

function addDevice(
  suggestion: Suggestion,
  device: NamedDevice,
  chooser: PinChooser,
  board: BoardProfile,
  manifest: Manifest,
): void {
  const peripherals = (suggestion.peripherals ??= {});
  const kind = (peripherals[device.kind] ??= {});
  const before = kind[device.name] as { addresses?: string[] } | undefined;
  if (before) {
    if (device.address !== undefined) before.addresses?.push(device.address);
    return;
  }
  const known = manifest.peripherals.i2c[device.name];
  kind[device.name] =
    device.kind === "i2c" && known
      ? { ...grantOf(device, chooser, board), addresses: [...known.addresses.map(hexadecimal), device.address] }
      : grantOf(device, chooser, board);
}

function grantOf(device: NamedDevice, chooser: PinChooser, board: BoardProfile): Record<string, unknown> {
  const { buses } = board;
  switch (device.kind) {
    case "gpio": {
      const isInput = INPUT_NAME.test(device.name);
      return { pin: chooser.digital(isInput), direction: isInput ? "in" : "out" };
    }
    case "adc":
      return { pin: chooser.next("adc") };
    case "pwm":
      return { pin: chooser.next("pwm") };
    case "i2c":
      return { bus: buses.i2c[0]?.name ?? "I2C1", addresses: [device.address] };
    case "spi":
      return { bus: buses.spi[0]?.name ?? "SPI1", select: chooser.next("digital") };
    case "uart":
      return { bus: buses.uart[0]?.name ?? "Serial1", baud: 9600 };
  }
}

/** Pins of a board that nothing uses, soldered parts first where they fit. */
class PinChooser {
  readonly #used: Set<string>;

  constructor(
    private readonly board: BoardProfile,
    grants: Grants,
  ) {
    const wires = [...grants.i2c, ...grants.spi, ...grants.uart].flatMap(({ pins }) => Object.values(pins));
    const all = [...board.buses.i2c, ...board.buses.spi, ...board.buses.uart].flatMap(({ pins }) =>
      Object.values(pins),
    );
    const own = [...grants.gpio, ...grants.adc, ...grants.pwm].map(({ pin }) => pin);
    const selects = grants.spi.map(({ select }) => select);
    this.#used = new Set([...wires, ...all, ...own, ...selects].map((name) => findPin(board, name)?.name ?? name));
  }

  /** A button for an input and a lamp for an output, if the board has one left. */
  digital(isInput: boolean): string {
    const part = isInput ? /^BTN/ : /^LED/;
    const [soldered] = this.board.pins
      .filter(({ name }) => !this.#used.has(name))
      .flatMap(({ name, aliases = [] }) =>
        aliases.filter((alias) => part.test(alias)).map((alias) => ({ name, alias })),
      )
      // BTN1 rather than BTN.
      .sort((a, b) => b.alias.length - a.alias.length || a.alias.localeCompare(b.alias));
    if (!soldered) return this.next("digital");
    this.#used.add(soldered.name);
    return soldered.alias;
  }

  next(use: PinProfile["functions"][number]): string {
    const found = this.board.pins.find(
      ({ name, aliases = [], functions }) =>
        functions.includes(use) && !this.#used.has(name) && (use === "adc" || aliases.length === 0),
    );
    if (found) this.#used.add(found.name);
    return found?.name ?? "D1";
  }
}

/** A line for each export of a reactor that could be a reaction. */
function reactionsOf(module: Module, manifest: Manifest): Record<string, unknown>[] {
  if (module.exports.some(({ name }) => name === "_start")) return [];
  const { gpio, uart } = manifest.peripherals;
  const input = Object.keys(gpio).find((name) => gpio[name].direction === "in") ?? "button";
  const port = Object.keys(uart)[0] ?? "gps";
  return module.exports.flatMap(({ name: call, kind, index }): Record<string, unknown>[] => {
    if (kind !== "function" || NO_REACTION.test(call)) return [];
    switch (signature(module.functions[index].type)) {
      case "() -> ()":
        return [{ call, every: 60 }];
      case "(i32) -> ()":
        return [{ call, gpio: input, edge: "both" }];
      case "(i32 i32) -> ()":
        return [{ call, uart: port }];
      default:
        return [];
    }
  });
}

function hexadecimal(address: number): string {
  return `0x${address.toString(16).padStart(2, "0")}`;
}

/** The lines to add, without the braces around them: ready to be pasted into a manifest. */
export function suggestionLines(suggestion: Suggestion): string[] {
  const lines: string[] = [];
  const { dirs, peripherals, reactions } = suggestion;
  if (dirs) lines.push(`"dirs": ${spaced(dirs)}`);
  if (peripherals) {
    const kinds = Object.entries(peripherals).map(([kind, named]) => `  ${JSON.stringify(kind)}: ${spaced(named)}`);
    lines.push(`"peripherals": {\n${kinds.join(",\n")}\n}`);
  }
  if (reactions) lines.push(`"reactions": [\n${reactions.map((reaction) => `  ${spaced(reaction)}`).join(",\n")}\n]`);
  return lines.join(",\n").split("\n");
}

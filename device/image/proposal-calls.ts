/**
 * Which functions of the hardware proposals there are, under which names a core module imports them, and what file of
 * `device/wasi/proposals` has them.
 */
import type { Module } from "../compiler/decode/module.js";
import type { ValueType } from "../wasi/calls.js";

/** What a function reaches: a kind of grant. */
export type HardwareKind = "gpio" | "i2c" | "spi";

/** A function of a proposal, as modules import it and as it is found here. */
export interface ProposalCall {
  /** As the module imports it, after lowering by the canonical ABI. An i64 is two words to the function. */
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
  /** The file in that folder, and what it exports. */
  readonly file: string;
  readonly member: string;
  readonly waits: boolean;
  /** Whether its results need room, which the guest's `cabi_realloc` gives. */
  readonly allocates: boolean;
  /** What it opens, for a function that does. */
  readonly opens?: HardwareKind;
}

/** `i` stands for i32, `I` for i64; `>` before a result. */
function call(file: string, member: string, signature: string, more: Partial<ProposalCall> = {}): ProposalCall {
  const types = (letters: string) =>
    letters.split("").map(function (letter): ValueType {
      return letter === "I" ? "i64" : "i32";
    });
  const [parameters, results] = (signature + ">").split(">");
  return {
    parameters: types(parameters),
    results: types(results),
    file: file,
    member: member,
    waits: !!more.waits,
    allocates: !!more.allocates,
    opens: more.opens,
  };
}

const ALLOCATES = { allocates: true };
const WAITS = { waits: true };

function drop(): ProposalCall {
  return call("hardware.js", "dropHandle", "i");
}

function pinCalls(resource: string, members: Readonly<Record<string, ProposalCall>>): Record<string, ProposalCall> {
  const calls: Record<string, ProposalCall> = {};
  for (const name of Object.keys(members)) calls["[method]" + resource + "." + name] = members[name];
  calls["[resource-drop]" + resource] = drop();
  return calls;
}

const OUTPUTS = {
  "get-config": call("gpio.js", "gpioConfigOut", "ii", ALLOCATES),
  "watch-for-ready": call("gpio-watch.js", "gpioWatchReady", "i>i"),
  "set-state": call("gpio.js", "gpioSetState", "iii"),
  "set-active": call("gpio.js", "gpioSetActive", "ii"),
  "set-inactive": call("gpio.js", "gpioSetInactive", "ii"),
  toggle: call("gpio.js", "gpioToggle", "ii"),
};

const INPUTS = {
  "get-config": call("gpio.js", "gpioConfigIn", "ii", ALLOCATES),
  "watch-for-ready": call("gpio-watch.js", "gpioWatchReady", "i>i"),
  read: call("gpio.js", "gpioRead", "ii"),
  "is-active": call("gpio.js", "gpioIsActive", "ii"),
  "is-inactive": call("gpio.js", "gpioIsInactive", "ii"),
  "watch-state": call("gpio-watch.js", "gpioWatchState", "iii"),
  "watch-active": call("gpio-watch.js", "gpioWatchActive", "ii"),
  "watch-inactive": call("gpio-watch.js", "gpioWatchInactive", "ii"),
  "watch-falling-edge": call("gpio-watch.js", "gpioWatchFalling", "ii"),
  "watch-rising-edge": call("gpio-watch.js", "gpioWatchRising", "ii"),
};

/** A pin that is both is never granted, so all that is done with one is to find that there is none. */
const BOTH: Record<string, ProposalCall> = {};
for (const [name, { parameters, results }] of Object.entries({ ...INPUTS, ...OUTPUTS }))
  BOTH[name] = { ...call("gpio.js", "gpioInOut", ""), parameters: parameters, results: results };

/** By interface, without its version, and function. */
const INTERFACES: Readonly<Record<string, Readonly<Record<string, ProposalCall>>>> = {
  "wasi:i2c/i2c": {
    "[method]i2c.transaction": call("i2c.js", "i2cTransaction", "iiiii", ALLOCATES),
    "[method]i2c.read": call("i2c.js", "i2cRead", "iiIi", ALLOCATES),
    "[method]i2c.write": call("i2c.js", "i2cWrite", "iiiii"),
    "[method]i2c.write-read": call("i2c.js", "i2cWriteRead", "iiiiIi", ALLOCATES),
    "[resource-drop]i2c": drop(),
  },
  // The proposal has no way to get a handle: it leaves that to the world, and this is ours.
  "ristretto:hardware/i2c": {
    open: call("i2c.js", "i2cOpen", "iii", { opens: "i2c" }),
  },
  "wasi:spi/spi": {
    open: call("spi.js", "spiOpen", "iii", { opens: "spi", allocates: true }),
    "[method]spi-device.read": call("spi.js", "spiRead", "iIi", ALLOCATES),
    "[method]spi-device.write": call("spi.js", "spiWrite", "iiii", ALLOCATES),
    "[method]spi-device.transfer": call("spi.js", "spiTransfer", "iiii", ALLOCATES),
    "[method]spi-device.transaction": call("spi.js", "spiTransaction", "iiii", ALLOCATES),
    "[resource-drop]spi-device": drop(),
  },
  "wasi:gpio/digital": {
    "get-digital-in": call("gpio.js", "gpioGetIn", "iiiii", { opens: "gpio" }),
    "get-digital-out": call("gpio.js", "gpioGetOut", "iiiii", { opens: "gpio" }),
    "get-digital-in-out": call("gpio.js", "gpioGetInOut", "iiiii", { opens: "gpio" }),
    ...pinCalls("digital-out-pin", OUTPUTS),
    ...pinCalls("digital-in-pin", INPUTS),
    ...pinCalls("digital-in-out-pin", BOTH),
  },
  "wasi:gpio/delay": {
    "delay-ns": call("delay.js", "delayNs", "i", WAITS),
    "delay-us": call("delay.js", "delayUs", "i", WAITS),
    "delay-ms": call("delay.js", "delayMs", "i", WAITS),
  },
  "wasi:io/poll": {
    "[method]pollable.ready": call("gpio-watch.js", "pollableReady", "i>i"),
    "[method]pollable.block": call("gpio-watch.js", "pollableBlock", "i", WAITS),
    poll: call("gpio-watch.js", "poll", "iii", { waits: true, allocates: true }),
    "[resource-drop]pollable": drop(),
  },
};

/**
 * Finds what a module imports, under either mangling: `wasi:i2c/i2c@0.2.0-draft` with `[resource-drop]i2c`, as
 * wit-bindgen writes, or `cm32p2|wasi:i2c/i2c@0.2` with `i2c_drop`, as the Component Model's build targets have it.
 * @returns undefined for what isn't there, or of a version other than 0.2
 */
export function proposalCall(module: string, name: string): ProposalCall | undefined {
  const found = /^(cm32p2\|)?([a-z0-9]+:[a-z0-9]+\/[a-z0-9]+)(?:@0\.2(?:\.\d+)?(?:-[\w.]+)?)?$/.exec(module);
  const calls = found && INTERFACES[found[2]];
  if (!calls) return undefined;
  const field = found[1] ? name.replace(/^(.*)_drop$/, "[resource-drop]$1") : name;
  return Object.prototype.hasOwnProperty.call(calls, field) ? calls[field] : undefined;
}

/** The names under which a module exports what gives room for results. */
export const ALLOCATORS: readonly string[] = ["cabi_realloc", "cm32p2_realloc"];

/** What of a module's imports the hardware proposals have. */
export function proposalCalls(
  imports: readonly { readonly module: string; readonly name: string }[],
): readonly ProposalCall[] {
  return imports.flatMap(({ module, name }) => proposalCall(module, name) ?? []);
}

/** The export that gives room for results, where what a module imports needs one. */
export function allocatorOf({ functions, exports }: Module): string | undefined {
  const imported = functions.flatMap(({ import: from }) => from ?? []);
  if (!proposalCalls(imported).some(({ allocates }) => allocates)) return undefined;
  return exports.find(({ name }) => ALLOCATORS.includes(name))?.name;
}

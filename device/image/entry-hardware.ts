import type { Import } from "../compiler/decode/module.js";
import { READS, WRITES } from "../wasi/proposals/hardware.js";
import { portCall } from "./entry-devices.js";
import type { EntryOptions, From } from "./entry.js";
import type { Grants, Rights } from "./grants.js";
import { type HardwareKind, proposalCalls } from "./proposal-calls.js";

const ACCESS: Readonly<Record<Rights, number>> = { read: READS, write: WRITES, "read-write": READS | WRITES };

/** A grant as the hardware proposals' functions look it up, and how a port opens it. */
export interface HardwareEntry {
  readonly kind: HardwareKind;
  /** `i2c/sensors`, `spi/display`, `gpio/led`. */
  readonly path: string;
  readonly access: number;
  readonly addresses?: readonly number[];
  readonly pull?: string;
}

/** The grants that the proposals know, each under its name; the addresses of a bus are one. */
export function hardwareGrants<Opened>(
  grants: Grants,
  open: {
    readonly gpio: (grant: Grants["gpio"][number]) => Opened;
    readonly i2c: (grant: Grants["i2c"][number]) => Opened;
    readonly spi: (grant: Grants["spi"][number]) => Opened;
  },
): readonly (HardwareEntry & { readonly open: Opened })[] {
  const below = (path: string) => path.replace(/^\/dev\//, "");
  const buses = new Map<string, Grants["i2c"][number][]>();
  for (const grant of grants.i2c) {
    const path = below(grant.path).replace(/\/[^/]*$/, "");
    buses.set(path, [...(buses.get(path) ?? []), grant]);
  }
  return [
    ...grants.gpio.map((grant) => ({
      kind: "gpio" as const,
      path: below(grant.path),
      access: grant.direction === "in" ? READS : WRITES,
      pull: grant.pull,
      open: open.gpio(grant),
    })),
    ...[...buses].map(([path, chips]) => ({
      kind: "i2c" as const,
      path,
      access: ACCESS[chips[0].rights],
      addresses: chips.map(({ address }) => address),
      open: open.i2c(chips[0]),
    })),
    ...grants.spi.map((grant) => ({
      kind: "spi" as const,
      path: below(grant.path),
      access: ACCESS[grant.rights],
      open: open.spi(grant),
    })),
  ];
}

/** The statement that gives a guest what its imports can open; `clock` is in scope. */
export function hardwareLine(imports: readonly Import[], grants: Grants, from: From): string {
  const opened = new Set(proposalCalls(imports).map(({ opens }) => opens));
  const usable = {
    ...grants,
    gpio: opened.has("gpio") ? grants.gpio : [],
    i2c: opened.has("i2c") ? grants.i2c : [],
    spi: opened.has("spi") ? grants.spi : [],
  };
  const entries = hardwareGrants(usable, {
    gpio: (grant) => (grant.direction === "in" ? portCall.input(grant, from) : portCall.output(grant, from)),
    i2c: (grant) => portCall.i2c(grant, from),
    spi: (grant) => portCall.spi(grant, from),
  });
  const list = entries.map(({ path, access, addresses, pull, open }) => {
    const members = [`path: ${JSON.stringify(path)}`, `access: ${access}`];
    if (addresses) members.push(`addresses: ${JSON.stringify(addresses)}`);
    if (pull && pull !== "none") members.push(`pull: ${JSON.stringify(pull)}`);
    return `{ ${members.join(", ")}, open: function () { return ${open}; } }`;
  });
  return `guest.hardware = { granted: [${list.join(", ")}], handles: [] };`;
}

/**
 * Statements that let results into the guest's memory; `instance` is in scope. While the guest is called from within a
 * call of its own it can't be left, so nothing may wait: not even for the next slice.
 */
export function allocatorLines({ allocator, waits }: Pick<EntryOptions, "allocator" | "waits">): string[] {
  if (allocator === undefined) return [];
  const call = `instance[0][${JSON.stringify(allocator)}](old, oldSize, align, size)`;
  const body = waits
    ? `var wait = guest.wait; guest.wait = undefined; var pointer = ${call}; guest.wait = wait; return pointer;`
    : `return ${call};`;
  return [`guest.hardware.allocate = function (old, oldSize, align, size) { ${body} };`];
}

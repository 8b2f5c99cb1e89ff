import type { Module } from "../compiler/decode/module.js";
import type { Finding } from "./check-imports.js";
import type { GpioGrant, Grants, UartGrant } from "./grants.js";
import type { Manifest } from "./manifest-schema.js";
import { signature } from "./signature.js";

/** An export of a reactor, and what it is called for on one board. */
export type Reaction = { readonly call: string } & (
  | { readonly kind: "every"; readonly microseconds: number }
  | { readonly kind: "edge"; readonly pin: GpioGrant; readonly edge: "rising" | "falling" | "both" }
  | { readonly kind: "line"; readonly port: UartGrant; readonly takesLine: boolean }
);

/** What the canonical ABI calls the export that gives room for a parameter: `(old, oldSize, align, size) -> pointer`. */
const ROOM = "cabi_realloc";

/** The exports that an engine needs: what a manifest names, and what gives room for lines. */
export function exportsFor(reactions: readonly Reaction[]): string[] {
  const names = reactions.map(({ call }) => call);
  if (reactions.some((reaction) => reaction.kind === "line" && reaction.takesLine)) names.push(ROOM);
  return [...new Set(names)];
}

/**
 * A manifest's reactions with the grants that they belong to. What has a problem is left out.
 * @param grants what the board can give, of the same manifest
 * @param where what stands before its fields, where several programs share a board
 */
export function resolveReactions(
  manifest: Manifest,
  grants: Grants,
  module: Module,
  where = "",
): { readonly reactions: readonly Reaction[]; readonly problems: readonly Finding[] } {
  const problems: Finding[] = [];
  const problem = (message: string, mend: string): undefined =>
    void problems.push({ severity: "problem", message, mend });

  const signatureOf = (call: string): string | undefined => {
    const found = module.exports.find(({ name, kind }) => name === call && kind === "function");
    return found && signature(module.functions[found.index].type);
  };
  const callable = (field: string, call: string, allowed: readonly string[]): string | undefined => {
    const found = signatureOf(call);
    if (found === undefined)
      return problem(`exports no function ${call}, which ${field} names`, `it exports: ${functionsOf(module)}`);
    if (allowed.includes(found)) return found;
    return problem(`${call} is ${found}, which ${field} can't call`, `make it ${allowed.join(" or ")}`);
  };

  const reactions = manifest.reactions.flatMap((reaction, index): Reaction[] => {
    const field = `${where}reactions[${index}]`;
    const { call } = reaction;
    if ("every" in reaction) {
      const found = callable(field, call, ["() -> ()"]);
      return found ? [{ call, kind: "every", microseconds: Math.round(reaction.every * 1e6) }] : [];
    }
    if ("gpio" in reaction) {
      const found = callable(field, call, ["() -> ()", "(i32) -> ()"]);
      const { gpio } = manifest.peripherals;
      if (gpio[reaction.gpio]?.direction !== "in")
        problem(
          `${field}.gpio: peripherals.gpio has no input ${reaction.gpio}`,
          `add to "peripherals": { "gpio": { "${reaction.gpio}": { "pin": "BTN1", "direction": "in" } } }`,
        );
      const pin = grants.gpio.find(({ path }) => path === `/dev/gpio/${reaction.gpio}`);
      return found && pin?.direction === "in" ? [{ call, kind: "edge", pin, edge: reaction.edge }] : [];
    }
    const found = callable(field, call, ["() -> ()", "(i32 i32) -> ()"]);
    const granted = manifest.peripherals.uart[reaction.uart];
    if (!granted || granted.rights === "write")
      problem(
        `${field}.uart: peripherals.uart has no port ${reaction.uart} to read`,
        `add to "peripherals": { "uart": { "${reaction.uart}": { "bus": "Serial1", "baud": 9600 } } }`,
      );
    const takesLine = found === "(i32 i32) -> ()";
    if (takesLine && signatureOf(ROOM) !== "(i32 i32 i32 i32) -> (i32)")
      problem(
        `exports no ${ROOM} to give ${call} room for a line`,
        `export void *${ROOM}(void *old, size_t old_size, size_t align, size_t size), or let ${call} take nothing`,
      );
    const port = grants.uart.find(({ path }) => path === `/dev/uart/${reaction.uart}`);
    return found && port && port.rights !== "write" ? [{ call, kind: "line", port, takesLine }] : [];
  });
  return { reactions, problems: [...checkStart(module, manifest.reactions.length > 0), ...problems] };
}

/** Whether a module can be started: by `_start`, or by reactions. */
function checkStart(module: Module, reacts: boolean): Finding[] {
  const typeOf = (wanted: string): string | undefined => {
    const found = module.exports.find(({ name, kind }) => name === wanted && kind === "function");
    return found && signature(module.functions[found.index].type);
  };
  const problem = (message: string, mend: string): Finding[] => [{ severity: "problem", message, mend }];
  const start = typeOf("_start");
  const initialize = typeOf("_initialize");
  if (reacts && start !== undefined)
    return problem(
      "exports _start, so it is a command, and its manifest names reactions",
      "compile it as a reactor (clang: -mexec-model=reactor, Rust: a cdylib crate), or leave reactions out",
    );
  const [name, found] = reacts ? ["_initialize", initialize ?? "() -> ()"] : ["_start", start];
  if (found === undefined)
    return problem(
      "exports no function _start, so it can't be started",
      initialize === undefined
        ? "compile it for wasm32-wasip1 with a main function"
        : 'it is a WASI reactor: name what is called in "reactions" of its manifest, or compile it as a command',
    );
  return found === "() -> ()" ? [] : problem(`${name} is ${found}, but must be () -> ()`, `make it () -> ()`);
}

function functionsOf(module: Module): string {
  return module.exports.flatMap(({ name, kind }) => (kind === "function" ? name : [])).join(", ") || "none";
}

/** What a reaction is called for, for a person. */
export function describeReaction(reaction: Reaction): string {
  switch (reaction.kind) {
    case "every":
      return `every ${reaction.microseconds / 1e6} s`;
    case "edge":
      return `each ${reaction.edge === "both" ? "" : `${reaction.edge} `}edge of ${reaction.pin.path}`;
    case "line":
      return `each line from ${reaction.port.path}`;
  }
}

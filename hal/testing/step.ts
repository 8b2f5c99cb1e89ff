import type { ErrorKind } from "../contract/index.js";

/** A call as it was expected or made: what a person reads when they differ. */
export interface Call {
  readonly method: string;
  /** Numbers, booleans and byte sequences in the order of the method's parameters. */
  readonly args: readonly (number | boolean | readonly number[])[];
}

/** One expected call on one peripheral, and what it answers. */
export interface Step {
  /** Which peripheral of a sequence is called; by itself a mock has only one. */
  readonly device?: string;
  readonly call: Call;
  /** What the call returns. */
  readonly answer?: unknown;
  /** The fault that it throws instead. */
  readonly fault?: ErrorKind;
}

/** Steps that may come in any order, all of them before what follows the group. */
export interface Group {
  readonly anyOrder: readonly Step[];
}

/**
 * Makes an expected call end in a fault.
 * @param kind of the `HalError` that the driver gets
 */
export function fails(step: Step, kind: ErrorKind): Step {
  return { ...step, fault: kind };
}

/** Steps that may come in any order, all of them before what follows. */
export function anyOrder(...steps: readonly Step[]): Group {
  return { anyOrder: steps };
}

/** Says which peripheral of a `mockSequence` is called. */
export function on(device: string, ...steps: readonly Step[]): Step[] {
  return steps.map((step) => ({ ...step, device }));
}

/** Bytes of any kind of array, so that a `Uint8Array` and an array can be compared. */
export function numbers(bytes: ArrayLike<number>): number[] {
  return Array.from(bytes, (byte) => byte & 0xff);
}

/** Whether two calls are of the same function with the same arguments. */
export function sameCall(a: Call, b: Call): boolean {
  return formatCall(a) === formatCall(b);
}

/** As in `writeRead(0x76, [0xD0], 1)`: a bus's addresses and bytes in hexadecimal. */
export function formatCall({ method, args }: Call): string {
  const address = args.length > 1 && /^(read|write|writeRead)$/.test(method);
  return `${method}(${args.map((arg, index) => formatArgument(arg, address && index === 0)).join(", ")})`;
}

function formatArgument(arg: Call["args"][number], address: boolean): string {
  if (typeof arg === "object") return `[${arg.map(hexadecimal).join(" ")}]`;
  return address && typeof arg === "number" ? hexadecimal(arg) : String(arg);
}

function hexadecimal(byte: number): string {
  return "0x" + byte.toString(16).toUpperCase().padStart(2, "0");
}

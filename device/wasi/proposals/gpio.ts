/** `wasi:gpio/digital@0.2.0`: https://github.com/WebAssembly/wasi-gpio/blob/main/wit/gpio.wit */
import type { EdgePin, HalError, StatefulOutputPin } from "../../../hal/contract/index.js";
import type { Guest } from "../guest.js";
import { allocate, answer, bytesAt, grantOf, held, hold, READS, type Held, WRITES } from "./hardware.js";

/** Cases of `gpio-error`. */
const HARDWARE_FAULT = 0;
const PIN_MODE_NOT_ALLOWED = 3;
const UNDEFINED_PIN_LABEL = 4;
const PIN_MODE_NOT_AVAILABLE = 5;

/** `digital-flags` */
const ACTIVE_LOW = 2;
const PULL_UP = 4;
const PULL_DOWN = 8;

const IN = "digital-in-pin";
const OUT = "digital-out-pin";

function open(
  guest: Guest,
  kind: string,
  access: number,
  label: number,
  length: number,
  flags: number,
  count: number,
  result: number,
): void {
  const grant = grantOf(guest, "gpio", label, length);
  const list = bytesAt(guest, flags, count);
  let wanted = 0;
  for (let i = 0; i < list.length; i++) wanted |= list[i];
  const pull = wanted & PULL_UP ? "up" : wanted & PULL_DOWN ? "down" : "";
  if (!grant) return answer(guest, result, [1, UNDEFINED_PIN_LABEL]);
  // The resistor is the manifest's to say.
  if (grant.access & READS ? access !== READS || (pull && pull !== grant.pull) : access !== WRITES || pull)
    return answer(guest, result, [1, PIN_MODE_NOT_ALLOWED]);
  let outcome: number[];
  try {
    const pin: Held = { kind: kind, grant: grant, opened: grant.open(), inverted: !!(wanted & ACTIVE_LOW) };
    outcome = [0, hold(guest, pin)];
  } catch (fault) {
    outcome = [1, faultOf(fault)];
  }
  answer(guest, result, outcome);
}

function faultOf(fault: unknown): number {
  return (fault as HalError).kind === "Unsupported" ? PIN_MODE_NOT_AVAILABLE : HARDWARE_FAULT;
}

/** `get-digital-in`, which the draft keeps as a comment: a pin by its name in the manifest. */
export function gpioGetIn(guest: Guest, label: number, length: number, flags: number, count: number, result: number) {
  open(guest, IN, READS, label, length, flags, count, result);
}

/** `get-digital-out`, likewise. */
export function gpioGetOut(guest: Guest, label: number, length: number, flags: number, count: number, result: number) {
  open(guest, OUT, WRITES, label, length, flags, count, result);
}

/** `get-digital-in-out`: no grant is for both. */
export function gpioGetInOut(
  guest: Guest,
  label: number,
  length: number,
  flags: number,
  count: number,
  result: number,
) {
  open(guest, "digital-in-out-pin", READS | WRITES, label, length, flags, count, result);
}

/** Stores a `result<bool or enum, gpio-error>`, or with nothing in its success. */
function answerOf(guest: Guest, result: number, use: () => number): void {
  let outcome: number[];
  try {
    outcome = [0, use()];
  } catch (fault) {
    outcome = [1, faultOf(fault)];
  }
  answer(guest, result, outcome);
}

function set(guest: Guest, handle: number, active: boolean | undefined, result: number): void {
  const output = held(guest, handle, OUT);
  const pin = output.opened as StatefulOutputPin;
  answerOf(guest, result, function () {
    if (active === undefined) pin.toggle();
    else pin.setState(active !== output.inverted);
    return 0;
  });
}

/** @param state `pin-state`: 0 is active */
export function gpioSetState(guest: Guest, handle: number, state: number, result: number): void {
  set(guest, handle, !state, result);
}

/** `set-active`: a `result<_, gpio-error>`. */
export function gpioSetActive(guest: Guest, handle: number, result: number): void {
  set(guest, handle, true, result);
}

/** `set-inactive`: a `result<_, gpio-error>`. */
export function gpioSetInactive(guest: Guest, handle: number, result: number): void {
  set(guest, handle, false, result);
}

/** `toggle`: a `result<_, gpio-error>`. */
export function gpioToggle(guest: Guest, handle: number, result: number): void {
  set(guest, handle, undefined, result);
}

/** @param wanted what makes the answer 1 */
function levelIs(guest: Guest, handle: number, wanted: boolean, result: number): void {
  const pin = held(guest, handle, IN);
  answerOf(guest, result, function () {
    return ((pin.opened as EdgePin).isHigh() !== pin.inverted) === wanted ? 1 : 0;
  });
}

/** `read`: a `pin-state`, 0 is active. */
export function gpioRead(guest: Guest, handle: number, result: number): void {
  levelIs(guest, handle, false, result);
}

/** `is-active`: a `result<bool, gpio-error>`. */
export function gpioIsActive(guest: Guest, handle: number, result: number): void {
  levelIs(guest, handle, true, result);
}

/** `is-inactive`: a `result<bool, gpio-error>`. */
export function gpioIsInactive(guest: Guest, handle: number, result: number): void {
  levelIs(guest, handle, false, result);
}

/** Stores a `digital-config`: label, `pin-mode`, `active-level`, and the resistor where there is one. */
function config(guest: Guest, handle: number, kind: string, result: number): void {
  const pin = held(guest, handle, kind);
  const grant = pin.grant!;
  const label = grant.path.substr(5);
  const pull = grant.pull === "up" ? 1 : grant.pull === "down" ? 1 | (1 << 8) : 0;
  const pointer = allocate(guest, 1, label.length);
  for (let i = 0; i < label.length; i++) guest.memory[pointer + i] = label.charCodeAt(i);
  answer(guest, result, [pointer, label.length, (kind === OUT ? 1 : 0) | (pin.inverted ? 1 << 8 : 0) | (pull << 16)]);
}

/** `digital-in-pin.get-config`: a `digital-config`. */
export function gpioConfigIn(guest: Guest, handle: number, result: number): void {
  config(guest, handle, IN, result);
}

/** `digital-out-pin.get-config`: a `digital-config`. */
export function gpioConfigOut(guest: Guest, handle: number, result: number): void {
  config(guest, handle, OUT, result);
}

/** What a pin that is both would do; none is granted, so there is no handle of it. */
export function gpioInOut(guest: Guest, handle: number): void {
  held(guest, handle, "digital-in-out-pin");
}

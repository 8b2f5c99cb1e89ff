import type { PinMode, SimulatedPin } from "../../board/index.js";
import { ScriptFault } from "../sandbox.js";
import type { NativeContext, Natives } from "./context.js";

const MODES: readonly string[] = [
  "analog",
  "input",
  "input_pullup",
  "input_pulldown",
  "output",
  "opendrain",
  "opendrain_pullup",
  "af_output",
  "af_opendrain",
];

/** Espruino's default for `analogWrite`. */
const PWM_HERTZ = 1000;

/**
 * Pins after `jshardware_common.c` and `jspin.c`: a native sets the mode that it needs, unless `pinMode` set it.
 */
export function pinNatives({ board, received }: NativeContext): Natives {
  /** Pins whose mode the script chose. */
  const manual = new Set<SimulatedPin>();
  const pin = (name: unknown) => board.pin(String(name));

  const write = (target: SimulatedPin, high: boolean) => {
    if (!manual.has(target) && target.mode !== "output") {
      target.write(high);
      target.setMode("output");
    } else target.write(high);
  };
  const read = (target: SimulatedPin) => {
    if (!manual.has(target) && target.mode !== "input") target.setMode("input");
    return target.read();
  };
  const has = (target: SimulatedPin, what: "adc" | "pwm") => target.profile.functions.includes(what);

  return {
    write: (name, high) => write(pin(name), Boolean(high)),
    read: (name) => read(pin(name)),
    output: (name) => pin(name).output,
    toggle: (name) => {
      const high = !pin(name).output;
      write(pin(name), high);
      return high;
    },
    pulse: (name, high) => {
      const bytes = received();
      const times = [...new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))];
      const target = pin(name);
      if (!manual.has(target)) target.setMode("output");
      const positive = times.filter((time) => time > 0).map((time) => time * 1000);
      if (positive.length > 0) target.pulse(Boolean(high), positive);
    },
    writeAtTime: (name, high, seconds) => {
      const delay = Number(seconds) * 1e6 - board.realtime();
      board.schedule(delay, () => write(pin(name), Boolean(high)));
    },
    analog: (name) => {
      const target = pin(name);
      if (!has(target, "adc")) return NaN;
      if (!manual.has(target)) target.setMode("analog");
      return target.convert();
    },
    pwm: (name, value, hertz) => {
      const target = pin(name);
      if (!has(target, "pwm")) throw new ScriptFault("Error", `Pin ${target.name} has no PWM output`);
      target.setPwm(Number(value), Number(hertz) > 0 ? Number(hertz) : PWM_HERTZ);
    },
    mode: (name, mode, automatic) => {
      const target = pin(name);
      if (MODES.includes(String(mode))) {
        if (automatic) manual.delete(target);
        else manual.add(target);
        target.setMode(mode as PinMode);
      } else {
        manual.delete(target);
        if (mode !== "auto") throw new ScriptFault("Error", "Unknown pin mode");
      }
    },
    getMode: (name) => pin(name).mode,
    isButton: (name) => pin(name).profile.part?.kind === "button",
    /** For watches: an input, unless the script chose otherwise. */
    listenMode: (name) => {
      const target = pin(name);
      if (!manual.has(target) && !target.mode.startsWith("input")) target.setMode("input");
    },
  };
}

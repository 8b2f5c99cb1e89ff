/** `/dev/pwm/<name>`: the duty cycle, written as text. */
import type { PwmOutput } from "../../../hal/contract/index.js";
import { INVAL } from "../errno.js";
import type { Descriptor } from "../guest.js";
import { FD_WRITE } from "../rights.js";
import { stream } from "../stream.js";
import { writeWhole } from "./text.js";

/** Takes a number from 0 to 1, such as `0.25`, with a newline or without; `inval` for what isn't one. */
export function openPwm(output: PwmOutput): Descriptor {
  const descriptor = stream(FD_WRITE);
  writeWhole(descriptor, function (bytes) {
    const duty = parseFloat(String.fromCharCode.apply(undefined, bytes.slice(0, 32)));
    if (!(duty >= 0 && duty <= 1)) return -INVAL;
    output.setDutyCycle(duty);
  });
  return descriptor;
}

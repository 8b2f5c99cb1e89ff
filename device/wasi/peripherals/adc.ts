/** `/dev/adc/<name>`: each read is a conversion. */
import type { AnalogInput } from "../../../hal/contract/index.js";
import type { Descriptor } from "../guest.js";
import { FD_READ } from "../rights.js";
import { stream } from "../stream.js";
import { readText } from "./text.js";

/** Reads as whole millivolts, and a newline. */
export function openAdc(input: AnalogInput): Descriptor {
  const descriptor = stream(FD_READ);
  readText(descriptor, function () {
    return Math.floor(input.readMillivolts() + 0.5);
  });
  return descriptor;
}

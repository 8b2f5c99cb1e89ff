import type { AnalogInput } from "../../contract/adc.js";
import { guard, PIN_FAULTS } from "./fault.js";
import type { NativeE, NativePin } from "./natives.js";

declare var E: NativeE;
declare var Pin: { new (name: string): NativePin };
declare function pinMode(pin: NativePin, mode: string): void;
declare function analogRead(pin: NativePin): number;

/**
 * An ADC input. `analogRead` gives a fraction of the reference, `E.getAnalogVRef` the reference, measured anew each
 * time since it is the supply on battery boards; 3,300 mV where the chip can't measure it.
 * @param name Espruino's name of the pin, e.g. `D28`
 * @throws HalError `Unsupported` when the board has no such pin
 */
export function openAnalogInput(name: string): AnalogInput {
  var pin = new Pin(name);
  guard(name, PIN_FAULTS, function () {
    pinMode(pin, "analog");
  });
  return {
    readMillivolts: function () {
      return guard(name, PIN_FAULTS, function () {
        return analogRead(pin) * 1000 * (E.getAnalogVRef() || 3.3);
      });
    },
  };
}

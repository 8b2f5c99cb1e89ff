import { halError } from "../../contract/error.js";
import type { Clock } from "../../contract/clock.js";
import type { Edge, EdgePin, InputPin, Pull, StatefulOutputPin } from "../../contract/digital.js";
import { guard, PIN_FAULTS } from "./fault.js";
import type { NativeEdge, NativePin } from "./natives.js";

declare var Pin: { new (name: string): NativePin };
declare function pinMode(pin: NativePin, mode: string): void;
declare function digitalRead(pin: NativePin): number;
declare function digitalWrite(pin: NativePin, value: number): void;
declare function getTime(): number;
declare function setWatch(
  handler: (edge: NativeEdge) => void,
  pin: NativePin,
  options: { repeat: boolean; edge: Edge; debounce: number },
): number | undefined;
declare function clearWatch(id: number): void;

function openPin(name: string, mode: string): NativePin {
  var pin = new Pin(name);
  guard(name, PIN_FAULTS, function () {
    pinMode(pin, mode);
  });
  return pin;
}

/**
 * An input.
 * @param name Espruino's name of the pin, e.g. `D28`
 * @throws HalError `Unsupported` when the board has no such pin
 */
export function openInput(name: string, pull: Pull): InputPin {
  return inputOf(openPin(name, pull === "none" ? "input" : "input_pull" + pull));
}

function inputOf(pin: NativePin): InputPin {
  return {
    isHigh: function () {
      return !!digitalRead(pin);
    },
    isLow: function () {
      return !digitalRead(pin);
    },
  };
}

/**
 * An input that tells of its edges, by `setWatch` without its debouncing.
 * Espruino's own queue holds edges until the event loop runs; when it overflows, the newest are lost.
 * @param clock whose monotonic time the edges are told in
 * @throws HalError `Unsupported` when the board has no such pin; `onEdge` throws it when the pin can't be watched,
 * e.g. because the STM32 watches another pin of the same number
 */
export function openEdge(name: string, pull: Pull, clock: Clock): EdgePin {
  var pin = openPin(name, pull === "none" ? "input" : "input_pull" + pull);
  var input = inputOf(pin) as EdgePin;
  input.onEdge = function (edge, handler) {
    var watch = setWatch(
      function (event) {
        handler(!!event.state, clock.monotonic() - (getTime() - event.time) * 1e6);
      },
      pin,
      { repeat: true, edge: edge, debounce: 0 },
    );
    if (watch === undefined) throw halError("Unsupported", name + ": this pin can't be watched");
    return function () {
      if (watch !== undefined) clearWatch(watch);
      watch = undefined;
    };
  };
  return input;
}

/**
 * An output. Where Espruino's board file calls a pin's part inverted, Espruino inverts what is written to it.
 * @param high what it is set to first
 * @throws HalError `Unsupported` when the board has no such pin
 */
export function openOutput(name: string, high: boolean): StatefulOutputPin {
  var pin = openPin(name, "output");
  function setState(state: boolean): void {
    high = state;
    digitalWrite(pin, high ? 1 : 0);
  }
  setState(high);
  return {
    setHigh: function () {
      setState(true);
    },
    setLow: function () {
      setState(false);
    },
    setState: setState,
    isSetHigh: function () {
      return high;
    },
    isSetLow: function () {
      return !high;
    },
    toggle: function () {
      setState(!high);
    },
  };
}

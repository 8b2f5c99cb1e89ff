import type { HalError } from "../../../hal/contract/index.js";
import type { SimulatedBoard } from "../../board/index.js";
import { type NativeFunction, type Primitive, ScriptFault } from "../sandbox.js";

/** What natives need: the board, bytes across the border, and a way into the script from the event loop. */
export interface NativeContext {
  readonly board: SimulatedBoard;
  /** Bytes that the script put for this call. */
  readonly received: () => Uint8Array;
  /** Bytes that the script will take; returns their number. */
  readonly give: (bytes: Uint8Array) => number;
  /** Calls one of `World.entries` as a task of its own: errors are reported, events and promises follow. */
  readonly enter: (entry: string, ...args: Primitive[]) => void;
}

export type Natives = Record<string, NativeFunction>;

/** Bytes as the script gives and takes them (`World.put`, `World.take`), and as natives use them. */
export function byteNatives(): { natives: Natives } & Pick<NativeContext, "received" | "give"> {
  let put = new Uint8Array();
  let given = new Uint8Array();
  return {
    natives: {
      push: (bytes) => {
        put = bytes as Uint8Array<ArrayBuffer>;
      },
      pull: () => given,
      charCodes: (text) => Uint8Array.from(String(text), (char) => char.charCodeAt(0)),
    },
    received: () => put,
    give: (bytes) => {
      given = new Uint8Array(bytes);
      return bytes.length;
    },
  };
}

/** Whether an error is one that hal/contract describes. */
export function isHalError(error: unknown): error is HalError {
  return error instanceof Error && typeof (error as Partial<HalError>).kind === "string";
}

/** Runs `action`; a fault of the hardware becomes the exception that Espruino throws there. */
export function withFaults<T>(
  action: () => T,
  message: (fault: HalError) => [name: "Error" | "InternalError", text: string],
): T {
  try {
    return action();
  } catch (error) {
    if (!isHalError(error)) throw error;
    throw new ScriptFault(...message(error));
  }
}

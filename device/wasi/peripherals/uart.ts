/** `/dev/uart/<name>`: a serial port. */
import type { Uart } from "../../../hal/contract/index.js";
import type { Descriptor } from "../guest.js";
import { FD_WRITE } from "../rights.js";
import { readFrom } from "../stream.js";
import { writeWhole } from "./text.js";

/** What comes is kept from the first read or poll on; `again` when the port can't take what is written. */
export function openUart(port: Uart): Descriptor {
  const descriptor = readFrom(FD_WRITE, function (handler) {
    return port.onData(function (bytes) {
      let text = "";
      for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i]);
      handler(text);
    });
  });
  writeWhole(descriptor, function (bytes) {
    port.write(bytes);
  });
  return descriptor;
}

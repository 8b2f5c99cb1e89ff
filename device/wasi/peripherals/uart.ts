/** `/dev/uart/<name>`: a serial port. */
import type { Uart } from "../../../hal/contract/index.js";
import type { Descriptor } from "../guest.js";
import { FD_WRITE } from "../rights.js";
import { readFrom, stream } from "../stream.js";
import { writeWhole } from "./text.js";

/** What comes is kept from the first read or poll on; `again` when the port can't take what is written. */
export function openUart(port: Uart): Descriptor {
  const descriptor = readFrom(stream(FD_WRITE), function (handler) {
    return port.onData(handler);
  });
  writeWhole(descriptor, function (bytes) {
    port.write(bytes);
  });
  return descriptor;
}

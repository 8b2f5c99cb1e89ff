import type { Uart, UartConfig } from "../../../hal/contract/index.js";
import type { SimulatedUart } from "../uart.js";

/** hal/contract's UART over a simulated serial port, which it sets up. */
export function uart(port: SimulatedUart, config: UartConfig): Uart {
  port.setup(config);
  return {
    write: (bytes) => port.write(bytes),
    onData: (handler) => port.onData(handler),
  };
}

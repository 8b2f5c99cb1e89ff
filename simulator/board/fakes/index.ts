export { analogInput } from "./adc.js";
export { boardClock } from "./clock.js";
export { inputPin, outputPin } from "./digital.js";
export { i2cController } from "./i2c.js";
export { pwmOutput } from "./pwm.js";
export { boardRandom } from "./random.js";
export { spiDevice } from "./spi.js";
export { uart } from "./uart.js";
export { boardWatchdog } from "./watchdog.js";

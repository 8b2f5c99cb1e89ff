export { openBme280 } from "./bme280.js";
export type { Bme280, Bme280Options, Bme280Reading, Oversampling } from "./bme280.js";
export { openButton } from "./button.js";
export type { Button, ButtonOptions } from "./button.js";
export { openLed } from "./led.js";
export type { Led, LedOptions } from "./led.js";

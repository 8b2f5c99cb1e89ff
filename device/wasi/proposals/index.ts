/** All functions of the hardware proposals, for engines that run on the host. */
export * from "./delay.js";
export * from "./gpio.js";
export * from "./gpio-watch.js";
export * from "./hardware.js";
export * from "./i2c.js";
export * from "./spi.js";

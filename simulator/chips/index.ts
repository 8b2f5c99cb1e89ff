/** Models of real parts for a simulated board. */
export { attachAnalogSource } from "./analog-source.js";
export type { AnalogSource, AnalogSourceOptions } from "./analog-source.js";
export { Bme280 } from "./bme280.js";
export type { Bme280Options, Bme280World } from "./bme280.js";
export { randomCalibration, TYPICAL_CALIBRATION } from "./bme280-calibration.js";
export type { Bme280Calibration } from "./bme280-calibration.js";
export { attachButton } from "./button.js";
export type { Button, ButtonOptions } from "./button.js";
export { attachLed } from "./led.js";
export type { Led, LedOptions } from "./led.js";
export type { Part, PropertyValue } from "./part.js";
export { attachSerialPeer } from "./serial-peer.js";
export type { SerialPeerOptions } from "./serial-peer.js";
export { makeSignal } from "./signal.js";
export type { Signal, SignalDescription } from "./signal.js";
export { attachSolderedParts } from "./soldered-parts.js";
export type { SolderedParts } from "./soldered-parts.js";

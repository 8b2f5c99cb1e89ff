/** `ristretto/hal/testing`: mocks for the unit tests of drivers, and the suite for ports and fakes. */
export { adcRead, mockAdc } from "./adc.js";
export { mockClock } from "./clock.js";
export type { MockClock } from "./clock.js";
export { describeConformance } from "./describe-conformance.js";
export { flashErase, flashProgram, flashRead, mockFlash } from "./flash.js";
export type { FlashGeometry } from "./flash.js";
export { i2cRead, i2cWrite, i2cWriteRead, mockI2c } from "./i2c.js";
export { mockOutputPin, mockPin, pinGet, pinSet } from "./pin.js";
export type { MockPin } from "./pin.js";
export { mockPwm, pwmDuty, pwmFrequency } from "./pwm.js";
export { mockSequence, Sequence } from "./sequence.js";
export type { Mock, Steps } from "./sequence.js";
export { mockSpi, spiRead, spiTransfer, spiWrite, spiWriteRead } from "./spi.js";
export { anyOrder, fails, on } from "./step.js";
export type { Call, Group, Step } from "./step.js";
export { mockUart, uartWrite } from "./uart.js";
export type { MockUart } from "./uart.js";
export * from "./conformance/index.js";

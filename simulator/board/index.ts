/** A board on the desk: pins, buses, flash and power, and fakes of hal/contract over them. */
export { BoardReset, PowerLoss, ProcessorStopped } from "./board-host.js";
export type { BoardHost } from "./board-host.js";
export type { Energy } from "./energy-meter.js";
export type { BoardEvent, BoardHappening, BusSegment } from "./events.js";
export { memoryBacking } from "./flash-backing.js";
export type { FlashBacking } from "./flash-backing.js";
export type { I2cBus, I2cFault, I2cTarget } from "./i2c-bus.js";
export type { BlockDefect, FlashCounters, FlashGeometry, FlashRegion, NorFlash } from "./nor-flash.js";
export type { PinLevel, PinMode, PinSource, SimulatedPin } from "./pin.js";
export type { PowerCutPlan } from "./power-cut.js";
export { flashGeometry, SimulatedBoard } from "./simulated-board.js";
export type { SimulatedBoardOptions } from "./simulated-board.js";
export type { SpiBus, SpiTarget } from "./spi-bus.js";
export { loopback } from "./uart.js";
export type { SimulatedUart, UartPeer } from "./uart.js";
export { describeFlashImage, loadFlashImage, openFlashImage, saveFlashImage } from "./flash-image.js";
export type { FlashImage, FlashImageDescription, LoadedFlashImage } from "./flash-image.js";

/** Engines: where device code runs. */
export { VERSION } from "./boot.js";
export type { BootReason } from "./boot.js";
export { crc32 } from "./crc32.js";
export { describeThrown } from "./errors.js";
export { Espruino } from "./espruino.js";
export type { ConsolePort, EspruinoExtension, EspruinoOptions, Evaluation } from "./espruino-options.js";
export type { MemoryEstimate } from "./memory-estimate.js";
export { ProcessorFault } from "./processor/processor-fault.js";
export type { ProcessorCounters } from "./processor/processor.js";
export { runImage } from "./run-image.js";
export type { RunEnd, RunImageOptions, RunImageResult } from "./run-image.js";
export type { StackFrame, Thrown } from "./sandbox.js";
export { StorageArea, StorageError } from "./storage-area.js";
export type { FileHeader, StorageFlash, StorageGeometry, StorageStatistics } from "./storage-area.js";

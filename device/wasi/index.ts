/**
 * All of preview 1, for engines that run on the host. A bundle for a board imports the files of the calls that its
 * module needs (`calls.ts` names them), never this one.
 */
export * from "./args.js";
export { CALLS, MODULE, type Call, type ValueType } from "./calls.js";
export { clock_res_get, clock_time_get } from "./clock.js";
export { closedInput, inputStream, outputStream } from "./console.js";
export { closeDescriptors } from "./descriptor.js";
export * from "./environ.js";
export * from "./fd-directory.js";
export * from "./fd-file.js";
export * from "./fd-position.js";
export * from "./fd-read.js";
export * from "./fd-state.js";
export * from "./fd-write.js";
export type { Descriptor, Exit, Guest, Tree } from "./guest.js";
export * from "./path-entries.js";
export * from "./path-filestat.js";
export * from "./path-links.js";
export * from "./path-open.js";
export * from "./poll.js";
export { openDirectory } from "./preopen.js";
export * from "./process.js";
export * from "./random.js";
export * from "./socket.js";

/** A simulated board's console: Espruino's prompt and packets, on a PTY and on TCP. */
export { BoardConsole } from "./board-console.js";
export type { BoardConsoleOptions } from "./board-console.js";
export { Prompt } from "./prompt.js";
export { openPty } from "./pty.js";
export { openTcp } from "./tcp.js";
export type { TcpOptions } from "./tcp.js";
export type { Transport } from "./transport.js";

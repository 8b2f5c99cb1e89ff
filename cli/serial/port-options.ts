import type { Command } from "commander";

/** Which board to talk to. */
export interface PortOptions {
  readonly port: string;
  readonly baud: string;
}

/** The options of every command that talks to one board. */
export function withPort(command: Command): Command {
  return command
    .requiredOption("--port <port>", "the board: /dev/ttyACM0, COM4, tcp://host:port")
    .option("--baud <rate>", "bits a second of a serial line; USB and TCP don't care", "9600");
}

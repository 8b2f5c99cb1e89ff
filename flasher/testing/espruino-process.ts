/**
 * The real Espruino interpreter under a PTY, as a transport. Its Storage is the file `espruino.flash` in a folder of
 * its own; `powerCycle` ends the process at once, as pulling the plug does, and starts it again on the same flash.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn, type IPty } from "@lydell/node-pty";
import type { Transport } from "../transport/transport.js";

/** Path of the interpreter, from `ESPRUINO`. */
export const ESPRUINO = process.env.ESPRUINO;

/** The interpreter, as a board at the end of a line. */
export interface EspruinoProcess extends Transport {
  /** Ends the process (SIGKILL) and starts it again on the same flash. */
  powerCycle(): Promise<void>;
  /** What the console printed since the last call, one char a byte. */
  console(): string;
  /** Folder with `espruino.flash`. */
  readonly folder: string;
  /** Ends the process and removes its folder. */
  dispose(): Promise<void>;
}

/**
 * Starts the interpreter with an empty flash.
 * @param binary its path
 */
export async function startEspruino(binary: string): Promise<EspruinoProcess> {
  const folder = await mkdtemp(join(tmpdir(), "espruino-"));
  let process: IPty;
  let exited: Promise<void>;
  let listener: (bytes: Uint8Array) => void = () => {};
  let onLost: (error: Error) => void = () => {};
  let seen = "";
  let stopping = false;

  const start = (): void => {
    stopping = false;
    process = spawn(binary, [], { cwd: folder, encoding: null, cols: 200, rows: 50 });
    const current = process;
    current.onData((data) => {
      const bytes = data as unknown as Buffer;
      seen = (seen + bytes.toString("latin1")).slice(-200_000);
      listener(bytes);
    });
    exited = new Promise((resolve) =>
      current.onExit(() => {
        if (!stopping) onLost(new Error("the interpreter ended"));
        resolve();
      }),
    );
  };
  const stop = async (): Promise<void> => {
    stopping = true;
    process.kill("SIGKILL");
    await exited;
  };
  start();

  return {
    folder,
    open: async () => {},
    close: async () => {},
    write: async (bytes) => process.write(Buffer.from(bytes) as unknown as string),
    onData: (next) => void (listener = next),
    onLost: (next) => void (onLost = next),
    describe: () => "espruino",
    console() {
      const text = seen;
      seen = "";
      return text;
    },
    async powerCycle() {
      await stop();
      start();
    },
    async dispose() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

import { readFile, stat } from "node:fs/promises";
import { SerialPort } from "serialport";
import { FlasherError } from "../error.js";
import { listPorts } from "./port-list.js";
import type { Transport } from "./transport.js";

/** Espruino's rate on a UART; USB and PTYs ignore it. */
const DEFAULT_BAUD_RATE = 115200;

/**
 * A serial port: a USB or UART device, a PTY, or a symbolic link to either. It is locked (flock) while open, so that
 * two programs can't mix their bytes.
 * @param path as the system names it, `/dev/ttyACM0`, `/dev/pts/3`, `COM4`
 * @param baudRate bits a second
 */
export function serialTransport(path: string, baudRate: number = DEFAULT_BAUD_RATE): Transport {
  let port: SerialPort | undefined;
  let lost: FlasherError | undefined;
  let onData: (bytes: Uint8Array) => void = () => {};
  let onLost: (error: Error) => void = () => {};

  const lose = (why: string): FlasherError => {
    if (!lost) {
      lost = new FlasherError(
        "port-lost",
        `${path}: ${why}`,
        "See cable and power, and flash again: it goes on from there.",
      );
      if (port) onLost(lost);
    }
    return lost;
  };

  return {
    async open() {
      const opening = new SerialPort({ path, baudRate, autoOpen: false, lock: true });
      try {
        await new Promise<void>((resolve, reject) => opening.open((error) => (error ? reject(error) : resolve())));
      } catch (error) {
        throw await explainOpening(path, error as Error);
      }
      port = opening;
      opening.on("data", (chunk: Buffer) => onData(chunk));
      opening.on("error", (error: Error) => lose(error.message));
      opening.on("close", (error?: Error | null) => lose(error ? "the port went away" : "the port was closed"));
      await raiseControlLines(opening);
    },
    write: (bytes) =>
      new Promise((resolve, reject) => {
        const open = port;
        if (!open || lost || !open.isOpen) return reject(lost ?? lose("the port is not open"));
        const failed = (error: Error) => reject(lose(error.message));
        open.write(Buffer.from(bytes), undefined, (error) => {
          if (error) failed(error);
          else open.drain((drainError) => (drainError ? failed(drainError) : resolve()));
        });
      }),
    onData: (listener) => void (onData = listener),
    onLost: (listener) => void (onLost = listener),
    async close() {
      const closing = port;
      port = undefined;
      onLost = () => {};
      if (!closing?.isOpen) return;
      await new Promise<void>((resolve) => closing.close(() => resolve()));
    },
    describe: () => path,
  };
}

/** Boards with native USB send nothing until DTR is raised. A PTY has no such lines and says ENOTTY: that is fine. */
function raiseControlLines(port: SerialPort): Promise<void> {
  return new Promise((resolve) => port.set({ dtr: true, rts: true }, () => resolve()));
}

/**
 * Why a port did not open, from what the system said.
 * @param error whose message is serialport's
 */
export async function explainOpening(path: string, error: Error): Promise<FlasherError> {
  const text = error.message;
  if (/cannot lock|temporarily unavailable|busy|access denied/i.test(text)) {
    return new FlasherError(
      "port-busy",
      `${path} is in use by another program`,
      "Close the terminal, IDE or other flasher that has it open.",
    );
  }
  if (/permission denied|EACCES/i.test(text)) {
    const group = await groupOf(path);
    return new FlasherError(
      "port-denied",
      `${path}: permission denied${group ? `; it belongs to group ${group}` : ""}`,
      `Join the group with \`sudo usermod -aG ${group ?? "dialout"} $USER\`, then log out and in again.`,
    );
  }
  if (/no such file|ENOENT|file not found|ENXIO|ENODEV|no such device/i.test(text)) {
    const ports = (await listPorts()).map((port) => port.path);
    return new FlasherError(
      "port-missing",
      `${path} does not exist`,
      ports.length > 0
        ? `Ports that exist: ${ports.join(", ")}.`
        : "No serial port exists: plug the board in, with a cable that carries data, not only power.",
    );
  }
  if (/ENOTTY|inappropriate ioctl|not a (character|serial)/i.test(text)) {
    return new FlasherError(
      "port-missing",
      `${path} is not a serial port`,
      "Give a serial device, or tcp://host:port.",
    );
  }
  return new FlasherError("port-missing", `${path} can't be opened: ${text}`, "Plug the board in again, and retry.");
}

/** Name of the group that owns a device, if the system can tell. */
async function groupOf(path: string): Promise<string | undefined> {
  try {
    const [{ gid }, groups] = await Promise.all([stat(path), readFile("/etc/group", "latin1")]);
    return groups
      .split("\n")
      .map((line) => line.split(":"))
      .find((fields) => Number(fields[2]) === gid && fields[2] !== "")?.[0];
  } catch {
    return undefined;
  }
}

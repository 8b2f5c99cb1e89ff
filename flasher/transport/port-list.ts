import { readdir } from "node:fs/promises";
import { SerialPort } from "serialport";

/** A serial port that exists on this computer. */
export interface ListedPort {
  /** What to give to `--port`. */
  readonly path: string;
  /** Who made what is plugged in, if the system knows. */
  readonly manufacturer?: string;
}

/**
 * The serial ports that exist. Where the system can't be asked (serialport needs `udevadm` on Linux), the names of
 * USB and on-board serial devices in `/dev` are taken instead. PTYs are never listed.
 */
export async function listPorts(): Promise<ListedPort[]> {
  try {
    const ports = await SerialPort.list();
    return ports.map(({ path, manufacturer }) => (manufacturer ? { path, manufacturer } : { path }));
  } catch {
    const names = await readdir("/dev").catch(() => [] as string[]);
    return names
      .filter((name) => /^(tty(ACM|USB|AMA|THS)\d|cu\.(usb|wch|SLAB))/.test(name))
      .sort()
      .map((name) => ({ path: `/dev/${name}` }));
  }
}

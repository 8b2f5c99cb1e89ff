import { lstatSync, readlinkSync, readSync, symlinkSync, unlinkSync, writeSync } from "node:fs";
import type { ReadStream } from "node:tty";
import { SerialPort } from "serialport";
import { keep, type Transport, wouldWait } from "./transport.js";

/** A pseudo-terminal without a process; node-pty has it, its types don't. */
interface OpenTerminal {
  readonly _master: ReadStream;
  readonly _slave: ReadStream;
  readonly _fd: number;
  readonly _pty: string;
}

/** Milliseconds until the next attempt to write to a terminal whose buffer is full. */
const RETRY_MILLISECONDS = 5;

/**
 * A pseudo-terminal that programs open as they open a board's serial port.
 * @param link a symbolic link to make for it, in place of one that is there; removed at the end
 * Throws an `Error` that says how to mend it.
 */
export async function openPty(link?: string): Promise<Transport> {
  if (link !== undefined) clearLink(link);
  const terminal = (await loadTerminals()).open({ cols: 80, rows: 24, encoding: null });
  const { _master: master, _slave: slave, _fd: fd, _pty: path } = terminal;
  // Somebody must hold the other end, or the terminal breaks when a client leaves; but node-pty's own stream would
  // read what is the client's. serialport's binding holds it without reading, and takes all line processing off.
  const holder = await SerialPort.binding.open({ path, baudRate: 115200, lock: false });
  await closed(slave);
  if (link !== undefined) symlinkSync(path, link);

  let handler: (bytes: Uint8Array) => void = () => {};
  let waiting = new Uint8Array();
  let retry: NodeJS.Timeout | undefined;
  const buffer = new Uint8Array(4096);

  const flush = () => {
    clearTimeout(retry);
    retry = undefined;
    try {
      while (waiting.length > 0) waiting = waiting.slice(writeSync(fd, waiting));
    } catch (error) {
      if (!wouldWait(error)) throw error;
      retry = setTimeout(flush, RETRY_MILLISECONDS);
      retry.unref();
    }
  };
  const write = (bytes: Uint8Array) => {
    waiting = keep(waiting, bytes) as Uint8Array<ArrayBuffer>;
    flush();
  };
  const poll = () => {
    try {
      for (let count = readSync(fd, buffer); count > 0; count = readSync(fd, buffer)) handler(buffer.slice(0, count));
    } catch (error) {
      if (!wouldWait(error)) throw error;
    }
    if (waiting.length > 0) flush();
  };

  master.on("data", (data: Buffer) => handler(new Uint8Array(data)));
  master.resume();
  return {
    address: link ?? path,
    write,
    poll,
    onData: (next) => {
      handler = next;
    },
    close: async () => {
      clearTimeout(retry);
      if (link !== undefined) removeLink(link, path);
      await holder.close();
      await closed(master);
    },
  };
}

async function loadTerminals(): Promise<{ open(options: object): OpenTerminal }> {
  if (process.platform === "win32")
    throw new Error("Pseudo-terminals don't exist on Windows. Connect over TCP instead: --tcp <port>");
  const { default: nodePty } = await import("@lydell/node-pty");
  return nodePty as unknown as { open(options: object): OpenTerminal };
}

/** Takes a link of an earlier run away; anything else stays. */
function clearLink(link: string): void {
  const existing = lstatSync(link, { throwIfNoEntry: false });
  if (existing && !existing.isSymbolicLink())
    throw new Error(`${link} exists and isn't a symbolic link. Choose another name for the terminal, or remove it.`);
  if (existing) unlinkSync(link);
}

function removeLink(link: string, path: string): void {
  if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() && readlinkSync(link) === path) unlinkSync(link);
}

function closed(stream: ReadStream): Promise<void> {
  return new Promise((resolve) => {
    stream.once("close", () => resolve());
    stream.on("error", () => {});
    stream.destroy();
  });
}

import { readSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { type Transport, wouldWait } from "./transport.js";

/** Where a board's console listens. */
export interface TcpOptions {
  /** 0 takes any that is free. */
  readonly port: number;
  /** `127.0.0.1` when absent: only this machine. A board's prompt has no password. */
  readonly host?: string;
}

/**
 * A server that gives the prompt to whoever connects, as a board on a network does; all that are connected share it.
 * Throws an `Error` that names the port if it is taken.
 */
export async function openTcp({ port, host = "127.0.0.1" }: TcpOptions): Promise<Transport> {
  const sockets = new Set<Socket>();
  let handler: (bytes: Uint8Array) => void = () => {};
  const buffer = new Uint8Array(4096);

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("data", (data) => handler(new Uint8Array(data as Buffer)));
    // A client that goes away in the middle is no fault of the board.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new Error(`Port ${port} on ${host} is taken. Choose another one, or 0 for any that is free.`)
          : error,
      ),
    );
    server.listen(port, host, resolve);
  });
  const bound = server.address() as AddressInfo;

  return {
    address: `tcp://${bound.family === "IPv6" ? `[${bound.address}]` : bound.address}:${bound.port}`,
    write: (bytes) => {
      for (const socket of sockets) socket.write(bytes);
    },
    poll: () => {
      for (const socket of sockets) {
        const fd = descriptor(socket);
        if (fd !== undefined) drain(fd, buffer, handler);
      }
    },
    onData: (next) => {
      handler = next;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** The socket's file descriptor where Node has one; undefined on Windows, where Ctrl-C waits for the script's end. */
function descriptor(socket: Socket): number | undefined {
  const fd = (socket as unknown as { _handle?: { fd?: number } | null })._handle?.fd;
  return fd !== undefined && fd >= 0 ? fd : undefined;
}

function drain(fd: number, buffer: Uint8Array, handler: (bytes: Uint8Array) => void): void {
  try {
    for (let count = readSync(fd, buffer); count > 0; count = readSync(fd, buffer)) handler(buffer.slice(0, count));
  } catch (error) {
    // A connection that is gone tells so by its `close` event.
    if (!wouldWait(error) && (error as NodeJS.ErrnoException).code !== "ECONNRESET") throw error;
  }
}

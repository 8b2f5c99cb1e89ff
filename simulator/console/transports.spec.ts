import { lstatSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SerialPort } from "serialport";
import { generic } from "../../hal/boards/index.js";
import { SimulatedBoard } from "../board/index.js";
import { VirtualClock } from "../core/virtual-clock.js";
import { BoardConsole } from "./board-console.js";
import { openPty } from "./pty.js";
import { openTcp } from "./tcp.js";

/** Gathers what a stream gives and waits for words in it. */
function reader(stream: NodeJS.ReadableStream) {
  let text = "";
  let wake = () => {};
  stream.on("data", (data: Buffer) => {
    text += data.toString("latin1");
    wake();
  });
  return {
    async until(words: string): Promise<string> {
      while (!text.includes(words)) await new Promise<void>((resolve) => (wake = resolve));
      const end = text.indexOf(words) + words.length;
      const found = text.slice(0, end);
      text = text.slice(end);
      return found;
    },
  };
}

async function start() {
  const board = new SimulatedBoard({ profile: generic, clock: new VirtualClock(), seed: 1 });
  const console = await BoardConsole.create({ board });
  console.espruino.powerOn();
  return console;
}

const onUnix = process.platform === "win32" ? it.skip : it;

describe("a board's console on the wire", () => {
  it("talks over TCP, and Ctrl-C ends a script that never would", async () => {
    const console = await start();
    const transport = await openTcp({ port: 0 });
    console.attach(transport);
    const client = connect(Number(new URL(transport.address).port), "127.0.0.1");
    const answers = reader(client);
    client.write("6*7\n");
    expect(await answers.until(">")).toBe("6*7\r\n=42\r\n>");
    // The process is busy from the first line on: only `poll` can see the Ctrl-C.
    client.write("while(1);\n");
    client.write("\x03");
    expect(await answers.until(">")).toBe("while(1);\r\nExecution Interrupted\r\n>");
    client.destroy();
    await console.close();
  });

  onUnix("is a serial port at the end of a link", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ristretto-"));
    const link = join(folder, "board");
    const console = await start();
    console.attach(await openPty(link));
    for (const expression of ["1+1", "'again'"]) {
      const port = new SerialPort({ path: link, baudRate: 115200 });
      const answers = reader(port);
      port.write(`\x10print(${expression})\n`);
      expect(await answers.until(">")).toBe(expression === "1+1" ? "2\r\n>" : "again\r\n>");
      await new Promise<void>((resolve) => port.close(() => resolve()));
    }
    await console.close();
    expect(lstatSync(link, { throwIfNoEntry: false })).toBeUndefined();
    rmSync(folder, { recursive: true });
  });

  onUnix("leaves alone what isn't a link, and says so", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ristretto-"));
    await expect(openPty(folder)).rejects.toThrow("exists and isn't a symbolic link");
    rmSync(folder, { recursive: true });
  });

  it("names the port that is taken", async () => {
    const transport = await openTcp({ port: 0 });
    const port = Number(new URL(transport.address).port);
    await expect(openTcp({ port })).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken`);
    await transport.close();
  });
});

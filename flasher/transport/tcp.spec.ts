import { createServer, type AddressInfo, type Server } from "node:net";
import { PassThrough } from "node:stream";
import { console as attach } from "../session/console.js";
import { perform } from "../session/perform.js";
import { newSession } from "../session/session.js";
import { flashOperation } from "../slots/flash.js";
import { FakeBoard } from "../testing/fake-board.js";
import { fastClock } from "../testing/pty-board.js";
import { transportFor } from "./address.js";

const program = { name: "blink", source: Buffer.from('print("I am blink")') };

describe("a board behind TCP", () => {
  let server: Server;
  const listen = async (board: FakeBoard, closeAfter = Infinity): Promise<string> => {
    let received = 0;
    server = createServer((socket) => {
      socket.on("data", (chunk) => {
        board.input(chunk);
        socket.write(Buffer.from(board.take(), "latin1"));
        received += chunk.length;
        if (received > closeAfter) socket.destroy();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  test("is flashed as one behind a serial port is, and its console follows on the same connection", async () => {
    const board = new FakeBoard();
    const port = transportFor(await listen(board));
    await port.open();
    const report = await perform(port, flashOperation(newSession("tcp", "tcp"), program, {}), { clock: fastClock(20) });
    expect(report.state).toBe("proving");

    const input = new PassThrough();
    const output = new PassThrough();
    const attached = attach(port, { input, output });
    input.write("1+2\n");
    let shown = "";
    while (!shown.includes("=3")) shown += String((await output.iterator({ destroyOnReturn: false }).next()).value);
    input.write("typed\x1dnever sent");
    await attached;
    expect(shown).toContain("1+2\r\n=3\r\n>");
    await port.close();
  });

  test("is told to stop its program after Ctrl-C, once it has cleared its line", async () => {
    const board = new FakeBoard();
    const typed: string[] = [];
    const take = board.input.bind(board);
    board.input = (chunk) => {
      typed.push(Buffer.from(chunk).toString("latin1"));
      take(chunk);
    };
    const port = transportFor(await listen(board));
    await port.open();
    const input = new PassThrough();
    const attached = attach(port, { input, output: new PassThrough(), stopAfter: 50 });
    input.write("\x03");
    while (typed.length < 2) await new Promise((resolve) => setImmediate(resolve));
    input.end();
    await attached;
    expect(typed).toEqual(["\x03", "\x10global.ristretto&&ristretto.stop()\n"]);
    await port.close();
  });

  test("that hangs up in the middle is lost", async () => {
    const port = transportFor(await listen(new FakeBoard(), 2000));
    await port.open();
    const flashing = perform(port, flashOperation(newSession("tcp", "cut"), program, {}), { clock: fastClock(20) });
    await expect(flashing).rejects.toMatchObject({ kind: "port-lost" });
    await port.close();
  });

  test("that isn't there is told with the mend", async () => {
    const address = await listen(new FakeBoard());
    await new Promise((resolve) => server.close(resolve));
    await expect(transportFor(address).open()).rejects.toMatchObject({
      kind: "port-missing",
      message: `${address}: nothing listens there. Start the board or simulator that should listen there, or correct host and port.`,
    });
  });
});

describe("an address", () => {
  test.each(["tcp://", "tcp://host", "tcp://host:0", "tcp://host:99999", "http://host:80", "tcp://h:1/x", ""])(
    "%j is refused as wrong usage",
    (address) => {
      expect(() => transportFor(address)).toThrow(
        expect.objectContaining({ kind: "port-address", exitCode: 2 }) as Error,
      );
    },
  );

  test.each([
    ["tcp://localhost:2323", "tcp://localhost:2323"],
    ["tcp://[::1]:23", "tcp://[::1]:23"],
    ["/dev/ttyACM0", "/dev/ttyACM0"],
    ["COM4", "COM4"],
  ])("%s means %s", (address, described) => {
    expect(transportFor(address).describe()).toBe(described);
  });
});

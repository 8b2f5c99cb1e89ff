import { spawn } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FlasherError } from "../error.js";
import { connect } from "../session/connect.js";
import { perform } from "../session/perform.js";
import { newSession } from "../session/session.js";
import { flashOperation } from "../slots/flash.js";
import { FakeBoard } from "../testing/fake-board.js";
import { boardOnPty, fastClock, type PtyBoard } from "../testing/pty-board.js";
import { explainOpening, serialTransport } from "./serial.js";

const program = { name: "blink", source: Buffer.from('print("I am blink")') };

describe("a serial port", () => {
  let folder: string;
  let pty: PtyBoard | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "flasher-"));
  });
  afterEach(async () => {
    pty?.dispose();
    pty = undefined;
    await rm(folder, { recursive: true });
  });

  test("that is a symbolic link to a PTY carries a whole flash", async () => {
    const board = new FakeBoard();
    pty = boardOnPty(board);
    const link = join(folder, "board");
    await symlink(pty.path, link);
    const port = serialTransport(link);
    await port.open();
    const report = await perform(port, flashOperation(newSession(link, "pty"), program, {}), { clock: fastClock(20) });
    expect(report).toMatchObject({ slot: "a", state: "proving" });
    expect(board.storage.list()).toEqual(["ristretto-a", ".bootcde"]);
    await port.close();
    await port.close();
  });

  test("that another program has open is busy", async () => {
    pty = boardOnPty(new FakeBoard());
    const first = serialTransport(pty.path);
    await first.open();
    await expect(serialTransport(pty.path).open()).rejects.toMatchObject({
      kind: "port-busy",
      message: `${pty.path} is in use by another program. Close the terminal, IDE or other flasher that has it open.`,
    });
    await first.close();
    const second = serialTransport(pty.path);
    await second.open();
    await second.close();
  });

  test("that isn't there is told, with those that are", async () => {
    const error = await serialTransport("/dev/ttyNothing")
      .open()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: "port-missing", exitCode: 1 });
    expect((error as FlasherError).message).toMatch(
      /^\/dev\/ttyNothing does not exist\. (Ports that exist|No serial port)/,
    );
  });

  test("that is an ordinary file is told", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    await expect(serialTransport(file).open()).rejects.toMatchObject({
      kind: "port-missing",
      what: `${file} is not a serial port`,
    });
  });

  test("that isn't ours to open names the group to join", async () => {
    const error = await explainOpening("/dev/null", new Error("Error: Permission denied, cannot open /dev/null"));
    expect(error.kind).toBe("port-denied");
    expect(error.message).toMatch(/belongs to group \w+\. Join the group with `sudo usermod -aG \w+ \$USER`/);
  });

  test("that is unplugged in the middle ends the conversation at once", async () => {
    const path = await ptyThatGoesAway();
    const port = serialTransport(path);
    await port.open();
    const connecting = perform(port, connect(newSession(path, "gone")), { clock: fastClock(1) });
    await expect(connecting).rejects.toMatchObject({ kind: "port-lost", exitCode: 1 });
    await expect(port.write(Buffer.from("more"))).rejects.toMatchObject({ kind: "port-lost" });
    await port.close();
  });
});

/** A PTY held by a process that ends at the first byte it gets; its path. */
function ptyThatGoesAway(): Promise<string> {
  const script = `const pair = require("@lydell/node-pty").open({ cols: 80, rows: 24, encoding: null });
    pair.slave.pause();
    pair.master.on("data", () => process.exit());
    console.log(pair.ptsName);`;
  const holder = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    holder.stdout.once("data", (line: Buffer) => resolve(line.toString().trim()));
    holder.once("error", reject);
  });
}

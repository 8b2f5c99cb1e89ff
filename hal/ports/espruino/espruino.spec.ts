import { spawn as spawnProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { spawn as spawnTerminal } from "@lydell/node-pty";
import { rollup } from "rollup";
import type { Plugin } from "rollup";
import { minify } from "terser";
import ts from "typescript";
import { declareEarlyVariables } from "../../../device/image/variable-hoisting.js";

/**
 * The port on a real interpreter: Espruino's own Linux build, which has a console, clock, random numbers, CRC, timers and
 * a flash file, but no pins. `ESPRUINO=<path> npm test -- hal/ports/espruino`.
 */
const ESPRUINO = process.env.ESPRUINO;
const ROOM = resolve("hal/ports/espruino");
const CONFORMANCE = resolve("hal/testing/conformance/index.ts");
const onEspruino = ESPRUINO ? describe : describe.skip;

if (!ESPRUINO) console.log("Skipped on the real interpreter: set ESPRUINO to the path of a Linux build.");

onEspruino("on Espruino", () => {
  let folder: string;
  let close = () => {};
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "espruino-"));
  });
  afterEach(() => {
    close();
    close = () => {};
    rmSync(folder, { recursive: true });
  });

  it.each([
    ["crc32", "crc32Conformance", "crc32.ts", "crc32"],
    ["random", "randomConformance", "random.ts", "random"],
    ["clock", "clockConformance", "clock.ts", "openClock()"],
  ])("%s conforms", async (_name, suite, file, subject) => {
    const name = subject.replace("()", "");
    const lines = await report(
      `import { ${name} } from "${ROOM}/${file}";
       import { ${suite}, runCases } from "${CONFORMANCE}";
       var subject = ${subject};
       runCases(${suite}, function () { return subject; }, tell, end);`,
    );
    expect(lines.filter((line) => line.fault !== undefined)).toEqual([]);
    expect(lines.length).toBeGreaterThan(1);
  });

  it("flash conforms, in pages set aside inside Storage", async () => {
    const lines = await report(
      `import { openFlash } from "${ROOM}/flash.ts";
       import { reserveFlash } from "${ROOM}/reserved-flash.ts";
       import { flashConformance, runCases } from "${CONFORMANCE}";
       require("Storage").eraseAll();
       var flash = openFlash(reserveFlash("ristretto", 4096));
       runCases(flashConformance, function () { return flash; }, tell, end);`,
    );
    expect(lines.filter((line) => line.fault !== undefined)).toEqual([]);
    expect(lines.length).toBeGreaterThan(1);
  });

  it("keeps what was set aside where it is while Storage compacts, and finds it again", async () => {
    const lines = await report(
      `import { openFlash, freeAreas } from "${ROOM}/flash.ts";
       import { reserveFlash, reservedArea } from "${ROOM}/reserved-flash.ts";
       import { check, checkBytes, checkSame } from "${CONFORMANCE}";
       var storage = require("Storage");
       storage.eraseAll();
       checkSame(freeAreas(1).length, 0, "areas outside Storage, which is all of the flash");
       checkSame(reservedArea("ristretto"), undefined, "an area before one is set aside");
       var area = reserveFlash("ristretto", 5000);
       checkSame(area.length, 5 * 1024, "bytes, in whole pages");
       var flash = openFlash(area);
       for (var at = 0; at < flash.size; at += 4) flash.program(at, new Uint8Array([at, at >> 8, 7, 7]));
       storage.write("a", "first");
       storage.write("b", "stays");
       storage.erase("a");
       storage.compact();
       checkSame(storage.read("b"), "stays", "another file");
       var again = openFlash(reservedArea("ristretto"));
       for (at = 0; at < flash.size; at += 4) checkBytes(again.read(at, 4), [at & 255, at >> 8, 7, 7], "at " + at);
       try { reserveFlash("other", 1); check(false, "set aside in a Storage that isn't empty"); }
       catch (fault) { checkSame(fault.message, "flash: erase Storage first, it isn't empty", "the fault"); }
       tell({ name: "over" });`,
    );
    expect(lines).toEqual([{ name: "over" }]);
  });

  it("keeps files in what was set aside where nothing else is free, and says what to do where nothing was", async () => {
    const lines = await report(
      `import { openFileFlash, RESERVED_FILE } from "${ROOM}/file-flash.ts";
       import { reserveFlash } from "${ROOM}/reserved-flash.ts";
       require("Storage").eraseAll();
       try { openFileFlash(); } catch (fault) { tell({ name: fault.kind, fault: fault.message }); }
       reserveFlash(RESERVED_FILE, 3000);
       tell({ name: "bytes " + openFileFlash().size });`,
    );
    expect(lines).toEqual([
      {
        name: "Unsupported",
        fault: "flash: none for files; `ristretto flash` sets it aside in Storage",
      },
      { name: "bytes 3072" },
    ]);
  });

  it("takes a leap of the date out of monotonic time, and stands still when set back", async () => {
    // Linux ignores setTime, so the board's clock is played.
    const lines = await report(
      `import { openClock } from "${ROOM}/clock.ts";
       import { checkSame } from "${CONFORMANCE}";
       var seconds = 100;
       global.getTime = function () { return seconds; };
       global.setTime = function (to) { seconds = to; };
       var clock = openClock();
       checkSame(clock.monotonic(), 100e6, "at first");
       setTime(1.7e9);
       checkSame(clock.monotonic(), 100e6, "after a leap forward");
       checkSame(clock.realtime(), 1.7e15, "real time");
       seconds += 1;
       checkSame(clock.monotonic(), 101e6, "a second later");
       seconds -= 3600;
       checkSame(clock.monotonic(), 101e6, "after somebody else set it back");
       seconds += 2;
       checkSame(clock.monotonic(), 103e6, "two seconds later");
       tell({ name: "over" });`,
    );
    expect(lines).toEqual([{ name: "over" }]);
  });

  it.each([
    ["digital.ts", "openOutput", 'openOutput("Q9", false)', "Q9: Invalid pin"],
    ["digital.ts", "openInput", 'openInput("Q9", "up")', "Q9: Invalid pin"],
    ["adc.ts", "openAnalogInput", 'openAnalogInput("Q9")', "Q9: Invalid pin"],
    ["i2c.ts", "openI2c", 'openI2c("I2C9", {})', "I2C9: no such bus on this board"],
    ["uart.ts", "openUart", 'openUart("Serial9", {}, {})', "Serial9: no such port on this board"],
  ])("refuses in %s what the board doesn't have", async (file, name, call, message) => {
    const lines = await report(
      `import { ${name} } from "${ROOM}/${file}";
       try { ${call}; } catch (fault) { tell({ name: fault.kind, fault: fault.message }); }`,
    );
    expect(lines).toEqual([{ name: "Unsupported", fault: message }]);
  });

  it("runs the drivers, with the numbers of the datasheet", async () => {
    const drivers = resolve("hal/drivers/index.ts");
    const lines = await report(
      `import { openBme280, openLed } from "${drivers}";
       import { openClock } from "${ROOM}/clock.ts";
       var low = [112,107,67,103,24,252,125,142,67,214,208,11,39,11,140,0,249,255,140,60,248,198,112,23,0,75];
       var answers = { 208: [96], 136: low, 225: [99,1,0,21,6,0,30], 243: [0], 247: [101,90,192,126,237,0,110,81] };
       var bus = { write: function () {}, writeRead: function (a, bytes) { return new Uint8Array(answers[bytes[0]]); } };
       var clock = openClock();
       openBme280(bus, clock).measure(function (fault, reading) {
         tell({ name: [reading.celsius.toFixed(2), Math.round(reading.pascals), Math.round(reading.humidity)].join(" ") });
       });
       var shown = "";
       var high = false;
       var pin = { setState: function (state) { high = state; shown += high ? "*" : "."; }, isSetHigh: function () { return high; } };
       var stop = openLed(pin, clock, { activeLow: true }).blink([20000, 30000]);
       clock.after(115000, function () { stop(); tell({ name: shown }); });`,
    );
    expect(lines).toEqual([{ name: "25.08 100653 35" }, { name: ".*.*.*" }]);
  });

  it("writes all bytes unchanged", async () => {
    const output = await run(
      `import { writeConsole } from "${ROOM}/console.ts";
       var bytes = new Uint8Array(256);
       for (var i = 0; i < 256; i++) bytes[i] = i;
       writeConsole(1, bytes, 0, 256);
       writeConsole(2, bytes, 65, 2);`,
    );
    expect([...output.subarray(0, 258)]).toEqual([...Array.from({ length: 256 }, (_, index) => index), 65, 66]);
  });

  it("takes the prompt's line away before it writes, and the prompt comes back", async () => {
    const terminal = await openTerminal();
    await terminal.load(
      `import { writeConsole } from "${ROOM}/console.ts";
       var hi = new Uint8Array([104, 105, 10]);
       setTimeout(function () { writeConsole(1, hi, 0, 3); }, 50);`,
    );
    await terminal.until(">\r\x1b[Jhi\n>");
  });

  it("takes the input from the prompt and gives it back", async () => {
    const terminal = await openTerminal();
    await terminal.load(
      `import { readConsole, writeConsole } from "${ROOM}/console.ts";
       var stop = readConsole(function (text) {
         writeConsole(1, new Uint8Array(E.toArrayBuffer(text)), 0, text.length);
         if (text[text.length - 1] === "q") stop();
       });`,
    );
    terminal.type("1+1\n");
    await terminal.until("1+1\n");
    terminal.type("q");
    await terminal.until("q");
    terminal.type("6*7\n");
    await terminal.until("=42");
  });

  /** Runs a program that tells results, one JSON line each. */
  async function report(code: string): Promise<{ name: string; fault?: string }[]> {
    const output = await run(
      `function tell(result) { print("#" + JSON.stringify(result)); }
       function end() {}
       ${code}`,
    );
    const text = output.toString("latin1");
    if (text.includes("Uncaught")) throw new Error(text);
    // Between event handlers the interpreter shows and removes its prompt.
    return text.split("\r\n").flatMap((line) => {
      const at = line.indexOf("#{");
      return at < 0 ? [] : [JSON.parse(line.slice(at + 1)) as { name: string; fault?: string }];
    });
  }

  /** What a program prints after the interpreter's greeting. */
  async function run(code: string): Promise<Buffer> {
    const file = join(folder, "program.js");
    writeFileSync(file, 'print("BEGIN");' + (await bundle(code)));
    const child = spawnProcess(ESPRUINO!, [file], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    const chunks: Buffer[] = [];
    for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
    const output = Buffer.concat(chunks);
    return output.subarray(output.indexOf("BEGIN\r\n") + 7);
  }

  async function openTerminal() {
    const terminal = spawnTerminal(ESPRUINO!, [], { cwd: folder, encoding: null });
    close = () => terminal.kill("SIGKILL");
    let seen = "";
    let wake = () => {};
    terminal.onData((data) => {
      seen += Buffer.from(data).toString("latin1");
      wake();
    });
    const until = async (wanted: string) => {
      while (!seen.includes(wanted)) await new Promise<void>((resolve) => (wake = resolve));
      seen = seen.slice(seen.indexOf(wanted) + wanted.length);
    };
    await until(">");
    return {
      until,
      type: (text: string) => terminal.write(text),
      load: async (code: string) => {
        // Before the rest, which may take the console away.
        terminal.write("\x10print('LOA'+'DED');" + (await bundle(code)) + "\n");
        await until("LOADED\r\n");
      },
    };
  }
});

/** One line of ES5 from modules in TypeScript. */
async function bundle(code: string): Promise<string> {
  const typescript: Plugin = {
    name: "typescript",
    resolveId: (id, importer) =>
      importer ? (id.startsWith("/") ? id : resolve(dirname(importer), id.replace(/\.js$/, ".ts"))) : id,
    load: (id) => (id === "/program.ts" ? code : readFileSync(id, "utf8")),
    transform: (text) =>
      ts.transpileModule(text, {
        compilerOptions: { target: ts.ScriptTarget.ES5, module: ts.ModuleKind.ESNext, ignoreDeprecations: "5.0" },
      }).outputText,
  };
  const bundled = await rollup({ input: "/program.ts", plugins: [typescript], onwarn: () => {} });
  const { output } = await bundled.generate({ format: "es" });
  const minified = await minify(output[0].code, { ecma: 5, toplevel: true, format: { ascii_only: true } });
  // As in a bundle for a board: Espruino doesn't hoist.
  return declareEarlyVariables(minified.code!);
}

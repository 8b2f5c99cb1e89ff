/**
 * The WASI calls on the real interpreter: the same seeded sequence of calls, over the flash file system and `/dev`, there
 * and in V8, with the errno and the whole memory compared after each. The bundle is made as for a board, from the built
 * files (`tsc -b` first). `ESPRUINO=<path>` names a Linux build; `WASI_SEED=<n>` repeats a run.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { bundle } from "../../device/image/bundle.js";
import { CALLS } from "../../device/wasi/calls.js";

const espruino = process.env.ESPRUINO;
const SEED = Number(process.env.WASI_SEED ?? (Date.now() % 1_000_000) + 1);
const STEPS = 250;

/** Names, words and exports in the order in which the script refers to them. */
const calls = Object.entries(CALLS).map(([name, call]) => ({
  name,
  file: call.file,
  words: call.parameters.reduce((sum, type) => sum + (type === "i64" ? 2 : 1), 0),
}));

/** ES5: makes a guest, throws calls at it, prints a line for each. */
const entry = `
${calls.map(({ name, file }) => `import { ${name} } from "ristretto:device/wasi/${file}";`).join("\n")}
import { inputStream, outputStream } from "ristretto:device/wasi/console.js";
import { openDirectory } from "ristretto:device/wasi/preopen.js";
import { openDevices } from "ristretto:device/wasi/peripherals/devices.js";
import { openInput, openOutput } from "ristretto:device/wasi/peripherals/gpio.js";
import { openI2c } from "ristretto:device/wasi/peripherals/i2c.js";
import { openPwm } from "ristretto:device/wasi/peripherals/pwm.js";
import { formatFileSystem } from "ristretto:device/fs/mount.js";
import { openRamFlash } from "ristretto:hal/ports/ecmascript/flash.js";
import { crc32 } from "ristretto:hal/ports/ecmascript/crc32.js";

var state = ${SEED};
function random(below) {
  state = (state * 16807) % 2147483647;
  return state % below;
}
var now = 1000;
var clock = {
  monotonic: function () { return now; },
  realtime: function () { return 1763718000000000 + now; },
  resolution: 1,
  after: function (microseconds, handler) { timers.push(handler); return function () { timers = []; }; }
};
var timers = [];
var guest = {
  memory: new Uint8Array(2048),
  descriptors: [],
  args: ["app", "argument"],
  environ: ["A=b"],
  clock: clock,
  entropy: function (bytes, start, length) { for (var i = 0; i < length; i++) bytes[start + i] = i; },
  wait: function (begin) {
    var result = 0;
    var stop = begin(function (errno) { result = errno; });
    now += 5000;
    while (timers.length) timers.shift()();
    stop();
    return result;
  }
};
var console_ = {
  write: function (stream, bytes, start, length) {
    var text = "";
    for (var i = 0; i < length; i++) text += bytes[start + i] + ",";
    print("write " + stream + ": " + text);
  },
  onInput: function (handler) { handler("hi\\n"); return function () {}; }
};
var files = formatFileSystem(openRamFlash(32768, 4096, 4), crc32, clock.realtime);
var level = false;
var pin = {
  isHigh: function () { return level; },
  onEdge: function (edge, handler) { return function () {}; },
  setState: function (high) { level = high; print("pin " + high); },
  isSetHigh: function () { return level; }
};
var bus = {
  read: function (address, length) { return new Uint8Array(length); },
  write: function (address, bytes) { print("i2c " + bytes.join()); },
  writeRead: function (address, bytes, length) { throw { kind: "NoAcknowledgeAddress" }; }
};
guest.descriptors = [inputStream(console_.onInput), outputStream(console_.write, 1), outputStream(console_.write, 2),
  openDirectory(files, "", "/", true),
  openDevices([
    { path: "gpio/led", open: function () { return openOutput(pin); } },
    { path: "gpio/button", open: function () { return openInput(pin); } },
    { path: "i2c/1/0x76", open: function () { return openI2c(bus, 118); } },
    { path: "pwm/p", open: function () { return openPwm({ setDutyCycle: function (duty) { print("duty " + duty); } }); } }
  ], "/dev")];

var PATHS = ["a", "a/f", "f", ".", "..", "a/../f", "gpio/led", "i2c/1/0x76", "new", "a/f/", "a/b", "pwm/p", "b"];
function fill() {
  for (var i = 0; i < 16; i++) guest.memory[random(512)] = random(random(4) ? 8 : 256);
  for (var p = 0; p < PATHS.length; p++)
    for (var c = 0; c < PATHS[p].length; c++) guest.memory[512 + 32 * p + c] = PATHS[p].charCodeAt(c);
  // Pieces to read and write: pointers and lengths that are mostly good.
  for (var n = 0; n < 4; n++) {
    var words = [1024 + 64 * n, random(20)];
    for (var w = 0; w < 8; w++) guest.memory[256 + 8 * n + w] = words[w >> 2] >> (w % 4) * 8;
  }
}
/** A word that is a descriptor, a path, its length, a pointer, a count: or nothing good. */
function word() {
  switch (random(12)) {
    case 0: case 1: case 2: return random(14);
    case 3: return 512 + 32 * random(PATHS.length);
    case 4: return 256;
    case 5: return random(2048);
    case 6: return 1980 + random(140);
    case 7: return -1 - random(70);
    case 8: return 268435455;
    default: return random(5);
  }
}
var CALLS = [${calls.map(({ name, words }) => `["${name}",${words},${name}]`).join(",")}];
for (var step = 0; step < ${STEPS}; step++) {
  fill();
  var call = CALLS[random(3) ? random(CALLS.length) : 34 + random(12)];
  var arguments_ = [guest];
  for (var i = 0; i < call[1]; i++) arguments_.push(word());
  // A path and its length go together more often than chance would have it.
  if (call[0].substr(0, 5) === "path_" && random(4)) {
    var path = random(PATHS.length);
    var first = call[0] === "path_open" || call[0].substr(5, 8) === "filestat" || call[0] === "path_link" ? 3 : 2;
    arguments_[1] = random(3) ? 3 : 4;
    arguments_[first] = 512 + 32 * path;
    arguments_[first + 1] = PATHS[path].length;
    if (call[0] === "path_open") {
      arguments_[5] = random(3) ? 1 : random(16);
      arguments_[6] = 0x8200062;
      arguments_[12] = 8 * random(100);
    }
  }
  var outcome;
  try {
    outcome = call[2].apply(null, arguments_) | 0;
  } catch (thrown) {
    outcome = thrown.exitCode === undefined ? "threw " + thrown : "exit " + thrown.exitCode;
  }
  print(step + " " + call[0] + "(" + arguments_.slice(1).join() + ") " + outcome + " " + (crc32(guest.memory) >>> 0));
}
print("over");
`;

/** \`print\` joins lines that a console would show. */
function inV8(code: string): string[] {
  const lines: string[] = [];
  runInNewContext(code, { print: (line: string) => lines.push(line) });
  return lines;
}

function onEspruino(path: string, code: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "wasi-espruino-"));
  try {
    writeFileSync(join(folder, "calls.js"), code);
    const { stdout } = spawnSync(path, ["calls.js"], { cwd: folder, encoding: "latin1", timeout: 100_000 });
    const lines = stdout.split(/\r?\n/).map((line) => line.trimEnd());
    const start = lines.findIndex((line) => /^(0|write|pin|i2c|duty) /.test(line));
    return lines.slice(start, lines.lastIndexOf("over") + 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (!espruino) {
  test.skip("ESPRUINO isn't set: the calls aren't run on the real interpreter", () => {});
} else {
  test(`calls do on Espruino what they do in V8 (WASI_SEED=${SEED})`, async () => {
    const code = await bundle(entry);
    const expected = inV8(code);
    expect(expected.filter((line) => line.includes("threw"))).toEqual([]);
    expect(onEspruino(espruino, code)).toEqual(expected);
  }, 120_000);
}

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadProgram } from "../cli/source/program.js";
import { parseManifest } from "../device/image/manifest.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const command = join(root, "dist/cli/main.js");

/** The command as a person has it: built. */
function ristretto(...args: string[]) {
  if (!existsSync(command)) throw new Error("dist/ is not built: npm run build");
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    cwd: root,
    encoding: "utf8",
    input: "",
  });
  return { status, stdout, stderr };
}

const engines = ["host", "js", "thumb"];

describe.each([
  "hello/hello.wat",
  "blink/blink.as.ts",
  "counter/counter.c",
  "climate/climate.c",
  "doorbell/doorbell.c",
  "panel/panel.c",
  "vibration/vibration.c",
])("%s", (program) => {
  const folder = join("examples", program.split("/")[0]);
  const manifest = join(folder, "ristretto.json");
  const temporary = mkdtempSync(join(tmpdir(), "ristretto-example-"));
  const wasm = join(temporary, "program.wasm");
  beforeAll(async () => {
    const { compile } = parseManifest(readFileSync(join(root, manifest), "utf8"));
    writeFileSync(wasm, (await loadProgram(join(root, "examples", program), compile)).wasm);
  }, 120_000);
  afterAll(() => rmSync(temporary, { recursive: true }));

  test.each(engines)(
    "plays its scenario and prints what is expected on the %s engine",
    (engine) => {
      const { status, stdout, stderr } = ristretto(
        ...["run", wasm, "--manifest", manifest, "--engine", engine, "--scenario", join(folder, "scenario.yaml")],
      );
      expect(stderr).not.toMatch(/^FAIL|trap:|^ristretto:/m);
      expect(stdout).toBe(readFileSync(join(root, folder, "expected.txt"), "utf8"));
      expect(status).toBe(0);
    },
    120_000,
  );

  // Where a Raspberry Pi Pico has other pins for it, the program has a manifest and a scenario of their own for that.
  const pico = existsSync(join(root, folder, "pico.json")) ? "pico" : undefined;
  const manifestFor = (board: string) => (board === "rp2040_pico" && pico ? join(folder, "pico.json") : manifest);

  test.each(["js", "thumb"])(
    "plays it on a board that keeps files inside Storage, on the %s engine",
    (engine) => {
      const { status, stdout, stderr } = ristretto(
        ...["run", wasm, "--manifest", manifestFor("rp2040_pico"), "--board", "rp2040_pico", "--engine", engine],
        ...["--scenario", join(folder, `${pico ?? "scenario"}.yaml`)],
      );
      expect(stderr).not.toMatch(/^FAIL|trap:|^ristretto:/m);
      expect(stdout).toBe(readFileSync(join(root, folder, "expected.txt"), "utf8"));
      expect(status).toBe(0);
    },
    120_000,
  );

  test("plays it within a Puck.js's RAM as machine code", () => {
    const { status, stdout, stderr } = ristretto(
      ...["run", wasm, "--manifest", manifest, "--board", "puckjs", "--engine", "thumb"],
      ...["--scenario", join(folder, "scenario.yaml")],
    );
    expect(stderr).not.toMatch(/^FAIL|trap:|^ristretto:/m);
    expect(stdout).toBe(readFileSync(join(root, folder, "expected.txt"), "utf8"));
    expect(status).toBe(0);
  }, 120_000);

  test.each(["puckjs", "rp2040_pico"])(
    "passes the check for %s",
    (board) => {
      const { status, stdout } = ristretto("check", wasm, "--manifest", manifestFor(board), "--board", board);
      expect(stdout).toContain("\nfits\n");
      expect(status).toBe(0);
    },
    60_000,
  );
});

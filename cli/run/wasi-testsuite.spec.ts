/** The official tests of WASI preview 1 through the command; see `simulator/engine/testing/wasi-testsuite.ts`. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  EXPECTED_FAILURES,
  ONLY,
  programsIn,
  TESTSUITE,
  type Program,
} from "../../simulator/engine/testing/wasi-testsuite.js";

const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

if (!TESTSUITE) {
  test.skip("WASI_TESTSUITE isn't set: the official test programs aren't run", () => {});
} else {
  const programs = programsIn(TESTSUITE);
  const empty = mkdtempSync(join(tmpdir(), "ristretto-testsuite-"));
  afterAll(() => rmSync(empty, { recursive: true }));

  /** As the suite wants it called: its root is copied to `/`, and a program without one is granted nothing. */
  const run = (engine: string, program: Program) => {
    const root = program.root ? join(program.folder, program.root) : undefined;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        ...[command, "run", join(program.folder, `${program.name}.wasm`), "--engine", engine],
        // An empty folder doesn't survive in Git.
        ...(root === undefined ? ["--no-manifest"] : ["--dir", `${existsSync(root) ? root : empty}::/`]),
        ...Object.entries(program.env ?? {}).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
        ...["--", ...(program.args ?? [])],
      ],
      { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
    );
    return { status, stdout, stderr };
  };

  describe.each(["host", "js", "thumb"])("ristretto run --engine %s", (engine) => {
    const failures: string[] = [];

    test.each(programs.map((program) => [program.name, program] as const))(
      "%s",
      (name, program) => {
        const { status, stdout, stderr } = run(engine, program);
        const passed =
          status === (program.exit_code ?? 0) && (program.stdout === undefined || stdout === program.stdout);
        if (!passed) failures.push(name);
        if (EXPECTED_FAILURES[name]) expect({ name, passed }).toEqual({ name, passed: false });
        else expect({ status, stderr }).toEqual({ status: program.exit_code ?? 0, stderr: passed ? stderr : "" });
      },
      120_000,
    );

    test("64 of the 72 pass, and none fails but those that must", () => {
      expect(failures.filter((name) => !EXPECTED_FAILURES[name])).toEqual([]);
      if (!ONLY) expect(programs.length - failures.length).toBe(64);
    });
  });
}

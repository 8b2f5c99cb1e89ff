import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseManifest } from "../../device/image/manifest.js";
import { loadProgram } from "../source/program.js";
import {
  type Compiler,
  documentedArguments,
  findRustc,
  findZig,
  type Missing,
} from "../testing/installed-compilers.js";

/**
 * Each template, made and used as its README says, by the built command. Ends with a table of the toolchains that were
 * here: `npm test -- cli/new`.
 */

const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "ristretto-new-"));
beforeAll(() => {
  if (!existsSync(command)) throw new Error("dist/ is not built: npm run build");
});
afterAll(() => rmSync(folder, { recursive: true }));

function ristretto(args: readonly string[], cwd = folder) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    cwd,
    encoding: "utf8",
    input: "",
  });
  return { status, stdout, stderr };
}

/** A compiler that is here: what it is, and how it makes `app.wasm` of the project in a folder. */
interface Toolchain {
  readonly version: string;
  compile(project: string): Promise<void>;
}

/** What `ristretto` compiles itself, by a package of npm. */
function bundled(packageName: string, source: string): Toolchain {
  const description = new URL(`../../node_modules/${packageName}/package.json`, import.meta.url);
  const { version } = JSON.parse(readFileSync(description, "utf8")) as { version: string };
  return {
    version: `${packageName} ${version}`,
    async compile(project) {
      const { compile } = parseManifest(readFileSync(join(project, "ristretto.json"), "utf8"));
      writeFileSync(join(project, "app.wasm"), (await loadProgram(join(project, source), compile)).wasm);
    },
  };
}

/** What a person has installed, called by the README's own line, so that it is what is tested. */
function installed(program: string, found: Compiler | Missing): Toolchain | Missing {
  if ("missing" in found) return found;
  return {
    version: found.version,
    async compile(project) {
      const line = documentedArguments(readFileSync(join(project, "README.md"), "utf8"), program);
      const args = line.map((word) => found.spelling[word] ?? word);
      execFileSync(found.path, args, { cwd: project, stdio: "pipe" });
    },
  };
}

const templates: readonly [language: string, source: string, toolchain: Toolchain | Missing][] = [
  ["c", "app.c", bundled("@yowasp/clang", "app.c")],
  ["rust", "app.wasm", installed("rustc", findRustc())],
  ["assemblyscript", "app.ts", bundled("assemblyscript", "app.ts")],
  ["zig", "app.wasm", installed("zig", findZig())],
];

const table: string[] = [];
afterAll(() => process.stdout.write(`${table.join("\n")}\n`));

describe.each(templates)("the template for %s", (language, source, toolchain) => {
  const name = `demo-${language}`;
  const project = join(folder, name);
  const printed = `hello from ${name}\nblink 1\nblink 2\nblink 3\n`;

  test("is made whole, with its name in place", () => {
    const { status, stdout } = ristretto(["new", name, "--lang", language]);
    expect(status).toBe(0);
    const files = readdirSync(project);
    expect(files).toEqual(expect.arrayContaining(["README.md", "ristretto.json", "scenario.yaml"]));
    for (const file of files) {
      expect(stdout).toContain(`${name}/${file}\n`);
      const text = readFileSync(join(project, file), "utf8");
      expect(text).toContain(name);
      expect(text).not.toContain("{{");
    }
  });

  if ("missing" in toolchain) {
    test.skip(`compiles (${toolchain.missing})`, () => {});
    table.push(`${language.padEnd(15)} skipped: ${toolchain.missing}`);
    return;
  }

  test("compiles", async () => {
    await toolchain.compile(project);
    expect(readFileSync(join(project, "app.wasm")).subarray(0, 4)).toEqual(Buffer.from("\0asm"));
  }, 120_000);

  test("builds into code for a board", () => {
    const { status, stderr } = ristretto(["build", source, "-o", "app.js"], project);
    expect(stderr).not.toMatch(/^ristretto:|warning/m);
    expect(status).toBe(0);
    expect(readFileSync(join(project, "app.js")).length).toBeGreaterThan(0);
  }, 120_000);

  test("passes the check, which needs no grant more", () => {
    const { status, stdout } = ristretto(["check", "app.wasm"], project);
    expect(stdout).not.toMatch(/^(problem|warning):/m);
    expect(stdout).toContain("/dev/gpio/led");
    expect(stdout).toMatch(/^fits$/m);
    expect(status).toBe(0);
  }, 60_000);

  test.each(["host", "js", "thumb"])(
    "prints the same on the %s engine",
    (engine) =>
      expect(ristretto(["run", "app.wasm", "--engine", engine], project)).toEqual({
        status: 0,
        stdout: printed,
        stderr: "",
      }),
    60_000,
  );

  test.each(["host", "js", "thumb"])(
    "plays its scenario on the %s engine",
    (engine) => {
      const args = ["run", "app.wasm", "--engine", engine, "--scenario", "scenario.yaml"];
      const { status, stderr } = ristretto(args, project);
      expect(stderr).toContain("all 3 passed");
      expect(status).toBe(0);
    },
    60_000,
  );

  test("its scenario fails when the program does something else", () => {
    const scenario = readFileSync(join(project, "scenario.yaml"), "utf8");
    writeFileSync(join(project, "other.yaml"), scenario.replace("rising: 3", "rising: 4"));
    const { status, stderr } = ristretto(["run", "app.wasm", "--scenario", "other.yaml"], project);
    expect(stderr).toMatch(/^FAIL other.yaml:6:5/m);
    expect(status).toBe(1);
  }, 60_000);

  afterAll(() => {
    const bytes = (file: string): number => readFileSync(join(project, file)).length;
    table.push(
      `${language.padEnd(15)} ${toolchain.version}: ${bytes("app.wasm")} B of wasm, ${bytes("app.js")} B for a board`,
    );
  });
});

describe("what ristretto new refuses", () => {
  beforeAll(() => mkdirSync(join(folder, "taken")));

  test("a folder that is there, which stays as it was", () => {
    const { status, stderr } = ristretto(["new", "taken", "--lang", "c"]);
    expect(stderr).toBe("ristretto: taken: is already there (choose another name, or remove it)\n");
    expect(status).toBe(1);
    expect(readdirSync(join(folder, "taken"))).toEqual([]);
  });

  test.each([
    [["new", "../outside", "--lang", "c"], "../outside: not a name for a program"],
    [["new", '"quoted"', "--lang", "c"], "not a name for a program"],
    [["new", "x", "--lang", "cobol"], "Allowed choices are c, rust, assemblyscript, zig"],
    [["new", "x"], "--lang <language>"],
  ])("%j, as a wrong command line", (args, words) => {
    const { status, stderr } = ristretto(args);
    expect(stderr).toContain(words);
    expect(status).toBe(2);
    expect(existsSync(join(folder, "x"))).toBe(false);
  });
});

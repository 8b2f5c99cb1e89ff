/**
 * The same program in each language and by each toolchain, compiled by the command lines of docs/toolchains.md, prints
 * the same on every engine. A toolchain that isn't installed is skipped with a word. Ends with a table:
 * `npm test -- examples/greet`.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Compiler,
  documentedArguments,
  findRustc,
  findSystemClang,
  findZig,
  type Missing,
} from "../../cli/testing/installed-compilers.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const command = join(root, "dist/cli/main.js");
const page = readFileSync(join(root, "docs/toolchains.md"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "ristretto-toolchains-"));
beforeAll(() => {
  if (!existsSync(command)) throw new Error("dist/ is not built: npm run build");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A way to a program: by `ristretto` itself from its source, or by a compiler that the page calls. */
type Way = { readonly by: string } & (
  | { readonly source: string; readonly package: string }
  | { readonly program: string; readonly compiler: Compiler | Missing }
);

const ways: readonly Way[] = [
  { by: "C, clang of npm", source: "greet.c", package: "@yowasp/clang" },
  { by: "C, clang of Debian", program: "clang", compiler: findSystemClang("clang") },
  { by: "C++, clang of npm", source: "greet.cpp", package: "@yowasp/clang" },
  { by: "C++, clang of Debian", program: "clang++", compiler: findSystemClang("clang++") },
  { by: "AssemblyScript", source: "greet.as.ts", package: "assemblyscript" },
  { by: "Rust", program: "rustc", compiler: findRustc() },
  { by: "Zig", program: "zig", compiler: findZig() },
];

const table: string[] = [];
afterAll(() => process.stdout.write(`${table.join("\n")}\n`));

/** Compiles where the page says to, beside the sources. @returns the module */
function compile(program: string, compiler: Compiler): string {
  const here = mkdtempSync(join(folder, "sources-"));
  for (const file of ["greet.c", "greet.cpp", "greet.rs", "greet.zig"])
    copyFileSync(join(root, "examples/greet", file), join(here, file));
  const args = documentedArguments(page, program, "greet").map((word) => compiler.spelling[word] ?? word);
  execFileSync(compiler.path, args, { cwd: here, stdio: "pipe" });
  return join(here, "greet.wasm");
}

function ristretto(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    cwd: root,
    encoding: "utf8",
    input: "",
  });
  return { status, stdout, stderr };
}

const granted = ["--manifest", "examples/greet/ristretto.json"];

describe.each(ways.map((way) => [way.by, way] as const))("%s", (by, way) => {
  if ("compiler" in way && "missing" in way.compiler) {
    const { missing } = way.compiler;
    test.skip(`compiles (${missing})`, () => {});
    table.push(`${by.padEnd(20)} skipped: ${missing}`);
    return;
  }
  let program = "";

  test("compiles, and passes the check", () => {
    if ("source" in way) program = join("examples/greet", way.source);
    else program = compile(way.program, way.compiler as Compiler);
    const { status, stdout, stderr } = ristretto("check", program, ...granted, "--engine", "js", "--json");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const { wasmBytes, codeBytes } = JSON.parse(stdout) as { wasmBytes: number; codeBytes: number };
    const version = "source" in way ? versionOf(way.package) : (way.compiler as Compiler).version;
    table.push(`${by.padEnd(20)} ${version}: ${wasmBytes} B of wasm, ${codeBytes} B for a board`);
  }, 120_000);

  test.each(["host", "js", "thumb"])(
    "reads its file, prints and sleeps on the %s engine",
    (engine) => {
      const { status, stdout, stderr } = ristretto(
        ...["run", program, ...granted, "--dir", "examples/greet/data::/data", "--engine", engine, "--json"],
      );
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      const [printed, told] = [stdout.slice(0, stdout.indexOf("{")), stdout.slice(stdout.indexOf("{"))];
      expect(printed).toBe("hello Ada\nhello Grace\n");
      const { virtualMicroseconds } = JSON.parse(told) as { virtualMicroseconds: number };
      expect(virtualMicroseconds).toBeGreaterThanOrEqual(1_000_000);
    },
    120_000,
  );
});

function versionOf(name: string): string {
  const { version } = JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")) as {
    version: string;
  };
  return `${name} ${version}`;
}

import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * What the README and docs/ show in `console` blocks is run, in one folder for each page, and must print what they say.
 * With UPDATE_DOCS=1 the pages are written anew instead.
 */

const root = fileURLToPath(new URL("..", import.meta.url));
const command = join(root, "dist/cli/main.js");
const pages = ["README.md", ...readdirSync(join(root, "docs")).map((name) => join("docs", name))].filter(
  (page) => page.endsWith(".md") && readFileSync(join(root, page), "utf8").includes("```console\n"),
);
const update = process.env.UPDATE_DOCS !== undefined;

/** A command line and what it prints, stdout and stderr in one. */
interface Step {
  readonly line: string;
  readonly printed: string;
}

function stepsOf(block: string): Step[] {
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((step) => {
      const end = step.indexOf("\n");
      return { line: step.slice(0, end), printed: step.slice(end + 1) };
    });
}

describe.each(pages)("%s", (page) => {
  const folder = mkdtempSync(join(tmpdir(), "ristretto-docs-"));
  beforeAll(() => {
    if (!existsSync(command)) throw new Error("dist/ is not built: npm run build");
    symlinkSync(join(root, "examples"), join(folder, "examples"));
    // The shell finds what it would find after an installation.
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin", "npx"), `#!/bin/sh\nshift\nexec "${process.execPath}" "${command}" "$@"\n`, {
      mode: 0o755,
    });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const text = readFileSync(join(root, page), "utf8");
  const blocks = [...text.matchAll(/^```console\n([^]*?)^```$/gm)].map(([, block]) => block);

  function run(line: string): string {
    const PATH = `${join(folder, "bin")}:${process.env.PATH}`;
    const { stdout } = spawnSync("sh", ["-c", `{ ${line}\n} 2>&1`], {
      cwd: folder,
      encoding: "utf8",
      input: "",
      env: { ...process.env, PATH },
      timeout: 120_000,
    });
    return stdout === "" || stdout.endsWith("\n") ? stdout : `${stdout}\n`;
  }

  if (update) {
    test("is written anew", () => {
      const written = text.replace(/^```console\n([^]*?)^```$/gm, (_, block: string) => {
        const steps = stepsOf(block).map(({ line }) => `$ ${line}\n${run(line)}`);
        return `\`\`\`console\n${steps.join("")}\`\`\``;
      });
      writeFileSync(join(root, page), written);
    }, 300_000);
    return;
  }
  test.each(blocks.flatMap(stepsOf).map(({ line, printed }) => [line, printed] as const))(
    "$ %s",
    (line, printed) => expect(run(line)).toBe(printed),
    150_000,
  );
});

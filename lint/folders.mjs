/**
 * Of every folder it is said what lives there, and what may not: in its README.md, in that of a folder around it (which
 * names it as `folder/`), or in a comment that its first file (index.ts, or the first by name) opens with.
 * Prints those of which nothing is said and ends with exit code 1.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const SOURCE = /\.(ts|tsx|mjs|js|c|h|wat)$/;
const TEST = /\.spec\.tsx?$/;

const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" })
  .split("\n")
  .filter((path) => path && existsSync(path));

/** Whether the README of a folder around it has a word for it. */
function isNamedAbove(folder) {
  for (let above = dirname(folder); above !== "."; above = dirname(above)) {
    const readme = join(above, "README.md");
    if (existsSync(readme) && readFileSync(readme, "utf8").includes(`${basename(folder)}/\``)) return true;
  }
  return false;
}

/** Folders with source in them, and their files, tests apart. */
const folders = new Map();
for (const path of tracked) {
  if (!SOURCE.test(path) || TEST.test(path) || dirname(path) === ".") continue;
  folders.set(dirname(path), [...(folders.get(dirname(path)) ?? []), path]);
}

const silent = [...folders].filter(([folder, files]) => {
  if (existsSync(join(folder, "README.md")) || isNamedAbove(folder)) return false;
  const first = files.find((path) => /\/index\.tsx?$/.test(path)) ?? files.sort()[0];
  return !/^(#!.*\n)?\s*(\/\*|\/\/|;;)/.test(readFileSync(first, "utf8"));
});

for (const [folder] of silent)
  process.stderr.write(
    `${folder}: says nowhere what lives in it: write a README.md, or begin its first file with it\n`,
  );
process.exitCode = silent.length > 0 ? 1 : 0;

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure, misuse } from "../failure.js";
import type { Language } from "./languages.js";

/** Fits the manifest's `name`, a C string, a Rust string, JSON and YAML alike, so it needs no quoting anywhere. */
const validName = /^[A-Za-z][A-Za-z0-9_-]{0,19}$/;

/**
 * Makes the folder `name` from the template of a language.
 * @param name of the folder, and of the program
 * @param parent where the folder is made
 * @returns the files that were written, as paths from `parent`
 * @throws Failure when the name won't do, or the folder exists or can't be made
 */
export async function newProject(name: string, language: Language, parent = "."): Promise<string[]> {
  if (!validName.test(name))
    throw misuse(
      `${name}: not a name for a program`,
      "a letter, then at most 19 more letters, digits, - and _; the folder is made where you are",
    );
  const template = templateFolder(language);
  const files = (await readdir(template)).sort();
  await makeFolder(join(parent, name), name);
  for (const file of files) {
    const text = await readFile(new URL(file, template), "utf8");
    await writeFile(join(parent, name, file), text.replaceAll("{{name}}", name));
  }
  return files.map((file) => `${name}/${file}`);
}

async function makeFolder(path: string, name: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EEXIST")
      throw new Failure(`${name}: is already there`, { mend: "choose another name, or remove it" });
    throw new Failure(`${name}: the folder can't be made`, { detail: message });
  }
}

/** This file runs from `cli/new/` in tests and from `dist/cli/new/` otherwise. */
function templateFolder(language: string): URL {
  const depth = new URL(".", import.meta.url).pathname.endsWith("/dist/cli/new/") ? "../../../" : "../../";
  return new URL(`${depth}templates/${language}/`, import.meta.url);
}

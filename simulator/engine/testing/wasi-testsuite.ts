/**
 * The WebAssembly organisation's own programs for testing WASI preview 1, where a checkout of them lies. They aren't part
 * of this repository: `WASI_TESTSUITE=<folder>` names one of the `prod/testsuite-base` branch of
 * https://github.com/WebAssembly/wasi-testsuite, which has them compiled. `WASI_TESTSUITE_ONLY=<part of a name>` picks.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where the programs are; undefined when they aren't to be run. */
export const TESTSUITE = process.env.WASI_TESTSUITE;
/** Part of the names of those that are to be run; empty for all. */
export const ONLY = process.env.WASI_TESTSUITE_ONLY ?? "";

/** Programs that can't pass, each with the reason. */
export const EXPECTED_FAILURES: Readonly<Record<string, string>> = {
  fd_filestat_set: "sets a time that is no whole microsecond; the file system keeps microseconds",
  path_filestat: "sets a time that is no whole microsecond; the file system keeps microseconds",
  nofollow_errors: "needs symbolic links",
  path_exists: "needs symbolic links",
  path_link: "needs hard links",
  readlink: "needs symbolic links",
  symlink_create: "needs symbolic links",
  symlink_filestat: "needs symbolic links",
};

/** What the suite says of a program; absent fields have its defaults. */
export interface Specification {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A folder beside the program that it finds as `/`. */
  readonly root?: string | null;
  readonly exit_code?: number;
  readonly stdout?: string;
}

/** A program of the test suite, and what must come of it. */
export interface Program extends Specification {
  readonly name: string;
  readonly folder: string;
}

/** All programs that are to be run, in the suite's order. */
export function programsIn(suite: string): Program[] {
  return ["c", "rust", "assemblyscript"].flatMap((language) => {
    const folder = join(suite, "tests", language, "testsuite", "wasm32-wasip1");
    return readdirSync(folder)
      .filter((file) => file.endsWith(".wasm") && file.includes(ONLY))
      .map((file) => {
        const name = file.replace(/\.wasm$/, "");
        const json = join(folder, `${name}.json`);
        const specification = existsSync(json) ? (JSON.parse(readFileSync(json, "utf8")) as Specification) : {};
        return { ...specification, name, folder };
      });
  });
}

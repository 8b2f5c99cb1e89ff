import { readFile, readdir } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { Failure } from "../failure.js";
import { CLOCK_NANOSLEEP, mentionsSleep } from "./clock-nanosleep.js";
import { optionalPackage } from "./optional-package.js";
import type { Program } from "./program.js";

/**
 * What suits a board: small code, a stack of 2 KB instead of 64, and names of functions (they stay on the desk, where
 * they make a trap readable) but no other debugging sections.
 */
const defaultFlags = ["-Os", "-Wall", "-Wl,-z,stack-size=2048", "-Wl,--strip-debug", "-Wl,--export=__heap_base"];

/** wasi-libc's libc++ is built without exceptions. */
const drivers = {
  C: { command: "clang", flags: defaultFlags },
  "C++": { command: "clang++", flags: [...defaultFlags, "-fno-exceptions"] },
} as const;

/** A folder as @yowasp/clang takes it. */
interface Tree {
  [name: string]: Tree | string | Uint8Array;
}

interface ClangPackage {
  readonly Exit: new () => Error;
  readonly commands: {
    readonly [driver in "clang" | "clang++"]: (
      args: string[] | null,
      files: Tree,
      options: {
        stdout?: (bytes: Uint8Array | null) => void;
        stderr?: (bytes: Uint8Array | null) => void;
        fetchProgress?: () => void;
      },
    ) => Promise<Tree>;
  };
}

/**
 * Compiles one file of C or C++ with wasi-libc, by the clang that npm brings. It may include what lies in its folder or
 * below.
 * @param flags given to clang after the defaults, so they win: `-O2`, `-Wl,-z,stack-size=8192`, `-DNAME`
 * @throws Failure with clang's own messages
 */
export async function compileC(
  path: string,
  flags: readonly string[],
  language: keyof typeof drivers = "C",
): Promise<Program> {
  const driver = drivers[language];
  const clang = await optionalPackage<ClangPackage>(
    "@yowasp/clang",
    `compiling ${language}`,
    // The package's types say less than it does, so it is described above.
    () => import("@yowasp/clang") as unknown as Promise<ClangPackage>,
  );
  const messages: string[] = [];
  const decoder = new TextDecoder();
  const listen = (bytes: Uint8Array | null): void => {
    if (bytes) messages.push(decoder.decode(bytes, { stream: true }));
  };
  const output = "program.wasm";
  // Without arguments it only loads itself; otherwise it would report that on standard output, which is the guest's.
  await clang.commands[driver.command](null, {}, { fetchProgress: () => undefined });
  try {
    const tree = await sourceTree(dirname(path), 0);
    const sources = [basename(path)];
    // A second file takes the compiler a second time, so it is only there for who may need it.
    if (anyMentionsSleep(tree)) {
      const added = `ristretto-clock-nanosleep${extname(path)}`;
      sources.push(added);
      tree[added] = CLOCK_NANOSLEEP;
    }
    const result = await clang.commands[driver.command]([...driver.flags, ...flags, ...sources, "-o", output], tree, {
      stdout: listen,
      stderr: listen,
    });
    return { wasm: new Uint8Array(result[output] as Uint8Array), warnings: messages.join("") };
  } catch (error) {
    if (!(error instanceof clang.Exit)) throw error;
    throw new Failure(`${path}: does not compile`, { detail: messages.join("").trimEnd() });
  }
}

const sourceExtensions = new Set([".c", ".h", ".cpp", ".cc", ".hpp", ".inc", ".def"]);

/** What a file may include, as deep as four folders. */
async function sourceTree(folder: string, depth: number): Promise<Tree> {
  const tree: Tree = {};
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile() && sourceExtensions.has(extname(entry.name))) tree[entry.name] = await readFile(path, "utf8");
    else if (entry.isDirectory() && depth < 4 && entry.name !== "node_modules" && !entry.name.startsWith("."))
      tree[entry.name] = await sourceTree(path, depth + 1);
  }
  return tree;
}

function anyMentionsSleep(tree: Tree): boolean {
  return Object.values(tree).some((entry) =>
    typeof entry === "string" ? mentionsSleep(entry) : !(entry instanceof Uint8Array) && anyMentionsSleep(entry),
  );
}

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Flags for a library without an entry, whose functions are marked `export_name`. */
export const LIBRARY_FLAGS: readonly string[] = ["-Os", "-nostdlib", "-Wl,--no-entry", "-Wl,--strip-all"];

/** Flags for a WASI program. */
export const PROGRAM_FLAGS: readonly string[] = ["-Os", "-Wl,--strip-all"];

interface Clang {
  (
    args: readonly string[] | null,
    files: Record<string, string>,
    options: { stderr?: (bytes: Uint8Array | null) => void; fetchProgress?: () => void },
  ): Promise<Record<string, Uint8Array>>;
}

/**
 * Compiles C with the clang of today that npm brings (@yowasp/clang, wasi-libc with the stack below the data).
 * Results are kept in the system's temporary folder, since a compilation takes about a second.
 * @throws Error with the compiler's messages
 */
export function compileC(source: string, flags: readonly string[] = PROGRAM_FLAGS): Promise<Uint8Array> {
  const require = createRequire(import.meta.url);
  const manifest = join(require.resolve("@yowasp/clang"), "../../package.json");
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  return cached(["@yowasp/clang", version, source, ...flags], async () => {
    const { commands } = (await import("@yowasp/clang")) as unknown as { commands: { clang: Clang } };
    await commands.clang(null, {}, { fetchProgress: () => undefined }); // loads, without a progress bar
    const messages: string[] = [];
    try {
      const args = [...flags, "program.c", "-o", "program.wasm"];
      const stderr = (bytes: Uint8Array | null) => void (bytes && messages.push(new TextDecoder().decode(bytes)));
      return (await commands.clang(args, { "program.c": source }, { stderr }))["program.wasm"];
    } catch (error) {
      throw new Error(`program.c does not compile: ${messages.join("")}`, { cause: error });
    }
  });
}

/** Whether Debian's clang for WASI is here, the one that puts the stack above the data; or what is missing. */
export function systemClang(): { readonly version: string } | { readonly skipped: string } {
  try {
    const version = execFileSync("clang", ["--version"], { encoding: "utf8" }).split("\n")[0];
    if (!existsSync("/usr/include/wasm32-wasi/stdio.h")) return { skipped: "no wasi-libc of Debian" };
    return { version };
  } catch {
    return { skipped: "no clang in PATH" };
  }
}

/**
 * Compiles C with the system's clang (Debian: `clang lld wasi-libc libclang-rt-14-dev-wasm32`).
 * @throws Error with the compiler's messages, or when `systemClang` says that it isn't there
 */
export function compileCWithSystemClang(source: string, flags: readonly string[] = PROGRAM_FLAGS): Promise<Uint8Array> {
  const found = systemClang();
  if ("skipped" in found) throw new Error(found.skipped);
  return cached(["system", found.version, source, ...flags], async () => {
    const folder = mkdtempSync(join(tmpdir(), "ristretto-clang-"));
    try {
      const output = join(folder, "program.wasm");
      writeFileSync(join(folder, "program.c"), source);
      execFileSync("clang", ["--target=wasm32-wasi", ...flags, join(folder, "program.c"), "-o", output]);
      return new Uint8Array(readFileSync(output));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

/** Tests in several processes may want the same program at once, so it appears under its name only when whole. */
async function cached(key: readonly string[], make: () => Promise<Uint8Array>): Promise<Uint8Array> {
  const folder = join(tmpdir(), "ristretto-compiled-c");
  const path = join(folder, `${createHash("sha256").update(JSON.stringify(key)).digest("hex")}.wasm`);
  if (existsSync(path)) return new Uint8Array(readFileSync(path));
  const bytes = await make();
  mkdirSync(folder, { recursive: true });
  const partial = `${path}.${process.pid}`;
  writeFileSync(partial, bytes);
  renameSync(partial, path);
  return bytes;
}

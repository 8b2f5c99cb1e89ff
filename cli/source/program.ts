import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { Failure } from "../failure.js";

/** A program as a wasm module. */
export interface Program {
  /** The module's bytes. */
  readonly wasm: Uint8Array;
  /** What the compiler said although it succeeded; empty when it was content. */
  readonly warnings: string;
}

/** How a source file is to be compiled; nothing of it concerns a `.wasm` file. */
export interface CompileFlags {
  /** Given to the compiler as they are, after the defaults of its language. */
  readonly flags?: readonly string[];
}

/**
 * Reads a program, compiling it first when it is source.
 * @param path `.wasm`, `.wat`, `.c`, `.cpp`, `.cc` or `.ts` (AssemblyScript)
 * @throws Failure when the file can't be read, isn't known, or doesn't compile
 */
export async function loadProgram(path: string, options: CompileFlags = {}): Promise<Program> {
  const flags = options.flags ?? [];
  switch (extname(path).toLowerCase()) {
    case ".wasm":
      return { wasm: await readBytes(path), warnings: "" };
    case ".wat":
      return (await import("./wat.js")).compileWat(path, new TextDecoder().decode(await readBytes(path)));
    case ".c":
      await readBytes(path);
      return (await import("./c.js")).compileC(path, flags);
    case ".cpp":
    case ".cc":
      await readBytes(path);
      return (await import("./c.js")).compileC(path, flags, "C++");
    case ".ts":
      await readBytes(path);
      return (await import("./assembly-script.js")).compileAssemblyScript(path, flags);
    default:
      throw new Failure(`${path}: not a program that ristretto knows`, {
        mend: "give a .wasm, .wat, .c, .cpp or .ts (AssemblyScript) file",
        exitCode: 2,
      });
  }
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    // A copy: wabt refuses Node's small buffers, which share one ArrayBuffer.
    return new Uint8Array(await readFile(path));
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The failure that a file which can't be read is told as. */
export function unreadable(path: string, error: unknown): Failure {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return new Failure(`${path}: no such file`, { mend: "check the path" });
  if (code === "EISDIR") return new Failure(`${path}: is a folder`, { mend: "name the file in it" });
  if (code === "EACCES") return new Failure(`${path}: no permission to read it`, { mend: "check its access rights" });
  return new Failure(`${path}: ${(error as Error).message}`);
}

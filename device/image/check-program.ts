import type { BoardProfile } from "../../hal/boards/profile.js";
import { decodeModule } from "../compiler/decode/module.js";
import { checkImports } from "./check-imports.js";
import type { Finding } from "./check-imports.js";
import { checkPaths } from "./check-paths.js";
import { resolveGrants } from "./grants.js";
import type { Grants } from "./grants.js";
import type { Manifest } from "./manifest-schema.js";

export type { Finding };

/** As much of V8's interface as is used here: Node has it, its type declarations don't. */
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => object;
};

/** What is to be checked before it leaves the desk. */
export interface CheckRequest {
  readonly wasm: Uint8Array;
  readonly manifest: Manifest;
  readonly board: BoardProfile;
  readonly engine: "js" | "thumb";
}

/** What a program needs and would be granted. */
export interface CheckReport {
  readonly findings: readonly Finding[];
  /** WASI calls that it imports, by name. */
  readonly imports: readonly string[];
  /** Functions that it defines itself. */
  readonly functionCount: number;
  readonly grants: Grants;
}

/**
 * Everything that can be said of a program on a board without compiling it for the board.
 * A module that isn't valid is a finding like any other; then nothing else is said of it.
 */
export function checkProgram({ wasm, manifest, board, engine }: CheckRequest): CheckReport {
  const { grants, problems } = resolveGrants(manifest, board);
  const findings: Finding[] = problems.map(({ field, message, mend }) => ({
    severity: "problem",
    message: `${field}: ${message}`,
    mend,
  }));
  if (!board.engines.includes(engine))
    findings.push({
      severity: "problem",
      message: `${board.id} can't run the ${engine} engine`,
      mend: `use --engine ${board.engines.join(" or ")}`,
    });
  const invalid = whyInvalid(wasm);
  if (invalid !== undefined) {
    findings.push({ severity: "problem", message: invalid, mend: "compile it again, or check what wrote it" });
    return { findings, imports: [], functionCount: 0, grants };
  }
  const module = decodeModule(wasm);
  findings.push(...checkImports(module), ...checkPaths(module, grants));
  return {
    findings,
    imports: module.functions.flatMap((declared) => declared.import?.name ?? []),
    functionCount: module.functions.filter((declared) => declared.body).length,
    grants,
  };
}

/** V8's reason for refusing a module, with the offset, or undefined for a valid one. */
function whyInvalid(wasm: Uint8Array): string | undefined {
  const bytes = new Uint8Array(wasm);
  if (WebAssembly.validate(bytes)) return undefined;
  try {
    new WebAssembly.Module(bytes);
  } catch (error) {
    return (error as Error).message
      .replace("WebAssembly.Module(): ", "is not a valid module: ")
      .replace(" @+", " at offset ");
  }
  return "is not a valid module";
}

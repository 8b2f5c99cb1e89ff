import { boards } from "../../hal/boards/index.js";
import type { BoardProfile } from "../../hal/boards/profile.js";
import { LEAST_BLOCKS } from "../../hal/ports/espruino/file-flash.js";
import { decodeModule, type Module } from "../compiler/decode/module.js";
import { type MemoryPlan, planMemory } from "../compiler/memory/plan.js";
import { MODULE } from "../wasi/calls.js";
import { heapBytes } from "./heap-bytes.js";
import { checkImports } from "./check-imports.js";
import type { Finding } from "./check-imports.js";
import { checkPaths } from "./check-paths.js";
import { filePlace, needsFiles } from "./file-place.js";
import { resolveGrants } from "./grants.js";
import type { Grants } from "./grants.js";
import type { Manifest } from "./manifest-schema.js";
import { suggestManifest, type Suggestion } from "./suggest-manifest.js";
import { resolveReactions, type Reaction } from "./reactions.js";

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
  /** Where several programs share the board: who uses which pin already, and what stands before this one's fields. */
  readonly owners?: Map<string, string>;
  readonly where?: string;
}

/** What a program needs and would be granted. */
export interface CheckReport {
  readonly findings: readonly Finding[];
  /** Calls that it imports: of preview 1 by name, others with their module. */
  readonly imports: readonly string[];
  /** Functions that it defines itself. */
  readonly functionCount: number;
  readonly grants: Grants;
  /** What is called for what, in a reactor. */
  readonly reactions: readonly Reaction[];
  /** What its manifest lacks, as far as the module shows it. */
  readonly suggestion: Suggestion | undefined;
  /** The arena that backs linear memory, and how each part of it was found. */
  readonly memory: MemoryPlan;
}

const NO_MEMORY: MemoryPlan = { arenaBytes: 0, parts: [] };

/**
 * Everything that can be said of a program on a board without compiling it for the board.
 * A module that isn't valid is a finding like any other; then nothing else is said of it.
 */
export function checkProgram({ wasm, manifest, board, engine, owners, where }: CheckRequest): CheckReport {
  const { grants, problems } = resolveGrants(manifest, board, owners, where);
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
    return { findings, imports: [], functionCount: 0, grants, reactions: [], suggestion: undefined, memory: NO_MEMORY };
  }
  const module = decodeModule(wasm);
  const memory = memoryOf(module, manifest, board);
  const { reactions, problems: unreactive } = resolveReactions(manifest, grants, module, where);
  findings.push(...unreactive);
  const imports = module.functions.flatMap((declared) => declared.import ?? []);
  findings.push(
    ...checkImports(module),
    ...checkPaths(module, grants, board),
    ...checkMemory(memory, board),
    ...checkFiles(module, grants, board),
  );
  return {
    findings,
    imports: imports.map(({ module: from, name }) => (from === MODULE ? name : `${from}.${name}`)),
    functionCount: module.functions.filter((declared) => declared.body).length,
    grants,
    reactions,
    suggestion: suggestManifest(module, manifest, grants, board),
    memory,
  };
}

/** The arena as it is asked for, or as the module's own layout shows. */
function memoryOf(module: Module, manifest: Manifest, board: BoardProfile): MemoryPlan {
  if (manifest.memory === undefined) return planMemory(module, heapBytes(board));
  return {
    arenaBytes: manifest.memory,
    parts: [{ name: "all", bytes: manifest.memory, found: "asked for by memory" }],
  };
}

/** The arena lies in the interpreter's variables, in one piece, beside whatever the program itself takes. */
function checkMemory({ arenaBytes }: MemoryPlan, { id, memory }: BoardProfile): Finding[] {
  const all = memory.jsVars * memory.jsVarBytes;
  if (arenaBytes < all) return [];
  return [
    {
      severity: "problem",
      message: `needs ${arenaBytes} B of memory, and ${id} has ${all} B for everything`,
      mend: "link with a smaller -z stack-size and --export=__heap_base, or say how much is enough with --memory",
    },
  ];
}

/** Files need flash that Espruino doesn't use itself, in blocks enough that some can be erased while others are kept. */
function checkFiles(module: Module, grants: Grants, { id, flash }: BoardProfile): Finding[] {
  const imports = module.functions.flatMap((declared) => declared.import ?? []);
  if (!needsFiles(imports, grants) || filePlace(flash)) return [];
  const free = flash.free.map(({ bytes, blockBytes = flash.blockBytes }) => {
    const count = bytes / blockBytes;
    return `${count} block${count === 1 ? "" : "s"} of ${blockBytes / 1024} KB`;
  });
  const others = boards.filter((board) => filePlace(board.flash)).map((board) => board.id);
  return [
    {
      severity: "problem",
      message: `keeps files, and ${id} has no flash for them: ${free.join(", ") || "none"} outside Storage, where ${LEAST_BLOCKS} blocks are needed`,
      mend: `take "dirs" out of its manifest, or use another board: ${others.join(", ")}`,
    },
  ];
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

import type { Scenario } from "../../simulator/scenario/index.js";
import { misuse } from "../failure.js";
import { parseSeconds, parseSeed } from "../numbers.js";
import { hasReactions, loadProject } from "../project.js";
import type { Project, ProjectOptions } from "../project.js";
import { describeEnd, exitCodeOf, jsonLine } from "./result.js";
import type { RunResult } from "./result.js";

/** The options of `ristretto run`, as commander hands them over. */
export interface RunOptions extends ProjectOptions {
  readonly engine: "host" | "js" | "thumb";
  readonly flash?: string;
  readonly dir?: readonly string[];
  readonly env?: readonly string[];
  readonly seed?: string;
  readonly scenario?: string;
  readonly until?: string;
  readonly trace?: "wasi";
  readonly json?: boolean;
}

/** A run with everything decided: what an engine needs to know. */
export interface Run {
  readonly project: Project;
  /** The program's name first. */
  readonly args: readonly string[];
  /** `NAME=value`. */
  readonly environ: readonly string[];
  /** Low 32 bits count. */
  readonly seed: number;
  /** Microseconds since 1970 at power-up. */
  readonly epochMicroseconds: number;
  /** Flash image file; undefined for a new flash that is gone afterwards. */
  readonly flashPath: string | undefined;
  /** Folders to copy into the file system before the guest starts. */
  readonly copies: readonly { readonly host: string; readonly guest: string }[];
  /** What happens around the board meanwhile. */
  readonly scenario: Scenario | undefined;
  /** Virtual microseconds after which the guest is stopped. */
  readonly until: number;
  /** Whether each WASI call is told on stderr. */
  readonly trace: boolean;
}

/** Runs a program and tells how it ended. @returns the command's exit code */
export async function runProject(path: string, args: readonly string[], options: RunOptions): Promise<number> {
  const run = await decide(path, args, options);
  const result = await runOn(options.engine, run);
  process.stderr.write(describeEnd(result.end));
  if (result.scenario)
    process.stderr.write((await import("../../simulator/scenario/index.js")).formatResult(result.scenario));
  if (options.json) process.stdout.write(jsonLine(result));
  return exitCodeOf(result);
}

async function runOn(engine: RunOptions["engine"], run: Run): Promise<RunResult> {
  switch (engine) {
    case "host":
      if (run.project.others.length > 0)
        throw misuse("several programs can't take turns on the host engine", "use --engine js");
      return (await import("./run-on-host.js")).runProjectOnHost(run);
    case "js":
    case "thumb":
      return (await import("./run-on-board.js")).runProjectOnBoard(run, engine);
  }
}

async function decide(path: string, args: readonly string[], options: RunOptions): Promise<Run> {
  const copies = (options.dir ?? []).map(parseCopy);
  const given = (options.env ?? []).map(parseVariable);
  const scenario =
    options.scenario === undefined ? undefined : await (await import("./scenario.js")).readScenario(options.scenario);
  const seed = options.seed === undefined ? scenario?.seed : parseSeed(options.seed);
  const until = options.until === undefined ? Infinity : parseSeconds("--until", options.until);
  const loaded = await loadProject(path, { ...options, board: options.board ?? scenario?.board });
  // Without a manifest the whole flash is the program's, as on a board that does nothing else.
  const project: Project =
    loaded.manifestPath === undefined && options.manifest !== false
      ? { ...loaded, manifest: { ...loaded.manifest, dirs: { "/": "/" } } }
      : loaded;
  if (hasReactions(project) && until === Infinity && !scenario)
    throw misuse(
      `${path}: a reactor has no end of its own`,
      "say how long with --until 60, or what happens around it with --scenario",
    );
  for (const { guest } of copies) requireGrant(project, guest);
  return {
    project,
    args: [project.name, ...(args.length ? args : project.manifest.args)],
    environ: Object.entries({ ...project.manifest.env, ...Object.fromEntries(given) }).map((pair) => pair.join("=")),
    seed: seed ?? (await import("node:crypto")).randomInt(2 ** 32),
    epochMicroseconds: seed === undefined ? Date.now() * 1000 : 0,
    flashPath: options.flash,
    copies,
    scenario,
    until,
    trace: options.trace === "wasi",
  };
}

/** `HOST::GUEST`, or `HOST` for the root. */
function parseCopy(text: string): Run["copies"][number] {
  const [host, guest = "/", ...rest] = text.split("::");
  if (!host || rest.length || !guest.startsWith("/"))
    throw misuse(`--dir ${text}: not a pair of paths`, "for example --dir ./assets::/data");
  return { host, guest };
}

function parseVariable(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw misuse(`--env ${text}: not a variable`, "for example --env LEVEL=3");
  return [text.slice(0, at), text.slice(at + 1)];
}

function requireGrant(project: Project, guest: string): void {
  const dirs = Object.keys(project.manifest.dirs);
  if (dirs.some((granted) => granted === "/" || guest === granted || guest.startsWith(`${granted}/`))) return;
  throw misuse(
    `--dir …::${guest}: the guest isn't granted that directory`,
    `add to "dirs": { "${guest}": "/" } in ${project.manifestPath ?? "a ristretto.json beside the program"}`,
  );
}

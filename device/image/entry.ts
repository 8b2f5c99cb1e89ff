import type { Clock } from "../../hal/contract/index.js";
import type { Import } from "../compiler/decode/module.js";
import { CALLS, MODULE } from "../wasi/calls.js";
import { SIGNATURES } from "../wasi/trace/signatures.js";
import { type Device, deviceLines, devicesOf } from "./entry-devices.js";
import { nativeAllocatorLine, nativeArena, nativeEngineText, type NativeGuest } from "./entry-native.js";
import { type ConsoleKind, type Mount, PORTS } from "./entry-ports.js";
import { jsEngineText, runLines } from "./entry-run.js";
import { type FilePlace, reachesGrants } from "./file-place.js";
import { allocatorLines, hardwareLine } from "./entry-hardware.js";
import type { DirectoryGrant, Grants } from "./grants.js";
import { proposalCall, proposalCalls } from "./proposal-calls.js";
import type { Reaction } from "./reactions.js";

export type { ConsoleKind } from "./entry-ports.js";

/** What the entry of a bundle is made from. */
export interface EntryOptions {
  readonly console: ConsoleKind;
  readonly arenaBytes: number;
  /** The parameters of the generated code, in order. */
  readonly imports: readonly Import[];
  /** The export to call: `_start`, `_initialize`, or none for a reactor without it. */
  readonly entry: string | undefined;
  /** What a reactor's exports are called for; a command has none. */
  readonly reactions?: readonly Reaction[];
  /** The export that gives room for results, for a module that imports the hardware proposals' interfaces. */
  readonly allocator?: string;
  /** Whether the generated code can be suspended. */
  readonly waits: boolean;
  /** Whether the generated code has loops that take fuel. */
  readonly sliced?: boolean;
  /** Milliseconds that the guest may keep the event loop waiting, at most, where it can be left. */
  readonly slice: number;
  /** The program's name first; UTF-8 bytes one char each. */
  readonly args: readonly string[];
  /** `NAME=value`. */
  readonly environ: readonly string[];
  /** What the guest is granted: directories and peripherals to preopen. */
  readonly grants: Grants;
  /** Where its files live on the board; absent where it isn't known, so that it is found out there. */
  readonly filePlace?: FilePlace["kind"];
  /** Whether each WASI call is told, a line each. */
  readonly trace?: boolean;
  /** The guest where it is machine code, and not generated code in the script. */
  readonly native?: NativeGuest;
}

/** The name that stands for the generated code until the bundle has been minified. */
export const GUEST_PLACEHOLDER = "__ristretto_guest__";

/** What a bundle imports: gives the name that a member of a built file has in the entry. */
export type From = (file: string, member: string) => string;

/** Collects imports; members of the same name from different files get names of their own. */
export class Imported {
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>([
    "memory",
    "guest",
    "files",
    "flash",
    "clock",
    "input",
    "code",
    "machine",
    "arena",
    "words",
    "output",
    "write",
  ]);
  readonly #lines: string[] = [];

  readonly from: From = (file, member) => {
    const key = `${file} ${member}`;
    let name = this.#names.get(key);
    if (name === undefined) {
      name = member;
      for (let copy = 2; this.#taken.has(name); copy++) name = `${member}_${copy}`;
      this.#taken.add(name);
      this.#names.set(key, name);
      this.#lines.push(`import { ${member === name ? name : `${member} as ${name}`} } from "ristretto:${file}";`);
    }
    return name;
  };

  get lines(): readonly string[] {
    return this.#lines;
  }
}

/** Calls that look into the table of descriptors. */
const DESCRIPTOR_CALL = /^(fd|path|sock)_|^poll_/;

/** What a guest needs of what is around it. */
interface Needs {
  readonly directories: readonly DirectoryGrant[];
  readonly devices: readonly Device[];
  /** Members of the clock. */
  readonly clock: readonly (keyof Clock)[];
  /** Whether standard input may be read. */
  readonly reads: boolean;
}

/** What of its surroundings a guest with these imports and grants uses. */
export function needsOf(options: EntryOptions): Needs {
  const used = usedBy(options);
  const reaches = reachesGrants(options.imports);
  const reacts = (options.reactions ?? []).length > 0;
  // Without a call that reaches it, what is granted needn't be there.
  const directories = reaches ? options.grants.dirs : [];
  const devices = reaches ? devicesOf(options.grants) : [];
  // Each thing of the port for those calls alone that need it; a granted peripheral may need all of the clock.
  const hardware = proposalCalls(options.imports).length > 0;
  const times = used("clock_time_get", "poll_oneoff") || devices.length > 0 || reacts || hardware;
  return {
    directories,
    devices,
    clock: [
      ...(times ? (["monotonic"] as const) : []),
      ...(times || directories.length > 0 ? (["realtime"] as const) : []),
      ...(used("clock_res_get") ? (["resolution"] as const) : []),
      ...(used("poll_oneoff") || devices.length > 0 || reacts || hardware ? (["after"] as const) : []),
    ],
    reads: used("fd_read", "poll_oneoff"),
  };
}

function usedBy({ imports }: EntryOptions): (...names: readonly string[]) => boolean {
  return (...names) => imports.some(({ module, name }) => module === MODULE && names.includes(name));
}

/**
 * The module that a bundle starts from: imports what this guest needs, and nothing else, and runs it.
 * What it imports as `ristretto:<path>` is a built file of the package.
 */
export function entrySource(options: EntryOptions): string {
  const imported = new Imported();
  const { from } = imported;
  const { clock } = needsOf(options);
  const port = PORTS[options.console];
  const lines = arenaLines(options, from);
  lines.push(...clockLines(clock, options.console, from));
  const around: Around = {
    write: () => port.write(from),
    input: () => `${from("device/wasi/console.js", "inputStream")}(${port.onInput(from)})`,
    ended: port.ended(from),
    trace: port.trace,
    placeholder: GUEST_PLACEHOLDER,
    several: false,
    files: () => filesLines(port.files(from, mountOf([options]), options.filePlace)),
  };
  lines.push(...guestLines(options, around, from));
  return [...imported.lines, ...lines].join("\n");
}

/** Statements that make `memory`; of a guest in machine code, `code`, `machine` and `arena`, too. */
export function arenaLines({ console, native, entry, arenaBytes }: EntryOptions, from: From): string[] {
  const port = PORTS[console];
  const allocate = (bytes: number) => port.arena(from, bytes);
  if (native) return nativeArena(native, entry, allocate, port.machineCode(from), from);
  return [`var memory = ${allocate(arenaBytes)};`];
}

/** What a guest finds around it: expressions, but for `ended`. */
export interface Around {
  /** `Console["write"]` */
  readonly write: () => string;
  /** Standard input for a guest that may read it. */
  readonly input: () => string;
  /** Statements that tell the end; `code` and `trap` are in scope. */
  readonly ended: string;
  /** A function that gets each line of a trace. */
  readonly trace: string;
  /** What stands for the generated code. */
  readonly placeholder: string;
  /** Whether it is one of several guests. */
  readonly several: boolean;
  /** Statements that make `files`; none where they are in scope. */
  readonly files: () => readonly string[];
}

/** Statements that make `clock`. */
export function clockLines(members: readonly (keyof Clock)[], console: ConsoleKind, from: From): string[] {
  if (members.length === 0) return [];
  const list = members.map((member) => `${member}: ${PORTS[console].clock[member](from)}`);
  return [`var clock = { ${list.join(", ")} };`];
}

/** What mounts the file system of guests. */
export function mountOf(guests: readonly EntryOptions[]): Mount {
  return guests.some((guest) => usedBy(guest)("fd_filestat_set_times", "path_filestat_set_times"))
    ? "mountFileSystem"
    : "mountWithoutTimes";
}

/** Statements that mount `files`. */
export function filesLines(mounted: readonly string[]): string[] {
  return [...mounted, `if (files.readOnly) console.log("files: " + files.readOnly);`];
}

/** Statements that make a guest and run it; `memory` and `clock` are in scope, where it needs them. */
export function guestLines(options: EntryOptions, around: Around, from: From): string[] {
  const used = usedBy(options);
  const { directories, devices, clock, reads } = needsOf(options);
  const granted = directories.length + devices.length > 0;
  const { native } = options;
  const lines: string[] = [];
  const guest = [native ? "memory: arena.memory" : "memory: new Uint8Array(memory)"];
  if (used("args_get", "args_sizes_get")) guest.push(`args: ${JSON.stringify(options.args)}`);
  if (used("environ_get", "environ_sizes_get")) guest.push(`environ: ${JSON.stringify(options.environ)}`);
  if (clock.length > 0) guest.push("clock: clock");
  if (used("random_get")) guest.push(`entropy: ${PORTS[options.console].random(from)}`);
  if (options.imports.some(({ module, name }) => module === MODULE && DESCRIPTOR_CALL.test(name))) {
    const write = around.write();
    const input = reads ? around.input() : `${from("device/wasi/console.js", "closedInput")}()`;
    const output = from("device/wasi/console.js", "outputStream");
    lines.push(`var input = ${input};`);
    guest.push(`descriptors: [input, ${output}(${write}, 1), ${output}(${write}, 2)]`);
  }
  lines.push(`var guest = { ${guest.join(", ")} };`);
  if (directories.length > 0) lines.push(...around.files(), ...preopenedDirectories(directories, from));
  if (devices.length > 0) lines.push(...deviceLines(devices, from));

  const hardware = proposalCalls(options.imports).length > 0;
  if (hardware) lines.push(hardwareLine(options.imports, options.grants, from));
  if (native && options.allocator !== undefined) lines.push(nativeAllocatorLine(native, options.allocator, from));
  const imports = options.imports.map((call) => {
    const plain = importedCall(call, granted, from);
    return options.trace && call.module === MODULE ? tracedCall(call.name, plain, around.trace, from) : plain;
  });
  // Files are written out and watches end, however the guest ended.
  const drop = hardware ? `${from("device/wasi/proposals/hardware.js", "dropHandles")}(guest); ` : "";
  const closing = granted
    ? `${from("device/wasi/descriptor.js", "closeDescriptors")}(guest); `
    : reads
      ? "if (input.close) input.close(); "
      : "";
  const close = drop + closing;
  const engine = native
    ? nativeEngineText(native, imports, options.slice, from)
    : jsEngineText(options, jsInstance(options, around, imports, lines, from), granted, from);
  lines.push(...runLines(options, engine, close, around.ended, around.several, from));
  return lines;
}

/**
 * Instantiates generated ECMAScript.
 * @param imports what its imports are linked to
 * @param lines get statements that must come first
 * @returns an expression of the instance
 */
function jsInstance(
  options: EntryOptions,
  { placeholder }: Around,
  imports: readonly string[],
  lines: string[],
  from: From,
): string {
  const { sliced, slice, console } = options;
  const after = () => PORTS[console].clock.after(from);
  const fuel = sliced ? [`${from("device/engine/slices.js", "slices")}(guest, ${slice}, ${after()})`] : [];
  // Of one guest alone, the minifier writes `guest` into the calls, and nothing is bound (`dropConstantParameters`).
  const bound = imports.map((call) => `${call}.bind(undefined, guest)`);
  const instance = `${placeholder}(${["memory", ...fuel, ...bound].join(", ")})`;
  if (proposalCalls(options.imports).length === 0) return instance;
  lines.push(`var instance = ${instance};`, ...allocatorLines(options));
  return "instance";
}

/** The function that a module's import is linked to. */
function importedCall({ module, name }: Import, granted: boolean, from: From): string {
  const proposed = proposalCall(module, name);
  if (proposed) return from(`device/wasi/proposals/${proposed.file}`, proposed.member);
  const call = module === MODULE ? CALLS[name] : undefined;
  if (!call) throw new Error(`nothing provides ${module}.${name}`);
  if (granted) return from(`device/wasi/${call.file}`, name);
  if (call.needsGrant) return from("device/wasi/descriptor.js", "refuse");
  return from(`device/wasi/${call.ungrantedFile ?? call.file}`, name);
}

/** A call with a line around it. */
function tracedCall(name: string, plain: string, show: string, from: From): string {
  const traced = from("device/wasi/trace/traced.js", "traced");
  return `${traced}(${JSON.stringify(name)}, ${JSON.stringify(SIGNATURES[name])}, ${plain}, ${show})`;
}

function preopenedDirectories(directories: readonly DirectoryGrant[], from: From): string[] {
  return directories.map(({ path, directory, rights }) => {
    const [name, writable] = [JSON.stringify(path), rights !== "read"];
    // The root needn't be looked for.
    const opened = /^\/*$/.test(directory)
      ? `${from("device/wasi/preopen.js", "openRoot")}(files, ${name}, ${writable})`
      : `${from("device/wasi/preopen.js", "openDirectory")}(files, ${JSON.stringify(directory)}, ${name}, ${writable})`;
    return `guest.descriptors.push(${opened});`;
  });
}

import type { Clock } from "../../hal/contract/index.js";
import type { Import } from "../compiler/decode/module.js";
import { CALLS, MODULE } from "../wasi/calls.js";
import { SIGNATURES } from "../wasi/trace/signatures.js";
import { deviceLines, devicesOf } from "./entry-devices.js";
import { nativeArena, type NativeGuest, nativeRun } from "./entry-native.js";
import { type ConsoleKind, PORTS } from "./entry-ports.js";
import { runLines } from "./entry-run.js";
import type { DirectoryGrant, Grants } from "./grants.js";
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
  /** Whether the generated code can be suspended. */
  readonly waits: boolean;
  /** The program's name first; UTF-8 bytes one char each. */
  readonly args: readonly string[];
  /** `NAME=value`. */
  readonly environ: readonly string[];
  /** What the guest is granted: directories and peripherals to preopen. */
  readonly grants: Grants;
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
class Imported {
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>([
    "memory",
    "guest",
    "files",
    "clock",
    "input",
    "code",
    "machine",
    "arena",
    "words",
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

/**
 * The module that a bundle starts from: imports what this guest needs, and nothing else, and runs it.
 * What it imports as `ristretto:<path>` is a built file of the package.
 */
export function entrySource(options: EntryOptions): string {
  const imported = new Imported();
  const { from } = imported;
  const { reactions = [] } = options;
  const reacts = reactions.length > 0;
  const port = PORTS[options.console];
  const used = (...names: readonly string[]) => options.imports.some(({ name }) => names.includes(name));
  const reaches = options.imports.some(({ name }) => CALLS[name]?.needsGrant);
  const descriptors = options.imports.some(({ name }) => DESCRIPTOR_CALL.test(name));
  // Without a call that reaches it, what is granted needn't be there.
  const directories = reaches ? options.grants.dirs : [];
  const devices = reaches ? devicesOf(options.grants) : [];
  const granted = directories.length + devices.length > 0;

  // Each thing of the port for those calls alone that need it; a granted peripheral may need all of the clock.
  const times = used("clock_time_get", "poll_oneoff") || devices.length > 0 || reacts;
  const clock: readonly (keyof Clock)[] = [
    ...(times ? (["monotonic"] as const) : []),
    ...(times || directories.length > 0 ? (["realtime"] as const) : []),
    ...(used("clock_res_get") ? (["resolution"] as const) : []),
    ...(used("poll_oneoff") || devices.length > 0 || reacts ? (["after"] as const) : []),
  ];
  const reads = used("fd_read", "poll_oneoff");

  const { native } = options;
  const allocate = (bytes: number) => port.arena(from, bytes);
  const lines = native
    ? nativeArena(native, options.entry ?? "_start", allocate, port.machineCode(from), from)
    : [`var memory = ${allocate(options.arenaBytes)};`];
  const guest = [native ? "memory: arena.memory" : "memory: new Uint8Array(memory)"];
  if (used("args_get", "args_sizes_get")) guest.push(`args: ${JSON.stringify(options.args)}`);
  if (used("environ_get", "environ_sizes_get")) guest.push(`environ: ${JSON.stringify(options.environ)}`);
  if (clock.length > 0) {
    const members = clock.map((member) => `${member}: ${port.clock[member](from)}`);
    lines.push(`var clock = { ${members.join(", ")} };`);
    guest.push("clock: clock");
  }
  if (used("random_get")) guest.push(`random: ${port.random(from)}`);
  if (descriptors) {
    const write = port.write(from);
    const input = reads
      ? `${from("device/wasi/console.js", "inputStream")}(${port.onInput(from)})`
      : `${from("device/wasi/console.js", "closedInput")}()`;
    const output = from("device/wasi/console.js", "outputStream");
    lines.push(`var input = ${input};`);
    guest.push(`descriptors: [input, ${output}(${write}, 1), ${output}(${write}, 2)]`);
  }
  lines.push(`var guest = { ${guest.join(", ")} };`);
  if (directories.length > 0) lines.push(...preopenedDirectories(directories, port.files(from), from));
  if (devices.length > 0) lines.push(...deviceLines(devices, from));

  const imports = options.imports.map((call) => {
    const plain = importedCall(call, granted, from);
    return options.trace ? tracedCall(call.name, plain, port.trace, from) : plain;
  });
  // Files are written out and watches end, however the guest ended.
  const close = granted
    ? `${from("device/wasi/descriptor.js", "closeDescriptors")}(guest); `
    : reads
      ? "input.close(); "
      : "";
  if (native) {
    lines.push(nativeRun(native, imports, `function (code, trap) { ${close}${port.ended(from)} }`, from));
  } else {
    const instance = `${GUEST_PLACEHOLDER}(${["memory", "guest", ...imports].join(", ")})`;
    lines.push(...runLines({ ...options, reactions }, instance, close, from));
  }
  return [...imported.lines, ...lines].join("\n");
}

/** The function that a module's import is linked to. */
function importedCall({ module, name }: Import, granted: boolean, from: From): string {
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

function preopenedDirectories(directories: readonly DirectoryGrant[], files: string, from: From): string[] {
  const open = from("device/wasi/preopen.js", "openDirectory");
  return [
    `var files = ${files};`,
    `if (files.readOnly) console.log("files: " + files.readOnly);`,
    ...directories.map(
      ({ path, directory, rights }) =>
        `guest.descriptors.push(${open}(files, ${JSON.stringify(directory)}, ${JSON.stringify(path)}, ${rights !== "read"}));`,
    ),
  ];
}

import { CALLS, MODULE } from "../wasi/calls.js";
import type { Import } from "../compiler/decode/module.js";

/** Where an image's console, and the news of its end, go. */
export type ConsoleKind =
  /** A board's prompt. */
  | "espruino"
  /** The three streams of `ristretto run`. */
  | "sandbox"
  /** `print` or `console.log` of any interpreter. */
  | "standalone";

/** What the entry of a bundle is made from. */
export interface EntryOptions {
  readonly console: ConsoleKind;
  readonly arenaBytes: number;
  /** The parameters of the generated code, in order. */
  readonly imports: readonly Import[];
  /** The export to call: `_start` or `_initialize`. */
  readonly entry: string;
  /** Whether the generated code can be suspended. */
  readonly waits: boolean;
  /** The program's name first; UTF-8 bytes one char each. */
  readonly args: readonly string[];
  /** `NAME=value`. */
  readonly environ: readonly string[];
  /** Directories to preopen: the guest's name, the file system's path. */
  readonly directories: readonly { readonly guest: string; readonly path: string; readonly writable: boolean }[];
}

/** The name that stands for the generated code until the bundle has been minified. */
export const GUEST_PLACEHOLDER = "__ristretto_guest__";

const DESCRIPTOR_CALL = /^(fd|path|sock)_|^poll_/;

/**
 * The module that a bundle starts from: imports what this guest needs, and nothing else, and runs it.
 * Paths are relative to the package's built files.
 */
export function entrySource(options: EntryOptions): string {
  const names = options.imports.map(({ name }) => name);
  const lines: string[] = [];
  const files = new Map<string, Set<string>>();
  const from = (file: string, name: string): string => {
    files.set(file, (files.get(file) ?? new Set()).add(name));
    return name;
  };
  const used = (name: string) => names.includes(name);
  const descriptors = names.some((name) => DESCRIPTOR_CALL.test(name));
  const port = PORTS[options.console];

  lines.push(`var memory = ${arena(options, from)};`);
  lines.push(`var guest = ${from("device/engine/js.js", "createGuest")}(new Uint8Array(memory));`);
  if (used("args_get") || used("args_sizes_get")) lines.push(`guest.args = ${JSON.stringify(options.args)};`);
  if (used("environ_get") || used("environ_sizes_get")) {
    lines.push(`guest.environ = ${JSON.stringify(options.environ)};`);
  }
  if (used("clock_time_get") || used("clock_res_get") || used("poll_oneoff") || options.directories.length > 0) {
    lines.push(`guest.clock = ${port.clock(from)};`);
  }
  if (used("random_get")) lines.push(`guest.random = ${port.random(from)};`);
  if (descriptors) {
    const console = port.console(from);
    const reads = used("fd_read") || used("poll_oneoff");
    const input = reads
      ? `${from("device/wasi/console.js", "inputStream")}(${console})`
      : `${from("device/wasi/console.js", "closedInput")}()`;
    const output = from("device/wasi/console.js", "outputStream");
    lines.push(`guest.descriptors = [${input}, ${output}(${console}, 1), ${output}(${console}, 2)];`);
  }
  if (options.directories.length > 0) lines.push(...preopens(options, from));

  const imports = options.imports.map(({ module, name }) => {
    const call = module === MODULE ? CALLS[name] : undefined;
    if (!call) throw new Error(`nothing provides ${module}.${name}`);
    if (call.needsGrant && options.directories.length === 0) return from("device/wasi/descriptor.js", "refuse");
    return from(`device/wasi/${call.file}`, name);
  });
  const closes = descriptors && names.some((name) => name.startsWith("path_") || name === "fd_read");
  const close = closes ? `${from("device/wasi/descriptor.js", "closeDescriptors")}(guest); ` : "";
  const ended = `function (code, trap) { ${close}${port.ended(from)} }`;
  const instance = `${GUEST_PLACEHOLDER}(${["memory", "guest", ...imports].join(", ")})`;
  const start = options.waits
    ? `${from("device/engine/js.js", "runWaiting")}(guest, ${instance}`
    : `${from("device/engine/js.js", "run")}(${instance}`;
  lines.push(`${start}, ${JSON.stringify(options.entry)}, ${ended});`);
  if (options.console === "standalone" && options.waits) {
    lines.push(`${from("hal/ports/ecmascript/clock.js", "runTimers")}();`);
  }
  const heads = [...files].map(([file, members]) => `import { ${[...members].join(", ")} } from "ristretto:${file}";`);
  return [...heads, ...lines].join("\n");
}

type From = (file: string, name: string) => string;

interface Port {
  readonly console: (from: From) => string;
  readonly clock: (from: From) => string;
  readonly random: (from: From) => string;
  /** Statements that tell the end; `code` and `trap` are in scope. */
  readonly ended: (from: From) => string;
}

const espruino = {
  clock: (from: From) => `${from("hal/ports/espruino/clock.js", "openClock")}()`,
  random: (from: From) => from("hal/ports/espruino/random.js", "random"),
};

const PORTS: Readonly<Record<ConsoleKind, Port>> = {
  espruino: {
    ...espruino,
    console: (from) => from("hal/ports/espruino/console.js", "espruinoConsole"),
    ended: () =>
      `if (trap) console.log(trap.message + "\\n" + trap.stack); else if (code) console.log("exit " + code);`,
  },
  sandbox: {
    ...espruino,
    console: (from) => `${from("hal/ports/sandbox/console.js", "sandboxConsole")}()`,
    ended: () => `if (trap) ristretto.trap(trap.message, trap.stack); else ristretto.exit(code);`,
  },
  standalone: {
    clock: (from) => from("hal/ports/ecmascript/clock.js", "clock"),
    random: (from) => from("hal/ports/ecmascript/random.js", "random"),
    console: (from) => from("hal/ports/ecmascript/console.js", "ecmascriptConsole"),
    ended: (from) => `${from("hal/ports/ecmascript/console.js", "flushConsole")}(); if (trap) throw trap;`,
  },
};

function arena(options: EntryOptions, from: From): string {
  if (options.console === "standalone") return `new ArrayBuffer(${options.arenaBytes})`;
  return `${from("hal/ports/espruino/arena.js", "allocateArena")}(${options.arenaBytes})`;
}

function preopens(options: EntryOptions, from: From): string[] {
  const openFileSystem =
    options.console === "standalone"
      ? `${from("hal/ports/ecmascript/file-system.js", "openFileSystem")}()`
      : `${from("hal/ports/espruino/file-system.js", "openFileSystem")}()`;
  const open = from("device/wasi/preopen.js", "openDirectory");
  return [
    `var files = ${openFileSystem};`,
    ...options.directories.map(
      ({ guest, path, writable }) =>
        `guest.descriptors.push(${open}(files, ${JSON.stringify(path)}, ${JSON.stringify(guest)}, ${writable}));`,
    ),
  ];
}

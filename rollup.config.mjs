// Makes the device bundles that `npm run size` holds to their limits, from TypeScript source, in ES5: the runtime
// around a guest, linked and minified as `ristretto build` does, without the guest itself.
import { resolve } from "node:path";
import typescript from "@rollup/plugin-typescript";
import { minifyForDevice } from "./dist/device/image/bundle.js";
import { entrySource, GUEST_PLACEHOLDER } from "./dist/device/image/entry.js";
import { NO_GRANTS } from "./dist/device/image/grants.js";
import { CALLS, MODULE } from "./dist/device/wasi/calls.js";

const STDIO = ["clock_time_get", "clock_res_get", "random_get", "fd_read", "fd_write", "proc_exit"];

// What wasi-libc imports for the whole life of a file: open, read, write, lseek, ftruncate, fsync, fcntl, close; rename,
// unlink, mkdir, rmdir; opendir and readdir; stat and fstat.
const FILES = [
  "fd_close",
  "fd_fdstat_get",
  "fd_fdstat_set_flags",
  "fd_prestat_get",
  "fd_prestat_dir_name",
  "fd_readdir",
  "fd_seek",
  "fd_tell",
  "fd_sync",
  "fd_filestat_get",
  "fd_filestat_set_size",
  "path_create_directory",
  "path_filestat_get",
  "path_open",
  "path_remove_directory",
  "path_rename",
  "path_unlink_file",
];

// The file system is outside Storage, as on a Puck.js.
const ROOT = [{ path: "/", directory: "/", rights: "read-write" }];

const bundles = {
  // Clocks, random and stdio: for a program that keeps nothing.
  runtime: { calls: STDIO, dirs: [] },
  // The same with files and directories, as a C program uses them: what `with the file system` is held to.
  "runtime-with-files": { calls: [...STDIO, ...FILES], dirs: ROOT },
  // Preview 1 but for sockets and signals, also what hardly a program imports (links, times, advice): the most that a
  // bundle can be without peripherals.
  "runtime-with-everything": {
    calls: Object.keys(CALLS).filter((name) => !/^sock_|^proc_raise/.test(name)),
    dirs: ROOT,
  },
};

export default Object.entries(bundles).map(([name, { calls, dirs }]) => ({
  input: name,
  output: { file: `build/${name}.js`, format: "iife", compact: true, esModule: false, strict: false },
  treeshake: { moduleSideEffects: false, propertyReadSideEffects: false },
  plugins: [
    entry(
      name,
      entrySource({
        console: "espruino",
        arenaBytes: 4096,
        imports: calls.map((call) => ({ module: MODULE, name: call })),
        entry: "_start",
        waits: true,
        args: [name],
        environ: [],
        grants: { ...NO_GRANTS, dirs },
        filePlace: "free",
      }),
    ),
    typescript({
      tsconfig: false,
      filterRoot: ".",
      include: ["hal/**/*.ts", "device/**/*.ts"],
      target: "ES5",
      ignoreDeprecations: "5.0",
      module: "ESNext",
      moduleResolution: "Bundler",
      lib: ["ES5"],
      types: [],
      strict: true,
      skipLibCheck: true,
    }),
    { name: "minify", renderChunk: async (code) => (await minifyForDevice(code)).replace(GUEST_PLACEHOLDER, "") },
  ],
}));

/** The entry is text; what it imports as `ristretto:<built file>` is found at its source. */
function entry(name, source) {
  return {
    name: "ristretto",
    resolveId: (id) => {
      if (id === name) return { id, moduleSideEffects: true };
      return id.startsWith("ristretto:") ? resolve(id.slice("ristretto:".length).replace(/\.js$/, ".ts")) : null;
    },
    load: (id) => (id === name ? source : null),
  };
}

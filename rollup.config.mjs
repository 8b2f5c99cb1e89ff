// Makes the device bundles that `npm run size` holds to their limits, from TypeScript source, in ES5: the runtime
// around a guest, linked and minified as `ristretto build` does, without the guest itself.
import { resolve } from "node:path";
import typescript from "@rollup/plugin-typescript";
import { minifyForDevice } from "./dist/device/image/bundle.js";
import { entrySource, GUEST_PLACEHOLDER } from "./dist/device/image/entry.js";
import { NO_GRANTS } from "./dist/device/image/grants.js";
import { CALLS, MODULE } from "./dist/device/wasi/calls.js";

const bundles = {
  // Clocks, random and stdio.
  runtime: {
    calls: ["clock_time_get", "clock_res_get", "random_get", "fd_read", "fd_write", "proc_exit"],
    dirs: [],
  },
  // All calls on descriptors and paths over the file system, outside Storage as on a Puck.js, and all that hello has.
  "runtime-with-files": {
    calls: Object.keys(CALLS).filter((name) => !/^sock_|^proc_raise/.test(name)),
    dirs: [{ path: "/", directory: "/", rights: "read-write" }],
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

import { readFile } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { CompressOptions, MinifyOptions } from "terser";
import { MANGLED } from "../wasi/names.js";
import { closeProperties } from "./closed-properties.js";
import { spreadConstantObjects } from "./constant-objects.js";
import { flattenConstantResults } from "./constant-results.js";
import { dropConstantParameters } from "./constant-parameters.js";
import { nameGlobals } from "./global-names.js";
import { inlineFactories } from "./inline-factories.js";
import { declareEarlyVariables } from "./variable-hoisting.js";

/** Where the package's built files are, also when this runs from source. */
function builtFiles(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const root = resolve(here, "../..");
  return here.includes(`${sep}dist${sep}`) ? root : resolve(root, "dist");
}

/** Names of properties that nothing outside a bundle knows. */
const OURS = new RegExp(`^(?:${MANGLED.join("|")})$`);

/** How device code is minified: for size, and for interpreters that know ES5 and no more. */
const COMPRESS: CompressOptions = {
  ecma: 5,
  passes: 3,
  toplevel: true,
  unsafe_arrows: false,
  // The device's own rules, not style: functions are defined before use, and `typeof` guards must stay.
  hoist_funs: false,
  hoist_vars: false,
  // `1/0` takes a fifth of the time of `Infinity`, which the interpreter looks up by name.
  keep_infinity: false,
  pure_getters: true,
  typeofs: false,
};
/** What may come before that: quotes stay around names of others, and functions before their use. */
const ROUGH: CompressOptions = { ...COMPRESS, passes: 1, properties: false, if_return: false, sequences: false };
const MINIFY: MinifyOptions = {
  ecma: 5,
  toplevel: true,
  compress: COMPRESS,
  mangle: {
    toplevel: true,
    // Words that Espruino's lexer keeps for itself although ES5 doesn't.
    reserved: ["of", "let", "static", "const"],
    // The bundle is closed, generated code included, so names that are ours alone may be shorter.
    properties: { regex: OURS, builtins: true, keep_quoted: "strict" },
  },
  format: { ecma: 5, ascii_only: true, semicolons: true, wrap_func_args: false, inline_script: false },
};

/**
 * Minifies a script for a device.
 * @param source ES5, of which nothing is known outside
 */
export async function minifyForDevice(source: string): Promise<string> {
  const { minify } = await import("terser");
  const run = async (code: string, options: MinifyOptions): Promise<string> => {
    const result = await minify(code, options);
    if (result.code === undefined) throw new Error("terser returned nothing");
    return result.code;
  };
  // A function is written into its caller only where none of its names means something else there, so first each gets
  // a name of its own.
  let names = 0;
  const mangle = { toplevel: true, nth_identifier: { get: () => `v${names++}` } };
  const isOurs = (name: string) => OURS.test(name);
  const apart = inlineFactories(await run(source, { compress: false, mangle }));
  const closed = spreadConstantObjects(flattenConstantResults(dropConstantParameters(closeProperties(apart, isOurs))));
  // What that left without a use shows only once the rest has been put together.
  const simpler = await run(closed, { compress: ROUGH, mangle });
  return declareEarlyVariables((await run(nameGlobals(closeProperties(simpler, isOurs)), MINIFY)).trim());
}

/**
 * Bundles an entry with what it imports from the package (`ristretto:<path of a built file>`), and minifies it.
 * @param entry an ES module's source
 * @returns one script, ES5, in a function of its own
 */
export async function bundle(entry: string): Promise<string> {
  const { rollup } = await import("rollup");
  const built = builtFiles();
  const build = await rollup({
    input: "entry",
    treeshake: { moduleSideEffects: false, propertyReadSideEffects: false },
    onwarn: (warning) => {
      if (warning.code !== "THIS_IS_UNDEFINED") throw new Error(`bundling: ${warning.message}`);
    },
    plugins: [
      {
        name: "ristretto",
        resolveId: (id, importer) => {
          if (id === "entry") return { id, moduleSideEffects: true };
          if (id.startsWith("ristretto:")) return resolve(built, id.slice("ristretto:".length));
          return importer ? resolve(dirname(importer), id) : null;
        },
        load: (id) => (id === "entry" ? entry : readFile(id, "utf8")),
      },
    ],
  });
  const { output } = await build.generate({ format: "iife", compact: true, esModule: false, strict: false });
  await build.close();
  return minifyForDevice(output[0].code);
}

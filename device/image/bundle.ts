import { readFile } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { MinifyOptions } from "terser";
import { MANGLED } from "../wasi/names.js";
import { declareEarlyVariables } from "./variable-hoisting.js";

/** Where the package's built files are, also when this runs from source. */
function builtFiles(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const root = resolve(here, "../..");
  return here.includes(`${sep}dist${sep}`) ? root : resolve(root, "dist");
}

/** How device code is minified: for size, and for interpreters that know ES5 and no more. */
export const MINIFY: MinifyOptions = {
  ecma: 5,
  toplevel: true,
  compress: {
    ecma: 5,
    passes: 3,
    toplevel: true,
    unsafe_arrows: false,
    // The device's own rules, not style: functions are defined before use, and `typeof` guards must stay.
    hoist_funs: false,
    hoist_vars: false,
    // Espruino executes source: a sequence nested in a condition costs a level of recursion a comma.
    keep_infinity: true,
    pure_getters: true,
    typeofs: false,
  },
  mangle: {
    toplevel: true,
    // Words that Espruino's lexer keeps for itself although ES5 doesn't.
    reserved: ["of", "let", "static", "const"],
    // The bundle is closed, generated code included, so names that are ours alone may be shorter.
    properties: { regex: new RegExp(`^(?:${MANGLED.join("|")})$`), builtins: true },
  },
  format: { ecma: 5, ascii_only: true, semicolons: true, wrap_func_args: false, inline_script: false },
};

/**
 * Bundles an entry with what it imports from the package (`ristretto:<path of a built file>`), and minifies it.
 * @param entry an ES module's source
 * @returns one script, ES5, in a function of its own
 */
export async function bundle(entry: string): Promise<string> {
  const [{ rollup }, { minify }] = await Promise.all([import("rollup"), import("terser")]);
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
  const { code } = await minify(output[0].code, MINIFY);
  if (code === undefined) throw new Error("terser returned nothing");
  return declareEarlyVariables(code.trim());
}

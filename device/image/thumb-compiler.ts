import type { BuildOptions } from "./build-image.js";

/** The compiler to machine code; undefined where this build has none. */
export const compileToThumb: BuildOptions["compileToThumb"] = undefined;

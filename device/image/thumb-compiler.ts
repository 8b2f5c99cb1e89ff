import { compileToThumb as compile } from "../compiler/thumb/compile.js";
import type { BuildOptions } from "./build-image.js";

/** The compiler to machine code. */
export const compileToThumb: BuildOptions["compileToThumb"] = compile;

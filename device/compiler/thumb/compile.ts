export { compileToThumb, type ThumbOptions } from "./generator/module.js";

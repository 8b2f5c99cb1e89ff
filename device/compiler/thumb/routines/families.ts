import { bits } from "./bits.js";
import { divide32 } from "./divide32.js";
import { float32Add } from "./float32-add.js";
import { float32Compare } from "./float32-compare.js";
import { float32Convert } from "./float32-convert.js";
import { float32Multiply } from "./float32-multiply.js";
import { float32Root } from "./float32-root.js";
import { float32WebAssembly } from "./float32-webassembly.js";
import { float64Add } from "./float64-add.js";
import { float64Compare } from "./float64-compare.js";
import { float64Convert } from "./float64-convert.js";
import { float64Multiply } from "./float64-multiply.js";
import { float64Root } from "./float64-root.js";
import { float64WebAssembly } from "./float64-webassembly.js";
import { integer64 } from "./integer64.js";
import { memory } from "./memory.js";
import { multiplyHigh } from "./multiply-high.js";
import { unaligned } from "./unaligned.js";

/** Every routine's text, by family. A text is linked as a whole, so it holds what is of use together. */
export const families: readonly (readonly string[])[] = [
  [divide32],
  [multiplyHigh],
  bits,
  integer64,
  memory,
  [unaligned],
  float32Add,
  float32Multiply,
  float32Root,
  float32Compare,
  float32Convert,
  float32WebAssembly,
  float64Add,
  float64Multiply,
  float64Root,
  float64Compare,
  float64Convert,
  float64WebAssembly,
];

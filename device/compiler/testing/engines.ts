import type { Engine } from "./engine.js";
import { jsEngine, suspendingJsEngine } from "./js-engine.js";
import { compileToThumb } from "../thumb/compile.js";
import { createThumbEngine } from "./thumb-engine.js";
import { v8Engine } from "./v8-engine.js";

const engines: Readonly<Record<string, Engine>> = {
  js: jsEngine,
  "js-suspending": suspendingJsEngine,
  thumb: createThumbEngine({ name: "thumb", compile: (module) => compileToThumb(module) }),
  // Left and entered again at almost every chance.
  "thumb-sliced": createThumbEngine({ name: "thumb-sliced", compile: (module) => compileToThumb(module), fuel: 2 }),
  v8: v8Engine,
};

/** Names for `findEngine`. */
export const engineNames: readonly string[] = Object.keys(engines);

/** The engine of that name, or undefined. */
export function findEngine(name: string): Engine | undefined {
  return engines[name];
}

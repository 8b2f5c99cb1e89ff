import type { FlashModules } from "./storage.js";
import type { Value, World } from "./world.js";

/** `require` and `Modules`, after `jswrap_modules.c`: natives, then files in Storage, then what was cached. */
export function installModules(world: World, natives: FlashModules): void {
  const cache = new Map<string, Value>();
  const evaluate = eval;

  function load(code: string): Value {
    const module = { exports: {} };
    evaluate("(function(exports,module){" + code + "\n})").call(module.exports, module.exports, module);
    return module.exports;
  }

  world.define("require", (name: Value) => {
    if (typeof name !== "string") throw new TypeError("Expecting module name as a string, got " + typeof name);
    const cached = cache.get(name);
    if (cached !== undefined) return cached;
    const built = (natives as Value)[name];
    let found = built;
    if (found === undefined && name.length <= 28) {
      const code = natives.Storage.read(name);
      if (code !== undefined) found = load(code);
    }
    if (found === undefined) throw new Error(`Module ${world.format(name, 0)} not found`);
    cache.set(name, found);
    return found;
  });

  const Modules = function Modules() {};
  world.methods(Modules, {
    getCached: () => [...cache.keys()],
    removeCached(name: Value) {
      if (!cache.delete(String(name))) throw new Error(`Module ${world.format(String(name), 0)} not found`);
    },
    removeAllCached() {
      cache.clear();
    },
    addCached(name: Value, code: Value) {
      cache.set(String(name), typeof code === "function" ? call(code) : load(String(code)));
    },
  });
  world.define("Modules", Modules);

  function call(code: Value): Value {
    const module = { exports: {} };
    code.call(module.exports, module.exports, module);
    return module.exports;
  }
}

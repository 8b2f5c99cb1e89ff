/** `npm run bench -- <name> [options]`. Benchmarks are measurements, never tests: nothing fails for being slow. */
import process from "node:process";

interface Benchmark {
  run(args: readonly string[]): Promise<void>;
}

const benchmarks: Readonly<Record<string, () => Promise<Benchmark>>> = {
  calls: () => import("./calls.js"),
  espruino: () => import("./espruino.js"),
  fs: () => import("./fs.js"),
  suspension: () => import("./suspension.js"),
  size: () => import("./size.js"),
  thumb: () => import("./thumb.js"),
};

const [name, ...args] = process.argv.slice(2);
const load = benchmarks[name];
if (load) {
  await (await load()).run(args);
} else {
  const names = Object.keys(benchmarks).join(", ");
  process.stderr.write(`${name ? `No benchmark "${name}"` : "Which benchmark?"} There are: ${names}.\n`);
  process.exitCode = 2;
}

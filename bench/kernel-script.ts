import { NOW } from "../device/compiler/testing/interpreters.js";

/** One way to have the kernels: ES5 statements, and where its functions are then found. */
export interface Contender {
  readonly name: string;
  readonly statements: string;
  /** An expression for an object of functions by kernel name, evaluated after the statements. */
  readonly functions: string;
}

/** A kernel and what it is called with. */
export interface KernelRun {
  readonly kernel: string;
  readonly argument: number;
}

/** Of one kernel: what each contender returned, and the seconds that each of its runs took, in the order given. */
export interface KernelTiming {
  readonly kernel: string;
  readonly results: readonly number[];
  readonly seconds: readonly (readonly number[])[];
}

const MARK = "TIMINGS";

/**
 * A script that times all contenders in one process, turn by turn, so that whatever else the machine does meets all
 * of them alike. A turn repeats a kernel until the first contender has taken a twentieth of a second.
 */
export function kernelScript(contenders: readonly Contender[], runs: readonly KernelRun[], turns: number): string {
  const kernels = runs.map(({ kernel, argument }) => JSON.stringify([kernel, argument]));
  return [
    NOW,
    ...contenders.map(({ statements }) => statements),
    `var contenders=[${contenders.map(({ functions }) => functions).join()}],kernels=[${kernels.join()}],out=[];`,
    "function time(f,x,n){var t=now(),i;for(i=0;i<n;i++)f(x);return(now()-t)/n}",
    "kernels.forEach(function(k){",
    "var fs=contenders.map(function(c){return c[k[0]]}),n=1,i;",
    "var o={kernel:k[0],results:fs.map(function(f){return f(k[1])|0}),seconds:fs.map(function(){return[]})};",
    "while(time(fs[0],k[1],n)*n<.05)n*=2;",
    `for(i=0;i<${turns};i++)fs.forEach(function(f,j){o.seconds[j].push(time(f,k[1],n))});`,
    "out.push(o)});",
    `print("${MARK}"+JSON.stringify(out));`,
  ].join("\n");
}

/** @throws Error when the script printed something else, which then is the message */
export function readTimings(printed: string): readonly KernelTiming[] {
  const found = printed.split("\n").find((line) => line.startsWith(MARK));
  if (!found) throw new Error(`no timings in what the interpreter printed: ${printed.slice(-500)}`);
  return JSON.parse(found.slice(MARK.length)) as KernelTiming[];
}

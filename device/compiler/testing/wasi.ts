import type { Engine, HostFunction, Imports, Instance } from "./engine.js";
import { Trap } from "./engine.js";
import { numeric } from "./values.js";

/** How a program ended, and what it printed on standard output and standard error together. */
export interface ProgramRun {
  readonly output: string;
  /** Its exit code, or the kind of its trap. */
  readonly end: number | string;
}

class Exit extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

/**
 * Runs a WASI program whose world is its output: no arguments, no files, a clock that stands still.
 * Just enough to compare engines before there is a runtime; the runtime itself is device/wasi.
 */
export function runProgram(engine: Engine, module: Uint8Array): ProgramRun {
  const output: number[] = [];
  let instance: Instance | undefined;
  const memory = () => {
    const bytes = instance!.memory("memory");
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
  const imports: Imports = { wasi_snapshot_preview1: wasiFunctions(memory, output) };
  const finish = (end: number | string) => ({ output: new TextDecoder().decode(Uint8Array.from(output)), end });
  try {
    instance = engine.instantiate(module, imports);
    instance.invoke("_start", [], []);
    return finish(0);
  } catch (error) {
    if (error instanceof Exit) return finish(error.code);
    if (error instanceof Trap) return finish(error.kind);
    throw error;
  }
}

const SUCCESS = 0;
const BAD_FILE = 8;

function wasiFunctions(memory: () => DataView, output: number[]): Record<string, { host: HostFunction }> {
  const i32 = "i32" as const;
  const i64 = "i64" as const;
  const define = (params: readonly ("i32" | "i64")[], run: (...args: number[]) => number): { host: HostFunction } => ({
    host: {
      params,
      results: [i32],
      call: (args) => [numeric(i32, run(...args.map((value) => ("bits" in value ? Number(value.bits) : 0))))],
    },
  });
  const zeroAt = (...addresses: number[]) => {
    for (const address of addresses) memory().setUint32(address, 0, true);
    return SUCCESS;
  };
  const exit: HostFunction = {
    params: [i32],
    results: [],
    call([code]) {
      throw new Exit("bits" in code ? Number(code.bits) : 0);
    },
  };
  return {
    args_sizes_get: define([i32, i32], zeroAt),
    args_get: define([i32, i32], () => SUCCESS),
    environ_sizes_get: define([i32, i32], zeroAt),
    environ_get: define([i32, i32], () => SUCCESS),
    clock_time_get: define([i32, i64, i32], (_clock, _precision, at) => zeroAt(at, at + 4)),
    fd_close: define([i32], () => SUCCESS),
    fd_seek: define([i32, i64, i32, i32], () => BAD_FILE),
    fd_fdstat_get: define([i32, i32], (fd, at) => {
      for (let offset = 0; offset < 24; offset++) memory().setUint8(at + offset, 0);
      memory().setUint8(at, 2); // a character device, so that output is unbuffered or by the line
      return fd < 3 ? SUCCESS : BAD_FILE;
    }),
    fd_prestat_get: define([i32, i32], () => BAD_FILE),
    fd_prestat_dir_name: define([i32, i32, i32], () => BAD_FILE),
    fd_write: define([i32, i32, i32, i32], (fd, vectors, count, written) => {
      if (fd !== 1 && fd !== 2) return BAD_FILE;
      let total = 0;
      for (let index = 0; index < count; index++) {
        const start = memory().getUint32(vectors + 8 * index, true);
        const length = memory().getUint32(vectors + 8 * index + 4, true);
        for (let at = 0; at < length; at++) output.push(memory().getUint8(start + at));
        total += length;
      }
      memory().setUint32(written, total, true);
      return SUCCESS;
    }),
    proc_exit: { host: exit },
  };
}

/**
 * Which calls there are, for whoever links a module: the compiler, the image builder, the host engine.
 * Data only, and not for the device: a bundle imports the functions that its module needs from the files named here.
 */

/** wasm value types that preview 1 uses. */
export type ValueType = "i32" | "i64";

/** What a linker has to know of a call. */
export interface Call {
  /** As the module imports it. The function gets the guest first, and two int32, low word first, for each i64. */
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
  /** The file in this folder that exports a function of the call's name. */
  readonly file: string;
  /** Whether it can wait (`Guest.wait`), so that its callers must be able to resume. */
  readonly waits: boolean;
  /** Whether it can only work on what is granted: where nothing is, `refuse` of `descriptor.ts` may stand for it. */
  readonly needsGrant: boolean;
  /**
   * Another file that exports a function of its name: a smaller one that will do where nothing is granted.
   */
  readonly ungrantedFile?: string;
}

/** The import module's name. */
export const MODULE = "wasi_snapshot_preview1";

function call(
  file: string,
  parameters: string,
  results: readonly ValueType[],
  waits: boolean,
  needsGrant: boolean,
  ungrantedFile?: string,
): Call {
  return {
    parameters: parameters.split("").map(function (letter) {
      return letter === "I" ? "i64" : "i32";
    }),
    results: results,
    file: file,
    waits: waits,
    needsGrant: needsGrant,
    ungrantedFile: ungrantedFile,
  };
}

/** A call that answers an errno; `i` stands for i32, `I` for i64. */
function answers(file: string, parameters: string): Call {
  return call(file, parameters, ["i32"], false, false);
}

/** The same, for files, directories and peripherals only. */
function reaches(file: string, parameters: string): Call {
  return call(file, parameters, ["i32"], false, true);
}

/** All of preview 1, by name. */
export const CALLS: Readonly<Record<string, Call>> = {
  args_get: answers("args.js", "ii"),
  args_sizes_get: answers("args.js", "ii"),
  environ_get: answers("environ.js", "ii"),
  environ_sizes_get: answers("environ.js", "ii"),
  clock_res_get: answers("clock.js", "ii"),
  clock_time_get: answers("clock.js", "iIi"),
  random_get: answers("random.js", "ii"),
  proc_exit: call("process.js", "i", [], false, false),
  proc_raise: answers("process.js", "i"),
  sched_yield: answers("process.js", ""),
  poll_oneoff: call("poll.js", "iiii", ["i32"], true, false),
  fd_read: call("fd-read.js", "iiii", ["i32"], true, false, "console-vectors.js"),
  fd_pread: reaches("fd-read.js", "iiiIi"),
  fd_write: call("fd-write.js", "iiii", ["i32"], false, false, "console-vectors.js"),
  fd_pwrite: reaches("fd-write.js", "iiiIi"),
  fd_seek: reaches("fd-position.js", "iIii"),
  fd_tell: reaches("fd-position.js", "ii"),
  fd_close: answers("fd-state.js", "i"),
  fd_renumber: answers("fd-state.js", "ii"),
  fd_fdstat_get: answers("fd-state.js", "ii"),
  fd_fdstat_set_flags: answers("fd-state.js", "ii"),
  fd_fdstat_set_rights: answers("fd-state.js", "iII"),
  fd_sync: reaches("fd-file.js", "i"),
  fd_datasync: reaches("fd-file.js", "i"),
  fd_advise: reaches("fd-file.js", "iIIi"),
  fd_allocate: reaches("fd-file.js", "iII"),
  fd_filestat_get: answers("fd-file.js", "ii"),
  fd_filestat_set_size: reaches("fd-file.js", "iI"),
  fd_filestat_set_times: reaches("fd-file.js", "iIIi"),
  fd_readdir: reaches("fd-directory.js", "iiiIi"),
  fd_prestat_get: reaches("fd-directory.js", "ii"),
  fd_prestat_dir_name: reaches("fd-directory.js", "iii"),
  path_open: reaches("path-open.js", "iiiiiIIii"),
  path_create_directory: reaches("path-entries.js", "iii"),
  path_unlink_file: reaches("path-entries.js", "iii"),
  path_remove_directory: reaches("path-entries.js", "iii"),
  path_rename: reaches("path-entries.js", "iiiiii"),
  path_filestat_get: reaches("path-filestat.js", "iiiii"),
  path_filestat_set_times: reaches("path-filestat.js", "iiiiIIi"),
  path_link: reaches("path-links.js", "iiiiiii"),
  path_symlink: answers("path-links.js", "iiiii"),
  path_readlink: reaches("path-links.js", "iiiiii"),
  sock_accept: answers("socket.js", "iii"),
  sock_recv: answers("socket.js", "iiiiii"),
  sock_send: answers("socket.js", "iiiii"),
  sock_shutdown: answers("socket.js", "ii"),
};

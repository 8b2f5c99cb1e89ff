/**
 * Which calls there are, for whoever links a module: the compiler, the image builder, the host engine.
 * Data only, and not for the device: a bundle imports the functions that its module needs from the files named here.
 */

/** wasm value types that preview 1 uses. */
export type ValueType = "i32" | "i64";

export interface Call {
  /** As the module imports it. The function gets the guest first, and two int32, low word first, for each i64. */
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
  /** The file in this folder that exports a function of the call's name. */
  readonly file: string;
  /** Whether it can wait (`Guest.wait`), so that its callers must be able to resume. */
  readonly waits: boolean;
}

/** The import module's name. */
export const MODULE = "wasi_snapshot_preview1";

function call(file: string, parameters: string, results: readonly ValueType[], waits: boolean): Call {
  return {
    parameters: parameters.split("").map(function (letter) {
      return letter === "I" ? "i64" : "i32";
    }),
    results: results,
    file: file,
    waits: waits,
  };
}

/** A call that answers an errno; `i` stands for i32, `I` for i64. */
function answers(file: string, parameters: string): Call {
  return call(file, parameters, ["i32"], false);
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
  proc_exit: call("process.js", "i", [], false),
  proc_raise: answers("process.js", "i"),
  sched_yield: answers("process.js", ""),
  poll_oneoff: call("poll.js", "iiii", ["i32"], true),
  fd_read: call("fd-read.js", "iiii", ["i32"], true),
  fd_pread: answers("fd-read.js", "iiiIi"),
  fd_write: answers("fd-write.js", "iiii"),
  fd_pwrite: answers("fd-write.js", "iiiIi"),
  fd_seek: answers("fd-position.js", "iIii"),
  fd_tell: answers("fd-position.js", "ii"),
  fd_close: answers("fd-state.js", "i"),
  fd_renumber: answers("fd-state.js", "ii"),
  fd_fdstat_get: answers("fd-state.js", "ii"),
  fd_fdstat_set_flags: answers("fd-state.js", "ii"),
  fd_fdstat_set_rights: answers("fd-state.js", "iII"),
  fd_sync: answers("fd-file.js", "i"),
  fd_datasync: answers("fd-file.js", "i"),
  fd_advise: answers("fd-file.js", "iIIi"),
  fd_allocate: answers("fd-file.js", "iII"),
  fd_filestat_get: answers("fd-file.js", "ii"),
  fd_filestat_set_size: answers("fd-file.js", "iI"),
  fd_filestat_set_times: answers("fd-file.js", "iIIi"),
  fd_readdir: answers("fd-directory.js", "iiiIi"),
  fd_prestat_get: answers("fd-directory.js", "ii"),
  fd_prestat_dir_name: answers("fd-directory.js", "iii"),
  path_open: answers("path-open.js", "iiiiiIIii"),
  path_create_directory: answers("path-entries.js", "iii"),
  path_unlink_file: answers("path-entries.js", "iii"),
  path_remove_directory: answers("path-entries.js", "iii"),
  path_rename: answers("path-entries.js", "iiiiii"),
  path_filestat_get: answers("path-filestat.js", "iiiii"),
  path_filestat_set_times: answers("path-filestat.js", "iiiiIIi"),
  path_link: answers("path-links.js", "iiiiiii"),
  path_symlink: answers("path-links.js", "iiiii"),
  path_readlink: answers("path-links.js", "iiiiii"),
  sock_accept: answers("socket.js", "iii"),
  sock_recv: answers("socket.js", "iiiiii"),
  sock_send: answers("socket.js", "iiiii"),
  sock_shutdown: answers("socket.js", "ii"),
};

import { readFileSync } from "node:fs";
import { CALLS } from "./calls.js";
import { refuse } from "./descriptor.js";
import { BADF, NOTCAPABLE } from "./errno.js";
import { closedInput } from "./console.js";
import { MANGLED } from "./names.js";
import { TestGuest } from "./testing/test-guest.js";

type Function = (...parameters: unknown[]) => unknown;

const PREVIEW_1 = `
  args_get args_sizes_get clock_res_get clock_time_get environ_get environ_sizes_get fd_advise fd_allocate fd_close
  fd_datasync fd_fdstat_get fd_fdstat_set_flags fd_fdstat_set_rights fd_filestat_get fd_filestat_set_size
  fd_filestat_set_times fd_pread fd_prestat_dir_name fd_prestat_get fd_pwrite fd_read fd_readdir fd_renumber fd_seek
  fd_sync fd_tell fd_write path_create_directory path_filestat_get path_filestat_set_times path_link path_open
  path_readlink path_remove_directory path_rename path_symlink path_unlink_file poll_oneoff proc_exit proc_raise
  random_get sched_yield sock_accept sock_recv sock_send sock_shutdown`;

test("all of preview 1 is there, and nothing else", () => {
  expect(Object.keys(CALLS).sort()).toEqual(PREVIEW_1.trim().split(/\s+/).sort());
});

/** Calls that are the very function that others call with more parameters than a guest has for it. */
const SHARED: Readonly<Record<string, string>> = { fd_write: "fd_pwrite, fd_read and fd_pread" };

describe.each(Object.entries(CALLS))("%s", (name, call) => {
  test("is a function of the file that is named", async () => {
    const module = (await import(`./${call.file}`)) as Record<string, Function>;
    expect(typeof module[name]).toBe("function");
    if (call.ungrantedFile) {
      const other = (await import(`./${call.ungrantedFile}`)) as Record<string, Function>;
      if (!SHARED[name]) expect(other[name].length).toBe(module[name].length);
    }
    const words = call.parameters.reduce((sum, type) => sum + (type === "i64" ? 2 : 1), 1);
    if (SHARED[name]) expect(module[name].length).toBeGreaterThan(words);
    else expect(module[name].length).toBeLessThanOrEqual(words);
  });

  test("can wait only where the data says so", () => {
    const source = readFileSync(new URL(call.file.replace(/js$/, "ts"), import.meta.url), "utf8");
    const start = source.indexOf(`export function ${name}(`);
    const end = source.indexOf("\nexport function", start + 1);
    expect(source.slice(start, end < 0 ? undefined : end).search(/guest\.wait\(|whenReadable\(/) >= 0).toBe(call.waits);
  });
});

test("refuse stands for calls that need a grant", () => {
  const guest = new TestGuest();
  guest.descriptors[0] = closedInput();
  expect([refuse(guest, 0), refuse(guest, 3)]).toEqual([NOTCAPABLE, BADF]);
});

test("no name that may be shortened is one of the language's own", () => {
  const builtins = [Object, Array, String, Number, Math, Function, Error, Uint8Array, ArrayBuffer, JSON].flatMap(
    (global) => [
      ...Object.getOwnPropertyNames(global),
      ...Object.getOwnPropertyNames((global as { prototype?: object }).prototype ?? {}),
    ],
  );
  expect(MANGLED.filter((name) => builtins.includes(name))).toEqual([]);
});

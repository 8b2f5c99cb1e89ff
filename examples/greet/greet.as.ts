// Greets everybody whose name is in a file, twice a second, in AssemblyScript.
//
// WASI hands over /data as a preopened directory, the first descriptor after stdin, stdout and stderr, because the
// manifest grants nothing else.
import {
  clockid,
  errno,
  fd,
  fd_read,
  iovec,
  path_open,
  poll_oneoff,
  rights,
  subscription_clock,
} from "bindings/wasi_snapshot_preview1";

const data: fd = 3;
const pause: u64 = 500_000_000; // nanoseconds
const limit = 256;

const bytes = memory.data(limit);
const vector = changetype<iovec>(memory.data(offsetof<iovec>()));
const count = memory.data(4);
const subscription = changetype<subscription_clock>(memory.data(48, 8));
const event = memory.data(32, 8);

function check(error: errno, what: string): void {
  if (error !== errno.SUCCESS) throw new Error(what + ": errno " + error.toString());
}

/** What a file says, as far as there is room. */
function read(path: string): string {
  const name = String.UTF8.encode(path);
  check(path_open(data, 0, changetype<usize>(name), name.byteLength, 0, rights.FD_READ, 0, 0, count), path);
  vector.buf = bytes;
  vector.buf_len = limit;
  check(fd_read(load<fd>(count), changetype<usize>(vector), 1, count), path);
  return String.UTF8.decodeUnsafe(bytes, load<usize>(count));
}

function sleep(): void {
  subscription.clock_id = clockid.MONOTONIC;
  subscription.timeout = pause;
  check(poll_oneoff(changetype<usize>(subscription), event, 1, count), "poll_oneoff");
}

const names = read("names.txt").trimEnd().split("\n");
for (let i = 0; i < names.length; i++) {
  console.log("hello " + names[i]);
  sleep();
}

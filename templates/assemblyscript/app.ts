// {{name}}: lights an LED three times, a quarter of a second each, and says so.
//
// The LED is a file, which ristretto.json grants. WASI hands over /dev as a preopened directory, the first descriptor
// after stdin, stdout and stderr. While the program waits, the board sleeps.
import {
  clockid,
  errno,
  fd,
  fd_write,
  iovec,
  path_open,
  poll_oneoff,
  rights,
  subscription_clock,
} from "bindings/wasi_snapshot_preview1";

const stdout: fd = 1;
const devices: fd = 3;
const quarterSecond: u64 = 250_000_000; // nanoseconds

const vector = changetype<iovec>(memory.data(offsetof<iovec>()));
const count = memory.data(4);
const subscription = changetype<subscription_clock>(memory.data(48, 8));
const event = memory.data(32, 8);

function check(error: errno, what: string): void {
  if (error !== errno.SUCCESS) throw new Error(what + ": errno " + error.toString());
}

function open(path: string): fd {
  const name = String.UTF8.encode(path);
  check(path_open(devices, 0, changetype<usize>(name), name.byteLength, 0, rights.FD_WRITE, 0, 0, count), path);
  return load<fd>(count);
}

function write(to: fd, text: string): void {
  const bytes = String.UTF8.encode(text);
  vector.buf = changetype<usize>(bytes);
  vector.buf_len = bytes.byteLength;
  check(fd_write(to, changetype<usize>(vector), 1, count), "fd_write");
}

function wait(nanoseconds: u64): void {
  subscription.clock_id = clockid.MONOTONIC;
  subscription.timeout = nanoseconds;
  check(poll_oneoff(changetype<usize>(subscription), event, 1, count), "poll_oneoff");
}

const led = open("gpio/led");
write(stdout, "hello from {{name}}\n");
for (let blink = 1; blink <= 3; blink++) {
  write(led, "1");
  write(stdout, "blink " + blink.toString() + "\n");
  wait(quarterSecond);
  write(led, "0");
  wait(quarterSecond);
}

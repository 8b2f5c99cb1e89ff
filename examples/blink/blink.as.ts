// Blinks an LED five times, in AssemblyScript.
//
// The pin is a file: /dev/gpio/led takes "1" and "0". WASI hands over /dev as a preopened directory, the first
// descriptor after stdin, stdout and stderr, because the manifest grants nothing else.
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

const devices: fd = 3;
const halfPeriod: u64 = 250_000_000; // nanoseconds

const vector = changetype<iovec>(memory.data(offsetof<iovec>()));
const text = memory.data(1);
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

const led = open("gpio/led");

function setLed(on: bool): void {
  store<u8>(text, on ? 0x31 : 0x30);
  vector.buf = text;
  vector.buf_len = 1;
  check(fd_write(led, changetype<usize>(vector), 1, count), "led");
}

function sleep(nanoseconds: u64): void {
  subscription.clock_id = clockid.MONOTONIC;
  subscription.timeout = nanoseconds;
  poll_oneoff(changetype<usize>(subscription), event, 1, count);
}

for (let blink = 1; blink <= 5; blink++) {
  setLed(true);
  sleep(halfPeriod);
  setLed(false);
  sleep(halfPeriod);
  console.log("blink " + blink.toString());
}

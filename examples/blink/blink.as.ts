// Blinks an LED five times, in AssemblyScript.
//
// The pin is a file: /dev/gpio/led takes "1" and "0". WASI hands it over as a preopened descriptor, the first one
// after stdin, stdout and stderr, because the manifest grants nothing else.
import {
  clockid,
  errno,
  errnoToString,
  fd,
  fd_write,
  iovec,
  poll_oneoff,
  subscription_clock,
} from "bindings/wasi_snapshot_preview1";

const led: fd = 3;
const halfPeriod: u64 = 250_000_000; // nanoseconds

const vector = changetype<iovec>(memory.data(offsetof<iovec>()));
const text = memory.data(1);
const count = memory.data(4);
const subscription = changetype<subscription_clock>(memory.data(48, 8));
const event = memory.data(32, 8);

function setLed(on: bool): void {
  store<u8>(text, on ? 0x31 : 0x30);
  vector.buf = text;
  vector.buf_len = 1;
  const error = fd_write(led, changetype<usize>(vector), 1, count);
  if (error !== errno.SUCCESS) throw new Error("led: " + errnoToString(error));
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

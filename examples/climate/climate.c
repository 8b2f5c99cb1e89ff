// Reads a BME280 every five seconds, keeps a log in flash, and lights an LED where it is warm.
//
// Everything it touches is a file that its manifest grants: the sensor, the LED, and the folder of the log.
#include <fcntl.h>
#include <unistd.h>
#include <wasi/wasip1.h>

#include "bme280.h"
#include "heap.h"

static const uint32_t interval = 5000;   // milliseconds
static const int32_t threshold = 2500;   // hundredths of a degree Celsius

// wasi-libc's sleep() converts by 128-bit arithmetic, which is 5 KB; this is what it calls in the end.
static void wait(uint32_t milliseconds) {
  __wasi_subscription_t alarm = {0};
  __wasi_event_t event;
  __wasi_size_t count;
  alarm.u.tag = __WASI_EVENTTYPE_CLOCK;
  alarm.u.u.clock.id = __WASI_CLOCKID_MONOTONIC;
  alarm.u.u.clock.timeout = (uint64_t)milliseconds * 1000000;
  (void)!__wasi_poll_oneoff(&alarm, &event, 1, &count);
}

static __wasi_timestamp_t nanoseconds(void) {
  __wasi_timestamp_t now = 0;
  (void)!__wasi_clock_time_get(__WASI_CLOCKID_MONOTONIC, 1000000, &now);
  return now;
}

static char line[48];
static char *end;

static void text(const char *words) {
  while (*words) *end++ = *words++;
}

// A number with so many places after the point.
static void number(uint32_t value, int places) {
  char digits[12], *digit = digits;
  do {
    *digit++ = '0' + value % 10;
    value /= 10;
    if (--places == 0) *digit++ = '.';
  } while (value || places >= 0);
  while (digit > digits) *end++ = *--digit;
}

static void signed_number(int32_t value, int places) {
  if (value < 0) text("-");
  number(value < 0 ? -(uint32_t)value : (uint32_t)value, places);
}

static void send(int fd) {
  (void)!write(fd, line, end - line);
  end = line;
}

static int fail(const char *what) {
  text(what);
  text("\n");
  send(STDERR_FILENO);
  return 1;
}

int main(void) {
  struct bme280 sensor;
  struct climate now;
  end = line;
  sensor.fd = open("/dev/i2c/sensors/0x76", O_RDWR);
  if (sensor.fd < 0) return fail("climate: the sensor is not granted");
  int led = open("/dev/gpio/led", O_WRONLY);
  if (led < 0) return fail("climate: the LED is not granted");
  int log = open("/data/log.csv", O_WRONLY | O_CREAT | O_APPEND, 0666);
  if (log < 0) return fail("climate: no log");

  __wasi_timestamp_t began = nanoseconds();
  int ready = 0;
  for (;; wait(interval)) {
    if (!ready) {
      int error = bme280_begin(&sensor);
      if (error == -2) return fail("climate: that is not a BME280");
      ready = !error;
    }
    if (ready && !bme280_start(&sensor)) wait(10);
    else ready = 0;
    if (!ready || bme280_read(&sensor, &now)) {
      ready = 0;
      fail("climate: no answer from the sensor");
      continue;
    }

    (void)!write(led, now.temperature > threshold ? "1" : "0", 1);

    number((nanoseconds() - began) / 1000000000, 0);
    text(",");
    signed_number(now.temperature, 2);
    text(",");
    number(now.humidity * 10 / 1024, 1);
    text(",");
    number(now.pressure, 2);
    text("\n");
    char *csv_end = end;
    send(log);
    fsync(log);

    end = csv_end;
    send(STDOUT_FILENO);
  }
}

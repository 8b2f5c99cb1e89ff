// Watches a slow machine by an ADXL335, an accelerometer with a voltage for each axis: every eight seconds it takes a
// window of samples, filters gravity out, prints how strongly and at which frequency each axis shakes, and lights an LED
// when that is too much.
//
// A sample is four calls, each of which the interpreter serves: on a simulated Puck.js a third of the 62.5 ms that lie
// between two samples. The accelerometer's capacitors (0.47 uF) cut off at 10 Hz, about half the rate.
#include <unistd.h>
#include <wasi/wasip1.h>

#include "filter.h"

static const int32_t zero_g = 1500;      // millivolts, half the supply; 300 mV are one g (ADXL335 data sheet, table 1)
static const uint32_t alarm = 250;       // milli-g
static const uint32_t audible = 20;      // what is below is the sensor's own noise, and its frequency says nothing

enum { axes = 3, cycle = 8 };            // seconds from a window's begin to the next one's
static const char names[axes] = "xyz";
static __wasi_fd_t converters[axes];
static int16_t samples[axes][taken];     // quarters of a milli-g

static char line[64];
static char *end = line;

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

static void send(int fd) {
  (void)!write(fd, line, end - line);
  end = line;
}

static int complain(const char *what) {
  text("vibration: ");
  text(what);
  text("\n");
  send(STDERR_FILENO);
  return 1;
}

// What is granted are files under /dev: the only directory granted, so the first descriptor after stderr. open() of
// wasi-libc would find it as well, and bring malloc with it.
static int find(const char *path, __wasi_rights_t rights, __wasi_fd_t *found) {
  return __wasi_path_open(3, 0, path, 0, rights, 0, 0, found);
}

static __wasi_timestamp_t nanoseconds(void) {
  __wasi_timestamp_t now = 0;
  (void)!__wasi_clock_time_get(__WASI_CLOCKID_MONOTONIC, 1000, &now);
  return now;
}

// Until a moment, not for a while: what reading takes doesn't add up.
static void wait_until(__wasi_timestamp_t moment) {
  __wasi_subscription_t until = {0};
  __wasi_event_t event;
  __wasi_size_t count;
  until.u.tag = __WASI_EVENTTYPE_CLOCK;
  until.u.u.clock.id = __WASI_CLOCKID_MONOTONIC;
  until.u.u.clock.timeout = moment;
  until.u.u.clock.flags = __WASI_SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME;
  (void)!__wasi_poll_oneoff(&until, &event, 1, &count);
}

static int read_millivolts(__wasi_fd_t converter) {
  char digits[8];
  int length = read(converter, digits, sizeof digits), value = 0;
  if (length <= 0) return -1;
  for (int i = 0; i < length && digits[i] >= '0' && digits[i] <= '9'; i++) value = value * 10 + digits[i] - '0';
  return value;
}

static const __wasi_timestamp_t nanoseconds_a_second = 1000000000, period = nanoseconds_a_second / rate;

// 0, or -1 when a converter has no answer.
static int take(__wasi_timestamp_t began) {
  for (int i = 0; i < taken; i++) {
    wait_until(began + i * period);
    for (int axis = 0; axis < axes; axis++) {
      int millivolts = read_millivolts(converters[axis]);
      if (millivolts < 0) return -1;
      samples[axis][i] = (int16_t)((millivolts - zero_g) * 40 / 3);
    }
  }
  return 0;
}

// Adds to the line what an axis does, and answers how strongly it shakes in milli-g.
static uint32_t judge(int axis) {
  static int16_t filtered[window];
  high_pass(samples[axis], filtered);
  uint32_t strength = (uint32_t)(root_mean_square(filtered) / 4 + 0.5f);
  *end++ = ' ';
  *end++ = names[axis];
  text(" ");
  if (strength < audible) {
    text("still");
  } else {
    number((strength + 5) / 10 * 10, 0);  // a converter's step is 3 mg and more
    text(" mg ");
    number((uint32_t)(strongest(filtered) * 10 + 0.5f), 1);
    text(" Hz");
  }
  return strength;
}

int main(void) {
  __wasi_fd_t led;
  if (find("adc/x", __WASI_RIGHTS_FD_READ, &converters[0]) || find("adc/y", __WASI_RIGHTS_FD_READ, &converters[1]) ||
      find("adc/z", __WASI_RIGHTS_FD_READ, &converters[2]))
    return complain("the accelerometer is not granted");
  if (find("gpio/led", __WASI_RIGHTS_FD_WRITE, &led)) return complain("the LED is not granted");

  for (;;) {
    uint32_t second = (uint32_t)(nanoseconds() / (cycle * nanoseconds_a_second) + 1) * cycle;
    __wasi_timestamp_t began = second * nanoseconds_a_second;
    if (take(began)) return complain("no reading");
    if (nanoseconds() > began + taken * period) {
      // Of samples at other times than were meant, the frequencies would be wrong.
      complain("the board is too slow for this rate");
      continue;
    }

    uint32_t most = 0;
    number(second, 0);
    text(" s:");
    for (int axis = 0; axis < axes; axis++) {
      uint32_t strength = judge(axis);
      if (strength > most) most = strength;
      if (axis < axes - 1) text(",");
    }
    text("\n");
    send(STDOUT_FILENO);
    (void)!write(led, most > alarm ? "1" : "0", 1);
  }
}

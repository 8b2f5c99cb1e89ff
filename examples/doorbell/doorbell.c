// A reactor: no main, but exports that the board calls when something happens. The manifest says which, and for what.
// Between them the board sleeps; what is in variables stays.
#include <string.h>
#include <unistd.h>
#include <wasi/api.h>

// What is granted are files under /dev. It is the only directory granted, so it is the first descriptor after stderr;
// open("/dev/gpio/led", O_WRONLY) would find it, too, and bring 10 KB of malloc with it.
static const __wasi_fd_t devices = 3;
static __wasi_fd_t led;
static unsigned rings;

static void say(const char *text) {
  (void)!write(STDOUT_FILENO, text, strlen(text));
}

static void say_number(const char *before, unsigned number, const char *after) {
  char digits[11];
  char *digit = digits + sizeof digits - 1;
  *digit = 0;
  do *--digit = '0' + number % 10;
  while (number /= 10);
  say(before);
  say(digit);
  say(after);
}

// Half a second of sleep: what usleep does, without its arithmetic.
static void rest(void) {
  __wasi_subscription_t until = {
      .u = {.tag = __WASI_EVENTTYPE_CLOCK, .u.clock = {.id = __WASI_CLOCKID_MONOTONIC, .timeout = 500000000}}};
  __wasi_event_t event;
  __wasi_size_t events;
  (void)__wasi_poll_oneoff(&until, &event, 1, &events);
}

// Called once, before anything can happen.
__attribute__((constructor)) static void set_up(void) {
  if (__wasi_path_open(devices, 0, "gpio/led", 0, __WASI_RIGHTS_FD_WRITE, 0, 0, &led)) say("doorbell: no LED\n");
}

// Each press of the button. It may wait like any program: what happens meanwhile is queued.
__attribute__((export_name("pressed"))) void pressed(void) {
  rings++;
  say_number("ring ", rings, "\n");
  (void)!write(led, "1", 1);
  rest();
  (void)!write(led, "0", 1);
}

// Every ten seconds.
__attribute__((export_name("report"))) void report(void) {
  say_number("so far ", rings, "\n");
}

// Each line from the house: "quiet" forgets the rings.
__attribute__((export_name("told"))) void told(const char *line, size_t length) {
  if (length == 5 && memcmp(line, "quiet", 5) == 0) {
    rings = 0;
    say("forgotten\n");
  } else if (length > 0) {
    say("what is ");
    (void)!write(STDOUT_FILENO, line, length);
    say("?\n");
  }
}

// Where the board puts a line: the Component Model's name for the function that gives room for a parameter.
static char room[32];
__attribute__((export_name("cabi_realloc"))) void *cabi_realloc(void *old, size_t old_size, size_t align, size_t size) {
  return old == NULL && size <= sizeof room ? room : NULL;
}

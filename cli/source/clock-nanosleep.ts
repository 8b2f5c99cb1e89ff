/**
 * What `sleep`, `usleep` and `nanosleep` of wasi-libc end in, as it is there but for one thing: seconds are turned into
 * nanoseconds in 64 bits. wasi-libc checks that product with one of 128 bits and a division of as many: 5 KB of
 * WebAssembly, and more than half of what a sleeping program's board is awake for.
 *
 * C and C++ alike. Weak, so that a program's own wins; the linker drops it where nothing sleeps. The warnings that a
 * program asks for are about the program.
 */
export const CLOCK_NANOSLEEP = `
#pragma clang diagnostic ignored "-Weverything"
#include <errno.h>
#include <stdint.h>
#include <time.h>
#include <wasi/wasip1.h>

#ifdef __cplusplus
extern "C" {
#endif

struct __clockid {
  __wasi_clockid_t id;
};

__attribute__((weak)) int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time, struct timespec *rest) {
  (void)rest;
  const uint64_t second = 1000000000;
  if (flags & ~TIMER_ABSTIME) return EINVAL;
  if (time->tv_nsec < 0 || time->tv_nsec >= 1000000000) return EINVAL;
  uint64_t timeout = 0;
  if (time->tv_sec >= 0) {
    timeout = (uint64_t)time->tv_sec * second + (uint64_t)time->tv_nsec;
    if ((uint64_t)time->tv_sec > UINT64_MAX / second || timeout < (uint64_t)time->tv_nsec) timeout = UINT64_MAX;
  }
  __wasi_subscription_t subscription = {};
  subscription.u.tag = __WASI_EVENTTYPE_CLOCK;
  subscription.u.u.clock.id = clock->id;
  subscription.u.u.clock.timeout = timeout;
  subscription.u.u.clock.flags = (__wasi_subclockflags_t)flags;
  __wasi_event_t event;
  __wasi_size_t count;
  return __wasi_poll_oneoff(&subscription, &event, 1, &count) || event.error ? ENOTSUP : 0;
}

#ifdef __cplusplus
}
#endif
`;

/** Whether a text may call it: all functions that end in it are called after what they do. */
export function mentionsSleep(text: string): boolean {
  return text.includes("sleep");
}

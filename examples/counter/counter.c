// Counts how often the board has started, in a file that survives the power being cut.
//
// No printf: with it, wasi-libc brings 128-bit floating point, and the program is 37 KB instead of 15.
#include <fcntl.h>
#include <stdio.h> // rename
#include <string.h>
#include <unistd.h>

static int fail(const char *what) {
  (void)!write(STDERR_FILENO, what, strlen(what));
  return 1;
}

int main(void) {
  unsigned boots = 0;
  int file = open("/data/boots", O_RDONLY);
  if (file >= 0) {
    if (read(file, &boots, sizeof boots) != sizeof boots) boots = 0;
    close(file);
  }
  boots++;

  // Written beside, then renamed: a power cut leaves the old number or the new one, never half of one.
  file = open("/data/boots.new", O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (file < 0) return fail("counter: no file /data/boots.new\n");
  int written = write(file, &boots, sizeof boots) == sizeof boots && fsync(file) == 0;
  close(file);
  if (!written || rename("/data/boots.new", "/data/boots") != 0) return fail("counter: the number is not kept\n");

  char text[] = "boot           \n";
  char *digit = text + sizeof text - 2;
  for (unsigned rest = boots; rest; rest /= 10) *--digit = '0' + rest % 10;
  memmove(text + 5, digit, text + sizeof text - digit);
  return write(STDOUT_FILENO, text, strlen(text)) < 0;
}

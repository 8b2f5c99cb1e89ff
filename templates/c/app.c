// {{name}}: lights an LED three times, a quarter of a second each, and says so.
//
// The LED is a file, which ristretto.json grants. While the program sleeps, the board sleeps.
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int say(int fd, const char *text) {
  size_t length = strlen(text);
  return write(fd, text, length) == (ssize_t)length;
}

int main(void) {
  int led = open("/dev/gpio/led", O_WRONLY);
  if (led < 0) {
    say(STDERR_FILENO, "{{name}}: no LED\n");
    return 1;
  }
  say(STDOUT_FILENO, "hello from {{name}}\n");
  char line[] = "blink ?\n";
  for (char count = '1'; count <= '3'; count++) {
    line[6] = count;
    if (!say(led, "1") || !say(STDOUT_FILENO, line)) return 1;
    usleep(250000);
    if (!say(led, "0")) return 1;
    usleep(250000);
  }
  return 0;
}

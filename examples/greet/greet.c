// Greets everybody whose name is in a file, twice a second, in C.
#include <stdio.h>
#include <unistd.h>

int main(void) {
  FILE *names = fopen("/data/names.txt", "r");
  if (!names) {
    perror("greet: /data/names.txt");
    return 1;
  }
  char name[32];
  while (fgets(name, sizeof name, names)) {
    fputs("hello ", stdout);
    fputs(name, stdout);
    fflush(stdout);
    usleep(500000);
  }
  return fclose(names);
}

// Counts how often the board has started, in a file that survives the power being cut.
#include <stdio.h>

int main(void) {
  unsigned boots = 0;
  FILE *file = fopen("/data/boots", "r");
  if (file) {
    if (fscanf(file, "%u", &boots) != 1) boots = 0;
    fclose(file);
  }
  boots++;

  // Written beside, then renamed: a power cut leaves the old number or the new one, never half of one.
  file = fopen("/data/boots.new", "w");
  if (!file) {
    perror("/data/boots.new");
    return 1;
  }
  fprintf(file, "%u\n", boots);
  if (fclose(file) != 0 || rename("/data/boots.new", "/data/boots") != 0) {
    perror("/data/boots");
    return 1;
  }

  printf("boot %u\n", boots);
  return 0;
}

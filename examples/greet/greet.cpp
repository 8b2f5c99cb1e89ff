// Greets everybody whose name is in a file, twice a second, in C++ with its containers and strings, without iostream,
// which alone would be larger than all the rest.
#include <cstdio>
#include <string>
#include <unistd.h>
#include <vector>

class File {
public:
  explicit File(const char *path) : stream(std::fopen(path, "r")) {}
  ~File() {
    if (stream) std::fclose(stream);
  }
  File(const File &) = delete;
  File &operator=(const File &) = delete;

  explicit operator bool() const { return stream != nullptr; }

  /** Whether there was a line; without its end. */
  bool line(std::string &into) {
    into.clear();
    int character;
    while ((character = std::fgetc(stream)) != EOF && character != '\n') into += static_cast<char>(character);
    return character != EOF || !into.empty();
  }

private:
  std::FILE *stream;
};

static std::vector<std::string> lines(File &file) {
  std::vector<std::string> all;
  for (std::string line; file.line(line);) all.push_back(line);
  return all;
}

int main() {
  File names("/data/names.txt");
  if (!names) {
    std::perror("greet: /data/names.txt");
    return 1;
  }
  for (const std::string &name : lines(names)) {
    std::puts(("hello " + name).c_str());
    usleep(500000);
  }
  return 0;
}

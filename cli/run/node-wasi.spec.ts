/** C programs with wasi-libc do the same on every engine as under Node's own WASI: what they print, and their exit code. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileC } from "../../device/compiler/testing/compile-c.js";

const command = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "ristretto-node-wasi-"));
afterAll(() => rmSync(folder, { recursive: true }));

const programs: Record<string, { source: string; stdin?: string }> = {
  printf: {
    source: `#include <stdio.h>
      int main(int argc, char **argv) {
        printf("%d %5.3f %s %c %lld %x\\n", 42, 3.14159, "text", 'x', 1LL << 40, 0xbeef);
        fprintf(stderr, "to stderr %d\\n", argc);
        for (int i = 0; i < 300; i++) printf("%d ", i);
        return 7; }`,
  },
  "malloc and qsort": {
    source: `#include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      static int order(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
      int main(void) {
        int n = 5000, *list = malloc(n * sizeof *list);
        unsigned seed = 1;
        for (int i = 0; i < n; i++) list[i] = (seed = seed * 1103515245 + 12345) >> 16 & 0x7fff;
        qsort(list, n, sizeof *list, order);
        for (int i = 0; i < n; i += 500) printf("%d\\n", list[i]);
        char *text = strdup("grown"); text = realloc(text, 100000); memset(text + 5, '!', 10); text[15] = 0;
        puts(text); free(text); free(list); fflush(stdout); abort(); }`,
  },
  "stdio files": {
    source: `#include <stdio.h>
      #include <errno.h>
      #include <string.h>
      #include <dirent.h>
      #include <sys/stat.h>
      #include <unistd.h>
      int main(void) {
        mkdir("dir", 0777);
        FILE *f = fopen("dir/log.csv", "w+");
        for (int i = 0; i < 100; i++) fprintf(f, "%d,%d\\n", i, i * i);
        rewind(f); char line[40]; int lines = 0; while (fgets(line, sizeof line, f)) lines++;
        fseek(f, -6, SEEK_END); fgets(line, sizeof line, f); printf("%d %s", lines, line); fclose(f);
        f = fopen("dir/log.csv", "a"); fputs("end\\n", f); printf("%ld\\n", ftell(f)); fclose(f);
        truncate("dir/log.csv", 10);
        struct stat st; stat("dir/log.csv", &st); printf("%d %d\\n", (int)st.st_size, S_ISREG(st.st_mode));
        printf("%d %s\\n", rename("dir/log.csv", "dir/b.csv"), access("dir/log.csv", F_OK) ? strerror(errno) : "");
        printf("%s\\n", rmdir("dir") ? strerror(errno) : "removed");
        printf("%s\\n", fopen("../x", "r") ? "escaped" : "kept in");
        printf("%d %d\\n", unlink("dir/b.csv"), rmdir("dir"));
        printf("%s\\n", isatty(fileno(f = fopen("t", "w"))) ? "tty" : "file");
        return 0; }`,
  },
  input: {
    source: `#include <stdio.h>
      #include <stdlib.h>
      int main(void) {
        int a, b; char rest[20];
        if (scanf("%d %d\\n", &a, &b) != 2) return 1;
        printf("%d\\n", a + b);
        while (fgets(rest, sizeof rest, stdin)) printf("[%s]", rest);
        return getenv("NONE") ? 2 : 0; }`,
    stdin: "40 2\nline\nlast",
  },
};

/** A Node of its own, with a root folder of its own. */
const ON_NODE = `
  import { mkdtempSync, readFileSync } from "node:fs";
  import { WASI } from "node:wasi";
  const [, , app] = process.argv;
  const preopens = { "/": mkdtempSync("root-") };
  const wasi = new WASI({ version: "preview1", args: ["app"], preopens, returnOnExit: true });
  const { instance } = await WebAssembly.instantiate(readFileSync(app), wasi.getImportObject());
  try { process.exitCode = wasi.start(instance); } catch { process.exitCode = 134; }`;
const onNode = join(folder, "on-node.mjs");
writeFileSync(onNode, ON_NODE);

function outcome(input: string, ...args: string[]): { stdout: string; exitCode: number | null } {
  const { stdout, status } = spawnSync(process.execPath, ["--no-warnings", ...args], { cwd: folder, input });
  return { stdout: stdout.toString("latin1"), exitCode: status };
}

describe.each(Object.entries(programs))("%s", (name, { source, stdin = "" }) => {
  const app = join(folder, `${name}.wasm`);
  let expected: ReturnType<typeof outcome>;
  beforeAll(async () => {
    writeFileSync(app, await compileC(source));
    expected = outcome(stdin, onNode, app);
  }, 60_000);

  test.each(["host", "js", "thumb"])(
    "on the %s engine",
    (engine) =>
      // As much memory as the programs ask for, which a board would not have.
      expect(outcome(stdin, command, "run", app, "--engine", engine, "--memory", "256k")).toEqual(expected),
    60_000,
  );
});

import type { Operation } from "./model.js";
import { randomNumbers } from "./nor-flash.js";

/**
 * The workloads of the benchmark as file operations, and a mixed one. They are shortened for exhaustive power cuts.
 */

/** W1: 32 bytes put round-robin over 16 keys. */
export function keyPuts(count: number): Operation[] {
  const operations: Operation[] = [];
  for (let i = 0; i < count; i++) {
    const path = `key${i % 16}`;
    if (i < 16) operations.push({ do: "create", path });
    else operations.push({ do: "truncate", path, size: 0 });
    operations.push({ do: "write", path, position: 0, length: 32, fill: i & 255 }, { do: "sync", path });
  }
  return operations;
}

/** W2: 16 bytes appended to one file, with a sync after each. */
export function appends(count: number): Operation[] {
  const operations: Operation[] = [{ do: "create", path: "log" }];
  for (let i = 0; i < count; i++)
    operations.push(
      { do: "write", path: "log", position: i * 16, length: 16, fill: i & 255 },
      { do: "sync", path: "log" },
    );
  return operations;
}

/** W3: one file of 4 bytes written over, with a sync after each. */
export function overwrites(count: number): Operation[] {
  const operations: Operation[] = [{ do: "create", path: "counter" }];
  for (let i = 0; i < count; i++)
    operations.push(
      { do: "write", path: "counter", position: 0, length: 4, fill: i & 255 },
      { do: "sync", path: "counter" },
    );
  return operations;
}

/** W4: files of 200 bytes, then `count` times one is deleted and written anew. */
export function rewrites(files: number, count: number): Operation[] {
  const operations: Operation[] = [];
  const put = function (path: string, fill: number) {
    operations.push(
      { do: "create", path },
      { do: "write", path, position: 0, length: 200, fill },
      { do: "sync", path },
    );
  };
  for (let i = 0; i < files; i++) put(`f${i}`, i & 255);
  let x = 12345;
  for (let i = 0; i < count; i++) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    const path = `f${(x >>> 8) % files}`;
    operations.push({ do: "unlink", path });
    put(path, i & 255);
  }
  return operations;
}

/** Everything that can be done to files and directories, in random order. */
export function mixed(count: number, seed: number, longest = 600): Operation[] {
  const random = randomNumbers(seed);
  const paths = ["a", "b", "log", "dir/a", "dir/b", "dir/sub/a", "x".repeat(60)];
  const folders = ["dir", "dir/sub"];
  const operations: Operation[] = [
    { do: "mkdir", path: "dir" },
    { do: "mkdir", path: "dir/sub" },
  ];
  const sizes: Record<string, number> = {};
  for (let i = 0; i < count; i++) {
    const path = paths[random() % paths.length];
    const size = sizes[path] ?? 0;
    const choice = random() % 16;
    if (choice < 4) {
      if (!size) operations.push({ do: "create", path });
      const length = 1 + (random() % 60);
      operations.push({ do: "write", path, position: size, length, fill: i & 255 });
      sizes[path] = size + length;
      if (choice < 3) operations.push({ do: "sync", path });
    } else if (choice < 7) {
      if (!size) operations.push({ do: "create", path });
      const position = random() % (size + 1);
      const length = 1 + (random() % longest);
      operations.push({ do: "write", path, position, length, fill: i & 255 });
      sizes[path] = Math.max(size, position + length);
    } else if (choice < 8) {
      operations.push({ do: "truncate", path, size: (sizes[path] = size && random() % (size + 100)) });
    } else if (choice < 10) {
      const to = paths[random() % paths.length];
      operations.push({ do: "rename", path, to });
      sizes[to] = size;
      if (to !== path) sizes[path] = 0;
    } else if (choice < 12 || size > 8 * longest) {
      operations.push({ do: "unlink", path });
      sizes[path] = 0;
    } else if (choice < 13) operations.push({ do: random() % 2 ? "mkdir" : "rmdir", path: folders[random() % 2] });
    else operations.push({ do: "sync", path });
    if (random() % 40 === 0) operations.push({ do: "remount" });
  }
  return operations;
}

/** Files to which 16 bytes each are appended in turns, with a sync after each. */
export function logsInTurns(files: number, count: number): Operation[] {
  const operations: Operation[] = [];
  for (let i = 0; i < files; i++) operations.push({ do: "create", path: `log${i}` });
  for (let i = 0; i < count; i++) {
    const path = `log${i % files}`;
    operations.push(
      { do: "write", path, position: Math.floor(i / files) * 16, length: 16, fill: i & 255 },
      { do: "sync", path },
    );
  }
  return operations;
}

/** Fills a device of 8 KB or less until nothing more fits, and empties it, so many times; a file is left all the while. */
export function fill(times: number): Operation[] {
  const operations: Operation[] = [
    { do: "create", path: "kept" },
    { do: "write", path: "kept", position: 0, length: 300, fill: 1 },
    { do: "sync", path: "kept" },
  ];
  for (let time = 0; time < times; time++) {
    for (let i = 0; i < 45; i++)
      operations.push(
        { do: "create", path: `f${i}` },
        { do: "write", path: `f${i}`, position: 0, length: 170, fill: i + time },
        { do: "sync", path: `f${i}` },
      );
    for (let i = 0; i < 45; i++) operations.push({ do: "unlink", path: `f${i}` });
  }
  return operations;
}

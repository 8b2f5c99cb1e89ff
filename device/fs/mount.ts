import type { Crc32, Flash } from "../../hal/contract/index.js";
import { newActiveFile } from "./active-file.js";
import { createContent } from "./content.js";
import * as errno from "./errno.js";
import { DIRECTORY, type FileKind, type FileStatus, type FileSystem, ROOT } from "./file-system.js";
import { createLayout, least, NEVER } from "./layout.js";
import { createLogging, newLog } from "./log.js";
import { createNames } from "./names.js";
import { newNodeIndex } from "./node-index.js";
import { createPages } from "./pages.js";
import { createRecords, newReadRecord } from "./record-io.js";
import { Bytes, Halves, REMOVE, TABLES, WIDTH } from "./record.js";
import { createRecovery } from "./recovery.js";
import { safely } from "./safely.js";
import { createSpace } from "./space.js";

/** Bytes of a node record that usually hold all but the data. */
const FIELDS = 40;

/**
 * Mounts the file system in `flash`, reading its index and none of the files. Blank flash is an empty file system.
 * Never throws for what flash holds: what can't be used is mounted read-only, and `readOnly` says why.
 * @param crc32 the interpreter's own where it has one (`E.CRC32`)
 * @param now microseconds since 1970, for the times of files
 */
export function mountFileSystem(flash: Flash, crc32: Crc32, now: () => number): FileSystem {
  return createFileSystem(flash, crc32, now, true);
}

/**
 * The same for a program that never sets times: files show when they were changed last, and times that another program
 * set are lost where a file is written anew, or moved.
 */
export function mountWithoutTimes(flash: Flash, crc32: Crc32, now: () => number): FileSystem {
  return createFileSystem(flash, crc32, now, false);
}

/**
 * Makes an empty file system of whatever is in `flash`, which is lost, and mounts it.
 * One block's header is written; the rest is erased when it is needed.
 */
export function formatFileSystem(flash: Flash, crc32: Crc32, now: () => number): FileSystem {
  return createFileSystem(flash, crc32, now, true, true);
}

// The state is in objects, and what works on it in functions that are handed those. The image builder writes all of that
// into this one function, and makes variables of the objects' properties (device/image/inline-factories.ts).
function createFileSystem(
  flash: Flash,
  crc32: Crc32,
  now: () => number,
  keepsTimes: boolean,
  format?: boolean,
): FileSystem {
  const layout = createLayout(flash);
  const record = newReadRecord();
  const index = newNodeIndex();
  const log = newLog(layout.blocks);
  const file = newActiveFile(layout);
  const records = createRecords(flash, crc32, layout, record);
  const logging = createLogging(flash, layout, record, records, index, log);
  const pages = createPages(layout, record, records, index, log, logging, file);
  const content = createContent(layout, record, records, index, logging, file, pages, now, keepsTimes);
  const names = createNames(crc32, index, file, content);
  const space = createSpace(layout, index, log, logging, file, pages, content);
  const recovery = createRecovery(layout, record, records, index, log, logging);

  /**
   * Writes `count` bytes at `at`, and zeros before it where the file ends earlier; without a count only those. Returns
   * how many of the bytes are written; fewer only where space ran out. Leaves `node` active.
   */
  function fill(node: number, at: number, source?: Uint8Array, from?: number, count?: number): number {
    if (count === 0) at = 0;
    const to = at + (count || 0);
    if (to > TABLES * WIDTH * layout.pageSize) throw errno.EFBIG;
    use(node);
    let here = least(at, file.size);
    let extra = content.cost(file.name.length, to > file.size ? to : file.size) - index.costs[node];
    let answer;
    do {
      answer = space.tryRoom(extra) || space.tryRoom(0);
      // Collecting garbage may make another file the active one.
      content.activate(node);
      if (answer || here >= to) break;
      extra = 0;
      content.stamp();
      const step = content.reach(here, (here < at ? at : to) - here);
      const start = here - at + from!;
      file.buffer.set(here < at ? new Bytes(step) : source!.subarray(start, start + step), file.offset);
      pages.touch(here);
      log.userBytes += step;
      here += step;
      if (here > file.size) content.resize(here);
    } while (here < to);
    if (answer && here <= at) throw answer;
    return here - at;
  }

  function use(node: number): void {
    if (index.kinds[node] === DIRECTORY) throw errno.EISDIR;
    content.activate(node);
  }

  log.problem = layout.blocks < 4 ? "too small" : recovery.mount();
  if (format && layout.blocks > 3) {
    log.problem = undefined;
    index.heads = new Halves(index.nodes);
    log.tail = NEVER;
    log.free = layout.blocks - log.bad.length;
    safely(logging.open)();
  }
  for (let node = index.nodes; --node;) {
    if (!content.look(node, FIELDS) && file.parent) {
      index.hashes[node] = names.hash(file.parent, file.name);
      index.costs[node] = content.cost(file.name.length, file.size);
      index.live += index.costs[node];
    } else index.kinds[node] = 0;
  }
  index.hashes[ROOT] = 1;
  index.kinds[ROOT] = DIRECTORY;
  if (!log.problem && space.capacity() <= 0) log.problem = "worn out";

  return {
    readOnly: log.problem,
    lookup: safely(names.search),
    create: safely(function (directory: number, text: string, type: FileKind): number {
      if (names.search(directory, text, 1)) throw errno.EEXIST;
      space.room(content.cost(text.length, 0));
      content.commit();
      let node = ROOT;
      while (index.kinds[++node]);
      if (node >= layout.most) throw errno.ENOSPC;
      logging.reserveNode(node);
      index.kinds[node] = type;
      index.heads[node] = 0;
      file.active = 0;
      content.activate(node);
      names.christen(directory, text);
      file.changed = true;
      if (type === DIRECTORY) content.commit();
      return node;
    }),
    stat: safely(function (node: number): FileStatus | number {
      content.activate(node);
      const time = file.changedAt * 1e6;
      return {
        kind: index.kinds[node] as FileKind,
        size: file.size,
        accessed: keepsTimes && file.times ? file.times[0] : time,
        modified: keepsTimes && file.times ? file.times[1] : time,
        changed: time,
      };
    }),
    read: safely(function (node: number, at: number, target: Uint8Array, from: number, count: number): number {
      use(node);
      count = least(count, file.size - at);
      let done = 0;
      while (done < count) {
        const step = content.reach(at + done, count - done);
        target.set(file.buffer.subarray(file.offset, file.offset + step), from + done);
        done += step;
      }
      return done;
    }),
    write: safely(fill) as FileSystem["write"],
    truncate: safely(function (node: number, count: number): number {
      fill(node, count);
      if (count < file.size) {
        const last = content.lastPage(count);
        pages.turn(last);
        if (last < file.pages) {
          pages.fold();
          file.pages = last;
        }
        pages.touch(0);
        content.resize(count);
        index.bound = NEVER;
      }
      content.stamp();
      return 0;
    }),
    setTimes: safely(function (node: number, a: number | undefined, m: number | undefined): number {
      space.room(0);
      content.activate(node);
      content.renew();
      const old = file.times || [file.changedAt * 1e6, file.changedAt * 1e6];
      content.stamp();
      file.times = [a === undefined ? old[0] : a, m === undefined ? old[1] : m];
      if (index.kinds[node] === DIRECTORY) content.commit();
      return 0;
    }),
    sync: safely(function (): number {
      content.commit();
      return 0;
    }),
    rename: safely(function (fromDirectory: number, from: string, toDirectory: number, to: string): number {
      const target = names.search(toDirectory, to, 1);
      const node = names.search(fromDirectory, from);
      if (target === node) return 0;
      if (target) names.checkGone(target, index.kinds[node]);
      if (index.kinds[node] === DIRECTORY)
        for (let directory = toDirectory; directory !== ROOT; directory = file.parent) {
          if (directory === node) throw errno.EINVAL;
          content.activate(directory);
        }
      space.room(target ? 0 : to.length - from.length);
      content.activate(node);
      content.renew();
      file.victim = target;
      names.christen(toDirectory, to);
      content.commit();
      return 0;
    }),
    remove: safely(function (directory: number, text: string, type: FileKind): number {
      const node = names.search(directory, text);
      names.checkGone(node, type);
      space.tryRoom(0);
      logging.append(REMOVE, node, []);
      return 0;
    }),
    retain: function (node) {
      index.handles[node] = (index.handles[node] || 0) + 1;
    },
    release: function (node) {
      if (--index.handles[node]) return;
      delete index.handles[node];
      if (!index.hashes[node]) logging.drop(node);
    },
    next: function (directory, cookie) {
      const node = names.firstIn(directory, cookie);
      return node ? { node: node, kind: index.kinds[node] as FileKind, name: file.name, cookie: node } : undefined;
    },
    space: function () {
      return { free: Math.max(0, space.capacity() - index.live) * layout.unit, total: space.capacity() * layout.unit };
    },
  };
}

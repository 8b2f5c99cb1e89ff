import type { ActiveFile } from "./active-file.js";
import * as errno from "./errno.js";
import { DIRECTORY, REGULAR_FILE } from "./file-system.js";
import type { Layout } from "./layout.js";
import { least } from "./layout.js";
import type { Logging } from "./log.js";
import type { NodeIndex } from "./node-index.js";
import type { Pages } from "./pages.js";
import type { ReadRecord, Records } from "./record-io.js";
import { BEGINS, CHAIN, FOLDER, LATER, NODE, PAGES, REPLACES, TAKES, TIMES, WIDTH, word } from "./record.js";
import { safely } from "./safely.js";

/** Reads what a file is, and writes it. */
export function createContent(
  layout: Layout,
  record: ReadRecord,
  records: Records,
  index: NodeIndex,
  logging: Logging,
  file: ActiveFile,
  pages: Pages,
  now: () => number,
  keepsTimes: boolean,
) {
  /** The page that holds the file's last byte. */
  function lastPage(count: number): number {
    return ((count - 1) / layout.pageSize) | 0;
  }

  /** Units that a file or a directory takes when packed; `count` are the bytes of its name and of its data. */
  function cost(name: number, count: number): number {
    return layout.units(name + count + 16) + lastPage(count) * layout.units(12);
  }

  /** Accounts for the active file, of so many bytes from now on. */
  function resize(count: number): void {
    file.size = count;
    index.live -= index.costs[file.active];
    index.costs[file.active] = cost(file.name.length, count);
    index.live += index.costs[file.active];
  }

  function stamp(): void {
    file.changedAt = (now() / 1e6) >>> 0;
    if (keepsTimes) file.times = undefined;
  }

  /** Makes `node` the active file. With `part`, only to see its name and size. */
  function activate(node: number, part?: number): void {
    if (!part && !index.kinds[node]) throw errno.ENOENT;
    if (node === file.active) return;
    commit();
    file.active = 0;
    file.moved = [];
    file.outdated = [];
    file.bufferPage = -1;
    file.parent = file.pages = file.moves = file.size = file.depth = file.victim = 0;
    file.name = "";
    stamp();
    const begun: number[] = [];
    let at = index.heads[node];
    if (at) {
      let done = 0;
      let later = 0;
      let since = 0;
      for (; records.peek(at) && record.kind >= CHAIN && record.owner < at; at = record.owner) {
        file.depth++;
        if (!done) file.size += pages.chained();
        done |= record.kind & (BEGINS + REPLACES);
        if (record.kind & BEGINS) begun.push(record.owner);
        if ((record.kind & LATER) < LATER) later += record.kind & LATER;
        else since = since || records.wordAt(4) + later;
      }
      records.read(at, part);
      if (record.kind < NODE || record.owner !== node) throw errno.EIO;
      index.kinds[node] = record.kind & FOLDER ? DIRECTORY : REGULAR_FILE;
      let i = 8 + (record.kind & TAKES);
      file.changedAt = since || records.wordAt(i - 4) + later;
      file.parent = record.halves[i - 2];
      const count = record.halves[i - 1];
      if (record.kind & PAGES) {
        file.pages = record.halves[i];
        file.size -= record.halves[i + 1];
        i += 2;
      }
      if (record.kind & TIMES) {
        if (keepsTimes && !file.depth)
          file.times = [
            records.wordAt(i) + records.wordAt(i + 2) * 4294967296,
            records.wordAt(i + 4) + records.wordAt(i + 6) * 4294967296,
          ];
        i += 8;
      }
      for (let j = 0; j < file.pages / WIDTH; j++) file.tables[j] = record.halves[i++];
      i *= 2;
      if (!done) file.size += record.length - i - count;
      if (part && i + count > part) records.read(at, i + count);
      file.name = String.fromCharCode.apply(null, record.bytes.subarray(i, i + count) as unknown as number[]);
      while (begun.length) pages.setPage(file.pages, begun.pop()!);
      file.size += file.pages * layout.pageSize;
    }
    file.stored = file.size;
    file.storedAt = file.changedAt;
    file.dirty = file.changed = false;
    if (!part) file.active = node;
  }
  const look = safely(activate);

  /** Puts everything pending on flash. */
  function commit(): void {
    if (!index.kinds[file.active] || !(file.dirty || file.changed)) return;
    const last = lastPage(file.size);
    let count = 0;
    if (file.bufferPage !== last) pages.flush();
    if (file.dirty && pages.extend()) return;
    pages.fold();
    if (file.dirty) {
      file.pages = last;
      count = file.size - last * layout.pageSize;
    }
    pages.storeTables();
    let type = index.kinds[file.active] === DIRECTORY ? NODE + FOLDER : NODE;
    // What was removed while it is open has no place.
    let front = word(file.changedAt).concat(index.hashes[file.active] && file.parent, file.name.length);
    if (file.victim) {
      type += TAKES;
      front.unshift(file.victim);
    }
    if (file.pages) {
      type += PAGES;
      front.push(file.pages, file.pages * layout.pageSize - file.size + count);
    }
    if (keepsTimes && file.times) {
      type += TIMES;
      front = front.concat(
        word(file.times[0]),
        word(file.times[0] / 4294967296),
        word(file.times[1]),
        word(file.times[1] / 4294967296),
      );
    }
    for (let i = 0; i < file.pages / WIDTH; i++) front.push(file.tables[i]);
    logging.append(type, file.active, front, file.buffer.subarray(0, count), file.name);
    file.stored = file.size;
    file.storedAt = file.changedAt;
    file.victim = file.depth = 0;
    file.dirty = file.changed = false;
  }

  /** Has the last page written anew, together with a node record. */
  function renew(): void {
    pages.turn(lastPage(file.size));
    pages.fold();
    pages.touch(0);
  }

  /** Brings the page of byte `at` into RAM; returns how many of `count` bytes are in it from `offset` on. */
  function reach(at: number, count: number): number {
    const page = (at / layout.pageSize) | 0;
    pages.turn(page);
    file.offset = at - page * layout.pageSize;
    return least(count, layout.pageSize - file.offset);
  }

  return {
    lastPage: lastPage,
    cost: cost,
    resize: resize,
    stamp: stamp,
    activate: activate,
    look: look,
    commit: commit,
    renew: renew,
    reach: reach,
  };
}

export type Content = ReturnType<typeof createContent>;

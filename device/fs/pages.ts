import type { ActiveFile } from "./active-file.js";
import * as errno from "./errno.js";
import type { Layout } from "./layout.js";
import { least, NEVER } from "./layout.js";
import type { Log, Logging } from "./log.js";
import type { NodeIndex } from "./node-index.js";
import type { ReadRecord, Records } from "./record-io.js";
import { BEGINS, CHAIN, HEADER_SIZE, LATER, PAGE, REPLACES, TABLE, WIDTH, word } from "./record.js";

/** The most appends, and the most replacements, that a node record is followed by: they are walked to use the file. */
const APPENDS = 200;
const REPLACEMENTS = 32;

/** Finds and writes the active file's pages, and the tables that know where those are. */
export function createPages(
  layout: Layout,
  record: ReadRecord,
  records: Records,
  index: NodeIndex,
  log: Log,
  logging: Logging,
  file: ActiveFile,
) {
  /** Bytes of data in a record of a chain. */
  function chained(): number {
    return record.length - ((record.kind & LATER) < LATER ? HEADER_SIZE : HEADER_SIZE + 4);
  }

  function setPage(page: number, address: number): void {
    file.moved[page] = address;
    file.outdated[(page / WIDTH) | 0] = true;
    file.moves++;
    if (page >= file.pages) file.pages = page + 1;
  }

  /** Where a page is, but for the last. */
  function locate(page: number): number {
    if (file.moved[page] >= 0) return file.moved[page];
    records.read(file.tables[(page / WIDTH) | 0]);
    return record.halves[4 + (page % WIDTH)];
  }

  function storeTables(): void {
    for (let index = 0; index * WIDTH < file.pages; index++)
      if (file.outdated[index]) {
        const list = [];
        for (let page = index * WIDTH; page < file.pages && list.length < WIDTH; page++) list.push(locate(page));
        file.tables[index] = logging.append(TABLE, file.active, list);
      }
    file.moved = [];
    file.outdated = [];
    file.moves = 0;
  }

  /** Brings a page into RAM. */
  function turn(page: number): void {
    if (page === file.bufferPage) return;
    flush();
    file.bufferPage = -1;
    let have = least(layout.pageSize, file.size - page * layout.pageSize);
    let address = page < file.pages ? locate(page) : index.heads[file.active];
    while (have > 0) {
      records.read(address);
      const count = record.kind >= CHAIN ? chained() : record.owner === file.active ? have : NEVER;
      if (count > have || count > record.length - HEADER_SIZE) throw errno.EIO;
      have -= count;
      file.buffer.set(record.bytes.subarray(record.length - count, record.length), have);
      address = record.owner;
    }
    file.bufferPage = page;
  }

  /** Writes what differs in the last page behind what flash has of it, if that is in the present block. */
  function extend(): boolean {
    const from = file.bufferPage * layout.pageSize;
    const before = index.heads[file.active];
    const begins = file.bufferPage > file.pages;
    const replaces = !begins && file.dirtyFrom < file.stored;
    const later = file.changedAt - file.storedAt;
    const short = later >= 0 && later < LATER;
    if (
      file.changed ||
      file.bufferPage < file.pages ||
      file.depth >= (replaces ? REPLACEMENTS : APPENDS) ||
      file.moves >= WIDTH ||
      !logging.isIn(before, log.head) ||
      !logging.append(
        CHAIN + (begins ? BEGINS : replaces ? REPLACES : 0) + (short ? later : LATER),
        before,
        short ? [] : word(file.changedAt),
        file.buffer.subarray(replaces ? 0 : file.stored - from, file.size - from),
      )
    )
      return false;
    if (begins) setPage(file.pages, before);
    file.stored = file.size;
    file.storedAt = file.changedAt;
    file.depth++;
    file.dirty = false;
    return true;
  }

  /** Writes the page in RAM, so that another can take its place. */
  function flush(): void {
    if (!file.dirty || extend()) return;
    fold();
    if (file.moves >= WIDTH) storeTables();
    const count = least(layout.pageSize, file.size - file.bufferPage * layout.pageSize);
    setPage(file.bufferPage, logging.append(PAGE, file.active, [], file.buffer.subarray(0, count)));
    file.dirty = false;
  }

  /** Counts the last page to the others: a new node record is due. */
  function fold(): void {
    if (!file.changed && file.stored > file.pages * layout.pageSize) setPage(file.pages, index.heads[file.active]);
    file.changed = true;
  }

  /** Has the page in RAM written anew. */
  function touch(at: number): void {
    if (!file.dirty || at < file.dirtyFrom) file.dirtyFrom = at;
    file.dirty = true;
  }

  return {
    chained: chained,
    setPage: setPage,
    locate: locate,
    storeTables: storeTables,
    turn: turn,
    extend: extend,
    flush: flush,
    fold: fold,
    touch: touch,
  };
}

export type Pages = ReturnType<typeof createPages>;

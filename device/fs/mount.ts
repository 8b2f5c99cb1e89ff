import type { Crc32, Flash, HalError } from "../../hal/contract/index.js";
import * as errno from "./errno.js";
import { DIRECTORY, type FileKind, type FileStatus, type FileSystem, REGULAR_FILE, ROOT } from "./file-system.js";
import {
  BEGINS,
  CHAIN,
  FOLDER,
  HEADER,
  HEADER_SIZE,
  LATER,
  MAGIC,
  NODE,
  NONE,
  PAGE,
  PAGES,
  PEEK,
  REMOVE,
  REPLACES,
  SUMMARY,
  TABLE,
  TABLES,
  TAKES,
  TIMES,
  WIDTH,
} from "./record.js";

/**
 * Mounts the file system in `flash`, reading its index and none of the files. Blank flash is an empty file system.
 * Never throws for what flash holds: what can't be used is mounted read-only, and `readOnly` says why.
 * @param crc32 the interpreter's own where it has one (`E.CRC32`)
 * @param now microseconds since 1970, for the times of files
 */
export function mountFileSystem(flash: Flash, crc32: Crc32, now: () => number): FileSystem {
  return createFileSystem(flash, crc32, now);
}

/**
 * Makes an empty file system of whatever is in `flash`, which is lost, and mounts it.
 * One block's header is written; the rest is erased when it is needed.
 */
export function formatFileSystem(flash: Flash, crc32: Crc32, now: () => number): FileSystem {
  return createFileSystem(flash, crc32, now, true);
}

/** Nodes by which the index grows. */
const STEP = 32;
/** Bytes of a node record that usually hold all but the data. */
const FIELDS = 40;
/** Bytes that are looked at together for being blank, and their CRC-32. */
const CHUNK = 64;
const BLANK = 0x0f6187ba;
/** A block with more records than these ends with a summary. */
const MANY = 32;
/** Where a damaged page is: no record begins there. */
const NOWHERE = 1;
/** The most appends, and the most replacements, that a node record is followed by: they are walked to use the file. */
const APPENDS = 200;
const REPLACEMENTS = 32;

// Looked up by a shorter way, and shorter when minified.
const Bytes = Uint8Array;
const Halves = Uint16Array;

function least(a: number, b: number): number {
  return a < b ? a : b;
}

function codeOf(character: string): number {
  return character.charCodeAt(0);
}

/** Numbers as two halves each; a larger one's upper half is its third and fourth one. */
function words(values: number[]): number[] {
  const list: number[] = [];
  values.forEach(function (value) {
    list.push(value, value / 65536);
  });
  return list;
}

// One closure holds the state of a mounted file system. Parts with interfaces between them were 2.5 times the size
// when minified, and on Espruino each property would be looked up by its name at every use.
function createFileSystem(flash: Flash, crc32: Crc32, now: () => number, format?: boolean): FileSystem {
  const blockSize = flash.blockSize;
  const blocks = flash.size / blockSize;
  let unit = Math.max(4, flash.writeSize);
  while (flash.size / unit > 65536) unit *= 2;
  const blockUnits = blockSize / unit;
  /** What the check of every record begins with, so that one for another geometry isn't taken for ours. */
  const geometry = blocks * 65536 + blockSize / 4 + unit;
  /** A page with its record fits several times into the smallest block. */
  const pageSize = least(240, blockSize >> 4);
  /** Blocks kept free: one that a change may need, and one or two that a full block can be moved to. */
  const reserve = blocks < 8 ? 2 : 3;
  /** The most nodes: damaged records must not make the index grow beyond what could be. */
  const most = least(65535, flash.size >> 5);
  let problem: string | undefined;

  // The index, 6 bytes a node: where its newest record is, 16 bits that tell most names apart and are 0 when it has
  // none, and the units that its data takes when packed, 0 for a directory.
  let heads = new Halves(STEP);
  let hashes = new Halves(STEP);
  let costs = new Halves(STEP);
  /** How often each node is open. */
  const handles: { [node: number]: number } = {};

  // The log. Blocks are counted on and on: a block's place is the rest of the division by their number.
  let head = -1;
  let tail = Infinity;
  /** Where the next record goes, where the present block ends, and how many records are in it. */
  let end = 0;
  let edge = 0;
  let records = 0;
  let free = blocks;
  const bad: number[] = [];
  let userBytes = 0;

  // The record read last: as much of it as was read, and where it is if that was all.
  let bytes: Uint8Array;
  let halves: Uint16Array;
  let length = 0;
  let kind = 0;
  let owner = 0;
  let loaded = 0;

  // The active file: one at a time is read or written, with a page of it in RAM.
  let active = 0;
  let parent = 0;
  let name = "";
  let folder = 0;
  let size = 0;
  /** Seconds since 1970, and microseconds of access and modification where those were set. */
  let changedAt = 0;
  let times: number[] | undefined;
  /** The size and the time that flash has, and the records since the node record. */
  let stored = 0;
  let storedAt = 0;
  let depth = 0;
  /** Pages before the last, which the newest record is a part of. */
  let pages = 0;
  /** Where the tables are; where pages are that they don't know yet, how many, and which tables that concerns. */
  const tables = new Halves(TABLES);
  let moved: number[] = [];
  let moves = 0;
  let outdated: boolean[] = [];
  /** Whether a new node record is due. */
  let changed = false;
  const buffer = new Bytes(pageSize);
  let bufferPage = 0;
  let dirty = false;
  /** The first byte of the file that differs from flash. */
  let dirtyFrom = 0;

  /** Units that all that is stored takes when packed, and a bound on it that collecting found out. */
  let live = 0;
  let bound = Infinity;
  /** The node that collecting moved last. */
  let collected = 0;

  function units(count: number): number {
    return Math.ceil(count / unit);
  }

  /** Turns an errno that is thrown into a result; with `writes` a file system that can't be written answers at once. */
  function safely<A extends unknown[], R>(
    call: (...values: A) => R,
    writes?: boolean,
  ): (...values: A) => [R] extends [void] ? number | undefined : R {
    return function (a: never, b: never, c: never, d: never, e: never) {
      try {
        return writes && problem ? errno.EROFS : (call as unknown as (...values: never[]) => R)(a, b, c, d, e);
      } catch (error) {
        // What flash throws.
        if ((error as HalError).kind) return errno.EIO;
        if (typeof error !== "number") throw error;
        return error;
      }
    } as never;
  }

  // --- records -------------------------------------------------------------------------------------------------

  function load(address: number, count: number): void {
    const at = address * unit;
    bytes = new Bytes(flash.read(at, least(units(count) * unit, flash.size - at)));
    halves = new Halves(bytes.buffer);
    loaded = 0;
  }

  /** Two halves of the record read last. */
  function word(at: number): number {
    return halves[at] + halves[at + 1] * 65536;
  }

  /** Reads what a record is; returns the address behind it, 0 where there is none. */
  function peek(address: number): number {
    load(address, PEEK);
    length = halves[2] % 1024;
    kind = halves[2] >> 10;
    owner = halves[3];
    const next = address + units(length);
    return length >= HEADER_SIZE && kind < NONE && next <= (blockOf(address) + 1) * blockUnits ? next : 0;
  }

  /** Reads a record and verifies it; with `part` reads so many bytes and verifies nothing. Throws EIO. */
  function read(address: number, part?: number): void {
    if (address && address === loaded) return;
    if (!peek(address)) throw errno.EIO;
    load(address, part ? least(length, part) : length);
    if (!part) {
      if (word(0) ^ check(bytes, address)) throw errno.EIO;
      loaded = address;
    }
  }
  const verify = safely(read);

  function isBlank(at: number, count: number): boolean {
    for (; count > 0; count -= CHUNK, at += CHUNK) if (crc32(flash.read(at, CHUNK)) !== BLANK) return false;
    return true;
  }

  /** Returns whether it isn't erased then. */
  function erase(at: number): boolean {
    flash.erase(at);
    return !isBlank(at, blockSize);
  }
  const tryErase = safely(erase);

  /** A record of halves, a text and data; what depends on its address is still missing. */
  function make(type: number, node: number, front: number[], data?: Uint8Array, text?: string): Uint8Array {
    const name = [].map.call(text || "", codeOf) as number[];
    const total = HEADER_SIZE + front.length * 2 + name.length + (data ? data.length : 0);
    const record = new Bytes(units(total) * unit);
    new Halves(record.buffer).set([0, 0, total + type * 1024, node].concat(front));
    record.set(name, HEADER_SIZE + front.length * 2);
    if (data) record.set(data, total - data.length);
    return record;
  }

  /** Programs a record and reads it back; returns whether it isn't there. */
  function put(address: number, record: Uint8Array): boolean {
    new Uint32Array(record.buffer)[0] = check(record, address);
    flash.program(address * unit, record);
    return crc32(flash.read(address * unit, record.length)) !== crc32(record);
  }
  /** The same for worn cells: whatever goes wrong is truthy. */
  const tryPut = safely(put);

  function check(record: Uint8Array, address: number): number {
    return crc32(record.subarray(4)) ^ address ^ geometry;
  }

  // --- the log -------------------------------------------------------------------------------------------------

  /** Units of a block's header; addresses 0 and 1 mean other things. */
  const first = Math.max(2, units(24));
  /** Where a block's summary is, counted from its end. */
  const summary = units(least(1008, blockSize >> 5));

  function blockOf(address: number): number {
    return (address / blockUnits) | 0;
  }

  function isIn(address: number, block: number): boolean {
    return address > NOWHERE && blockOf(address) === block % blocks;
  }

  function enter(block: number): void {
    head = block;
    end = (block % blocks) * blockUnits + first;
    edge = end - first + blockUnits;
    records = loaded = 0;
  }

  /** Begins the next block. */
  function open(): void {
    while (free) {
      enter(head + 1);
      const index = head % blocks;
      if (bad.indexOf(index) < 0) {
        free--;
        const oldest = least(tail, head);
        if (
          // In the first lap blank blocks were never erased, so needn't be.
          ((head < blocks && isBlank(index * blockSize, blockSize)) || !tryErase(index * blockSize)) &&
          !tryPut(end - first, make(HEADER, 0, words([MAGIC, head, oldest, userBytes])))
        ) {
          tail = oldest;
          return;
        }
        bad.push(index);
      }
      end = edge;
    }
    throw errno.ENOSPC;
  }

  /** Ends a block of many records with what is valid in it, so that mounting needn't look at them. */
  function close(): void {
    const at = edge - summary;
    const entries: number[] = [];
    const seen: number[] = [];
    // A name that was removed must not come back with an open file's data.
    const add = function (node: number) {
      seen[node] = seen[node] || entries.push(node, hashes[node] && heads[node]);
    };
    if (records < MANY || end > at) return;
    for (let here = edge - blockUnits + first, next; here < end && (next = peek(here)); here = next)
      if (kind === REMOVE || kind >= NODE) {
        add(owner);
        if (kind >= NODE && kind & TAKES) add(halves[4]);
      }
    const record = make(SUMMARY, 0, entries);
    if (record.length <= summary * unit) tryPut(at, record);
  }

  /** Writes a record and applies it to the index; returns its address, 0 where a chain would leave its block. */
  function append(type: number, node: number, front: number[], data?: Uint8Array, text?: string): number {
    const record = make(type, node, front, data, text);
    const count = record.length / unit;
    for (;;) {
      if (end + count <= edge - (records < MANY ? 0 : summary)) {
        const address = end;
        end += count;
        records++;
        if (!tryPut(address, record)) {
          apply(address, type, node, front[0]);
          return address;
        }
        // Something is there already, or the cells are worn. What was written stays good.
        end = edge;
      }
      if (type >> 4 === 1) return 0;
      close();
      open();
    }
  }

  function reserveNode(node: number): void {
    if (node < heads.length) return;
    const grown = function (old: Uint16Array) {
      const array = new Halves(node + STEP);
      array.set(old);
      return array;
    };
    heads = grown(heads);
    hashes = grown(hashes);
    costs = grown(costs);
  }

  /** What a record means for the index. */
  function apply(address: number, type: number, node: number, other: number): void {
    if (type >> 4 === 1) {
      const found = [].indexOf.call(heads, node as never);
      if (found > 0) heads[found] = address;
    } else if (node < most)
      if (type >= NODE) {
        reserveNode(node);
        heads[node] = address;
        if (type & TAKES) forget(other);
      } else if (type === REMOVE) forget(node);
  }

  /** Takes a node's name away, and its data unless it is open. */
  function forget(node: number): void {
    if (node >= heads.length) return;
    hashes[node] = 0;
    if (!handles[node]) drop(node);
  }

  function drop(node: number): void {
    live -= costs[node];
    bound = Infinity;
    heads[node] = 0;
    costs[node] = 0;
    if (node === active) active = 0;
  }

  // --- content -------------------------------------------------------------------------------------------------

  /** The page that holds the file's last byte. */
  function lastPage(count: number): number {
    return ((count - 1) / pageSize) | 0;
  }

  function cost(count: number): number {
    return units(count || 1) + lastPage(count) * units(12);
  }

  function resize(count: number): void {
    live += cost(count) - costs[active];
    costs[active] = cost(count);
    size = count;
  }

  function stamp(): void {
    changedAt = Math.floor(now() / 1e6);
    times = undefined;
  }

  /** Microseconds since 1970 of the active file's last access and modification. */
  function bothTimes(): number[] {
    return times || [changedAt * 1e6, changedAt * 1e6];
  }

  /** Makes `node` the active file. With `part`, only to see its name and size. */
  function activate(node: number, part?: number): void {
    if (node === active) return;
    commit();
    if (!heads[node] && !hashes[node]) throw errno.ENOENT;
    active = 0;
    moved = [];
    outdated = [];
    bufferPage = -1;
    parent = pages = moves = size = folder = depth = 0;
    name = "";
    stamp();
    const begun = [];
    let at = heads[node];
    if (at) {
      let done = 0;
      let later = 0;
      let since = 0;
      for (; peek(at) && kind >> 4 === 1 && owner < at; at = owner) {
        depth++;
        if (!done) size += chained();
        done |= kind & (BEGINS + REPLACES);
        if (kind & BEGINS) begun.unshift(owner);
        if ((kind & LATER) < LATER) later += kind & LATER;
        else since = since || word(4) + later;
      }
      read(at, part);
      if (kind < NODE || owner !== node) throw errno.EIO;
      folder = kind & FOLDER;
      let i = 8 + (kind & TAKES);
      changedAt = since || word(i - 4) + later;
      parent = halves[i - 2];
      const count = halves[i - 1];
      if (kind & PAGES) {
        pages = halves[i];
        size -= halves[i + 1];
        i += 2;
      }
      if (kind & TIMES) {
        if (!depth) times = [word(i) + word(i + 2) * 4294967296, word(i + 4) + word(i + 6) * 4294967296];
        i += 8;
      }
      for (let j = 0; j < pages / WIDTH; j++) tables[j] = halves[i++];
      i *= 2;
      if (!done) size += length - i - count;
      if (part && i + count > part) read(at, i + count);
      name = String.fromCharCode.apply(null, bytes.subarray(i, i + count) as unknown as number[]);
      begun.forEach(function (address) {
        setPage(pages, address);
      });
      size += pages * pageSize;
    } else if (node === ROOT) folder = FOLDER;
    stored = size;
    storedAt = changedAt;
    dirty = changed = false;
    if (!part) active = node;
  }
  const look = safely(activate);

  /** Bytes of data in a record of a chain. */
  function chained(): number {
    return length - ((kind & LATER) < LATER ? HEADER_SIZE : HEADER_SIZE + 4);
  }

  function setPage(page: number, address: number): void {
    moved[page] = address;
    outdated[(page / WIDTH) | 0] = true;
    moves++;
    if (page >= pages) pages = page + 1;
  }

  /** Where a page is, but for the last. */
  function locate(page: number): number {
    if (moved[page]) return moved[page];
    read(tables[(page / WIDTH) | 0]);
    return halves[4 + (page % WIDTH)];
  }

  function storeTables(): void {
    for (let index = 0; index * WIDTH < pages; index++)
      if (outdated[index]) {
        const list = [];
        for (let page = index * WIDTH; page < pages && list.length < WIDTH; page++) list.push(locate(page));
        tables[index] = append(TABLE, active, list);
      }
    moved = [];
    outdated = [];
    moves = 0;
  }

  /** Brings a page into RAM. */
  function turn(page: number): void {
    if (page === bufferPage) return;
    flush();
    bufferPage = -1;
    let have = least(pageSize, size - page * pageSize);
    let address = page < pages ? locate(page) : heads[active];
    while (have > 0) {
      read(address);
      const count = kind >> 4 === 1 ? chained() : owner === active ? have : Infinity;
      if (count > have || count > length - HEADER_SIZE) throw errno.EIO;
      have -= count;
      buffer.set(bytes.subarray(length - count, length), have);
      address = owner;
    }
    bufferPage = page;
  }

  /** Writes what differs in the last page behind what flash has of it, if that is in the present block. */
  function extend(): boolean {
    const from = bufferPage * pageSize;
    const before = heads[active];
    const begins = bufferPage > pages;
    const replaces = !begins && dirtyFrom < stored;
    const later = changedAt - storedAt;
    const short = later >= 0 && later < LATER;
    if (
      changed ||
      bufferPage < pages ||
      depth >= (replaces ? REPLACEMENTS : APPENDS) ||
      moves >= WIDTH ||
      !isIn(before, head) ||
      !append(
        CHAIN + (begins ? BEGINS : replaces ? REPLACES : 0) + (short ? later : LATER),
        before,
        short ? [] : words([changedAt]),
        buffer.subarray(replaces ? 0 : stored - from, size - from),
      )
    )
      return false;
    if (begins) setPage(pages, before);
    stored = size;
    storedAt = changedAt;
    depth++;
    dirty = false;
    return true;
  }

  /** Writes the page in RAM, so that another can take its place. */
  function flush(): void {
    if (!dirty || extend()) return;
    fold();
    if (moves >= WIDTH) storeTables();
    const count = least(pageSize, size - bufferPage * pageSize);
    setPage(bufferPage, append(PAGE, active, [], buffer.subarray(0, count)));
    dirty = false;
  }

  /** Counts the last page to the others: a new node record is due. */
  function fold(): void {
    if (!changed && stored > pages * pageSize) setPage(pages, heads[active]);
    changed = true;
  }

  /** Puts everything pending on flash; with `to` under another name, which may be taken from `victim`. */
  function commit(victim?: number, directory?: number, to?: string): void {
    if (!active || !(dirty || changed)) return;
    const last = lastPage(size);
    let count = 0;
    if (bufferPage !== last) flush();
    if (dirty && extend()) return;
    fold();
    if (dirty) {
      pages = last;
      count = size - last * pageSize;
    }
    storeTables();
    to = to || name;
    let type = NODE + folder;
    // What was removed while it is open has no place.
    let front = words([changedAt]).concat(hashes[active] && (directory || parent), to.length);
    if (victim) {
      type += TAKES;
      front.unshift(victim);
    }
    if (pages) {
      type += PAGES;
      front.push(pages, pages * pageSize - size + count);
    }
    if (times) {
      type += TIMES;
      front = front.concat(words([times[0], times[0] / 4294967296, times[1], times[1] / 4294967296]));
    }
    for (let i = 0; i < pages / WIDTH; i++) front.push(tables[i]);
    append(type, active, front, buffer.subarray(0, count), to);
    stored = size;
    storedAt = changedAt;
    depth = 0;
    dirty = changed = false;
  }

  /** Has the last page written anew, together with a node record. */
  function renew(): void {
    turn(lastPage(size));
    fold();
    touch(0);
  }

  /** Brings the page of byte `at` into RAM; returns how many of `count` bytes are in it from `offset` on. */
  function reach(at: number, count: number): number {
    const page = (at / pageSize) | 0;
    turn(page);
    offset = at - page * pageSize;
    return least(count, pageSize - offset);
  }
  let offset = 0;

  /** Has the page in RAM written anew. */
  function touch(at: number): void {
    if (!dirty || at < dirtyFrom) dirtyFrom = at;
    dirty = true;
  }

  /**
   * Writes `count` bytes at `at`, and zeros before it where the file ends earlier. Returns how many of the bytes are
   * written; fewer, even less than 0, only where space ran out. Leaves `node` active.
   */
  function fill(node: number, at: number, source: Uint8Array, from: number, count: number): number {
    const to = at + count;
    if (to > TABLES * WIDTH * pageSize) throw errno.EFBIG;
    use(node);
    room(cost(Math.max(size, to)) - costs[node]);
    activate(node);
    let here = least(at, size);
    while (here < to && tryRoom(0) !== errno.ENOSPC) {
      // Collecting garbage may make another file the active one.
      activate(node);
      stamp();
      const step = reach(here, (here < at ? at : to) - here);
      const start = here - at + from;
      buffer.set(here < at ? new Bytes(step) : source.subarray(start, start + step), offset);
      touch(here);
      here += step;
      if (here > size) resize(here);
    }
    activate(node);
    return here - at;
  }

  // --- names ---------------------------------------------------------------------------------------------------

  /** 16 bits for a name in a directory, never 0. */
  function hash(directory: number, text: string): number {
    return crc32(new Bytes([directory].concat([].map.call(text, codeOf) as number[]))) & 65535 || 1;
  }

  function isFolder(node: number): boolean {
    return hashes[node] > 0 && !costs[node];
  }

  /** The node of that name, which becomes the active one; 0 when there is none. */
  function search(directory: number, text: string): number {
    if (!isFolder(directory)) throw hashes[directory] ? errno.ENOTDIR : errno.ENOENT;
    if (!text) throw errno.ENOENT;
    if (text.length > 255) throw errno.ENAMETOOLONG;
    const key = hash(directory, text);
    let node = 0;
    // The interpreter's own search is a hundred times as fast as a loop on Espruino.
    while ((node = [].indexOf.call(hashes, key as never, node + 1)) > 0) {
      activate(node);
      if (parent === directory && name === text) return node;
    }
    return 0;
  }

  function find(directory: number, text: string): number {
    const node = search(directory, text);
    if (!node) throw errno.ENOENT;
    return node;
  }

  /** The first node after `node` in a directory, 0 for none. What is damaged is in none. */
  function firstIn(directory: number, node: number): number {
    while (++node < heads.length) if (hashes[node] && !look(node) && parent === directory) return node;
    return 0;
  }

  /** Whether a node may go: a file, or as a directory an empty one. */
  function checkGone(node: number, asFolder: boolean): void {
    if (isFolder(node) !== asFolder) throw asFolder ? errno.ENOTDIR : errno.EISDIR;
    if (asFolder && firstIn(node, 0)) throw errno.ENOTEMPTY;
  }

  function nameCost(text: string): number {
    return units(text.length + 16);
  }

  /** Names the active file; on flash it is named already, or about to be. */
  function christen(directory: number, text: string): void {
    parent = directory;
    name = text;
    hashes[active] = hash(directory, text);
    live += nameCost(text);
  }

  // --- space ---------------------------------------------------------------------------------------------------

  function capacity(): number {
    return least(bound, ((blocks - bad.length - reserve - 1) * ((blockUnits * 31) / 32 - units(40))) | 0);
  }

  /** Does work on what may be damaged; returns whether it is. */
  function fails(work: (value: number) => void, value: number): boolean {
    const answer = safely(work)(value);
    if (answer && answer !== errno.EIO) throw answer;
    return answer === errno.EIO;
  }

  /** Moves what one node has in the oldest block elsewhere, or gives the block back. */
  function collect(): boolean {
    commit();
    // The turn passes on when a node has been moved, not before: what had no room is tried again, never left behind.
    for (let node; (node = collected + 1) < heads.length; collected = node)
      if (isIn(heads[node], tail) || costs[node] > cost(pageSize)) {
        if (fails(move, node)) forget(node);
        collected = node;
        return false;
      }
    collected = 0;
    free++;
    while (bad.indexOf(++tail % blocks) >= 0);
    return true;
  }

  function move(node: number): void {
    activate(node);
    if (isIn(heads[node], tail)) fold();
    // What is damaged is no more: nothing that comes to be at its address may be taken for it.
    for (let page = 0; page < pages; page++) if (fails(movePage, page)) setPage(page, NOWHERE);
    commit();
  }

  function movePage(page: number): void {
    const address = locate(page);
    const age = (blockOf(address) - (tail % blocks) + blocks) % blocks;
    // Each time a node record and a table are due as well, so what will be next in turn goes along, as far as blocks
    // are free.
    if (address > NOWHERE && age <= Math.max(0, free - 2)) {
      turn(page);
      touch(0);
    } else if (isIn(tables[(page / WIDTH) | 0], tail)) {
      fold();
      setPage(page, address);
    }
  }

  /** Makes sure that `extra` units may be added and that there are blocks to write to; the active file may change. */
  function room(extra: number): void {
    const limit = capacity();
    let released = 0;
    if (extra > 0 && live + extra > limit) throw errno.ENOSPC;
    // So many steps that collecting keeps up with writing, however full the device is.
    for (let steps = 2 + (2 * live) / (limit - live + blockUnits); ; steps--) {
      if (free > reserve || (free === reserve && steps < 0)) return;
      // Where collecting takes more than it gives, the last blocks are left for removals. Once round and nothing won:
      // what is stored doesn't pack as well as was thought.
      if (tail >= head || (free < 2 && 2 * live > limit) || (collect() && ++released > blocks)) {
        bound = live;
        throw errno.ENOSPC;
      }
    }
  }
  const tryRoom = safely(room);

  function use(node: number): void {
    if (isFolder(node)) throw errno.EISDIR;
    activate(node);
  }

  // --- mounting ------------------------------------------------------------------------------------------------

  /** The number of the block that is in place `index`, -1 for none. */
  function blockAt(index: number): number {
    return !verify(index * blockUnits) && kind === HEADER && word(4) === MAGIC ? word(6) : -1;
  }

  /** Replays a block by its summary, or by its records. */
  function replay(block: number): void {
    enter(block);
    if (!verify(edge - summary) && kind === SUMMARY) {
      for (let i = 4; i < length / 2; i += 2) {
        reserveNode(halves[i]);
        heads[halves[i]] = halves[i + 1];
      }
      end = edge;
      return;
    }
    let type = 0;
    let node = 0;
    let other = 0;
    for (let held = 0; ;) {
      const next = end < edge ? peek(end) : 0;
      // Only the last record of a block can be torn.
      if (next || !held || !verify(held)) apply(held, type, node, other);
      else end = edge;
      if (!next) return;
      held = end;
      type = kind;
      node = owner;
      other = halves[4];
      end = next;
      records++;
    }
  }

  /** Finds the log and replays it; returns why it can't be used, if so. */
  function mount(): string | undefined {
    let last = -1;
    for (let i = 0; i < blocks; i++) {
      const found = blockAt(i);
      if (found > last) {
        last = found;
        tail = word(8);
        userBytes = word(10);
      }
    }
    if (last < 0) {
      for (let i = blocks; i--;) {
        const at = i * blockSize;
        // What is in a header's place alone may be the first one of all, torn. Somebody else's data is looked for at
        // both ends of each block: reading all of it would take minutes on a large chip.
        if (!isBlank(at + first * unit, CHUNK) || !isBlank(at + blockSize - CHUNK, CHUNK)) {
          load(i * blockUnits, PEEK);
          return (word(4) ^ MAGIC) << 8 ? "not formatted" : "made by another version or for another size";
        }
        // A torn header waits for its erasure until the ring comes round: cut short, too, that would leave bits that
        // nothing could tell from somebody else's data.
        if (isBlank(at, CHUNK)) head = i - 1;
      }
      return undefined;
    }
    const oldest = last - blocks + 1;
    const from = tail;
    let used = 0;
    for (let block = last < blocks ? from : oldest; block <= last; block++) {
      if (blockAt(block % blocks) !== block) {
        // The oldest may have been cut short while it was erased.
        if (block > oldest) bad.push(block % blocks);
      } else if (block >= from) {
        if (!used++) tail = block;
        replay(block);
      }
    }
    free -= bad.length + used;
    if (end + units(CHUNK) > edge || !isBlank(end * unit, CHUNK)) end = edge;
    return undefined;
  }

  problem = blocks < 4 ? "too small" : mount();
  if (format && blocks > 3) {
    problem = undefined;
    heads = new Halves(STEP);
    tail = Infinity;
    free = blocks - bad.length;
    safely(open)();
  }
  for (let node = heads.length; --node;) {
    if (!look(node, FIELDS) && parent) {
      hashes[node] = hash(parent, name);
      costs[node] = folder ? 0 : cost(size);
      live += nameCost(name) + costs[node];
    } else if (node > ROOT) heads[node] = 0;
  }
  hashes[ROOT] = 1;
  if (!problem && capacity() <= 0) problem = "worn out";

  return {
    readOnly: problem,
    lookup: safely(find),
    create: safely(function (directory: number, text: string, type: FileKind): number {
      if (search(directory, text)) throw errno.EEXIST;
      const taken = type === DIRECTORY ? 0 : cost(0);
      room(nameCost(text) + taken);
      commit();
      let node = ROOT;
      while (hashes[++node] || heads[node]);
      if (node >= most) throw errno.ENOSPC;
      reserveNode(node);
      hashes[node] = 1;
      activate(node);
      costs[node] = taken;
      live += taken;
      christen(directory, text);
      changed = true;
      if (!taken) {
        folder = FOLDER;
        commit();
      }
      return node;
    }, true),
    stat: safely(function (node: number): FileStatus | number {
      activate(node);
      const both = bothTimes();
      return {
        node: node,
        kind: folder ? DIRECTORY : REGULAR_FILE,
        size: size,
        accessed: both[0],
        modified: both[1],
        changed: changedAt * 1e6,
      };
    }),
    read: safely(function (node: number, at: number, target: Uint8Array, from: number, count: number): number {
      use(node);
      count = least(count, size - at);
      let done = 0;
      while (done < count) {
        const step = reach(at + done, count - done);
        target.set(buffer.subarray(offset, offset + step), from + done);
        done += step;
      }
      return done;
    }),
    write: safely(function (node: number, at: number, source: Uint8Array, from: number, count: number): number {
      use(node);
      if (!count) return 0;
      const done = fill(node, at, source, from, count);
      if (done <= 0) throw errno.ENOSPC;
      userBytes += done;
      return done;
    }, true),
    truncate: safely(function (node: number, count: number): number {
      if (fill(node, count, buffer, 0, 0) < 0) throw errno.ENOSPC;
      if (count < size) {
        const last = lastPage(count);
        turn(last);
        if (last < pages) {
          fold();
          pages = last;
        }
        touch(0);
        resize(count);
        bound = Infinity;
      }
      stamp();
      return 0;
    }, true),
    setTimes: safely(function (node: number, a: number | undefined, m: number | undefined): number {
      room(0);
      activate(node);
      renew();
      const old = bothTimes();
      stamp();
      times = [a === undefined ? old[0] : a, m === undefined ? old[1] : m];
      if (folder) commit();
      return 0;
    }, true),
    sync: safely(function (node: number): number {
      if (node === active) commit();
      return 0;
    }),
    rename: safely(function (fromDirectory: number, from: string, toDirectory: number, to: string): number {
      const target = search(toDirectory, to);
      const node = find(fromDirectory, from);
      if (target === node) return 0;
      commit();
      const asFolder = isFolder(node);
      if (target) checkGone(target, asFolder);
      if (asFolder)
        for (let directory = toDirectory; directory !== ROOT; directory = parent) {
          if (directory === node) throw errno.EINVAL;
          activate(directory);
        }
      room(target ? 0 : nameCost(to) - nameCost(from));
      activate(node);
      renew();
      commit(target, toDirectory, to);
      live -= nameCost(from) + (target && nameCost(to));
      christen(toDirectory, to);
      return 0;
    }, true),
    remove: safely(function (directory: number, text: string, type: FileKind): number {
      const node = find(directory, text);
      checkGone(node, type === DIRECTORY);
      commit();
      tryRoom(0);
      append(REMOVE, node, []);
      live -= nameCost(text);
      return 0;
    }, true),
    retain: function (node) {
      handles[node] = (handles[node] || 0) + 1;
    },
    release: function (node) {
      if (--handles[node]) return;
      delete handles[node];
      if (!hashes[node]) drop(node);
    },
    next: function (directory, cookie) {
      const node = firstIn(directory, cookie);
      return node ? { node: node, kind: folder ? DIRECTORY : REGULAR_FILE, name: name, cookie: node } : undefined;
    },
    space: function () {
      return { free: Math.max(0, capacity() - live) * unit, total: capacity() * unit };
    },
  };
}

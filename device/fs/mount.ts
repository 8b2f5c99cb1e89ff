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

/** Nodes by which the index grows. */
const STEP = 32;
/** Bytes of a node record that usually hold all but the data. */
const FIELDS = 40;
/** Bytes that are looked at together for being blank, and their CRC-32. */
const CHUNK = 64;
const BLANK = 0x0f6187ba;
/** Bytes of a block's header without its summary, and the most halves of that. */
const PLAIN = HEADER_SIZE + 16;
const SUMMARY = 400;
/** Where a damaged page is: only a block's header begins there. */
const NOWHERE = 0;
/** A block of fewer records has none. */
const MANY = 32;
/** More than any number of a block, of units or of bytes. */
const NEVER = 1e12;
/** The most appends, and the most replacements, that a node record is followed by: they are walked to use the file. */
const APPENDS = 200;
const REPLACEMENTS = 32;

// Looked up by a shorter way, and shorter when minified.
const Bytes = Uint8Array;
const Halves = Uint16Array;

function least(a: number, b: number): number {
  return a < b ? a : b;
}

function codes(text: string): number[] {
  return [].map.call(text, function (character: string) {
    return character.charCodeAt(0);
  }) as number[];
}

/** A number as two halves. */
function word(value: number): number[] {
  return [value, value / 65536];
}

// One closure holds the state of a mounted file system. Parts with interfaces between them were 2.5 times the size
// when minified, and on Espruino each property would be looked up by its name at every use.
function createFileSystem(
  flash: Flash,
  crc32: Crc32,
  now: () => number,
  keepsTimes: boolean,
  format?: boolean,
): FileSystem {
  const blockSize = flash.blockSize;
  const blocks = flash.size / blockSize;
  let unit = 4;
  while (unit < flash.writeSize || flash.size / unit > 65536) unit *= 2;
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

  // The index, 8 bytes a node: where its newest record is, 16 bits that tell most names apart and are 0 when it has
  // none, the units that it takes when packed, and whether it is a file or a directory, 0 when it is nothing.
  let nodes = STEP;
  let heads = new Halves(STEP);
  let hashes = new Halves(STEP);
  let costs = new Halves(STEP);
  let kinds = new Halves(STEP);
  /** How often each node is open. */
  const handles: { [node: number]: number } = {};

  // The log. Blocks are counted on and on: a block's place is the rest of the division by their number.
  let head = -1;
  let tail = NEVER;
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
  let length!: number;
  let kind!: number;
  let owner!: number;
  let loaded = 0;

  // The active file: one at a time is read or written, with a page of it in RAM.
  let active = 0;
  let parent!: number;
  let name!: string;
  let size!: number;
  /** Seconds since 1970, and microseconds of access and modification where those were set. */
  let changedAt!: number;
  let times: number[] | undefined;
  /** The size and the time that flash has, and the records since the node record. */
  let stored!: number;
  let storedAt!: number;
  let depth!: number;
  /** Pages before the last, which the newest record is a part of. */
  let pages!: number;
  /** Where the tables are; where pages are that they don't know yet, how many, and which tables that concerns. */
  const tables = new Halves(TABLES);
  let moved!: number[];
  let moves!: number;
  let outdated!: boolean[];
  /** Whether a new node record is due, and the node whose name that takes. */
  let changed = false;
  let victim = 0;
  const buffer = new Bytes(pageSize);
  let bufferPage!: number;
  let dirty = false;
  /** The first byte of the file that differs from flash. */
  let dirtyFrom!: number;

  /** Units that all that is stored takes when packed, and a bound on it that collecting found out. */
  let live = 0;
  let bound = NEVER;
  /** The node that collecting moved last. */
  let collected = 0;

  function units(count: number): number {
    return Math.ceil(count / unit);
  }

  /** Turns an errno that is thrown into a result. */
  function safely<A extends unknown[], R>(
    call: (...values: A) => R,
  ): (...values: A) => [R] extends [void] ? number | undefined : R {
    return function (a: never, b: never, c: never, d: never, e: never) {
      try {
        return (call as unknown as (...values: never[]) => R)(a, b, c, d, e);
      } catch (error) {
        if ((error as number) < 0) return error;
        // What flash throws.
        if ((error as HalError).kind) return errno.EIO;
        throw error;
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
  function wordAt(at: number): number {
    return halves[at] + halves[at + 1] * 65536;
  }

  /** Reads what a record is; returns the address behind it, 0 where there is none. */
  function peek(address: number): number {
    load(address, PEEK);
    length = halves[2] % 1024;
    kind = halves[2] >> 10;
    owner = halves[3];
    const next = address + units(length);
    return length >= HEADER_SIZE && kind < NONE && next <= (((address / blockUnits) | 0) + 1) * blockUnits ? next : 0;
  }

  /** Reads a record and verifies it; with `part` reads so many bytes and verifies nothing. Throws EIO. */
  function read(address: number, part?: number): void {
    if (address && address === loaded) return;
    if (!peek(address)) throw errno.EIO;
    load(address, least(length, part || length));
    if (!part) {
      if (wordAt(0) ^ check(bytes, address)) throw errno.EIO;
      loaded = address;
    }
  }
  const verify = safely(read);

  function isBlank(at: number, count: number): boolean {
    for (; count > 0 && crc32(flash.read(at, CHUNK)) === BLANK; count -= CHUNK) at += CHUNK;
    return count <= 0;
  }

  function check(record: Uint8Array, address: number): number {
    return crc32(record.subarray(4)) ^ address ^ geometry;
  }

  /** A record of halves, a text and data; what depends on its address is still missing. */
  function make(type: number, node: number, front: number[], data?: Uint8Array, text?: string): Uint8Array {
    const name = codes(text || "");
    const rest = data || [];
    const body = HEADER_SIZE + front.length * 2;
    const total = body + name.length + rest.length;
    const record = new Bytes(units(total) * unit);
    new Halves(record.buffer).set([0, 0, total + type * 1024, node].concat(front));
    record.set(name, body);
    record.set(rest, total - rest.length);
    return record;
  }

  /** Programs a record and reads it back. Throws EIO where it isn't there then. */
  function put(address: number, record: Uint8Array): void {
    new Uint32Array(record.buffer)[0] = check(record, address);
    flash.program(address * unit, record);
    read(address);
  }
  const tryPut = safely(put);

  // --- the log -------------------------------------------------------------------------------------------------

  function isIn(address: number, block: number): boolean {
    return address > NOWHERE && ((address / blockUnits) | 0) === block % blocks;
  }

  function enter(block: number): void {
    head = block;
    end = edge = ((block % blocks) + 1) * blockUnits;
    records = loaded = 0;
  }

  /** Makes a block blank and begins it. Throws EIO where its cells are worn. */
  function begin(at: number, record: Uint8Array): void {
    // In the first lap blank blocks were never erased, so needn't be.
    if (head >= blocks || !isBlank(at, blockSize)) flash.erase(at);
    if (!isBlank(at, blockSize)) throw errno.EIO;
    put(at / unit, record);
  }
  const tryBegin = safely(begin);

  /** Begins the next block, with what is valid of this one, so that mounting needn't look at all of its records. */
  function open(): void {
    let entries: number[] = [];
    for (let node = nodes; --node;)
      if (isIn(heads[node], head) || (hashes[node] && !heads[node])) entries.push(node, hashes[node] && heads[node]);
    if (records < MANY || entries.length > least(blockSize >> 6, SUMMARY)) entries = [];
    while (free) {
      enter(head + 1);
      const index = head % blocks;
      if (bad.indexOf(index) < 0) {
        const oldest = least(tail, head);
        const record = make(HEADER, 0, word(MAGIC).concat(word(head), word(oldest), word(userBytes), entries));
        free--;
        if (!tryBegin(index * blockSize, record)) {
          tail = oldest;
          end += record.length / unit - blockUnits;
          return;
        }
        bad.push(index);
      }
    }
    throw errno.ENOSPC;
  }

  /** Writes a record and applies it to the index; returns its address, 0 where a chain would leave its block. */
  function append(type: number, node: number, front: number[], data?: Uint8Array, text?: string): number {
    const record = make(type, node, front, data, text);
    const count = record.length / unit;
    for (;;) {
      const address = end;
      if (address + count <= edge) {
        end += count;
        records++;
        if (!tryPut(address, record)) {
          apply(address, type, node, front[0]);
          return address;
        }
        // Something is there already, or the cells are worn. What was written stays good.
        end = edge;
      }
      if (type >= CHAIN) return 0;
      open();
    }
  }

  function reserveNode(node: number): void {
    if (node < nodes) return;
    const grown = function (old: Uint16Array) {
      const array = new Halves(nodes);
      array.set(old);
      return array;
    };
    nodes = node + STEP;
    heads = grown(heads);
    hashes = grown(hashes);
    costs = grown(costs);
    kinds = grown(kinds);
  }

  /** What a record means for the index. */
  function apply(address: number, type: number, node: number, other: number): void {
    if (type >= CHAIN) {
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
    if (node >= nodes) return;
    hashes[node] = 0;
    // What a summary couldn't say: that the node is to be forgotten although its data is kept.
    if (handles[node]) records = -NEVER;
    else drop(node);
  }

  /** No record begins in a block's last unit that another could follow: that place says where the node ended. */
  function drop(node: number): void {
    live -= costs[node];
    bound = NEVER;
    costs[node] = 0;
    kinds[node] = 0;
    heads[node] = edge - 1;
  }

  // --- content -------------------------------------------------------------------------------------------------

  /** The page that holds the file's last byte. */
  function lastPage(count: number): number {
    return ((count - 1) / pageSize) | 0;
  }

  /** Units that a file or a directory takes when packed; `count` are the bytes of its name and of its data. */
  function cost(name: number, count: number): number {
    return units(name + count + 16) + lastPage(count) * units(12);
  }

  /** Accounts for the active file, of so many bytes from now on. */
  function resize(count: number): void {
    size = count;
    live -= costs[active];
    costs[active] = cost(name.length, count);
    live += costs[active];
  }

  function stamp(): void {
    changedAt = (now() / 1e6) >>> 0;
    if (keepsTimes) times = undefined;
  }

  /** Makes `node` the active file. With `part`, only to see its name and size. */
  function activate(node: number, part?: number): void {
    if (!part && !kinds[node]) throw errno.ENOENT;
    if (node === active) return;
    commit();
    active = 0;
    moved = [];
    outdated = [];
    bufferPage = -1;
    parent = pages = moves = size = depth = victim = 0;
    name = "";
    stamp();
    const begun: number[] = [];
    let at = heads[node];
    if (at) {
      let done = 0;
      let later = 0;
      let since = 0;
      for (; peek(at) && kind >= CHAIN && owner < at; at = owner) {
        depth++;
        if (!done) size += chained();
        done |= kind & (BEGINS + REPLACES);
        if (kind & BEGINS) begun.push(owner);
        if ((kind & LATER) < LATER) later += kind & LATER;
        else since = since || wordAt(4) + later;
      }
      read(at, part);
      if (kind < NODE || owner !== node) throw errno.EIO;
      kinds[node] = kind & FOLDER ? DIRECTORY : REGULAR_FILE;
      let i = 8 + (kind & TAKES);
      changedAt = since || wordAt(i - 4) + later;
      parent = halves[i - 2];
      const count = halves[i - 1];
      if (kind & PAGES) {
        pages = halves[i];
        size -= halves[i + 1];
        i += 2;
      }
      if (kind & TIMES) {
        if (keepsTimes && !depth)
          times = [wordAt(i) + wordAt(i + 2) * 4294967296, wordAt(i + 4) + wordAt(i + 6) * 4294967296];
        i += 8;
      }
      for (let j = 0; j < pages / WIDTH; j++) tables[j] = halves[i++];
      i *= 2;
      if (!done) size += length - i - count;
      if (part && i + count > part) read(at, i + count);
      name = String.fromCharCode.apply(null, bytes.subarray(i, i + count) as unknown as number[]);
      while (begun.length) setPage(pages, begun.pop()!);
      size += pages * pageSize;
    }
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
    if (moved[page] >= 0) return moved[page];
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
      const count = kind >= CHAIN ? chained() : owner === active ? have : NEVER;
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
        short ? [] : word(changedAt),
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

  /** Puts everything pending on flash. */
  function commit(): void {
    if (!kinds[active] || !(dirty || changed)) return;
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
    let type = kinds[active] === DIRECTORY ? NODE + FOLDER : NODE;
    // What was removed while it is open has no place.
    let front = word(changedAt).concat(hashes[active] && parent, name.length);
    if (victim) {
      type += TAKES;
      front.unshift(victim);
    }
    if (pages) {
      type += PAGES;
      front.push(pages, pages * pageSize - size + count);
    }
    if (keepsTimes && times) {
      type += TIMES;
      front = front.concat(word(times[0]), word(times[0] / 4294967296), word(times[1]), word(times[1] / 4294967296));
    }
    for (let i = 0; i < pages / WIDTH; i++) front.push(tables[i]);
    append(type, active, front, buffer.subarray(0, count), name);
    stored = size;
    storedAt = changedAt;
    victim = depth = 0;
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
  let offset!: number;

  /** Has the page in RAM written anew. */
  function touch(at: number): void {
    if (!dirty || at < dirtyFrom) dirtyFrom = at;
    dirty = true;
  }

  /**
   * Writes `count` bytes at `at`, and zeros before it where the file ends earlier; without a count only those. Returns
   * how many of the bytes are written; fewer only where space ran out. Leaves `node` active.
   */
  function fill(node: number, at: number, source?: Uint8Array, from?: number, count?: number): number {
    if (count === 0) at = 0;
    const to = at + (count || 0);
    if (to > TABLES * WIDTH * pageSize) throw errno.EFBIG;
    use(node);
    let here = least(at, size);
    let extra = cost(name.length, to > size ? to : size) - costs[node];
    let answer;
    do {
      answer = tryRoom(extra) || tryRoom(0);
      // Collecting garbage may make another file the active one.
      activate(node);
      if (answer || here >= to) break;
      extra = 0;
      stamp();
      const step = reach(here, (here < at ? at : to) - here);
      const start = here - at + from!;
      buffer.set(here < at ? new Bytes(step) : source!.subarray(start, start + step), offset);
      touch(here);
      userBytes += step;
      here += step;
      if (here > size) resize(here);
    } while (here < to);
    if (answer && here <= at) throw answer;
    return here - at;
  }

  // --- names ---------------------------------------------------------------------------------------------------

  /** 16 bits for a name in a directory, never 0. */
  function hash(directory: number, text: string): number {
    return crc32(new Bytes([directory].concat(codes(text)))) & 65535 || 1;
  }

  /** The node of that name, which becomes the active one; where there is none 0 if it `may` be missing, or throws ENOENT. */
  function search(directory: number, text: string, may?: number): number {
    if (!hashes[directory] || !text) throw errno.ENOENT;
    if (kinds[directory] !== DIRECTORY) throw errno.ENOTDIR;
    if (text.length > 255) throw errno.ENAMETOOLONG;
    const key = hash(directory, text);
    let node = 0;
    // The interpreter's own search is a hundred times as fast as a loop on Espruino.
    while ((node = [].indexOf.call(hashes, key as never, node + 1)) > 0) {
      activate(node);
      if (parent === directory && name === text) return node;
    }
    if (!may) throw errno.ENOENT;
    return 0;
  }

  /** The first node after `node` in a directory, 0 for none. What is damaged is in none. */
  function firstIn(directory: number, node: number): number {
    while (++node < nodes) if (hashes[node] && !look(node) && parent === directory) return node;
    return 0;
  }

  /** Whether a node may go: a file, or as a directory an empty one. */
  function checkGone(node: number, type: number): void {
    if (kinds[node] !== type) throw type === DIRECTORY ? errno.ENOTDIR : errno.EISDIR;
    if (type === DIRECTORY && firstIn(node, 0)) throw errno.ENOTEMPTY;
  }

  /** Names the active file; on flash it is about to be. */
  function christen(directory: number, text: string): void {
    parent = directory;
    name = text;
    hashes[active] = hash(directory, text);
    resize(size);
  }

  // --- space ---------------------------------------------------------------------------------------------------

  function capacity(): number {
    return least(bound, ((blocks - bad.length - reserve - 1) * ((blockUnits * 31) / 32 - units(40))) | 0);
  }

  /** Does work on what may be damaged; returns whether it is. */
  function fails(work: (value: number) => void, value: number): unknown {
    const answer = safely(work)(value);
    if (answer === errno.ENOSPC) throw answer;
    return answer;
  }

  /** Moves what one node has in the oldest block elsewhere, or gives the block back. */
  function collect(): void {
    commit();
    // The turn passes on when a node has been moved, not before: what had no room is tried again, never left behind.
    for (; ++collected < nodes;)
      if (kinds[collected] && (isIn(heads[collected], tail) || costs[collected] > cost(0, pageSize))) {
        const node = collected--;
        if (fails(move, node)) forget(node);
        collected = node;
        return;
      }
    collected = 0;
    free++;
    while (bad.indexOf(++tail % blocks) >= 0);
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
    const age = (((address / blockUnits) | 0) - (tail % blocks) + blocks) % blocks;
    // Each time a node record and a table are due as well, so what will be next in turn goes along, as far as blocks
    // are free.
    if (address > NOWHERE && (!age || age <= free - 2)) {
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
    const until = tail + blocks;
    if (problem) throw errno.EROFS;
    if (extra > 0 && live + extra > limit) throw errno.ENOSPC;
    // So many steps that collecting keeps up with writing, however full the device is.
    let steps = 3 + (2 * live) / (limit - live + blockUnits);
    while (free < reserve || (free === reserve && --steps > 0)) {
      // Where collecting takes more than it gives, the last blocks are left for removals. Once round and nothing won:
      // what is stored doesn't pack as well as was thought.
      if (tail >= head || (free < 2 && 2 * live > limit) || tail > until) {
        bound = live;
        throw errno.ENOSPC;
      }
      collect();
    }
  }
  const tryRoom = safely(room);

  function use(node: number): void {
    if (kinds[node] === DIRECTORY) throw errno.EISDIR;
    activate(node);
  }

  // --- mounting ------------------------------------------------------------------------------------------------

  /** The number of the block that is in place `index`, -1 for none. */
  function blockAt(index: number): number {
    return !verify(index * blockUnits) && wordAt(4) === MAGIC ? wordAt(6) : -1;
  }

  /** Applies a block's records. */
  function replay(block: number): void {
    let held = 0;
    let type = 0;
    let node = 0;
    let other = 0;
    enter(block);
    end -= blockUnits;
    for (;;) {
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
        tail = wordAt(8);
        userBytes = wordAt(10);
      }
    }
    if (last < 0) {
      for (let i = blocks; i--;) {
        const at = i * blockSize;
        // What is in a header's place alone may be the first one of all, torn. Somebody else's data is looked for at
        // both ends of each block: reading all of it would take minutes on a large chip.
        if (!isBlank(at + units(PLAIN) * unit, CHUNK) || !isBlank(at + blockSize - CHUNK, CHUNK)) {
          load(i * blockUnits, PEEK);
          return (wordAt(4) ^ MAGIC) << 8 ? "not formatted" : "of another version or size";
        }
        // A torn header waits for its erasure until the ring comes round: cut short, too, that would leave bits that
        // nothing could tell from somebody else's data.
        if (isBlank(at, CHUNK)) head = i - 1;
      }
      return undefined;
    }
    const oldest = last - blocks + 1;
    const from = tail;
    let held = -1;
    let used = 0;
    for (let block = last < blocks ? from : oldest; block <= last; block++) {
      if (blockAt(block % blocks) !== block) {
        // The oldest may have been cut short while it was erased.
        if (block > oldest) bad.push(block % blocks);
      } else if (block >= from) {
        if (!used++) tail = block;
        else if (held === block - 1 && length > PLAIN)
          for (let i = PLAIN / 2; i < length / 2; i += 2) {
            reserveNode(halves[i]);
            heads[halves[i]] = halves[i + 1];
          }
        else replay(held);
        held = block;
      }
    }
    replay(held);
    free -= bad.length + used;
    if (end + units(CHUNK) > edge || !isBlank(end * unit, CHUNK)) end = edge;
    return undefined;
  }

  problem = blocks < 4 ? "too small" : mount();
  if (format && blocks > 3) {
    problem = undefined;
    heads = new Halves(nodes);
    tail = NEVER;
    free = blocks - bad.length;
    safely(open)();
  }
  for (let node = nodes; --node;) {
    if (!look(node, FIELDS) && parent) {
      hashes[node] = hash(parent, name);
      costs[node] = cost(name.length, size);
      live += costs[node];
    } else kinds[node] = 0;
  }
  hashes[ROOT] = 1;
  kinds[ROOT] = DIRECTORY;
  if (!problem && capacity() <= 0) problem = "worn out";

  return {
    readOnly: problem,
    lookup: safely(search),
    create: safely(function (directory: number, text: string, type: FileKind): number {
      if (search(directory, text, 1)) throw errno.EEXIST;
      room(cost(text.length, 0));
      commit();
      let node = ROOT;
      while (kinds[++node]);
      if (node >= most) throw errno.ENOSPC;
      reserveNode(node);
      kinds[node] = type;
      heads[node] = active = 0;
      activate(node);
      christen(directory, text);
      changed = true;
      if (type === DIRECTORY) commit();
      return node;
    }),
    stat: safely(function (node: number): FileStatus | number {
      activate(node);
      const time = changedAt * 1e6;
      return {
        kind: kinds[node] as FileKind,
        size: size,
        accessed: keepsTimes && times ? times[0] : time,
        modified: keepsTimes && times ? times[1] : time,
        changed: time,
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
    write: safely(fill) as FileSystem["write"],
    truncate: safely(function (node: number, count: number): number {
      fill(node, count);
      if (count < size) {
        const last = lastPage(count);
        turn(last);
        if (last < pages) {
          fold();
          pages = last;
        }
        touch(0);
        resize(count);
        bound = NEVER;
      }
      stamp();
      return 0;
    }),
    setTimes: safely(function (node: number, a: number | undefined, m: number | undefined): number {
      room(0);
      activate(node);
      renew();
      const old = times || [changedAt * 1e6, changedAt * 1e6];
      stamp();
      times = [a === undefined ? old[0] : a, m === undefined ? old[1] : m];
      if (kinds[node] === DIRECTORY) commit();
      return 0;
    }),
    sync: safely(function (): number {
      commit();
      return 0;
    }),
    rename: safely(function (fromDirectory: number, from: string, toDirectory: number, to: string): number {
      const target = search(toDirectory, to, 1);
      const node = search(fromDirectory, from);
      if (target === node) return 0;
      if (target) checkGone(target, kinds[node]);
      if (kinds[node] === DIRECTORY)
        for (let directory = toDirectory; directory !== ROOT; directory = parent) {
          if (directory === node) throw errno.EINVAL;
          activate(directory);
        }
      room(target ? 0 : to.length - from.length);
      activate(node);
      renew();
      victim = target;
      christen(toDirectory, to);
      commit();
      return 0;
    }),
    remove: safely(function (directory: number, text: string, type: FileKind): number {
      const node = search(directory, text);
      checkGone(node, type);
      tryRoom(0);
      append(REMOVE, node, []);
      return 0;
    }),
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
      return node ? { node: node, kind: kinds[node] as FileKind, name: name, cookie: node } : undefined;
    },
    space: function () {
      return { free: Math.max(0, capacity() - live) * unit, total: capacity() * unit };
    },
  };
}

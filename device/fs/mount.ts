import type { Crc32, Flash } from "../../hal/contract/index.js";
import * as errno from "./errno.js";
import { DIRECTORY, type FileKind, type FileStatus, type FileSystem, REGULAR_FILE, ROOT } from "./file-system.js";
import { createLog } from "./log.js";
import {
  accessed as parsedAccessed,
  body,
  DATA,
  dataStart,
  decode,
  encode,
  FOLDER,
  kind,
  modified as parsedModified,
  MORE,
  NAME,
  owner,
  PAGE,
  PAGES,
  pages as parsedPages,
  position,
  start,
  stop,
  TABLE,
  TIMES,
  topAt,
  value,
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

/** `names[node]` of a file that no record names yet, and of a node that was removed while it is open. */
const PENDING = 1;
const UNLINKED = 2;
/** Nodes by which the index grows, and the most that ids have room for. */
const STEP = 32;
const MOST_NODES = 16383;
/** Bytes that a node record may have between its name and its data: two ids, two times, and the number of pages. */
const BEFORE_DATA = 24;
/** Tables of a file. */
const TABLES = 64;

// One closure holds the state of a mounted file system. Parts with interfaces between them were 2.5 times the size
// when minified, and on Espruino each property would be looked up by its name at every use.
function createFileSystem(flash: Flash, crc32: Crc32, now: () => number, format?: boolean): FileSystem {
  const blocks = flash.size / flash.blockSize;
  /** A page with its record fits several times into the smallest block. */
  const pageSize = Math.min(256, flash.blockSize >> 4);
  /** Blocks kept free: one that a change may need, and one or two that a full block can be moved to. */
  const reserve = blocks < 8 ? 2 : 3;

  // The index, 8 bytes a node: where its name and its newest data are, 16 bits that tell most names apart, and the
  // kind of the data's record.
  let names = new Uint16Array(STEP);
  let heads = new Uint16Array(STEP);
  let hashes = new Uint16Array(STEP);
  let kinds = new Uint16Array(STEP);

  /** How often each node is open. */
  const handles: { [node: number]: number } = {};
  /** Bytes that all that is stored takes when packed, and a bound on it that collecting found out. */
  let live = 0;
  let bound = Infinity;

  // The active file: one at a time is read or written, with a page of it in RAM.
  let active = 0;
  let folder = 0;
  let size = 0;
  /** Seconds, and two times microseconds, since 1970. */
  let changedAt = 0;
  let accessed = 0;
  let modified = 0;
  /** Pages that the tables know. The others are in the run: the data record and the MOREs right behind it. */
  let pages = 0;
  const top = new Uint16Array(TABLES);
  /** The one table that is in RAM. */
  const table = new Uint16Array(WIDTH);
  let tableIndex = -1;
  let tableChanged = false;
  /** Where the run ends, and how many bytes of the file flash has. */
  let runEnd = 0;
  let stored = 0;
  /** Whether a new data record is due. */
  let changed = false;
  let name: number[] = [];
  const buffer = new Uint8Array(pageSize);
  let bufferPage = -1;
  let dirty = false;
  /** The first byte of the file that differs from flash. */
  let dirtyFrom = 0;

  /** The node that collecting looked at last. */
  let collected = 0;

  // Here since Espruino defines functions where they stand.
  function seconds(): number {
    return Math.floor(now() / 1e6);
  }

  const log = createLog(
    flash,
    crc32,
    seconds,
    function (node, flags, address, parsed) {
      reserveNode(node);
      if (parsed && flags & NAME) {
        const victim = readVictim();
        if (victim) forget(victim);
      }
      if (flags & NAME) names[node] = address;
      if (flags & DATA) heads[node] = address;
      if (!(flags & (NAME | DATA))) forget(node);
    },
    function (add, removed) {
      for (let node = names.length; node--;) {
        const nameHere = isIn(names[node], log.head());
        const headHere = isIn(heads[node], log.head());
        if (headHere) add(node, nameHere && names[node] === heads[node] ? NAME | DATA : DATA, heads[node]);
        if (nameHere && names[node] !== heads[node]) add(node, NAME, names[node]);
      }
      // What was made anew in the same block needn't be removed first.
      for (let i = 0; i < removed.length; i++) if (!isIn(names[removed[i]], log.head())) add(removed[i], 0, 0);
    },
  );

  function isIn(address: number, block: number): boolean {
    return address > UNLINKED && ((address / log.blockUnits) | 0) === block;
  }

  function reserveNode(node: number): void {
    if (node < names.length) return;
    const more = function (old: Uint16Array) {
      const array = new Uint16Array(node + STEP);
      array.set(old);
      return array;
    };
    names = more(names);
    heads = more(heads);
    hashes = more(hashes);
    kinds = more(kinds);
  }

  function forget(node: number): void {
    reserveNode(node);
    names[node] = 0;
    heads[node] = 0;
    hashes[node] = 0;
    log.note(node);
  }

  // --- names ---------------------------------------------------------------------------------------------------

  /** How a name stands in a record: its length, its bytes, the directory, and a node that it replaces. */
  function encodeName(directory: number, text: string, victim: number): number[] {
    const bytes: number[] = [];
    encode(bytes, text.length);
    for (let i = 0; i < text.length; i++) bytes.push(text.charCodeAt(i));
    encode(bytes, directory);
    encode(bytes, victim);
    return bytes;
  }

  /** The directory of the name at `from`, whose text goes into `text`. */
  function decodeName(bytes: ArrayLike<number>, from: number): number {
    const end = decode(bytes, from) + position;
    text = "";
    for (let i = position; i < end; i++) text += String.fromCharCode(bytes[i]);
    return decode(bytes, end);
  }
  let text = "";

  function readVictim(): number {
    decodeName(body, start);
    return decode(body, position);
  }

  /** 16 bits for the name `text` in a directory. */
  function hash(directory: number, wanted: string): number {
    return crc32(new Uint8Array(encodeName(directory, wanted, 0))) & 65535;
  }

  /** The directory that `node` is in, 0 for none; its name goes into `text`. */
  function parentOf(node: number): number {
    if (names[node] === PENDING) return decodeName(name, 0);
    if (!(names[node] > UNLINKED)) return 0;
    log.read(names[node]);
    return decodeName(body, start);
  }

  function isFolder(node: number): number {
    return node === ROOT ? FOLDER : names[node] > UNLINKED ? kinds[node] & FOLDER : 0;
  }

  function checkFolder(node: number): void {
    if (!isFolder(node)) throw names[node] && names[node] !== UNLINKED ? errno.ENOTDIR : errno.ENOENT;
  }

  function find(directory: number, wanted: string): number {
    checkFolder(directory);
    const key = hash(directory, wanted);
    let node = 0;
    // The interpreter's own search is a hundred times as fast as a loop on Espruino.
    while ((node = [].indexOf.call(hashes, key as never, node + 1)) > 0)
      if (parentOf(node) === directory && text === wanted) return node;
    return errno.ENOENT;
  }

  function mustFind(directory: number, wanted: string): number {
    const node = find(directory, wanted);
    if (node < 0) throw node;
    return node;
  }

  function firstIn(directory: number, node: number): number {
    while (++node < names.length) if (parentOf(node) === directory) return node;
    return 0;
  }

  function nameCost(wanted: string): number {
    return wanted.length + 6;
  }

  // --- content -------------------------------------------------------------------------------------------------

  /** The page that holds the file's last byte: it stands in the data record. */
  function tailPage(length: number): number {
    return length ? ((length - 1) / pageSize) | 0 : 0;
  }

  function cost(length: number): number {
    return length + 12 + tailPage(length) * 18;
  }

  /** Makes `node` the active file. With `part`, only to see its size and times. */
  function activate(node: number, part?: boolean): void {
    if (node === active) return;
    commit();
    active = 0;
    let next = log.read(heads[node], part ? BEFORE_DATA : undefined);
    size = stop - dataStart();
    const from = stop - size;
    folder = kind & FOLDER;
    kinds[node] = kind;
    pages = parsedPages;
    for (let i = 0; i < (from - topAt) >> 1 && pages; i++)
      top[i] = body[topAt + 2 * i] | (body[topAt + 2 * i + 1] << 8);
    size += pages * pageSize;
    changedAt = log.time(heads[node], value);
    accessed = kind & TIMES ? parsedAccessed : changedAt * 1e6;
    modified = kind & TIMES ? parsedModified : accessed;
    for (let after; (after = log.peek(next, 0)) && kind === MORE; next = after) {
      size += stop - start;
      changedAt = log.time(next, value);
      accessed = modified = changedAt * 1e6;
    }
    runEnd = next;
    stored = size;
    tableIndex = bufferPage = -1;
    tableChanged = changed = dirty = false;
    if (!part) active = node;
  }

  function storeTable(): void {
    const count = Math.min(WIDTH, pages - tableIndex * WIDTH);
    if (tableChanged && count > 0)
      top[tableIndex] = log.append(TABLE, active, tableIndex, [], new Uint8Array(table.buffer), 0, count * 2);
    tableChanged = false;
  }

  /** Has the table of `page` in RAM; returns where its entry is. */
  function seek(page: number): number {
    const index = (page / WIDTH) | 0;
    if (index !== tableIndex) {
      storeTable();
      tableIndex = -1;
      if (index * WIDTH < pages) {
        log.read(top[index]);
        new Uint8Array(table.buffer).set(body.subarray(start, stop));
      }
      tableIndex = index;
    }
    return page % WIDTH;
  }

  function setPage(page: number, address: number): void {
    table[seek(page)] = address;
    tableChanged = true;
    if (page === pages) pages++;
  }

  /** Calls `visit` for each page of the run with the address where it begins. */
  function walkRun(visit: (page: number, address: number) => void): void {
    let page = pages;
    let at = page * pageSize;
    let address = heads[active];
    while (at < stored) {
      const next = log.read(address);
      const length = stop - dataStart();
      if (at === page * pageSize) visit(page++, address);
      at += length;
      address = next;
    }
  }

  /** Where the record is that `page` begins in. */
  function locate(page: number): number {
    let found = 0;
    if (page < pages) found = table[seek(page)];
    else
      walkRun(function (other, address) {
        if (other === page) found = address;
      });
    return found;
  }

  /** Brings a page into RAM. */
  function turn(page: number): void {
    if (page === bufferPage) return;
    flush();
    bufferPage = -1;
    const have = Math.min(pageSize, size - page * pageSize);
    let address = have > 0 ? locate(page) : 0;
    for (let at = 0; at < have;) {
      address = log.read(address);
      if (kind !== MORE && owner !== active) throw errno.EIO;
      const from = dataStart();
      buffer.set(body.subarray(from, Math.min(stop, from + have - at)), at);
      at += stop - from;
    }
    bufferPage = page;
  }

  /** Adds what was appended to the run, if the run is still the last thing in the log. */
  function extend(): boolean {
    const from = bufferPage * pageSize;
    const count = Math.min(size, from + pageSize) - stored;
    if (
      changed ||
      dirtyFrom < stored ||
      stored < from ||
      log.end() !== runEnd ||
      !log.append(MORE, 0, changedAt, [], buffer, stored - from, count)
    )
      return false;
    stored += count;
    runEnd = log.end();
    dirty = false;
    return true;
  }

  /** Writes the page in RAM, so that another can take its place. */
  function flush(): void {
    if (!dirty || extend()) return;
    fold();
    const length = Math.min(size - bufferPage * pageSize, pageSize);
    setPage(bufferPage, log.append(PAGE, active, bufferPage, [], buffer, 0, length));
    dirty = false;
  }

  /** Ends the run: its pages go into the tables, and a new data record is due. */
  function fold(): void {
    if (!changed) walkRun(setPage);
    changed = true;
  }

  /** Puts everything pending on flash; with `named`, together with the node's name. */
  function commit(named?: boolean): void {
    if (!active || !(dirty || changed)) return;
    const tail = tailPage(size);
    if (dirty && bufferPage === tail && extend()) return;
    turn(tail);
    fold();
    pages = tail;
    storeTable();
    let front: number[] = [];
    let flags = DATA | folder;
    if (named || names[active] === PENDING) {
      if (named) name = encodeName(parentOf(active), text, 0);
      front = name;
      flags |= NAME;
    }
    if (accessed !== modified || modified !== changedAt * 1e6) {
      encode(front, accessed);
      encode(front, modified);
      flags |= TIMES;
    }
    if (tail) {
      encode(front, tail);
      for (let i = 0; i < tail / WIDTH; i++) front.push(top[i] & 255, top[i] >> 8);
      flags |= PAGES;
    }
    const address = log.append(flags, active, changedAt, front, buffer, 0, size - tail * pageSize);
    if (flags & NAME) names[active] = address;
    heads[active] = address;
    kinds[active] = flags;
    runEnd = log.end();
    stored = size;
    dirty = changed = false;
  }

  function clear(): void {
    size = pages = bufferPage = 0;
    tableIndex = -1;
    tableChanged = dirty = false;
    changed = true;
  }

  /** Begins a node that flash doesn't know yet. */
  function begin(node: number, asFolder: number): void {
    commit();
    active = node;
    folder = asFolder;
    stored = 0;
    stamp();
    clear();
  }

  function stamp(): void {
    changedAt = seconds();
    accessed = modified = changedAt * 1e6;
  }

  /** Brings the page of byte `at` into RAM; returns how many of `length` bytes are in it from `offset` on. */
  function reach(at: number, length: number): number {
    const page = (at / pageSize) | 0;
    turn(page);
    offset = at - page * pageSize;
    return Math.min(length, pageSize - offset);
  }
  let offset = 0;

  /**
   * Writes `length` bytes at `at`, zeros without a `source`; returns how many, fewer only where space ran out.
   * Collecting garbage in between may make another file the active one.
   */
  function fill(node: number, at: number, source: Uint8Array | undefined, from: number, length: number): number {
    let done = 0;
    while (done < length && (!done || tryRoom())) {
      activate(node);
      stamp();
      const count = reach(at + done, length - done);
      buffer.set(source ? source.subarray(from + done, from + done + count) : new Uint8Array(count), offset);
      if (!dirty || at + done < dirtyFrom) dirtyFrom = at + done;
      dirty = true;
      done += count;
      if (at + done > size) {
        live += cost(at + done) - cost(size);
        size = at + done;
      }
    }
    return done;
  }

  // --- space ---------------------------------------------------------------------------------------------------

  function capacity(): number {
    return Math.max(0, Math.min(bound, (log.good() - reserve - 1) * ((flash.blockSize * 31) / 32 - 40)));
  }

  /** Moves what one node has in the oldest block elsewhere, or gives the block back. */
  function collect(): boolean {
    const block = log.tail();
    commit();
    // The turn passes on when a node has been moved, not before: what had no room is tried again, never left behind.
    for (let node; (node = collected + 1) < names.length; collected = node) {
      const nameAt = names[node];
      const nameHere = isIn(nameAt, block);
      const headHere = isIn(heads[node], block);
      if (nameHere || headHere || (heads[node] && kinds[node] & PAGES)) {
        if (headHere || kinds[node] & PAGES) moveContent(node, block, headHere, nameHere && nameAt === heads[node]);
        if (names[node] === nameAt && nameHere) {
          const bytes = encodeName(parentOf(node), text, 0);
          names[node] = log.append(NAME | isFolder(node), node, seconds(), bytes, buffer, 0, 0);
        }
        collected = node;
        return false;
      }
    }
    collected = 0;
    log.release();
    return true;
  }

  function moveContent(node: number, block: number, headHere: boolean, named: boolean): void {
    activate(node);
    if (headHere) fold();
    const tail = tailPage(size);
    // Each time a data record and a table are due as well, so what will be next in turn goes along, as far as blocks
    // are free.
    const ahead = Math.max(0, log.free() - 2);
    const isOld = function (address: number) {
      return address > UNLINKED && (((address / log.blockUnits) | 0) - block + blocks) % blocks <= ahead;
    };
    for (let page = 0; page < tail && page < pages; page++) {
      if (page % WIDTH === 0 && isOld(top[page / WIDTH])) {
        fold();
        seek(page);
        tableChanged = true;
      }
      if (isOld(table[seek(page)])) {
        turn(page);
        dirtyFrom = 0;
        dirty = true;
      }
    }
    flush();
    commit(named);
  }

  /** Makes sure that `extra` bytes may be added and that there are blocks to write to; the active file may change. */
  function room(extra: number): void {
    const limit = capacity();
    let released = 0;
    if (extra > 0 && live + extra > limit) throw errno.ENOSPC;
    // So many steps that collecting keeps up with writing, however full the device is.
    for (let steps = 2 + (2 * live) / (limit - live + flash.blockSize); ; steps--) {
      if (log.free() > reserve || (log.free() === reserve && steps < 0)) return;
      // Where collecting takes more than it gives, the last blocks are left for removals.
      if (log.tail() === log.head() || (log.free() < 2 && 2 * live > limit)) {
        bound = live;
        throw errno.ENOSPC;
      }
      if (collect() && ++released > blocks) {
        // Once round and nothing won: what is stored doesn't pack as well as was thought.
        bound = live;
        throw errno.ENOSPC;
      }
    }
  }

  /** Whether there is room to go on; what makes room itself may go on in any case. */
  function tryRoom(): boolean {
    try {
      room(0);
    } catch (error) {
      if (error !== errno.ENOSPC) throw error;
      return false;
    }
    return true;
  }

  /** Ends a node that the log doesn't name any more. */
  function discard(node: number, wanted: string): void {
    const head = heads[node];
    live -= nameCost(wanted);
    bound = Infinity;
    forget(node);
    heads[node] = head;
    names[node] = UNLINKED;
    if (!handles[node]) end(node);
  }

  function end(node: number): void {
    if (node === active || log.peek(heads[node], BEFORE_DATA)) {
      activate(node, true);
      live -= cost(size);
    }
    names[node] = 0;
    heads[node] = 0;
    active = 0;
    dirty = changed = false;
  }

  // --- the calls -----------------------------------------------------------------------------------------------

  /** Turns an errno that is thrown into a result. */
  function safely<T extends (...values: never[]) => unknown>(call: T): T {
    return function (a: never, b: never, c: never, d: never, e: never) {
      try {
        return call(a, b, c, d, e);
      } catch (error) {
        if (typeof error !== "number") throw error;
        return error;
      }
    } as unknown as T;
  }

  /** The same for calls that write. */
  function change<T extends (...values: never[]) => unknown>(call: T): T {
    const safe = safely(call);
    return function (a: never, b: never, c: never, d: never, e: never) {
      return problem ? errno.EROFS : safe(a, b, c, d, e);
    } as unknown as T;
  }

  function checkName(directory: number, wanted: string): void {
    checkFolder(directory);
    if (!wanted) throw errno.ENOENT;
    if (wanted.length > 255) throw errno.ENAMETOOLONG;
  }

  function open(node: number): void {
    if (node === ROOT || isFolder(node)) throw errno.EISDIR;
    if (!names[node]) throw errno.ENOENT;
    activate(node);
  }

  /** Makes room for a file to have `length` bytes, and fills it with zeros up to `filled`. */
  function enlarge(node: number, length: number, filled: number): void {
    if (length > TABLES * WIDTH * pageSize) throw errno.EFBIG;
    room(cost(length) - cost(size));
    activate(node);
    const gap = filled - size;
    if (fill(node, size, undefined, 0, gap) < gap) throw errno.ENOSPC;
    activate(node);
  }

  let problem: string | undefined;
  if (blocks < 4) problem = "too small";
  else {
    problem = log.mount();
    if (format) {
      names = new Uint16Array(STEP);
      heads = new Uint16Array(STEP);
      problem = safely(log.format)() as string | undefined;
    }
  }
  for (let node = names.length; --node;) {
    const head = heads[node];
    // The root has no name.
    if (node > ROOT) heads[node] = 0;
    if (names[node] > UNLINKED && log.peek(names[node], BEFORE_DATA) && owner === node && kind & NAME) {
      const directory = decodeName(body, start);
      hashes[node] = hash(directory, text);
      live += nameCost(text);
      heads[node] = head;
      // A file whose data is damaged keeps its name: reading it will say so.
      if (log.peek(head, BEFORE_DATA)) {
        activate(node, true);
        live += cost(size);
      }
    } else names[node] = 0;
  }
  if (!problem && log.good() <= reserve + 1) problem = "worn out";

  return {
    readOnly: problem,
    lookup: safely(find),
    create: change(function (directory: number, wanted: string, type: FileKind): number {
      checkName(directory, wanted);
      if (find(directory, wanted) > 0) throw errno.EEXIST;
      const charged = nameCost(wanted) + cost(0);
      room(charged);
      let node = ROOT;
      while (names[++node]);
      if (node > MOST_NODES) throw errno.ENOSPC;
      reserveNode(node);
      begin(node, type === DIRECTORY ? FOLDER : 0);
      name = encodeName(directory, wanted, 0);
      names[node] = PENDING;
      hashes[node] = hash(directory, wanted);
      live += charged;
      if (folder) commit();
      return node;
    }),
    stat: function (node) {
      return safely(function (): FileStatus | undefined {
        if (node === ROOT && !heads[ROOT]) {
          begin(ROOT, FOLDER);
          active = 0;
        } else if (!heads[node] && names[node] !== PENDING) return undefined;
        else activate(node);
        return {
          node: node,
          kind: folder ? DIRECTORY : REGULAR_FILE,
          size: size,
          accessed: accessed,
          modified: modified,
          changed: changedAt * 1e6,
        };
      })();
    },
    read: safely(function (node: number, at: number, target: Uint8Array, from: number, length: number): number {
      open(node);
      const count = Math.min(length, size - at);
      let done = 0;
      while (done < count) {
        const step = reach(at + done, count - done);
        target.set(buffer.subarray(offset, offset + step), from + done);
        done += step;
      }
      return done;
    }),
    write: change(function (node: number, at: number, source: Uint8Array, from: number, length: number): number {
      open(node);
      if (!length) return 0;
      enlarge(node, Math.max(size, at + length), at);
      const done = fill(node, at, source, from, length);
      log.count(done);
      return done;
    }),
    truncate: change(function (node: number, length: number): number {
      open(node);
      enlarge(node, length, length);
      if (length < size) {
        live += cost(length) - cost(size);
        bound = Infinity;
        if (length) {
          const tail = tailPage(length);
          turn(tail);
          fold();
          if (pages > tail) pages = tail;
          dirty = true;
          dirtyFrom = 0;
          size = length;
        } else clear();
      }
      stamp();
      return 0;
    }),
    setTimes: change(function (node: number, a: number | undefined, m: number | undefined): number {
      room(0);
      if (node === ROOT && !heads[ROOT]) begin(ROOT, FOLDER);
      else activate(node);
      fold();
      changedAt = seconds();
      if (a !== undefined) accessed = a;
      if (m !== undefined) modified = m;
      if (folder) commit();
      return 0;
    }),
    sync: safely(function (node: number): number {
      if (node === active) commit();
      return 0;
    }),
    rename: change(function (fromDirectory: number, from: string, toDirectory: number, to: string): number {
      checkName(toDirectory, to);
      const node = mustFind(fromDirectory, from);
      const target = find(toDirectory, to);
      if (target === node) return 0;
      commit();
      const isDirectory = isFolder(node);
      if (target > 0) {
        if (isDirectory && !isFolder(target)) throw errno.ENOTDIR;
        if (!isDirectory && isFolder(target)) throw errno.EISDIR;
        if (firstIn(target, 0)) throw errno.ENOTEMPTY;
      }
      if (isDirectory)
        for (let directory = toDirectory; directory !== ROOT; directory = parentOf(directory))
          if (directory === node) throw errno.EINVAL;
      const charged = nameCost(to) - nameCost(from);
      room(target > 0 ? 0 : charged);
      const bytes = encodeName(toDirectory, to, Math.max(0, target));
      const address = log.append(NAME | isDirectory, node, seconds(), bytes, buffer, 0, 0);
      if (target > 0) discard(target, to);
      names[node] = address;
      hashes[node] = hash(toDirectory, to);
      live += charged;
      return 0;
    }),
    remove: change(function (directory: number, wanted: string, type: FileKind): number {
      const node = mustFind(directory, wanted);
      const isDirectory = isFolder(node);
      if (type === DIRECTORY && !isDirectory) throw errno.ENOTDIR;
      if (type !== DIRECTORY && isDirectory) throw errno.EISDIR;
      if (isDirectory && firstIn(node, 0)) throw errno.ENOTEMPTY;
      commit();
      tryRoom();
      log.append(0, node, seconds(), [], buffer, 0, 0);
      discard(node, wanted);
      return 0;
    }),
    retain: function (node) {
      handles[node] = (handles[node] || 0) + 1;
    },
    release: function (node) {
      if (--handles[node]) return;
      delete handles[node];
      if (names[node] === UNLINKED) end(node);
    },
    next: function (directory, cookie) {
      const node = safely(firstIn)(directory, cookie);
      return node > 0
        ? { node: node, kind: isFolder(node) ? DIRECTORY : REGULAR_FILE, name: text, cookie: node }
        : undefined;
    },
    space: function () {
      return { free: Math.max(0, capacity() - live), total: capacity() };
    },
  };
}

import { EIO } from "./errno.js";
import { DATA, decode, encode, FAN, FOLDER, MORE, NAME, PAGE, PAGES, PEEK, PENDING } from "./format.js";
import { position, pushLittle, TABLE, TIMES } from "./format.js";
import type { Log, LogRecord } from "./log.js";
import type { Nodes } from "./nodes.js";

/**
 * What is in a file: pages, the tables that find them, and the tail that a data record carries itself.
 * One file at a time is open for writing, with one page of it in RAM.
 */
export interface Content {
  /** The cursor on `node`, for reading alone. */
  view(node: number): Cursor;
  /** Makes `node` the file that is written; what was pending of another goes to flash first. */
  activate(node: number): Cursor;
  /** Begins a file or directory that flash doesn't know yet; `nameBytes` goes with its first data. */
  begin(node: number, folder: number, nameBytes: number[], seconds: number): void;
  /** The node that is active, or 0. */
  active(): number;
  /** Bytes in `node`, told from the headers of its records alone. */
  sizeOf(node: number): number;
  /** Bytes of the record's name part that the first commit will carry. */
  pendingName(): number[];
  /** Copies up to the page's end; returns how many bytes. */
  copy(cursor: Cursor, at: number, target: Uint8Array, start: number, length: number): number;
  /** Changes bytes up to the page's end, growing the file; returns how many. */
  patch(at: number, source: Uint8Array, start: number, length: number): number;
  /** Grows with zeros or cuts the active file. */
  resize(size: number): void;
  /** Says that the active file's times were changed. */
  touch(): void;
  /** Puts everything pending on flash; with `name`, in one record with it. */
  commit(name?: number[]): void;
  /** Moves what `node` has in `block` elsewhere. */
  move(node: number, block: number, name: number[] | undefined): void;
  /** Forgets what is in RAM about `node`. */
  drop(node: number): void;
}

export interface Cursor {
  node: number;
  /** Bytes in the file now, and how many of them flash has. */
  size: number;
  stored: number;
  /** Where the run of records begins that holds the tail, and where it ends. */
  head: number;
  end: number;
  /** Pages that the tables know; the rest is in the run. */
  pages: number;
  levels: number;
  /** Each level's loaded table, lowest first; then each one's index, then whether it has changed. */
  tables: Uint16Array;
  /** Changed (seconds), accessed and modified (microseconds since 1970). */
  time: number;
  accessed: number;
  modified: number;
  folder: number;
}

const WIDTH = 1 << FAN;
/** Levels of tables: 32 * 32 * 32 pages. */
const LEVELS = 3;
const INDEX = WIDTH * LEVELS;
const CHANGED = INDEX + LEVELS;
/** The index of a level that has no table loaded. */
const NONE = 65535;

function createCursor(): Cursor {
  return {
    node: 0,
    size: 0,
    stored: 0,
    head: 0,
    end: 0,
    pages: 0,
    levels: 0,
    tables: new Uint16Array(CHANGED + LEVELS),
    time: 0,
    accessed: 0,
    modified: 0,
    folder: 0,
  };
}

export function createContent(log: Log, nodes: Nodes, pageSize: number): Content {
  const reader = createCursor();
  const writer = createCursor();
  /** One page of the active file, which one, whether it differs from flash, and from which byte of the file on. */
  const buffer = new Uint8Array(pageSize);
  let bufferPage = -1;
  let dirty = false;
  let dirtyFrom = 0;
  /** Whether the active file needs a new data record, since its tables or times differ from flash. */
  let changed = false;
  let name: number[] = [];
  /** The block whose tables are to be rewritten when they are met; -1 for none. */
  let moving = -1;

  /** What `dataStart` found before the data. */
  let shape = 0;
  let tablesAt = 0;
  let accessed = 0;
  let modified = 0;

  function blockOf(address: number): number {
    return (address / log.blockUnits) | 0;
  }

  function pageOf(at: number): number {
    return Math.floor(at / pageSize);
  }

  function tailPage(size: number): number {
    return size ? pageOf(size - 1) : 0;
  }

  /** Where the data of a record begins; for a node record, what comes before it is left in `shape` and its fellows. */
  function dataStart(record: LogRecord): number {
    const bytes = record.bytes;
    const kind = record.kind;
    let at = record.start;
    shape = 0;
    if (kind & 3) return at;
    if (kind & NAME) {
      const length = decode(bytes, at);
      decode(bytes, position + length);
      decode(bytes, position);
      at = position;
    }
    if (kind & TIMES) {
      accessed = decode(bytes, at);
      modified = decode(bytes, position);
      at = position;
    }
    if (kind & PAGES) {
      shape = decode(bytes, at);
      tablesAt = position;
      at = tablesAt + 2 * Math.ceil(Math.floor(shape / 4) / Math.pow(WIDTH, (shape % 4) - 1));
    }
    return at;
  }

  function load(cursor: Cursor, node: number, skim?: boolean): Cursor {
    if (cursor.node === node) return cursor;
    cursor.node = 0;
    const head = nodes.heads[node];
    const record = skim ? log.skim(head) : log.read(head);
    const at = dataStart(record);
    const levels = (cursor.levels = shape % 4);
    const tables = cursor.tables;
    for (let i = 0; i < LEVELS; i++) {
      tables[INDEX + i] = NONE;
      tables[CHANGED + i] = 0;
    }
    cursor.pages = Math.floor(shape / 4);
    if (levels) {
      tables[INDEX + levels - 1] = 0;
      unpack(cursor, levels - 1, record.bytes, tablesAt, at);
    }
    cursor.folder = record.kind & FOLDER;
    cursor.time = log.time(head, record.value);
    cursor.accessed = cursor.modified = cursor.time * 1e6;
    if (record.kind & TIMES) {
      cursor.accessed = accessed;
      cursor.modified = modified;
    }
    let size = cursor.pages * pageSize + record.end - at;
    let next = record.next;
    let more;
    while ((more = follows(next))) {
      size += more.end - more.start;
      cursor.time = log.time(next, more.value);
      cursor.accessed = cursor.modified = cursor.time * 1e6;
      next = more.next;
    }
    cursor.size = cursor.stored = size;
    cursor.head = head;
    cursor.end = next;
    cursor.node = node;
    return cursor;
  }

  /** The MORE at `address`, if the run goes on. */
  function follows(address: number) {
    if (address % log.blockUnits === 0) return undefined;
    const record = log.peek(address);
    return record && record.kind === MORE && log.peek(address, true) ? record : undefined;
  }

  function unpack(cursor: Cursor, level: number, bytes: Uint8Array, at: number, stop: number): void {
    for (let i = level * WIDTH; i < (level + 1) * WIDTH; i++, at += 2)
      cursor.tables[i] = at < stop ? bytes[at] | (bytes[at + 1] << 8) : 0;
  }

  function pack(bytes: number[], level: number, count: number): number[] {
    for (let i = level * WIDTH; count--; i++) pushLittle(bytes, writer.tables[i], 2);
    return bytes;
  }

  /** Writes changed tables below the highest, which the data record carries. */
  function storeTables(): void {
    const tables = writer.tables;
    for (let level = 0; level < writer.levels - 1; level++) {
      if (tables[CHANGED + level]) {
        const index = tables[INDEX + level];
        tables[(level + 1) * WIDTH + (index % WIDTH)] = log.append(
          TABLE,
          writer.node,
          index * 4 + level,
          pack([], level, WIDTH),
          undefined,
          0,
          0,
        );
        tables[CHANGED + level] = 0;
        tables[CHANGED + level + 1] = 1;
      }
    }
  }

  /** Loads the tables on the way to `page`; returns where its entry is. */
  function seek(cursor: Cursor, page: number): number {
    const tables = cursor.tables;
    if (tables[INDEX] !== page >> FAN) {
      if (cursor === writer) storeTables();
      for (let level = cursor.levels - 1; level--;) {
        const index = page >> (FAN * (level + 1));
        if (tables[INDEX + level] !== index) {
          const address =
            index << (FAN * (level + 1)) < cursor.pages ? tables[(level + 1) * WIDTH + (index % WIDTH)] : 0;
          const record = address ? log.read(address) : undefined;
          if (record) unpack(cursor, level, record.bytes, record.start, record.end);
          else for (let i = 0; i < WIDTH; i++) tables[level * WIDTH + i] = 0;
          tables[INDEX + level] = index;
          tables[CHANGED + level] = address && blockOf(address) === moving ? 1 : 0;
        }
      }
    }
    return page % WIDTH;
  }

  /** Notes where a page of the active file is. */
  function put(page: number, address: number): void {
    const tables = writer.tables;
    while (!writer.levels || page >> (FAN * writer.levels)) {
      const level = writer.levels++;
      for (let i = 0; i < WIDTH; i++) tables[level * WIDTH + i] = 0;
      tables[INDEX + level] = 0;
      // What was the highest table becomes a record of its own.
      if (level) tables[CHANGED + level - 1] = 1;
    }
    tables[seek(writer, page)] = address;
    tables[CHANGED] = 1;
  }

  function setPage(page: number, address: number): void {
    while (writer.pages < page) put(writer.pages++, 0);
    put(page, address);
    if (page === writer.pages) writer.pages++;
  }

  /** Where the record is that `page` begins in; 0 for zeros. */
  function locate(cursor: Cursor, page: number): number {
    if (page < cursor.pages) return cursor.tables[seek(cursor, page)];
    const from = page * pageSize;
    if (from >= cursor.stored || (cursor === writer && changed)) return 0;
    let address = cursor.head;
    let at = cursor.pages * pageSize;
    if (at < from) {
      let record = log.read(address);
      at += record.end - dataStart(record);
      address = record.next;
      while (at < from) {
        record = log.read(address);
        at += record.end - record.start;
        address = record.next;
      }
    }
    return address;
  }

  /** Copies from `offset` in a page on; what flash doesn't have is zeros. */
  function fetch(
    cursor: Cursor,
    page: number,
    offset: number,
    target: Uint8Array,
    start: number,
    length: number,
  ): void {
    let address = locate(cursor, page);
    while (address && length > 0) {
      const record = log.read(address);
      const kind = record.kind;
      if (kind !== MORE && (record.node !== cursor.node || (kind === PAGE && record.value !== page))) throw EIO;
      const from = dataStart(record);
      const count = Math.min(record.end - from - offset, length);
      if (count > 0) {
        target.set(record.bytes.subarray(from + offset, from + offset + count), start);
        start += count;
        length -= count;
        offset = 0;
      } else offset -= record.end - from;
      address = kind !== PAGE && follows(record.next) ? record.next : 0;
    }
    while (length-- > 0) target[start++] = 0;
  }

  function turn(page: number): void {
    if (page === bufferPage) return;
    flush();
    bufferPage = -1;
    const have = Math.max(0, Math.min(pageSize, writer.size - page * pageSize));
    fetch(writer, page, 0, buffer, 0, have);
    for (let i = have; i < pageSize; i++) buffer[i] = 0;
    bufferPage = page;
  }

  /** Adds what was appended to the run, if the run is still the last thing in the log. */
  function extend(): boolean {
    const from = bufferPage * pageSize;
    const count = Math.min(writer.size, from + pageSize) - writer.stored;
    if (
      changed ||
      dirtyFrom < writer.stored ||
      pageOf(writer.stored) !== bufferPage ||
      !log.fits(writer.end, count + PEEK) ||
      !log.append(MORE, 0, writer.time, [], buffer, writer.stored - from, count)
    )
      return false;
    writer.stored += count;
    writer.end = log.end();
    dirty = false;
    if (reader.node === writer.node) reader.node = 0;
    return true;
  }

  /** Writes the page in RAM, so that another can take its place. */
  function flush(): void {
    if (!dirty || extend()) return;
    fold();
    const from = bufferPage * pageSize;
    const length = Math.min(writer.size - from, pageSize);
    setPage(bufferPage, log.append(PAGE, writer.node, bufferPage, [], buffer, 0, length));
    dirty = false;
  }

  /** Ends the run: its pages go into the tables, and the next commit writes a new data record. */
  function fold(): void {
    if (changed) return;
    let page = writer.pages;
    let at = page * pageSize;
    let address = writer.head;
    while (at < writer.stored) {
      const record = log.read(address);
      if (at === page * pageSize) setPage(page++, address);
      at += record.end - dataStart(record);
      address = record.next;
    }
    changed = true;
  }

  function commit(withName?: number[]): void {
    const node = writer.node;
    if (!node || !(dirty || changed)) return;
    const size = writer.size;
    const tail = tailPage(size);
    if (dirty && bufferPage === tail && extend()) return;
    turn(tail);
    fold();
    if (tail > writer.pages) setPage(tail - 1, 0);
    writer.pages = tail;
    storeTables();
    const named = withName || (nodes.names[node] === PENDING ? name : undefined);
    const timed = writer.accessed !== writer.modified || writer.modified !== writer.time * 1e6;
    const front = named ? named.slice() : [];
    if (timed) {
      encode(front, writer.accessed);
      encode(front, writer.modified);
    }
    if (tail) {
      const level = writer.levels - 1;
      encode(front, tail * 4 + writer.levels);
      pack(front, level, Math.ceil(tail / Math.pow(WIDTH, level)));
    }
    const address = log.append(
      DATA | writer.folder | (named ? NAME : 0) | (timed ? TIMES : 0) | (tail ? PAGES : 0),
      node,
      writer.time,
      front,
      buffer,
      0,
      size - tail * pageSize,
    );
    if (named) log.setName(node, address);
    log.setHead(node, address);
    writer.head = address;
    writer.end = log.end();
    writer.stored = size;
    dirty = changed = false;
    if (reader.node === node) reader.node = 0;
  }

  function activate(node: number): Cursor {
    if (writer.node !== node) {
      commit();
      load(writer, node);
      bufferPage = -1;
    }
    return writer;
  }

  /** An empty file: no tables, no run, a page of zeros. */
  function clear(): void {
    writer.size = writer.pages = writer.levels = 0;
    writer.tables[INDEX] = NONE;
    for (let i = 0; i < pageSize; i++) buffer[i] = 0;
    bufferPage = 0;
    dirty = false;
    changed = true;
  }

  return {
    view: function (node) {
      return node === writer.node ? writer : load(reader, node);
    },
    activate: activate,
    begin: function (node, folder, nameBytes, seconds) {
      commit();
      writer.node = node;
      writer.folder = folder;
      writer.time = seconds;
      writer.accessed = writer.modified = seconds * 1e6;
      writer.stored = 0;
      name = nameBytes;
      clear();
    },
    copy: function (cursor, at, target, start, length) {
      const page = pageOf(at);
      const offset = at - page * pageSize;
      length = Math.min(length, pageSize - offset, cursor.size - at);
      if (cursor === writer && page === bufferPage) target.set(buffer.subarray(offset, offset + length), start);
      else fetch(cursor, page, offset, target, start, length);
      return length;
    },
    patch: function (at, source, start, length) {
      const page = pageOf(at);
      const offset = at - page * pageSize;
      length = Math.min(length, pageSize - offset);
      turn(page);
      buffer.set(source.subarray(start, start + length), offset);
      if (!dirty || at < dirtyFrom) dirtyFrom = at;
      dirty = true;
      if (at + length > writer.size) writer.size = at + length;
      return length;
    },
    resize: function (size) {
      const old = writer.size;
      if (!size) clear();
      else if (size < old) {
        const page = tailPage(size);
        turn(page);
        fold();
        for (let i = size - page * pageSize; i < pageSize; i++) buffer[i] = 0;
        if (writer.pages > page) writer.pages = page;
        dirtyFrom = 0;
        dirty = true;
      } else if (size > old) {
        turn(tailPage(old));
        if (tailPage(size) > bufferPage) fold();
        if (!dirty || old < dirtyFrom) dirtyFrom = old;
        dirty = true;
      }
      writer.size = size;
    },
    touch: fold,
    commit: commit,
    move: function (node, block, nameBytes) {
      // Loaded anew, so that every table is met.
      commit();
      writer.node = 0;
      activate(node);
      const tail = tailPage(writer.size);
      moving = block;
      if (writer.levels > 1 || blockOf(nodes.heads[node]) === block) fold();
      for (let page = 0; page < tail && page < writer.pages; page++) {
        const address = writer.tables[seek(writer, page)];
        if (address && blockOf(address) === block) {
          turn(page);
          dirtyFrom = 0;
          dirty = true;
        }
      }
      flush();
      moving = -1;
      if (changed) commit(nameBytes);
    },
    drop: function (node) {
      if (reader.node === node) reader.node = 0;
      if (writer.node === node) {
        writer.node = 0;
        dirty = changed = false;
      }
    },
    active: function () {
      return writer.node;
    },
    pendingName: function () {
      return name;
    },
    sizeOf: function (node) {
      if (node === writer.node) return writer.size;
      reader.node = 0;
      const size = load(reader, node, true).size;
      reader.node = 0;
      return size;
    },
  };
}

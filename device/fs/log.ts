import type { Crc32, Flash, HalError } from "../../hal/contract/index.js";
import { EIO, ENOSPC } from "./errno.js";
import {
  DATA,
  decode,
  encode,
  HEADER,
  little,
  MAGIC,
  MORE,
  NAME,
  PEEK,
  position,
  pushLittle,
  UNLINKED,
} from "./format.js";
import { type Nodes, reserveNode } from "./nodes.js";

/**
 * The log: a ring of blocks, records in them, and what mounting learns from both.
 * It knows nodes by where their records are, and nothing of what is in the records beyond that.
 */
export interface Log {
  /** Units in a block; an address divided by it is the block's number. */
  readonly blockUnits: number;
  /** Bytes that `length` bytes take when they begin a record. */
  align(length: number): number;
  /** Whether the next record of so many bytes goes right to `address`. */
  fits(address: number, length: number): boolean;
  /** Writes a record and returns its address. `value` of a node record or a MORE is seconds since 1970. */
  append(
    kind: number,
    node: number,
    value: number,
    front: number[],
    data: Uint8Array | undefined,
    start: number,
    length: number,
  ): number;
  /** Where the next record goes. */
  end(): number;
  /** The record at `address`, undefined if there is none or its CRC is wrong; unless `whole`, only its header is read. */
  peek(address: number, whole?: boolean): LogRecord | undefined;
  /** A node record's header and what comes before its data, unverified: throws EIO where there is none. */
  skim(address: number): LogRecord;
  /** Whether the records of a block really end at `address`; otherwise one in between is damaged. */
  ended(address: number): boolean;
  /** Blocks that aren't worn. */
  good(): number;
  /** The record at `address`, which must be there: throws EIO. */
  read(address: number): LogRecord;
  /** Seconds since 1970 of a node record or a MORE at `address`. */
  time(address: number, value: number): number;
  /** Notes in the index what the node record at `address` says. */
  apply(record: LogRecord, address: number): void;
  setHead(node: number, address: number): void;
  setName(node: number, address: number): void;
  forget(node: number): void;
  /** Blocks that can be written after the present one. */
  free(): number;
  /** The oldest block of the log. */
  tail(): number;
  /** The block that is being written. */
  head(): number;
  /** Gives the oldest block back: nothing in it is needed. */
  release(): void;
  /** The first address in a block where a record can be. */
  first(block: number): number;
  /** Reads the whole log's index; returns why it can't be written, if so. */
  mount(): string | undefined;
  /** Begins an empty log after all that is there. */
  format(): void;
  /** Counts bytes that the user wrote. */
  count(bytes: number): void;
}

export interface LogRecord {
  kind: number;
  node: number;
  value: number;
  bytes: Uint8Array;
  /** Where the body begins and ends in `bytes`. */
  start: number;
  end: number;
  /** The address behind the record. */
  next: number;
}

/** Removals noted for the summary of one block; with more, the block goes without one. */
const MOST_REMOVED = 32;

/** CRC-32 of 256 bytes of 0xFF. */
const BLANK_256 = 0xfea8a821 | 0;

export function createLog(flash: Flash, crc32: Crc32, now: () => number, nodes: Nodes): Log {
  const blockSize = flash.blockSize;
  const blocks = flash.size / blockSize;
  let unit = flash.writeSize;
  while (flash.size / unit > 65536) unit *= 2;
  const blockUnits = blockSize / unit;
  const geometry = blocks * 65536 + (blockSize / 1024) * 256 + (unit % 256);
  const headerUnits = Math.max(3, units(HEADER));
  /** The block being written, its sequence number, and the oldest one's. */
  let block = blocks - 1;
  let sequence = 0;
  let tail = 0;
  let tailSequence = 0;
  /** Where the next record goes; 0 while no block is open. */
  let end = 0;
  /** Seconds since 1970 when the block was opened. */
  let base = 0;
  /** Entries that the summary will need at most, and the nodes removed in this block. */
  let entries = 0;
  let removed: number[] = [];
  let free = 0;
  const bad: number[] = [];
  let userBytes = 0;

  function units(bytes: number): number {
    return Math.ceil(bytes / unit);
  }

  function blockOf(address: number): number {
    return (address / blockUnits) | 0;
  }

  function isHere(address: number): boolean {
    return address > UNLINKED && blockOf(address) === block;
  }

  function checksum(bytes: Uint8Array, start: number, stop: number, key: number): number {
    return ((crc32(bytes.subarray(start, stop)) ^ key) >>> 0) as number;
  }

  /** Programs and reads back; false where that fails. */
  function program(address: number, bytes: Uint8Array): boolean {
    try {
      flash.program(address, bytes);
      return crc32(flash.read(address, bytes.length)) === crc32(bytes);
    } catch (error) {
      if (!(error as HalError).kind) throw error;
      return false;
    }
  }

  function isBlank(address: number, length: number): boolean {
    let stop;
    for (; length > 0; length -= 256, address += 256) {
      const bytes = flash.read(address, Math.min(256, length));
      stop = bytes.length;
      // One native pass for what is most often the case; the loop decides for short pieces.
      if (stop === 256) {
        if ((crc32(bytes) | 0) !== BLANK_256) return false;
      } else while (stop) if (bytes[--stop] !== 255) return false;
    }
    return true;
  }

  /** The header of a block, or undefined when it isn't one of this log. */
  function header(index: number): Uint8Array | undefined {
    const bytes = flash.read(index * blockSize, HEADER);
    return little(bytes, 0, 4) === MAGIC &&
      little(bytes, 24, 4) === geometry &&
      little(bytes, 28, 4) === checksum(bytes, 0, 28, 0)
      ? bytes
      : undefined;
  }

  function sequenceOf(index: number): number {
    const bytes = header(index);
    return bytes ? little(bytes, 4, 4) : 0;
  }

  /** Erases a block and verifies it. In the first lap what is blank was never erased, so needn't be. */
  function prepare(address: number): boolean {
    if (sequence < blocks && isBlank(address, blockSize)) return true;
    try {
      flash.erase(address);
    } catch (error) {
      if (!(error as HalError).kind) throw error;
      return false;
    }
    return isBlank(address, blockSize);
  }

  function padded(fields: number[], length: number): Uint8Array {
    const bytes = new Uint8Array(units(length) * unit);
    bytes.set(fields);
    for (let i = length; i < bytes.length; i++) bytes[i] = 255;
    return bytes;
  }

  function open(): void {
    close();
    while (free) {
      block = (block + 1) % blocks;
      if (bad.indexOf(block) >= 0) continue;
      free--;
      const address = block * blockSize;
      const old = header(block);
      const fields: number[] = [];
      const seconds = Math.max(0, Math.floor(now() / 1e6));
      pushLittle(fields, MAGIC, 4);
      pushLittle(fields, sequence + 1, 4);
      pushLittle(fields, tailSequence || sequence + 1, 4);
      pushLittle(fields, old ? little(old, 12, 4) + 1 : sequence < blocks ? 0 : Math.floor(sequence / blocks), 4);
      pushLittle(fields, seconds, 4);
      pushLittle(fields, userBytes, 4);
      pushLittle(fields, geometry, 4);
      pushLittle(fields, checksum(new Uint8Array(fields), 0, 28, 0), 4);
      if (prepare(address) && program(address, padded(fields, HEADER))) {
        sequence++;
        if (!tailSequence) {
          tailSequence = sequence;
          tail = block;
        }
        end = first(block);
        base = seconds;
        entries = 0;
        removed = [];
        return;
      }
      bad.push(block);
      // Zeros in place of a header retire the block for later mounts; if even they don't hold, it is found out again.
      program(address, new Uint8Array(units(HEADER) * unit));
    }
    throw ENOSPC;
  }

  function summaryUnits(count: number): number {
    return units(8 + 4 * count);
  }

  /** Ends the block with a summary of what is valid in it, so that mounting needn't hop through it. */
  function close(): void {
    if (!end) return;
    const stop = (block + 1) * blockUnits;
    if (removed.length <= MOST_REMOVED && end + summaryUnits(entries) <= stop) {
      const bytes = new Uint8Array(summaryUnits(entries) * unit);
      let at = bytes.length - 8;
      let count = 0;
      const add = function (entry: number, address: number) {
        at -= 4;
        count++;
        if (at < 0) return;
        bytes[at] = entry;
        bytes[at + 1] = entry >> 8;
        bytes[at + 2] = address;
        bytes[at + 3] = address >> 8;
      };
      for (let node = nodes.names.length; node--;) {
        const name = nodes.names[node];
        const head = nodes.heads[node];
        const nameHere = isHere(name);
        if (isHere(head)) add(node | (nameHere && name === head ? 0xc000 : 0x8000), head);
        if (nameHere && name !== head) add(node | 0x4000, name);
      }
      for (let i = 0; i < removed.length; i++) add(removed[i], 0);
      // With an entry missing it would be worse than none.
      if (at >= 0) {
        const from = bytes.length - summaryUnits(count) * unit;
        for (let i = from; i < at; i++) bytes[i] = 255;
        at = bytes.length - 8;
        bytes[at] = count;
        bytes[at + 1] = count >> 8;
        bytes[at + 2] = stop - end;
        bytes[at + 3] = (stop - end) >> 8;
        const check = checksum(bytes, at - 4 * count, at + 4, block);
        for (let i = 0; i < 4; i++) bytes[at + 4 + i] = check >>> (8 * i);
        program((stop - summaryUnits(count)) * unit, bytes.subarray(from));
      }
    }
    end = 0;
  }

  function first(index: number): number {
    return index * blockUnits + headerUnits;
  }

  function room(address: number, length: number): boolean {
    return address + units(length) + summaryUnits(entries + 2) <= (block + 1) * blockUnits;
  }

  function append(
    kind: number,
    node: number,
    value: number,
    front: number[],
    data: Uint8Array | undefined,
    start: number,
    length: number,
  ): number {
    for (;;) {
      if (!end) open();
      const fields = [0, 0, 0, 0, kind];
      encode(fields, front.length + length);
      if (kind !== MORE) encode(fields, node);
      const difference = value - base;
      // Node records and MORE have no bit of PAGE or TABLE alone.
      encode(fields, (kind & 3) % 3 ? value : difference < 0 ? -2 * difference - 1 : 2 * difference);
      const total = fields.length + front.length + length;
      if (room(end, total)) {
        const bytes = padded(fields.concat(front), total);
        if (length) bytes.set((data as Uint8Array).subarray(start, start + length), total - length);
        const check = checksum(bytes, 4, total, end);
        for (let i = 0; i < 4; i++) bytes[i] = check >>> (8 * i);
        const address = end;
        end += units(total);
        if (program(address * unit, bytes)) return address;
        // Something is there already, or the cells are worn: what was written stays good, nothing more is put here.
        end = (block + 1) * blockUnits;
      }
      open();
      if (kind === MORE) return 0;
    }
  }

  function peek(address: number, whole?: boolean): LogRecord | undefined {
    const at = address * unit;
    let bytes = flash.read(at, Math.min(PEEK, flash.size - at));
    const kind = bytes[4];
    const length = decode(bytes, 5);
    const node = kind === MORE ? 0 : decode(bytes, position);
    const value = decode(bytes, position);
    const start = position;
    const stop = start + length;
    const next = address + units(stop);
    if (!(kind < 128) || start > PEEK || !(next <= (blockOf(address) + 1) * blockUnits)) return undefined;
    if (whole) {
      if (stop > bytes.length) bytes = flash.read(at, stop);
      if (little(bytes, 0, 4) !== checksum(bytes, 4, stop, address)) return undefined;
    }
    return { kind: kind, node: node, value: value, bytes: bytes, start: start, end: stop, next: next };
  }

  function skim(address: number): LogRecord {
    const record = peek(address);
    if (!record || record.kind & 3) throw EIO;
    const name = record.kind & NAME ? decode(record.bytes, record.start) : 0;
    record.bytes = flash.read(address * unit, Math.min(record.end, record.start + name + PEEK * 2));
    return record;
  }

  function ended(address: number): boolean {
    const stop = (blockOf(address - 1) + 1) * blockUnits;
    return (
      little(flash.read(stop * unit - 6, 2), 0, 2) === stop - address ||
      isBlank(address * unit, Math.min(PEEK, (stop - address) * unit))
    );
  }

  function read(address: number): LogRecord {
    const record = peek(address, true);
    if (!record) throw EIO;
    return record;
  }

  function time(address: number, value: number): number {
    const index = blockOf(address);
    return (
      (index === block && end ? base : little(flash.read(index * blockSize + 16, 4), 0, 4)) +
      (value % 2 ? -(value + 1) / 2 : value / 2)
    );
  }

  function setHead(node: number, address: number): void {
    reserveNode(nodes, node);
    const old = nodes.heads[node];
    if (address !== nodes.names[node] && (!isHere(old) || old === nodes.names[node])) entries++;
    nodes.heads[node] = address;
  }

  function setName(node: number, address: number): void {
    reserveNode(nodes, node);
    const old = nodes.names[node];
    if (!isHere(old) || old === nodes.heads[node]) entries++;
    nodes.names[node] = address;
  }

  function forget(node: number): void {
    reserveNode(nodes, node);
    nodes.names[node] = nodes.heads[node] = 0;
    removed.push(node);
    entries++;
  }

  function apply(record: LogRecord, address: number): void {
    const kind = record.kind;
    if (kind & 3) return;
    if (kind & NAME) {
      // The victim of a rename is behind the name and its parent.
      let at = record.start;
      const length = decode(record.bytes, at);
      at = position + length;
      decode(record.bytes, at);
      const victim = decode(record.bytes, position);
      if (victim) forget(victim);
      setName(record.node, address);
    }
    if (kind & DATA) setHead(record.node, address);
    if (!(kind & (NAME | DATA))) forget(record.node);
  }

  /** Reads one block's part of the index, by its summary or by hopping. */
  function replay(index: number): void {
    const stop = (index + 1) * blockUnits;
    const trailer = flash.read(stop * unit - 8, 8);
    const count = little(trailer, 0, 2);
    block = index;
    entries = 0;
    removed = [];
    end = 0;
    if (8 + 4 * count <= blockSize) {
      const bytes = flash.read(stop * unit - 8 - 4 * count, 8 + 4 * count);
      if (little(trailer, 4, 4) === checksum(bytes, 0, 4 * count + 4, index)) {
        for (let at = count * 4; at;) {
          at -= 4;
          const entry = little(bytes, at, 2);
          if (entry < 0x4000) forget(entry);
        }
        for (let at = count * 4; at;) {
          at -= 4;
          const entry = little(bytes, at, 2);
          const node = entry & 0x3fff;
          const address = little(bytes, at + 2, 2);
          if (entry & 0x4000) setName(node, address);
          if (entry & 0x8000) setHead(node, address);
        }
        return;
      }
    }
    let record;
    end = first(index);
    while (end < stop && (record = peek(end, true))) {
      apply(record, end);
      end = record.next;
    }
    // Behind a torn record nothing can be trusted to be blank.
    if (end < stop && !isBlank(end * unit, Math.min(PEEK, (stop - end) * unit))) end = stop;
  }

  function mount(): string | undefined {
    const sequences = new Uint32Array(blocks);
    let newest = 0;
    let used = 0;
    let touched = 0;
    let problem;
    let bytes;
    for (let i = 0; i < blocks; i++) {
      const number = (sequences[i] = sequenceOf(i));
      if (number > sequence) {
        sequence = number;
        newest = i;
      }
      if (!number) {
        bytes = flash.read(i * blockSize, HEADER);
        if (little(bytes, 0, 4) + little(bytes, 4, 4) === 0) bad.push(i);
        else if (!isBlank(i * blockSize, HEADER)) {
          touched++;
          // The first header of all may have been torn: some of its bits, and nothing behind it.
          if ((little(bytes, 0, 4) & MAGIC) !== MAGIC || !isBlank(i * blockSize + headerUnits * unit, 32)) touched++;
          if (little(bytes, 0, 3) === MAGIC % 0x1000000)
            problem =
              bytes[3] > 1
                ? "the flash holds version " + bytes[3] + " of the file system, which is newer than this program"
                : "the flash holds a file system of another size or block size";
        }
      }
    }
    if (sequence) {
      const oldest = little(header(newest) as Uint8Array, 8, 4);
      userBytes = little(header(newest) as Uint8Array, 20, 4);
      problem = undefined;
      for (let i = 1; i <= blocks; i++) {
        const index = (newest + i) % blocks;
        if (sequences[index] >= oldest) {
          if (!used++) {
            tail = index;
            tailSequence = sequences[index];
          }
          replay(index);
        } else if (!used && bad.indexOf(index) < 0) free++;
      }
      base = little(header(newest) as Uint8Array, 16, 4);
    } else {
      free = blocks - bad.length;
      if (touched > 1 && !problem)
        problem = "the flash holds something else than a file system; format it, and what is there is lost";
    }
    return problem;
  }

  return {
    blockUnits: blockUnits,
    align: function (length) {
      return units(length) * unit;
    },
    fits: function (address, length) {
      return address === end && room(address, length);
    },
    append: append,
    end: function () {
      return end;
    },
    peek: peek,
    read: read,
    skim: skim,
    ended: ended,
    good: function () {
      return blocks - bad.length;
    },
    time: time,
    apply: apply,
    setHead: setHead,
    setName: setName,
    forget: forget,
    free: function () {
      return free;
    },
    tail: function () {
      return tail;
    },
    head: function () {
      return block;
    },
    release: function () {
      const old = tailSequence;
      if (tail === block) return;
      do {
        if (bad.indexOf(tail) < 0) free++;
        tail = (tail + 1) % blocks;
        tailSequence = sequenceOf(tail);
      } while (tail !== block && (tailSequence <= old || tailSequence > sequence));
    },
    first: first,
    mount: mount,
    format: function () {
      end = 0;
      tailSequence = 0;
      free = blocks - bad.length;
      open();
    },
    count: function (bytes) {
      userBytes += bytes;
    },
  };
}

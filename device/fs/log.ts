import type { Crc32, Flash, HalError } from "../../hal/contract/index.js";
import { EIO, ENOSPC } from "./errno.js";
import { body, DATA, decode, encode, kind, MORE, NAME, owner, parse, PEEK, start, stop } from "./record.js";

/**
 * The log: a ring of blocks with records in them. It takes and finds records, and knows nothing of files.
 * Addresses count units: write sizes, or more on a part so large that 16 bits wouldn't do.
 */
export interface Log {
  /** Units in a block: an address divided by it is the block's number. */
  readonly blockUnits: number;
  /**
   * Writes a record and returns its address, 0 for a MORE that doesn't fit behind the record that it adds to.
   * Its body is `front` and then `length` bytes of `data`.
   * @param field seconds since 1970; the index of a PAGE or TABLE
   */
  append(
    type: number,
    node: number,
    field: number,
    front: number[],
    data: Uint8Array,
    from: number,
    length: number,
  ): number;
  /** Where the next record goes if it fits. */
  end(): number;
  /**
   * Parses the record at `address` (record.ts), and returns the address behind it. Throws EIO.
   * @param extra reads only a node record's header, name and so many bytes more, and verifies nothing
   */
  read(address: number, extra?: number): number;
  /** The same, but 0 where no record is. */
  peek(address: number, extra?: number): number;
  /** Seconds since 1970 from the third field of a record. */
  time(address: number, field: number): number;
  /** Notes a removal for the block's summary. */
  note(node: number): void;
  /** Blocks that can be written after the present one, and all that can be written. */
  free(): number;
  good(): number;
  /** The oldest block, and the one being written. */
  tail(): number;
  head(): number;
  /** Gives the oldest block back: nothing in it is needed. */
  release(): void;
  /** Replays the log; returns why it can't be used, if so. */
  mount(): string | undefined;
  /** Begins an empty log behind all that is there. */
  format(): void;
  /** Counts bytes that the user wrote. */
  count(bytes: number): void;
}

/** "rFS" and the version of the format. */
const MAGIC = 0x01534672;
/** CRC-32 of 16 bytes of 0xFF. */
const BLANK = 0x3fb3c61a;
/** Words of a block's header. */
const SEQUENCE = 1;
const OLDEST = 2;
const ERASES = 3;
const SECONDS = 4;
const USER = 5;
const GEOMETRY = 6;
const CHECK = 7;

/**
 * @param apply is told of each node record, oldest first: the node, its flags, its address, and whether it is parsed
 * @param summarise tells what of each node is in the present block, and last of all what was removed in it, by calling
 * what it is given; replaying begins with the last
 */
export function createLog(
  flash: Flash,
  crc32: Crc32,
  seconds: () => number,
  apply: (node: number, flags: number, address: number, parsed: boolean) => void,
  summarise: (add: (node: number, flags: number, address: number) => void, removed: number[]) => void,
): Log {
  const blockSize = flash.blockSize;
  const blocks = flash.size / blockSize;
  let unit = flash.writeSize;
  while (flash.size / unit > 65536) unit *= 2;
  const blockUnits = blockSize / unit;
  const geometry = blocks * 65536 + blockSize / 4 + (unit % 256);
  /** Units of a header: at least three, since addresses 0 to 2 mean other things. */
  const first = Math.max(3, Math.ceil(32 / unit));
  let block = blocks - 1;
  let sequence = 0;
  let tail = 0;
  let oldest = 0;
  /** Where the next record goes; 0 while no block is open. */
  let end = 0;
  /** Where the present block ends. */
  let edge = 0;
  /** Seconds since 1970 when the block was opened. */
  let base = 0;
  /** Node records in the block, and the nodes that some of them removed. */
  let records = 0;
  let removed: number[] = [];
  let free = 0;
  let userBytes = 0;
  const bad: number[] = [];

  function units(bytes: number): number {
    return Math.ceil(bytes / unit);
  }

  function checksum(bytes: Uint8Array, from: number, to: number, key: number): number {
    return crc32(bytes.subarray(from, to)) ^ key;
  }

  function words(address: number, length: number): Uint32Array {
    return new Uint32Array(new Uint8Array(flash.read(address, length)).buffer);
  }

  function bytesOf(array: Uint32Array): Uint8Array {
    return new Uint8Array(array.buffer);
  }

  /** Does what may fail on worn cells. */
  function attempt(work: () => boolean): boolean {
    try {
      return work();
    } catch (error) {
      if (!(error as HalError).kind) throw error;
      return false;
    }
  }

  /** Programs and reads back. */
  function program(address: number, bytes: Uint8Array): boolean {
    return attempt(function () {
      flash.program(address, bytes);
      return crc32(flash.read(address, bytes.length)) === crc32(bytes);
    });
  }

  /** Whether so many bytes, a multiple of 16, are erased. */
  function isBlank(address: number, length: number): boolean {
    for (; length > 0; length -= 16, address += 16) if (crc32(flash.read(address, 16)) >>> 0 !== BLANK) return false;
    return true;
  }

  function erase(address: number): boolean {
    return attempt(function () {
      flash.erase(address);
      return isBlank(address, blockSize);
    });
  }

  /** The header of a block of this log. */
  function header(index: number): Uint32Array | undefined {
    const array = words(index * blockSize, 32);
    return array[0] === MAGIC &&
      array[GEOMETRY] === geometry &&
      (array[CHECK] | 0) === checksum(bytesOf(array), 0, 28, 0)
      ? array
      : undefined;
  }

  function present(index: number): void {
    block = index;
    edge = (index + 1) * blockUnits;
    records = end = 0;
    removed = [];
  }

  function open(): void {
    while (free) {
      present((block + 1) % blocks);
      if (bad.indexOf(block) < 0) {
        free--;
        const address = block * blockSize;
        const old = header(block);
        const array = new Uint32Array((first * unit) / 4 + 1);
        array[0] = MAGIC;
        array[SEQUENCE] = sequence + 1;
        array[OLDEST] = oldest || sequence + 1;
        array[ERASES] = old ? old[ERASES] + 1 : Math.floor(sequence / blocks);
        array[SECONDS] = base = seconds();
        array[USER] = userBytes;
        array[GEOMETRY] = geometry;
        array[CHECK] = checksum(bytesOf(array), 0, 28, 0);
        if (
          // In the first lap blank blocks were never erased, so needn't be.
          ((sequence < blocks && isBlank(address, blockSize)) || erase(address)) &&
          program(address, bytesOf(array).subarray(0, units(32) * unit))
        ) {
          sequence++;
          if (!oldest) {
            oldest = sequence;
            tail = block;
          }
          end = block * blockUnits + first;
          return;
        }
        bad.push(block);
      }
    }
    throw ENOSPC;
  }

  /** The most entries of a summary: what it takes is kept free at the block's end. */
  const most = blockSize >> 7;

  function summaryUnits(count: number): number {
    return units(8 + 4 * count);
  }

  /** Ends the block with a summary of what is valid in it, so that mounting needn't read its records. */
  function close(): void {
    if (!end) return;
    const array = new Uint32Array((summaryUnits(most) * unit) / 4);
    let at = array.length - 2;
    const add = function (node: number, flags: number, address: number) {
      if (at) array[--at] = (node | (flags << 12) | (address << 16)) >>> 0;
      else end = edge;
    };
    summarise(add, removed);
    const count = array.length - 2 - at;
    const length = summaryUnits(count) * unit;
    if (end + length / unit <= edge) {
      const bytes = bytesOf(array);
      array[array.length - 2] = count;
      array[array.length - 1] = checksum(bytes, at * 4, bytes.length - 4, block);
      program(edge * unit - length, bytes.subarray(bytes.length - length));
    }
    end = 0;
  }

  function peek(address: number, extra?: number): number {
    const at = address * unit;
    parse(flash.read(at, Math.min(PEEK, flash.size - at)));
    const next = address + units(stop);
    if (kind > 127 || start > PEEK || !(next <= (((address / blockUnits) | 0) + 1) * blockUnits)) return 0;
    // A MORE is always verified: it is what can be torn.
    const whole = kind === MORE || extra === undefined;
    const last = whole ? stop : (extra as number) && start + (kind & NAME && decode(body, start)) + (extra as number);
    if (last > PEEK) parse(flash.read(at, Math.min(last, stop)));
    return whole && (body[0] | (body[1] << 8) | (body[2] << 16) | (body[3] << 24)) !== checksum(body, 4, stop, address)
      ? 0
      : next;
  }

  /** Replays one block, by its summary or by its records. */
  function replay(index: number): void {
    present(index);
    const count = words(edge * unit - 8, 4)[0];
    if (count <= most) {
      const array = words(edge * unit - 8 - 4 * count, 8 + 4 * count);
      if ((array[count + 1] | 0) === checksum(bytesOf(array), 0, 4 * count + 4, index)) {
        for (let i = 0; i < count; i++) apply(array[i] & 0x3fff, (array[i] >> 12) & 12, array[i] >>> 16, false);
        return;
      }
    }
    let next;
    for (end = index * blockUnits + first; end < edge && (next = peek(end)); end = next)
      if (!(kind & 3)) {
        records++;
        apply(owner, kind, end, true);
      }
    // Behind a torn record nothing can be trusted.
    if (edge - end < units(PEEK) || !isBlank(end * unit, PEEK)) end = edge;
  }

  return {
    blockUnits: blockUnits,
    append: function (type, node, field, front, data, from, length) {
      for (;;) {
        if (!end) open();
        const fields = [0, 0, 0, 0, type];
        const difference = field - base;
        encode(fields, front.length + length);
        if (type !== MORE) encode(fields, node);
        encode(fields, (type & 3) % 3 ? field : difference < 0 ? -2 * difference - 1 : 2 * difference);
        const total = fields.length + front.length + length;
        if (end + units(total) + summaryUnits(Math.min(records + 1, most)) <= edge) {
          const bytes = new Uint8Array(units(total) * unit);
          bytes.set(fields.concat(front));
          bytes.set(data.subarray(from, from + length), total - length);
          bytes.set(bytesOf(new Uint32Array([checksum(bytes, 4, total, end)])));
          const address = end;
          end += units(total);
          if (!(type & 3)) records++;
          if (program(address * unit, bytes)) {
            if (!(type & (3 | NAME | DATA))) removed.push(node);
            return address;
          }
          // Something is there already, or the cells are worn. What was written stays good.
          end = edge;
        }
        if (type === MORE) return 0;
        close();
      }
    },
    end: function () {
      return end;
    },
    peek: peek,
    read: function (address, extra) {
      const next = peek(address, extra);
      if (!next) throw EIO;
      return next;
    },
    time: function (address, field) {
      const index = (address / blockUnits) | 0;
      return words(index * blockSize + 4 * SECONDS, 4)[0] + (field % 2 ? -(field + 1) / 2 : field / 2);
    },
    note: function (node) {
      removed.push(node);
    },
    free: function () {
      return free;
    },
    good: function () {
      return blocks - bad.length;
    },
    tail: function () {
      return tail;
    },
    head: function () {
      return block;
    },
    release: function () {
      const old = oldest;
      do {
        if (bad.indexOf(tail) < 0) free++;
        tail = (tail + 1) % blocks;
        oldest = (header(tail) || [])[SEQUENCE];
      } while (!(oldest > old && oldest <= sequence));
    },
    mount: function () {
      const sequences = new Uint32Array(blocks);
      let newest = 0;
      let used = false;
      let last;
      for (let i = 0; i < blocks; i++) {
        const array = header(i);
        if (array) {
          sequences[i] = array[SEQUENCE];
          if (sequences[i] > sequence) {
            sequence = sequences[(newest = i)];
            last = array;
          }
        }
      }
      if (!last) {
        free = blocks;
        for (let i = blocks; i--;) {
          // What is in a header's place alone may be the first one of all, torn. Somebody else's data is looked for at
          // both ends of each block: reading all of it would take minutes on a large chip.
          if (!isBlank(i * blockSize + 32, 16) || !isBlank((i + 1) * blockSize - 64, 64))
            return (words(i * blockSize, 4)[0] ^ MAGIC) << 8
              ? "not formatted"
              : "made by another version or for another size";
          // A torn header waits for its erasure until the ring comes round: cut short, too, that would leave bits that
          // nothing could tell from somebody else's data.
          if (isBlank(i * blockSize, 32)) block = (i || blocks) - 1;
        }
        return undefined;
      }
      oldest = last[OLDEST];
      userBytes = last[USER];
      for (let i = 1; i <= blocks; i++) {
        const index = (newest + i) % blocks;
        if (sequences[index] >= oldest) {
          if (!used) {
            tail = index;
            oldest = sequences[index];
          }
          used = true;
          replay(index);
        } else if (!used) free++;
      }
      base = last[SECONDS];
      return undefined;
    },
    format: function () {
      end = oldest = 0;
      free = blocks;
      open();
    },
    count: function (bytes) {
      userBytes += bytes;
    },
  };
}

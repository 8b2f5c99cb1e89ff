import type { Layout } from "./layout.js";
import type { Log, Logging } from "./log.js";
import type { NodeIndex } from "./node-index.js";
import type { ReadRecord, Records } from "./record-io.js";
import { CHUNK, MAGIC, PEEK, PLAIN } from "./record.js";

/** Finds what flash holds. */
export function createRecovery(
  layout: Layout,
  record: ReadRecord,
  records: Records,
  index: NodeIndex,
  log: Log,
  logging: Logging,
) {
  /** The number of the block that is in place `index`, -1 for none. */
  function blockAt(index: number): number {
    return !records.verify(index * layout.blockUnits) && records.wordAt(4) === MAGIC ? records.wordAt(6) : -1;
  }

  /** Applies a block's records. */
  function replay(block: number): void {
    let held = 0;
    let type = 0;
    let node = 0;
    let other = 0;
    logging.enter(block);
    log.end -= layout.blockUnits;
    for (;;) {
      const next = log.end < log.edge ? records.peek(log.end) : 0;
      // Only the last record of a block can be torn.
      if (next || !held || !records.verify(held)) logging.apply(held, type, node, other);
      else log.end = log.edge;
      if (!next) return;
      held = log.end;
      type = record.kind;
      node = record.owner;
      other = record.halves[4];
      log.end = next;
      log.records++;
    }
  }

  /** Finds the log and replays it; returns why it can't be used, if so. */
  function mount(): string | undefined {
    let last = -1;
    for (let i = 0; i < layout.blocks; i++) {
      const found = blockAt(i);
      if (found > last) {
        last = found;
        log.tail = records.wordAt(8);
        log.userBytes = records.wordAt(10);
      }
    }
    if (last < 0) {
      for (let i = layout.blocks; i--;) {
        const at = i * layout.blockSize;
        // What is in a header's place alone may be the first one of all, torn. Somebody else's data is looked for at
        // both ends of each block: reading all of it would take minutes on a large chip.
        if (
          !records.isBlank(at + layout.units(PLAIN) * layout.unit, CHUNK) ||
          !records.isBlank(at + layout.blockSize - CHUNK, CHUNK)
        ) {
          records.load(i * layout.blockUnits, PEEK);
          return (records.wordAt(4) ^ MAGIC) << 8 ? "not formatted" : "of another version or size";
        }
        // A torn header waits for its erasure until the ring comes round: cut short, too, that would leave bits that
        // nothing could tell from somebody else's data.
        if (records.isBlank(at, CHUNK)) log.head = i - 1;
      }
      return undefined;
    }
    const oldest = last - layout.blocks + 1;
    const from = log.tail;
    let held = -1;
    let used = 0;
    for (let block = last < layout.blocks ? from : oldest; block <= last; block++) {
      if (blockAt(block % layout.blocks) !== block) {
        // The oldest may have been cut short while it was erased.
        if (block > oldest) log.bad.push(block % layout.blocks);
      } else if (block >= from) {
        if (!used++) log.tail = block;
        else if (held === block - 1 && record.length > PLAIN)
          for (let i = PLAIN / 2; i < record.length / 2; i += 2) {
            logging.reserveNode(record.halves[i]);
            index.heads[record.halves[i]] = record.halves[i + 1];
          }
        else replay(held);
        held = block;
      }
    }
    replay(held);
    log.free -= log.bad.length + used;
    if (log.end + layout.units(CHUNK) > log.edge || !records.isBlank(log.end * layout.unit, CHUNK)) log.end = log.edge;
    return undefined;
  }

  return {
    mount: mount,
  };
}

export type Recovery = ReturnType<typeof createRecovery>;

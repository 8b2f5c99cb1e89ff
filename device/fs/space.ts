import type { ActiveFile } from "./active-file.js";
import type { Content } from "./content.js";
import * as errno from "./errno.js";
import type { Layout } from "./layout.js";
import { least } from "./layout.js";
import type { Log, Logging } from "./log.js";
import type { NodeIndex } from "./node-index.js";
import type { Pages } from "./pages.js";
import { NOWHERE, WIDTH } from "./record.js";
import { safely } from "./safely.js";

/** Collects garbage, so that there is room. */
export function createSpace(
  layout: Layout,
  index: NodeIndex,
  log: Log,
  logging: Logging,
  file: ActiveFile,
  pages: Pages,
  content: Content,
) {
  /** The node that collecting moved last. */
  let collected = 0;

  function capacity(): number {
    return least(
      index.bound,
      ((layout.blocks - log.bad.length - layout.reserve - 1) * ((layout.blockUnits * 31) / 32 - layout.units(40))) | 0,
    );
  }

  /** Does work on what may be damaged; returns whether it is. */
  function fails(work: (value: number) => void, value: number): unknown {
    const answer = safely(work)(value);
    if (answer === errno.ENOSPC) throw answer;
    return answer;
  }

  /** Moves what one node has in the oldest block elsewhere, or gives the block back. */
  function collect(): void {
    content.commit();
    // The turn passes on when a node has been moved, not before: what had no room is tried again, never left behind.
    for (; ++collected < index.nodes;)
      if (
        index.kinds[collected] &&
        (logging.isIn(index.heads[collected], log.tail) || index.costs[collected] > content.cost(0, layout.pageSize))
      ) {
        const node = collected--;
        if (fails(move, node)) logging.forget(node);
        collected = node;
        return;
      }
    collected = 0;
    log.free++;
    while (log.bad.indexOf(++log.tail % layout.blocks) >= 0);
  }

  function move(node: number): void {
    content.activate(node);
    if (logging.isIn(index.heads[node], log.tail)) pages.fold();
    // What is damaged is no more: nothing that comes to be at its address may be taken for it.
    for (let page = 0; page < file.pages; page++) if (fails(movePage, page)) pages.setPage(page, NOWHERE);
    content.commit();
  }

  function movePage(page: number): void {
    const address = pages.locate(page);
    const age = (((address / layout.blockUnits) | 0) - (log.tail % layout.blocks) + layout.blocks) % layout.blocks;
    // Each time a node record and a table are due as well, so what will be next in turn goes along, as far as blocks
    // are free.
    if (address > NOWHERE && (!age || age <= log.free - 2)) {
      pages.turn(page);
      pages.touch(0);
    } else if (logging.isIn(file.tables[(page / WIDTH) | 0], log.tail)) {
      pages.fold();
      pages.setPage(page, address);
    }
  }

  /** Makes sure that `extra` units may be added and that there are blocks to write to; the active file may change. */
  function room(extra: number): void {
    const limit = capacity();
    const until = log.tail + layout.blocks;
    if (log.problem) throw errno.EROFS;
    if (extra > 0 && index.live + extra > limit) throw errno.ENOSPC;
    // So many steps that collecting keeps up with writing, however full the device is.
    let steps = 3 + (2 * index.live) / (limit - index.live + layout.blockUnits);
    while (log.free < layout.reserve || (log.free === layout.reserve && --steps > 0)) {
      // Where collecting takes more than it gives, the last blocks are left for removals. Once round and nothing won:
      // what is stored doesn't pack as well as was thought.
      if (log.tail >= log.head || (log.free < 2 && 2 * index.live > limit) || log.tail > until) {
        index.bound = index.live;
        throw errno.ENOSPC;
      }
      collect();
    }
  }
  const tryRoom = safely(room);

  return {
    capacity: capacity,
    room: room,
    tryRoom: tryRoom,
  };
}

export type Space = ReturnType<typeof createSpace>;

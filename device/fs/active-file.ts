import type { Layout } from "./layout.js";
import { Bytes, Halves, TABLES } from "./record.js";

/** The active file: one at a time is read or written, with a page of it in RAM. */
export interface ActiveFile {
  /** Its node, 0 for none. */
  active: number;
  parent: number;
  name: string;
  size: number;
  /** Seconds since 1970, and microseconds of access and modification where those were set. */
  changedAt: number;
  times: number[] | undefined;
  /** The size and the time that flash has, and the records since the node record. */
  stored: number;
  storedAt: number;
  depth: number;
  /** Pages before the last, which the newest record is a part of. */
  pages: number;
  /** Where the tables are; where pages are that they don't know yet, how many, and which tables that concerns. */
  readonly tables: Uint16Array;
  moved: number[];
  moves: number;
  outdated: boolean[];
  /** Whether a new node record is due, and the node whose name that takes. */
  changed: boolean;
  victim: number;
  readonly buffer: Uint8Array;
  bufferPage: number;
  dirty: boolean;
  /** The first byte of the file that differs from flash. */
  dirtyFrom: number;
  /** Where in the page in RAM the byte is that was asked for. */
  offset: number;
}

/** None is active yet; using one sets what is undefined. */
export function newActiveFile(layout: Layout): ActiveFile {
  return {
    active: 0,
    parent: undefined as never,
    name: undefined as never,
    size: undefined as never,
    changedAt: undefined as never,
    times: undefined,
    stored: undefined as never,
    storedAt: undefined as never,
    depth: undefined as never,
    pages: undefined as never,
    tables: new Halves(TABLES),
    moved: undefined as never,
    moves: undefined as never,
    outdated: undefined as never,
    changed: false,
    victim: 0,
    buffer: new Bytes(layout.pageSize),
    bufferPage: undefined as never,
    dirty: false,
    dirtyFrom: undefined as never,
    offset: undefined as never,
  };
}

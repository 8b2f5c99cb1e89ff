import type { Crc32, Flash } from "../../hal/contract/index.js";
import { createCollector } from "./collector.js";
import { createContent } from "./content.js";
import { createDirectory } from "./directory.js";
import {
  EEXIST,
  EFBIG,
  EINVAL,
  EIO,
  EISDIR,
  ENAMETOOLONG,
  ENOENT,
  ENOSPC,
  ENOTDIR,
  ENOTEMPTY,
  EROFS,
} from "./errno.js";
import { DIRECTORY, type FileKind, type FileStatus, type FileSystem, REGULAR_FILE, ROOT } from "./file-system.js";
import { decode, FOLDER, NAME, PENDING, UNLINKED } from "./format.js";
import { createLog } from "./log.js";
import { createNodes, reserveNode } from "./nodes.js";

/** Ids have 14 bits. */
const MOST_NODES = 16383;
const LONGEST_NAME = 255;

/**
 * Mounts the file system in `flash`, reading its index and none of the files. Blank flash is an empty file system.
 * Never throws for what flash holds: what can't be used is mounted read-only, and `readOnly` says why.
 * @param crc32 the interpreter's own where it has one (`E.CRC32`)
 * @param now microseconds since 1970, for the times of files
 */
export function mountFileSystem(flash: Flash, crc32: Crc32, now: () => number): FileSystem {
  return start(flash, crc32, now, false);
}

/**
 * Makes an empty file system of whatever is in `flash`, which is lost, and mounts it.
 * One block's header is written; the rest is erased when it is needed.
 */
export function formatFileSystem(flash: Flash, crc32: Crc32, now: () => number): FileSystem {
  return start(flash, crc32, now, true);
}

function start(flash: Flash, crc32: Crc32, now: () => number, format: boolean): FileSystem {
  const nodes = createNodes();
  const log = createLog(flash, crc32, now, nodes);
  // A page and its record fit several times into the smallest block.
  const pageSize = Math.min(256, flash.blockSize >> 4);
  const content = createContent(log, nodes, pageSize);
  const directory = createDirectory(log, nodes, content, crc32);
  /** How often each node is open. */
  const handles: { [node: number]: number } = {};
  /** Bytes that all that is stored takes when it is packed, and a bound that collecting found out. */
  let live = 0;
  let bound = Infinity;
  const blocks = flash.size / flash.blockSize;
  /** Blocks kept free: one that a change may need, one or two for the collector to move a full one to. */
  const reserve = blocks < 8 ? 2 : 3;

  const collector = createCollector(
    log,
    nodes,
    content,
    function (node) {
      const name = nameBytes(node);
      log.setName(node, log.append(NAME | directory.isFolder(node), node, seconds(), name, undefined, 0, 0));
    },
    nameBytes,
  );

  function nameBytes(node: number): number[] {
    const found = directory.nameOf(node) as { name: string; parent: number };
    return directory.encodeName(found.name, found.parent, 0);
  }

  function seconds(): number {
    return Math.max(0, Math.floor(now() / 1e6));
  }

  function capacity(): number {
    const bytes = Math.floor((log.good() - reserve - 1) * (flash.blockSize - 32) * (31 / 32));
    return Math.max(0, Math.min(bytes, bound));
  }

  /** What a file of `size` bytes takes: its pages, its tables, and the record with the tail. */
  function cost(size: number): number {
    const pages = size ? Math.floor((size - 1) / pageSize) : 0;
    return size - pages * pageSize + 18 + 2 * Math.min(pages, 32) + pages * log.align(pageSize + 14);
  }

  function nameCost(name: string): number {
    return name.length + 3;
  }

  /** Makes sure that `extra` bytes may be added, and that there are blocks to write to. */
  function room(extra: number): void {
    const limit = capacity();
    if (extra > 0 && live + extra > limit) throw ENOSPC;
    if (log.free() > reserve) return;
    content.commit();
    // So many steps that collecting keeps up with writing, however full the device is.
    let steps = 2 + Math.ceil((2 * live) / (limit - live + flash.blockSize));
    let released = 0;
    while (log.free() < reserve || (log.free() === reserve && steps-- > 0)) {
      if (log.tail() === log.head()) throw ENOSPC;
      if (collector.step() && ++released > blocks) {
        // Once round and nothing won: what is stored doesn't pack as well as was thought.
        bound = live;
        throw ENOSPC;
      }
    }
  }

  /** Like `room` for what makes room itself. */
  function tryRoom(): void {
    try {
      room(0);
    } catch (error) {
      if (error !== ENOSPC) throw error;
    }
  }

  function charge(bytes: number): void {
    live += bytes;
    if (bytes < 0) bound = Infinity;
  }

  /** Ends a node that the log no longer names. */
  function discard(node: number, name: string): void {
    const head = nodes.heads[node];
    const open = handles[node];
    if (!open) charge(-cost(content.sizeOf(node)));
    charge(-nameCost(name));
    log.forget(node);
    nodes.hashes[node] = 0;
    if (open) {
      nodes.names[node] = UNLINKED;
      nodes.heads[node] = head;
    } else content.drop(node);
  }

  function checkFolder(node: number): void {
    if (!directory.isFolder(node)) throw nodes.names[node] && nodes.names[node] !== UNLINKED ? ENOTDIR : ENOENT;
  }

  function checkName(parent: number, name: string): void {
    if (problem) throw EROFS;
    checkFolder(parent);
    if (!name.length) throw ENOENT;
    if (name.length > LONGEST_NAME) throw ENAMETOOLONG;
  }

  /** A file that may be changed, as the active one. */
  function activate(node: number) {
    if (problem) throw EROFS;
    if (node === ROOT || directory.isFolder(node)) throw EISDIR;
    if (!nodes.names[node]) throw ENOENT;
    return content.activate(node);
  }

  /** Charges for a new size of the active file. */
  function grow(node: number, size: number): void {
    if (size > pageSize * 32768) throw EFBIG;
    room(cost(size) - cost(content.activate(node).size));
  }

  function resize(node: number, size: number): void {
    const cursor = content.activate(node);
    charge(cost(size) - cost(cursor.size));
    content.resize(size);
    stamp(node);
  }

  function stamp(node: number): void {
    const cursor = content.activate(node);
    cursor.time = seconds();
    cursor.accessed = cursor.modified = cursor.time * 1e6;
  }

  /** Turns what is thrown inside into a result, so that callers get an errno. */
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

  let problem: string | undefined;

  /** Charges for what is stored, and drops nodes whose names are gone. */
  function takeStock(): void {
    for (let node = ROOT + 1; node < nodes.names.length; node++) {
      if (nodes.names[node] > UNLINKED) {
        try {
          const record = log.skim(nodes.names[node]);
          if (record.node !== node || !(record.kind & NAME)) throw EIO;
          nodes.hashes[node] = directory.hash(record.bytes, record.start);
          live += decode(record.bytes, record.start) + 3;
        } catch (error) {
          if (error !== EIO) throw error;
          nodes.names[node] = 0;
        }
      } else nodes.names[node] = 0;
      if (!nodes.names[node]) nodes.heads[node] = 0;
      else {
        try {
          live += cost(content.sizeOf(node));
        } catch (error) {
          // Reading it will say so; the name stays, so that it can be removed.
          if (error !== EIO) throw error;
        }
      }
    }
  }

  if (format) {
    const fresh = createLog(flash, crc32, now, createNodes());
    fresh.mount();
    fresh.format();
  }
  if (blocks < 4) problem = "a file system needs 4 blocks, the flash has " + blocks;
  else problem = log.mount();
  takeStock();
  if (!problem && log.good() <= reserve + 1)
    problem = "worn out: " + log.good() + " of " + blocks + " blocks hold data";

  const lookup = safely(function (parent: number, name: string): number {
    checkFolder(parent);
    return directory.lookup(parent, name);
  });

  /** `lookup` for callers that can't go on without. */
  function find(parent: number, name: string): number {
    const node = lookup(parent, name);
    if (node < 0) throw node;
    return node;
  }

  return {
    readOnly: problem,
    lookup: lookup,
    create: safely(function (parent: number, name: string, kind: FileKind): number {
      checkName(parent, name);
      if (lookup(parent, name) > 0) throw EEXIST;
      const folder = kind === DIRECTORY ? FOLDER : 0;
      const charged = nameCost(name) + cost(0);
      room(charged);
      let node = ROOT + 1;
      while (nodes.names[node]) node++;
      if (node > MOST_NODES) throw ENOSPC;
      reserveNode(nodes, node);
      const bytes = directory.encodeName(name, parent, 0);
      content.begin(node, folder, bytes, seconds());
      nodes.names[node] = PENDING;
      nodes.hashes[node] = directory.hash(bytes, 0);
      charge(charged);
      if (folder) content.commit();
      return node;
    }),
    stat: function (node) {
      return wellOr(
        safely(function (): FileStatus | undefined {
          if (node === ROOT && !nodes.heads[ROOT])
            return { node: node, kind: DIRECTORY, size: 0, accessed: 0, modified: 0, changed: 0 };
          if (!nodes.heads[node] && nodes.names[node] !== PENDING) return undefined;
          const cursor = content.view(node);
          return {
            node: node,
            kind: cursor.folder ? DIRECTORY : REGULAR_FILE,
            size: cursor.size,
            accessed: cursor.accessed,
            modified: cursor.modified,
            changed: cursor.time * 1e6,
          };
        })(),
      );
    },
    read: safely(function (node: number, position: number, target: Uint8Array, start: number, length: number): number {
      if (node === ROOT) throw EISDIR;
      if (!nodes.heads[node] && nodes.names[node] !== PENDING) throw ENOENT;
      const cursor = content.view(node);
      if (cursor.folder) throw EISDIR;
      const count = Math.max(0, Math.min(length, cursor.size - position));
      let done = 0;
      while (done < count) done += content.copy(cursor, position + done, target, start + done, count - done);
      return done;
    }),
    write: safely(function (node: number, position: number, source: Uint8Array, start: number, length: number): number {
      let cursor = activate(node);
      if (!length) return 0;
      grow(node, Math.max(cursor.size, position + length));
      cursor = content.activate(node);
      if (position > cursor.size) resize(node, position);
      let done = 0;
      while (done < length) {
        try {
          room(0);
        } catch (error) {
          if (!done) throw error;
          break;
        }
        stamp(node);
        cursor = content.activate(node);
        const old = cursor.size;
        done += content.patch(position + done, source, start + done, length - done);
        charge(cost(cursor.size) - cost(old));
      }
      log.count(done);
      return done;
    }),
    truncate: safely(function (node: number, size: number): number {
      activate(node);
      grow(node, size);
      resize(node, size);
      return 0;
    }),
    setTimes: safely(function (node: number, accessed: number | undefined, modified: number | undefined): number {
      if (problem) throw EROFS;
      room(0);
      if (node === ROOT && !nodes.heads[ROOT]) content.begin(ROOT, FOLDER, [], seconds());
      const cursor = content.activate(node);
      content.touch();
      cursor.time = seconds();
      if (accessed !== undefined) cursor.accessed = accessed;
      if (modified !== undefined) cursor.modified = modified;
      if (cursor.folder) content.commit();
      return 0;
    }),
    sync: safely(function (node: number): number {
      if (content.active() === node) content.commit();
      return 0;
    }),
    rename: safely(function (fromParent: number, fromName: string, toParent: number, toName: string): number {
      checkName(toParent, toName);
      const node = find(fromParent, fromName);
      const target = lookup(toParent, toName);
      if (target === node) return 0;
      content.commit();
      const folder = directory.isFolder(node);
      if (target > 0) {
        const targetFolder = directory.isFolder(target);
        if (folder && !targetFolder) throw ENOTDIR;
        if (!folder && targetFolder) throw EISDIR;
        if (directory.next(target, 0)) throw ENOTEMPTY;
      }
      if (folder)
        for (let parent = toParent; parent !== ROOT; parent = (directory.nameOf(parent) as { parent: number }).parent)
          if (parent === node) throw EINVAL;
      const charged = nameCost(toName) - nameCost(fromName);
      room(target > 0 ? 0 : charged);
      const bytes = directory.encodeName(toName, toParent, Math.max(0, target));
      const address = log.append(NAME | folder, node, seconds(), bytes, undefined, 0, 0);
      if (target > 0) discard(target, toName);
      log.setName(node, address);
      nodes.hashes[node] = directory.hash(bytes, 0);
      charge(charged);
      return 0;
    }),
    remove: safely(function (parent: number, name: string, kind: FileKind): number {
      if (problem) throw EROFS;
      const node = find(parent, name);
      const folder = directory.isFolder(node);
      if (kind === DIRECTORY && !folder) throw ENOTDIR;
      if (kind !== DIRECTORY && folder) throw EISDIR;
      if (folder && directory.next(node, 0)) throw ENOTEMPTY;
      content.commit();
      tryRoom();
      log.append(0, node, seconds(), [], undefined, 0, 0);
      discard(node, name);
      return 0;
    }),
    retain: function (node) {
      handles[node] = (handles[node] || 0) + 1;
    },
    release: function (node) {
      if (--handles[node]) return;
      delete handles[node];
      if (nodes.names[node] === UNLINKED) {
        charge(-cost(Math.max(0, safely(content.sizeOf)(node))));
        nodes.names[node] = nodes.heads[node] = 0;
        content.drop(node);
      }
    },
    next: function (parent, cookie) {
      return wellOr(safely(directory.next)(parent, cookie));
    },
    space: function () {
      const total = capacity();
      return { free: Math.max(0, total - live), total: total };
    },
  };
}

/** What a call that has no errno to answer with gives instead of one. */
function wellOr<T>(result: T): T | undefined {
  return typeof result === "number" ? undefined : result;
}

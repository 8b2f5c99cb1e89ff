import type { Crc32 } from "../../hal/contract/index.js";
import type { ActiveFile } from "./active-file.js";
import type { Content } from "./content.js";
import * as errno from "./errno.js";
import { DIRECTORY } from "./file-system.js";
import type { NodeIndex } from "./node-index.js";
import { Bytes, codes } from "./record.js";

/** Names in directories. */
export function createNames(crc32: Crc32, index: NodeIndex, file: ActiveFile, content: Content) {
  /** 16 bits for a name in a directory, never 0. */
  function hash(directory: number, text: string): number {
    return crc32(new Bytes([directory].concat(codes(text)))) & 65535 || 1;
  }

  /** The node of that name, which becomes the active one; where there is none 0 if it `may` be missing, or throws ENOENT. */
  function search(directory: number, text: string, may?: number): number {
    if (!index.hashes[directory] || !text) throw errno.ENOENT;
    if (index.kinds[directory] !== DIRECTORY) throw errno.ENOTDIR;
    if (text.length > 255) throw errno.ENAMETOOLONG;
    const key = hash(directory, text);
    let node = 0;
    // The interpreter's own search is a hundred times as fast as a loop on Espruino.
    while ((node = [].indexOf.call(index.hashes, key as never, node + 1)) > 0) {
      content.activate(node);
      if (file.parent === directory && file.name === text) return node;
    }
    if (!may) throw errno.ENOENT;
    return 0;
  }

  /** The first node after `node` in a directory, 0 for none. What is damaged is in none. */
  function firstIn(directory: number, node: number): number {
    while (++node < index.nodes)
      if (index.hashes[node] && !content.look(node) && file.parent === directory) return node;
    return 0;
  }

  /** Whether a node may go: a file, or as a directory an empty one. */
  function checkGone(node: number, type: number): void {
    if (index.kinds[node] !== type) throw type === DIRECTORY ? errno.ENOTDIR : errno.EISDIR;
    if (type === DIRECTORY && firstIn(node, 0)) throw errno.ENOTEMPTY;
  }

  /** Names the active file; on flash it is about to be. */
  function christen(directory: number, text: string): void {
    file.parent = directory;
    file.name = text;
    index.hashes[file.active] = hash(directory, text);
    content.resize(file.size);
  }

  return {
    hash: hash,
    search: search,
    firstIn: firstIn,
    checkGone: checkGone,
    christen: christen,
  };
}

export type Names = ReturnType<typeof createNames>;

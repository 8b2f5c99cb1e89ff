import type { Host, Value, World } from "./world.js";

/** The modules `Storage` and `Flash` as natives have them; `modules.ts` hands them out. */
export interface FlashModules {
  readonly Storage: Value;
  readonly Flash: Value;
}

/** After `jswrap_storage.c` and `jswrap_flash.c`; the layout in flash is the host's, see `storage-area.ts`. */
export function installStorage(world: World, host: Host, chunkBytes: number): FlashModules {
  const nameBytes = 28;

  function fileName(value: Value): string {
    return value === undefined ? "undefined" : String(value).slice(0, nameBytes);
  }

  function readBytes(name: string, offset: number, length: number): Uint8Array | undefined {
    const count: number = host.storageRead(name, offset, length);
    return count < 0 ? undefined : world.take(count);
  }

  function writeBytes(name: string, data: Uint8Array, flags: number, offset: number, size: number): boolean {
    world.put(data);
    return host.storageWrite(name, flags, offset, size);
  }

  function list(containing: number, notContaining: number): { name: string; address: number }[] {
    const text = world.text(world.take(host.storageList(containing, notContaining)));
    return text === ""
      ? []
      : text.split("\0").map((entry) => {
          const cut = entry.indexOf(" ");
          return { address: Number(entry.slice(0, cut)), name: entry.slice(cut + 1) };
        });
  }

  function matches(name: string, pattern: Value): boolean {
    return pattern === undefined || name.match(pattern) !== null;
  }

  /** Espruino's compact JSON: what `writeJSON` stores and `readJSON` understands. */
  function compact(value: Value): string {
    return world.format(value === undefined ? null : JSON.parse(JSON.stringify(value)), 512);
  }

  const evaluate = eval;
  const storage: Record<string, Value> = {
    read(name: Value, offset: Value, length: Value) {
      const bytes = readBytes(fileName(name), world.integer(offset ?? 0), world.integer(length ?? 0));
      return bytes && world.text(bytes);
    },
    readArrayBuffer: (name: Value) => readBytes(fileName(name), 0, 0)?.buffer,
    readJSON(name: Value, noExceptions: Value) {
      const text = storage.read(name);
      if (text === undefined) return undefined;
      try {
        return evaluate("(" + text + ")");
      } catch (error) {
        if (noExceptions) return undefined;
        throw error;
      }
    },
    write(name: Value, data: Value, offset: Value, size: Value) {
      let content = data;
      let at = world.integer(offset ?? 0);
      let total = world.integer(size ?? 0);
      const buffer = data instanceof ArrayBuffer || ArrayBuffer.isView(data);
      if (data !== null && typeof data === "object" && !buffer && !Array.isArray(data)) {
        content = JSON.stringify(data);
        at = total = 0;
      }
      if (content === undefined || content === null) throw new Error("Can't get pointer to data to write");
      if (at < 0 || total < 0) return false;
      if (ArrayBuffer.isView(content)) content = new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
      if (content instanceof ArrayBuffer) content = new Uint8Array(content);
      return writeBytes(fileName(name), world.bytes(content), 0, at, total);
    },
    writeJSON: (name: Value, data: Value) => writeBytes(fileName(name), world.bytes(compact(data)), 0, 0, 0),
    erase(name: Value) {
      host.storageErase(fileName(name));
    },
    eraseAll() {
      host.storageEraseAll();
    },
    list(pattern: Value, filter: Value) {
      const wanted = filter?.sf === undefined ? [0, 0] : filter.sf ? [64, 0] : [0, 64];
      return list(wanted[0], wanted[1])
        .map(({ name }) => name)
        .filter((name) => matches(name, pattern));
    },
    hash(pattern: Value) {
      let hash = 0xabcddcba | 0;
      for (const { name, address } of list(0, 64))
        if (matches(name, pattern)) {
          world.put(world.charCodes(name));
          hash = ((hash << 1) | (hash >>> 31)) ^ address ^ host.crc32();
        }
      return hash;
    },
    compact() {
      host.storageCompact();
    },
    getFree: () => host.storageStat("freeBytes"),
    getStats() {
      const stats: Record<string, number> = {};
      for (const name of ["totalBytes", "freeBytes", "fileBytes", "fileCount", "trashBytes", "trashCount"])
        stats[name] = host.storageStat(name);
      return stats;
    },
    optimise() {},
    open(name: Value, mode: Value) {
      if (mode !== "r" && mode !== "w" && mode !== "a") throw new Error("Invalid mode " + world.format(mode, 5));
      const file = Object.create(StorageFile.prototype);
      file.name = String(name).slice(0, nameBytes - 1);
      file.chunk = 1;
      file.offset = 0;
      file.mode = mode.charCodeAt(0);
      if (mode === "w" && size(file, 1) >= 0) {
        file.erase();
        file.mode = mode.charCodeAt(0);
      }
      if (mode === "a") findEnd(file);
      return file;
    },
  };

  /** StorageFiles are numbered files, each of one chunk; 0xFF ends the last. */
  function StorageFile(this: Value) {}
  const chunk = (file: Value, number: number) => file.name + String.fromCharCode(number);
  const size = (file: Value, number: number): number => host.storageSize(chunk(file, number));

  function findEnd(file: Value): void {
    while (file.chunk < 255) {
      const bytes = readBytes(chunk(file, file.chunk), 0, 0);
      if (!bytes) return;
      if (bytes[bytes.length - 1] === 255) {
        const end = bytes.indexOf(255);
        file.offset = end;
        return;
      }
      file.chunk++;
    }
  }

  function readFile(file: Value, most: number, line: boolean): string | undefined {
    if (file.mode !== 114) throw new Error("Can't read in this mode");
    let result: string | undefined;
    while (most > 0) {
      const total = size(file, file.chunk);
      if (total < 0) break;
      if (file.offset >= total) {
        if (file.chunk === 255) break;
        file.chunk++;
        file.offset = 0;
        continue;
      }
      const bytes = readBytes(chunk(file, file.chunk), file.offset, Math.min(line ? 32 : most, total - file.offset))!;
      let count = bytes.indexOf(255);
      const ended = count >= 0;
      if (!ended) count = bytes.length;
      const lineEnd = line ? bytes.subarray(0, count).indexOf(10) : -1;
      if (lineEnd >= 0) count = lineEnd + 1;
      if (count > 0) result = (result ?? "") + world.text(bytes.subarray(0, count));
      file.offset += count;
      if (!line) most -= count;
      if (ended || lineEnd >= 0) break;
    }
    return result;
  }

  world.define("StorageFile", StorageFile);
  world.methods(StorageFile.prototype, {
    read(this: Value, length: Value) {
      return readFile(this, world.integer(length), false);
    },
    readLine(this: Value) {
      return readFile(this, Infinity, true);
    },
    getLength(this: Value) {
      let length = 0;
      for (let number = 1; number <= 255; number++) {
        const bytes = readBytes(chunk(this, number), 0, 0);
        if (!bytes) break;
        const end = bytes.indexOf(255);
        length += end < 0 ? bytes.length : end;
      }
      return length;
    },
    write(this: Value, data: Value) {
      if (this.mode !== 119 && this.mode !== 97) throw new Error("Can't write in this mode");
      let bytes = world.charCodes(String(data));
      while (bytes.length > 0) {
        const name = chunk(this, this.chunk);
        const total = size(this, this.chunk);
        if (total < 0) {
          const part = bytes.subarray(0, chunkBytes);
          writeBytes(name, part, 64, 0, chunkBytes);
          this.offset = part.length;
          bytes = bytes.subarray(part.length);
        } else if (this.offset < total) {
          const part = bytes.subarray(0, total - this.offset);
          world.put(part);
          host.storageAppend(name, this.offset);
          this.offset += part.length;
          bytes = bytes.subarray(part.length);
        }
        if (this.offset >= (total < 0 ? chunkBytes : total) && bytes.length > 0) {
          if (this.chunk === 255) throw new Error("File too big!");
          this.chunk++;
          this.offset = 0;
        }
      }
    },
    erase(this: Value) {
      for (let number = 1; number < 256 && host.storageErase(chunk(this, number)); number++);
      this.chunk = 1;
      this.offset = this.mode = 0;
    },
  });

  const flash: Record<string, Value> = {
    getFree() {
      const areas: { addr: number; length: number }[] = [];
      const text: string = host.flashFree();
      for (const area of text.split(";").filter((each) => each !== "")) {
        const [addr, length] = area.split(",").map(Number);
        areas.push({ addr, length });
      }
      return areas;
    },
    getPage(address: Value) {
      const page: string = host.flashPage(world.integer(address));
      if (page === "") return undefined;
      const [addr, length] = page.split(",").map(Number);
      return { addr, length };
    },
    erasePage(address: Value) {
      if (typeof address !== "number" || address % 1 !== 0)
        throw new Error("Address should be an integer, got " + typeof address);
      host.flashErase(address);
    },
    write(data: Value, address: Value) {
      if (data === undefined) throw new Error("Data is not defined");
      const bytes = ArrayBuffer.isView(data)
        ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
        : world.bytes(data);
      if (bytes.length === 0) return;
      world.put(bytes);
      host.flashWrite(world.integer(address));
    },
    read(length: Value, address: Value) {
      const count = world.integer(length);
      if (count <= 0) return undefined;
      host.flashRead(count, world.integer(address));
      return world.take(count);
    },
  };
  for (const module of [storage, flash]) for (const name of Object.keys(module)) world.native(module[name]);
  return {
    Storage: world.native(Object.assign(function Storage() {}, storage)),
    Flash: world.native(Object.assign(function Flash() {}, flash)),
  };
}

import { crc32 } from "../crc32.js";
import { decodeLatin1, encodeLatin1 } from "../latin1.js";
import { ScriptFault } from "../sandbox.js";
import { HEADER_BYTES, type StorageArea, StorageError } from "../storage-area.js";
import { type NativeContext, type Natives, withFaults } from "./context.js";

/** Strings from Storage whose place in flash is known. */
const MOST_READS = 16;

/** Storage and raw flash. */
export function storageNatives(context: NativeContext, storage: StorageArea): Natives {
  const { board, received, give } = context;
  const { profile, flash } = board;
  const areas = [profile.flash.storage, ...profile.flash.free];

  const guarded = <T>(action: () => T): T =>
    withFaults(
      () => {
        try {
          return action();
        } catch (error) {
          if (error instanceof StorageError) throw new ScriptFault("Error", error.message);
          throw error;
        }
      },
      (fault) => ["Error", fault.message],
    );
  const page = (address: number) => {
    for (const area of flash.geometry.regions)
      if (address >= area.address && address < area.address + area.bytes)
        return { start: address - ((address - area.address) % area.blockBytes), bytes: area.blockBytes };
    return undefined;
  };

  /** Where strings that were read lately lie in flash, the newest first. */
  const reads: { readonly address: number; readonly length: number }[] = [];

  return {
    storageRead: (name, offset, length) => {
      const bytes = guarded(() => storage.read(String(name), Number(offset), Number(length)));
      if (!bytes) return -1;
      const file = storage.find(String(name))!;
      const address = file.address + HEADER_BYTES + Math.min(Math.max(0, Number(offset)), file.size);
      reads.unshift({ address, length: bytes.length });
      if (reads.length > MOST_READS) reads.pop();
      return give(bytes);
    },
    storageSize: (name) => storage.find(String(name))?.size ?? -1,
    storageWrite: (name, flags, offset, size) => {
      const bytes = received();
      return guarded(() => storage.write(String(name), bytes, Number(flags), Number(offset), Number(size)));
    },
    storageAppend: (name, offset) => {
      const bytes = received();
      const file = storage.find(String(name));
      if (file) guarded(() => storage.programUnaligned(file.address + HEADER_BYTES + Number(offset), bytes));
    },
    storageErase: (name) => guarded(() => storage.erase(String(name))),
    storageEraseAll: () => guarded(() => storage.eraseAll()),
    storageCompact: () => {
      guarded(() => storage.compact());
    },
    storageStat: (name) => storage.statistics()[name as keyof ReturnType<StorageArea["statistics"]>],
    storageList: (containing, notContaining) => {
      const names: string[] = [];
      for (const file of storage.list()) {
        if (file.flags & Number(notContaining)) continue;
        if (containing && !(file.flags & Number(containing))) continue;
        let name = file.name;
        if (file.flags & 64) {
          if (!name.endsWith("\x01")) continue;
          if (containing) name = name.slice(0, -1);
        }
        names.push(`${file.address} ${name}`);
      }
      return give(encodeLatin1(names.join("\0")));
    },
    /** Where a string that was read from Storage lies in flash; 0 when it isn't a file's content. */
    storageAddress: (length) => {
      if (!profile.flash.executeInPlace) return 0;
      const start = received();
      const files = storage.list().map(({ address, size }) => ({ address: address + HEADER_BYTES, length: size }));
      for (const place of [...reads, ...files]) {
        if (place.length !== Number(length)) continue;
        const content = flash.peek(place.address, start.length);
        if (content.every((byte, i) => byte === start[i])) return place.address;
      }
      return 0;
    },
    crc32: () => crc32(received()) | 0,
    flashFree: () => {
      const free = profile.flash.reportsStorageAsFree ? areas : profile.flash.free;
      return free.map((area) => `${area.address},${area.bytes}`).join(";");
    },
    flashPage: (address) => {
      const found = page(Number(address) >>> 0);
      return found ? `${found.start},${found.bytes}` : "";
    },
    flashErase: (address) => {
      const found = page(Number(address) >>> 0);
      if (found) guarded(() => flash.erase(found.start));
    },
    flashWrite: (address) => {
      const bytes = received();
      guarded(() => storage.programUnaligned(Number(address) >>> 0, bytes));
    },
    flashRead: (length, address) => guarded(() => give(flash.read(Number(address) >>> 0, Number(length)))),
    bootCode: () => {
      const code = storage.read(".bootrst") ?? storage.read(".bootcde");
      return code && decodeLatin1(code);
    },
  };
}

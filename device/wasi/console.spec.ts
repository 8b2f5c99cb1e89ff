import { closedInput, inputStream, outputStream } from "./console.js";
import { fd_read as readUngranted, fd_write as writeUngranted } from "./console-vectors.js";
import { closeDescriptors } from "./descriptor.js";
import { AGAIN, BADF, FAULT, NOTCAPABLE } from "./errno.js";
import { fd_pread, fd_read } from "./fd-read.js";
import { fd_seek, fd_tell } from "./fd-position.js";
import { fd_close, fd_fdstat_get, fd_fdstat_set_flags } from "./fd-state.js";
import { fd_pwrite, fd_write } from "./fd-write.js";
import { fd_filestat_get } from "./fd-file.js";
import { FD_SEEK, FD_TELL, FD_WRITE, NONBLOCK } from "./rights.js";
import { RESULT, TestGuest } from "./testing/test-guest.js";

/** A console on which everything is recorded, and typing is scheduled. */
function open() {
  const guest = new TestGuest();
  const shown: string[] = [];
  let handler: ((text: string) => void) | undefined;
  const console = {
    write: (stream: 1 | 2, bytes: Uint8Array, start: number, length: number): void => {
      shown.push(`${stream}:${new TextDecoder().decode(bytes.subarray(start, start + length))}`);
    },
    onInput: (listener: (text: string) => void): (() => void) => {
      handler = listener;
      return () => (handler = undefined);
    },
  };
  guest.descriptors = [inputStream(console.onInput), outputStream(console.write, 1), outputStream(console.write, 2)];
  return {
    guest,
    shown,
    listening: () => handler !== undefined,
    type: (text: string, after = 0) => {
      guest.clock.after(after, () => handler?.(Buffer.from(text).toString("latin1")));
    },
  };
}

function readBy(call: typeof fd_read, guest: TestGuest, length: number): string | number {
  const target = guest.put(new Uint8Array(length));
  const { pointer, count } = guest.putVectors(target);
  const errno = call(guest, 0, pointer, count, RESULT);
  return errno || guest.text(target.pointer, guest.u32());
}

describe.each([
  ["fd_write", fd_write],
  ["fd_write for where nothing is granted", writeUngranted],
])("%s to the console", (_name, fd_write) => {
  test("gathers, byte for byte, and tells how many", () => {
    const { guest, shown } = open();
    const { pointer, count } = guest.putVectors(guest.put("Grüße"), guest.put(""), guest.put("\n"));
    expect(fd_write(guest, 1, pointer, count, RESULT)).toBe(0);
    expect(guest.u32()).toBe(8);
    expect(shown.join()).toBe("1:Grüße,1:,1:\n");
    expect(fd_write(guest, 2, pointer, 1, RESULT)).toBe(0);
    expect(shown.at(-1)).toBe("2:Grüße");
  });

  test("a bad piece, list or result is a fault, and nothing beyond memory is shown", () => {
    const { guest, shown } = open();
    const { pointer } = guest.putVectors(guest.put("ok"), { pointer: 65530, length: 7 }, { pointer: 0, length: -1 });
    expect(fd_write(guest, 1, pointer + 8, 1, RESULT)).toBe(FAULT);
    expect(fd_write(guest, 1, pointer + 16, 1, RESULT)).toBe(FAULT);
    expect(fd_write(guest, 1, pointer, 1, 65533)).toBe(FAULT);
    expect(fd_write(guest, 1, 65532, 1, RESULT)).toBe(FAULT);
    expect(fd_write(guest, 1, pointer, 0x20000001, RESULT)).toBe(FAULT);
    expect(shown).toEqual([]);
  });

  test("what isn't open is badf; what isn't for writing is notcapable", () => {
    const { guest } = open();
    const { pointer, count } = guest.putVectors(guest.put("x"));
    for (const fd of [3, -1, 1 << 30]) expect(fd_write(guest, fd, pointer, count, RESULT)).toBe(BADF);
    expect(fd_write(guest, 0, pointer, count, RESULT)).toBe(NOTCAPABLE);
  });
});

describe.each([
  ["fd_read", fd_read],
  ["fd_read for where nothing is granted", readUngranted],
])("%s from the console", (_name, call) => {
  const read = (guest: TestGuest, length: number) => readBy(call, guest, length);

  test("waits until something is typed, and keeps what wasn't asked for", () => {
    const { guest, type } = open();
    type("hello", 2000);
    expect(read(guest, 3)).toBe("hel");
    expect(guest.clock.now).toBe(2000);
    expect(read(guest, 10)).toBe("lo");
    expect(guest.waits).toBe(1);
  });

  test("reads 0 bytes at the end of input, again and again", () => {
    const { guest, type } = open();
    type("");
    expect(read(guest, 10)).toBe("");
    expect(read(guest, 10)).toBe("");
  });

  test("doesn't wait when it is nonblock", () => {
    const { guest, type } = open();
    expect(fd_fdstat_set_flags(guest, 0, NONBLOCK)).toBe(0);
    expect(read(guest, 10)).toBe(AGAIN);
    type("x");
    guest.clock.step();
    expect(read(guest, 10)).toBe("x");
  });

  test("leaves the input to the prompt until it is first read, and gives it back at the end", () => {
    const { guest, type, listening } = open();
    expect(listening()).toBe(false);
    type("x");
    read(guest, 1);
    expect(listening()).toBe(true);
    closeDescriptors(guest);
    expect(listening()).toBe(false);
  });

  test("a module that never reads has an input all the same", () => {
    const { guest } = open();
    guest.descriptors[0] = closedInput();
    expect(fd_fdstat_get(guest, 0, RESULT)).toBe(0);
    expect(read(guest, 1)).toBe(NOTCAPABLE);
  });
});

describe("a console stream", () => {
  test("is a character device without the rights to seek, which is how isatty knows it", () => {
    const { guest } = open();
    expect(fd_fdstat_get(guest, 1, RESULT)).toBe(0);
    expect(guest.memory[RESULT]).toBe(2);
    expect(guest.u64(RESULT + 8) & BigInt(FD_SEEK | FD_TELL)).toBe(0n);
    expect(guest.u64(RESULT + 8) & BigInt(FD_WRITE)).toBe(BigInt(FD_WRITE));
    expect(fd_seek(guest, 1, 0, 0, 1, RESULT)).toBe(NOTCAPABLE);
    expect(fd_tell(guest, 1, RESULT)).toBe(NOTCAPABLE);
    expect(fd_pread(guest, 0, 0, 0, 0, 0, RESULT)).toBe(NOTCAPABLE);
    expect(fd_pwrite(guest, 1, 0, 0, 0, 0, RESULT)).toBe(NOTCAPABLE);
  });

  test("has a filestat of its kind and nothing else", () => {
    const { guest } = open();
    guest.memory.fill(255, 1024, 1100);
    expect(fd_filestat_get(guest, 1, 1024)).toBe(0);
    expect(guest.memory[1024 + 16]).toBe(2);
    expect(guest.u64(1024 + 32)).toBe(0n);
    expect(guest.u64(1024 + 56)).toBe(0n);
    expect(guest.memory[1024 + 64]).toBe(255);
  });

  test("is gone once it is closed", () => {
    const { guest } = open();
    expect(fd_close(guest, 1)).toBe(0);
    expect(fd_close(guest, 1)).toBe(BADF);
    expect(fd_fdstat_get(guest, 1, RESULT)).toBe(BADF);
  });
});

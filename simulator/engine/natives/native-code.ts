import { randomBytes } from "node:crypto";
import { Buffer } from "node:buffer";
import { type MemoryRegion, memoryRegion } from "../processor/memory-map.js";
import { Processor, type ProcessorCounters } from "../processor/processor.js";
import type { Sandbox } from "../sandbox.js";
import type { NativeContext, Natives } from "./context.js";

/** Memory addresses of what native code and the script share. Nothing else of the simulated RAM has an address. */
const FIRST_BLOCK = 0x20002000;

/** Bytes by which a buffer is found; shorter ones have no address that native code could use. */
const MARK_BYTES = 16;

/** An image that is run without being flashed lies here, read only. */
const IMAGE_ADDRESS = 0x1f000000;

interface Block {
  readonly address: number;
  readonly length: number;
  /** Offset in QuickJS's memory. */
  readonly place: number;
}

/** What running machine code needs of the interpreter around it. */
export interface NativeCodeHooks {
  readonly context: NativeContext;
  readonly sandbox: () => Sandbox;
  /** Variables that the script has left, in bytes. */
  readonly freeBytes: () => number;
  /** What is executed in place although it isn't in flash. */
  readonly image: Uint8Array | undefined;
  /** Looks at what may stop a script; called while native code runs. */
  readonly passed: (cycles: number) => void;
}

/** What becomes of a world's native calls. */
export interface NativeCode {
  readonly natives: Natives;
  /** Undefined while nothing was called. */
  readonly counters: () => ProcessorCounters | undefined;
}

/**
 * Machine code and the script share memory: an ArrayBuffer has an address in the core's memory, and both work on its
 * bytes where QuickJS keeps them. A buffer's bytes don't move; QuickJS doesn't say where they are, so the script writes
 * a mark into the buffer for a moment, and the mark is looked for.
 */
export function nativeCode(hooks: NativeCodeHooks): NativeCode {
  const { context, image } = hooks;
  const { board, give } = context;
  const blocks = new Map<number, Block>();
  let nextAddress = FIRST_BLOCK;
  let mark = Buffer.alloc(0);
  let processor: Processor | undefined;
  const imageRegion = image && memoryRegion("code", IMAGE_ADDRESS, image, false);

  function regions(): MemoryRegion[] {
    const memory = hooks.sandbox().memory();
    const { flash, profile } = board;
    // External flash behind SPI isn't in the processor's memory.
    const mapped = profile.flash.executeInPlace ? flash.geometry.regions : [];
    return [
      ...(imageRegion ? [imageRegion] : []),
      ...[...blocks.values()].map(({ address, place, length }) =>
        memoryRegion("RAM", address, memory.subarray(place, place + length), true),
      ),
      ...mapped.map(({ name, address, bytes }) => memoryRegion(name, address, flash.mapped(address, bytes), false)),
    ];
  }

  return {
    counters: () => processor?.counters,
    natives: {
      /** Gives the mark that the script writes into a buffer, every bit of it inverted, so that the mark itself is no match. */
      blockMark: () => {
        const bytes = randomBytes(MARK_BYTES);
        mark = Buffer.from(bytes.map((byte) => byte ^ 0xff));
        return give(bytes);
      },
      /** The address of the buffer that the mark is in now, of so many bytes; 0 when there isn't so much memory in one piece. */
      blockAddress: (length) => {
        const bytes = Number(length);
        // The buffer itself is counted already.
        if (hooks.freeBytes() <= 0) return 0;
        const memory = hooks.sandbox().memory();
        const place = Buffer.from(memory.buffer, memory.byteOffset, memory.length).indexOf(mark);
        if (place < 0) throw new Error("a script's buffer isn't in its memory");
        const address = nextAddress;
        nextAddress += (bytes + 31) & ~15;
        blocks.set(address, { address, length: bytes, place });
        return address;
      },
      blockForget: (address) => void blocks.delete(Number(address)),
      imageAddress: () => (imageRegion ? IMAGE_ADDRESS : 0),
      /** Whether the image's machine code is executed where it lies, as it would be in this board's flash. */
      imageInPlace: () => board.profile.flash.executeInPlace,
      imageRead: (address, length) => {
        const start = Number(address) - IMAGE_ADDRESS;
        if (!image || start < 0 || start + Number(length) > image.length) return -1;
        return give(image.subarray(start, start + Number(length)));
      },
      nativeCall: (address, ...args) => {
        processor ??= new Processor({
          stackBytes: board.profile.memory.stackBytes,
          regions,
          passed: hooks.passed,
        });
        return processor.call(Number(address), args.map(Number));
      },
    },
  };
}

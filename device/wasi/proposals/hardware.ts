/**
 * What the hardware proposals' imports have in common: names that are granted, handles, and values as the Component
 * Model's canonical ABI lays them out in memory. What breaks the ABI traps: a handle that isn't there, memory that isn't.
 */
import type { Guest } from "../guest.js";
import { checkRange, load, store } from "../memory.js";

/** A peripheral that the guest may open by its name. */
export interface HardwareGrant {
  /** As below `/dev`, without an address: `i2c/sensors`, `spi/display`, `gpio/led`. */
  readonly path: string;
  /** `READS`, `WRITES` or both. */
  readonly access: number;
  /** The 7-bit addresses that may be talked to, on an I2C bus. */
  readonly addresses?: readonly number[];
  /** The resistor on an input. */
  readonly pull?: string;
  /** Opens what `hal/contract` has for it. */
  open(): unknown;
}

export const READS = 1;
export const WRITES = 2;

/** What a guest has of it; the engine's bundle makes one. */
export interface Hardware {
  readonly granted: readonly HardwareGrant[];
  /** What the guest holds, by its handle; holes are undefined, and 0 is no handle. */
  readonly handles: (Held | undefined)[];
  /** The guest's own `cabi_realloc`. */
  allocate(old: number, oldSize: number, align: number, size: number): number;
}

/** Something that a guest holds a handle of. */
export interface Held {
  readonly kind: string;
  readonly grant?: HardwareGrant;
  /** What `HardwareGrant.open` gave. */
  readonly opened?: unknown;
  /** Whether a pin is active when it is low. */
  readonly inverted?: boolean;
  /** Of something to wait for: whether it has come. */
  ready?(): boolean;
  /** Calls `tell` once it may have come; returns how to give that up. */
  wait?(tell: () => void): () => void;
  /** Ends what goes on behind it. */
  drop?(): void;
}

/** Ends the guest, as a trap in its own code does. */
export function trap(reason: string): never {
  throw new Error("trap: " + reason);
}

/** @returns what a handle stands for; traps when it is no handle of that kind */
export function held(guest: Guest, handle: number, kind: string): Held {
  const found = guest.hardware!.handles[handle];
  return found && found.kind === kind ? found : trap("unknown handle index " + handle);
}

/** @returns a handle, from 1 on */
export function hold(guest: Guest, thing: Held): number {
  const handles = guest.hardware!.handles;
  let handle = 1;
  while (handles[handle]) handle++;
  handles[handle] = thing;
  return handle;
}

/** `[resource-drop]`: gives a handle of whatever kind back. */
export function dropHandle(guest: Guest, handle: number): void {
  const handles = guest.hardware!.handles;
  const found = handles[handle];
  if (!found) trap("unknown handle index " + handle);
  handles[handle] = undefined;
  if (found!.drop) found!.drop();
}

/** Gives all handles back, when the guest has ended. */
export function dropHandles(guest: Guest): void {
  const handles = guest.hardware!.handles;
  for (let handle = 1; handle < handles.length; handle++) if (handles[handle]) dropHandle(guest, handle);
}

/** @returns what is granted by that name, if it is */
export function grantOf(guest: Guest, kind: string, pointer: number, length: number): HardwareGrant | undefined {
  const granted = guest.hardware!.granted;
  const path = kind + "/" + textAt(guest, pointer, length);
  for (let i = 0; i < granted.length; i++) if (granted[i].path === path) return granted[i];
}

function textAt(guest: Guest, pointer: number, length: number): string {
  const bytes = bytesAt(guest, pointer, length);
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i]);
  return text;
}

/** @returns a `list<u8>`, lifted */
export function bytesAt(guest: Guest, pointer: number, length: number): Uint8Array {
  if (checkRange(guest, pointer, length)) trap("out of bounds memory access");
  return new Uint8Array(guest.memory.subarray(pointer >>> 0, (pointer >>> 0) + length));
}

/** @returns int32 words */
export function wordsAt(guest: Guest, pointer: number, count: number): Int32Array {
  if (checkRange(guest, pointer, 4 * count)) trap("out of bounds memory access");
  return load(guest, pointer >>> 0, count);
}

/** Stores words where a result is wanted. */
export function answer(guest: Guest, pointer: number, words: readonly number[]): void {
  if (store(guest, pointer >>> 0, words)) trap("out of bounds memory access");
}

/** @returns where `size` bytes of the guest's memory are free for a result */
export function allocate(guest: Guest, align: number, size: number): number {
  const pointer = size ? guest.hardware!.allocate(0, 0, align, size) : align;
  if (!pointer || checkRange(guest, pointer, size) || pointer & (align - 1)) trap("cabi_realloc gave no memory");
  return pointer;
}

/** @returns a `list<u8>`, lowered: where it is, and its length */
export function lowerBytes(guest: Guest, bytes: ArrayLike<number>): number[] {
  const pointer = allocate(guest, 1, bytes.length);
  for (let i = 0; i < bytes.length; i++) guest.memory[pointer + i] = bytes[i];
  return [pointer, bytes.length];
}

/** @returns the length of a read, an u64; what no memory holds is given up before it is read */
export function lengthOf(guest: Guest, low: number, high: number): number {
  return high || checkRange(guest, 0, low) ? trap("out of bounds memory access") : low;
}

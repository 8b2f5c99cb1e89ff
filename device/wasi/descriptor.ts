/** How descriptors go, and what stands for the calls that none of them allows. */
import type { Guest } from "./guest.js";
import { check, find, opened } from "./target.js";

/** A right that nobody has: preview 1 defines bits 0 to 29. */
const NOBODY = 31;

/**
 * Stands for calls on files and directories where none is granted, so that those needn't be shipped.
 * @returns errno: `badf` when it isn't open, else `notcapable`
 */
export function refuse(guest: Guest, fd: number): number {
  return check(guest, fd, NOBODY);
}

/**
 * Closes one.
 * @returns errno: `badf`, or what writing out the last of a file answered; it is closed all the same
 */
export function closeDescriptor(guest: Guest, fd: number): number {
  const missing = find(guest, fd);
  if (missing) return missing;
  guest.descriptors[fd] = undefined;
  return opened.close ? -(opened.close() || 0) : 0;
}

/** Closes everything, for when the guest has ended however it did: buffers are written out, watches end. */
export function closeDescriptors(guest: Guest): void {
  guest.descriptors.forEach(function (_descriptor, fd) {
    closeDescriptor(guest, fd);
  });
}

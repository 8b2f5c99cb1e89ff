/** What each call on a file descriptor does first, and how descriptors come and go. */
import { BADF, MFILE, NOTCAPABLE } from "./errno.js";
import type { Descriptor, Guest } from "./guest.js";

/** Descriptors that a guest may have open at once; memory is short, and a leak should be told. */
const MOST = 64;
/** Below are the standard streams: a program that closed one doesn't get a file in its place. */
const FIRST = 3;

/**
 * Whether a descriptor may be used.
 * @param rights all of them are needed
 * @returns errno: success, `badf` when it isn't open, `notcapable`
 */
export function check(descriptor: Descriptor | undefined, rights: number): number {
  return !descriptor ? BADF : rights & ~descriptor.rights ? NOTCAPABLE : 0;
}

/**
 * Stands for calls on files and directories where none is granted, so that those needn't be shipped.
 * @returns errno: `badf` when it isn't open, else `notcapable`
 */
export function refuse(guest: Guest, fd: number): number {
  return check(guest.descriptors[fd], -1);
}

/** @returns the lowest free number from 3 on, or negated `mfile` */
export function freeDescriptor(guest: Guest): number {
  for (let fd = FIRST; fd < MOST; fd++) if (!guest.descriptors[fd]) return fd;
  return -MFILE;
}

/**
 * Closes one.
 * @returns errno: `badf`, or what writing out the last of a file answered; it is closed all the same
 */
export function closeDescriptor(guest: Guest, fd: number): number {
  const descriptor = guest.descriptors[fd];
  if (!descriptor) return BADF;
  guest.descriptors[fd] = undefined;
  return descriptor.close ? -descriptor.close() : 0;
}

/** Closes everything, for when the guest has ended however it did: buffers are written out, watches end. */
export function closeDescriptors(guest: Guest): void {
  for (let fd = 0; fd < guest.descriptors.length; fd++) closeDescriptor(guest, fd);
}

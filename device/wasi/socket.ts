/** Sockets: a board has none, so no descriptor is one. */
import { BADF, NOTSOCK } from "./errno.js";
import type { Guest } from "./guest.js";

function refuse(guest: Guest, fd: number): number {
  return guest.descriptors[fd] ? NOTSOCK : BADF;
}

/** `sock_accept`: `notsock` or `badf`. */
export function sock_accept(guest: Guest, fd: number): number {
  return refuse(guest, fd);
}

/** `sock_recv`: `notsock` or `badf`. */
export function sock_recv(guest: Guest, fd: number): number {
  return refuse(guest, fd);
}

/** `sock_send`: `notsock` or `badf`. */
export function sock_send(guest: Guest, fd: number): number {
  return refuse(guest, fd);
}

/** `sock_shutdown`: `notsock` or `badf`. */
export function sock_shutdown(guest: Guest, fd: number): number {
  return refuse(guest, fd);
}

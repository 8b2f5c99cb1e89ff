/** Parameters and results of calls as text, one byte a char. Nothing is assumed of what the guest passed. */
import type { Guest } from "../guest.js";
import { checkRange, load } from "../memory.js";
import { number64 } from "../numbers.js";
import { CLOCKID, EVENTTYPE, FDFLAGS, FILETYPE, RIGHTS } from "./names.js";

/** Chars of data that are shown, as strace has it. */
const SHOWN = 32;
/** Entries of a list that are shown. */
const LISTED = 16;

const LOOKUPFLAGS = "symlink_follow";
const OFLAGS = "creat directory excl trunc";
const FSTFLAGS = "atim atim_now mtim mtim_now";
const RIFLAGS = "recv_peek recv_waitall";
const SDFLAGS = "rd wr";
const WHENCE = "set cur end";
const ADVICE = "normal sequential random willneed dontneed noreuse";

/** @returns the name of a value, or the number where it has none */
export function nameOf(value: number, names: string): string {
  return names.split(" ")[value >>> 0] || "" + value;
}

/** @returns the names of the bits that are set, joined by `|`; bits without a name in hexadecimal */
export function setOf(bits: number, names: string): string {
  const list = names.split(" ");
  const found: string[] = [];
  for (let i = 0; i < list.length; i++)
    if (bits & (1 << i)) {
      found.push(list[i]);
      bits &= ~(1 << i);
    }
  if (bits) found.push(hexadecimal(bits));
  return found.join("|") || "0";
}

/** Rights come many at a time: of more than half of all, those that are missing are told, as strace has it for signals. */
function rightsOf(bits: number): string {
  const all = (1 << RIGHTS.split(" ").length) - 1;
  const names = setOf(bits, RIGHTS);
  const missing = setOf(all & ~bits, RIGHTS);
  return bits & ~all || names.length < missing.length ? names : missing === "0" ? "all" : "~(" + missing + ")";
}

function hexadecimal(word: number): string {
  return "0x" + (word >>> 0).toString(16);
}

/** Numbers that a double can't hold are shown in hexadecimal. */
function wide(low: number, high: number, signed: boolean): string {
  const value = number64(low, signed ? high : high >>> 0);
  return Math.abs(value) < 9007199254740992
    ? "" + value
    : hexadecimal(high) + ("0000000" + (low >>> 0).toString(16)).slice(-8);
}

/** Quotes text; chars from 128 on stay as they are in names, and are escaped in data. */
export function quote(text: string, isName: boolean): string {
  let quoted = '"';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    quoted +=
      code === 10
        ? "\\n"
        : code === 13
          ? "\\r"
          : code === 9
            ? "\\t"
            : code === 34 || code === 92
              ? "\\" + text.charAt(i)
              : code < 32 || code === 127 || (code > 127 && !isName)
                ? "\\x" + ("0" + code.toString(16)).slice(-2)
                : text.charAt(i);
  }
  return quoted + '"';
}

function bytes(guest: Guest, pointer: number, length: number, isName: boolean): string {
  if (checkRange(guest, pointer, length)) return hexadecimal(pointer) + ".." + (length >>> 0);
  const shown = isName ? length : Math.min(length, SHOWN);
  let text = "";
  for (let i = 0; i < shown; i++) text += String.fromCharCode(guest.memory[(pointer >>> 0) + i]);
  return quote(text, isName) + (shown < length ? "..." : "");
}

function words(guest: Guest, pointer: number, count: number): Int32Array | undefined {
  return checkRange(guest, pointer, 4 * count) ? undefined : load(guest, pointer, count);
}

/** What `iovs` point to: the data, cut at `total` bytes; or only how long they are. */
function vectors(guest: Guest, pointer: number, count: number, total: number): string {
  const found: string[] = [];
  const listed = Math.min(count >>> 0, LISTED);
  const pairs = words(guest, pointer, 2 * listed);
  if (!pairs || count < 0) return hexadecimal(pointer) + "[" + (count >>> 0) + "]";
  for (let i = 0; i < 2 * listed && total !== 0; i += 2) {
    const length = total < 0 ? pairs[i + 1] : Math.min(pairs[i + 1] >>> 0, total);
    if (total < 0) found.push("" + (length >>> 0));
    else {
      found.push(bytes(guest, pairs[i], length, false));
      total -= length;
    }
  }
  if (listed < count) found.push("...");
  return "[" + found.join(", ") + "]";
}

function list(texts: readonly string[]): string {
  const found: string[] = [];
  for (let i = 0; i < texts.length; i++) found.push(quote(texts[i], true));
  return "[" + found.join(", ") + "]";
}

function subscriptions(guest: Guest, pointer: number, count: number): string {
  const found: string[] = [];
  for (let i = 0; i < Math.min(count >>> 0, LISTED); i++) {
    const fields = words(guest, pointer + 48 * i, 12);
    if (!fields) return hexadecimal(pointer) + "[" + (count >>> 0) + "]";
    const type = fields[2] & 255;
    found.push(
      nameOf(type, EVENTTYPE) +
        "(" +
        (type
          ? fields[4]
          : nameOf(fields[4], CLOCKID) +
            ", " +
            (fields[10] & 1 ? "abstime " : "") +
            wide(fields[6], fields[7], false) +
            "ns") +
        ")",
    );
  }
  return "[" + found.join(", ") + (count > LISTED ? ", ..." : "") + "]";
}

/** @param result where the number of events is */
function events(guest: Guest, pointer: number, result: number, errorName: (errno: number) => string): string {
  const count = words(guest, result, 1);
  const found: string[] = [];
  for (let i = 0; count && i < Math.min(count[0], LISTED); i++) {
    const fields = words(guest, pointer + 32 * i, 8);
    if (!fields) break;
    const errno = fields[2] & 65535;
    const type = (fields[2] >> 16) & 255;
    found.push(
      nameOf(type, EVENTTYPE) + (errno ? " " + errorName(errno) : type === 1 ? " " + (fields[4] >>> 0) + " B" : ""),
    );
  }
  return "[" + found.join(", ") + "]";
}

/** @returns how many words a kind takes of the call's parameters */
export function widthOf(kind: string, isResult: boolean): number {
  return kind === "events"
    ? 0
    : kind === "poll"
      ? 4
      : /^(path|text|data|buffers?|args|environ|rights|[su]64)$/.test(kind) && !(isResult && kind === "u64")
        ? 2
        : 1;
}

function argument(guest: Guest, kind: string, given: readonly number[], at: number): string {
  const value = given[at];
  switch (kind) {
    case "s64":
    case "u64":
      return wide(value, given[at + 1], kind === "s64");
    case "size":
      return "" + (value >>> 0);
    case "path":
      return bytes(guest, value, given[at + 1], true);
    case "data":
      return vectors(guest, value, given[at + 1], Infinity);
    case "buffers":
      return vectors(guest, value, given[at + 1], -1);
    case "buffer":
      return hexadecimal(value) + ".." + (given[at + 1] >>> 0);
    case "poll":
      return subscriptions(guest, value, given[at + 2]);
    case "rights":
      return rightsOf(value);
    case "clockid":
      return nameOf(value, CLOCKID);
    case "whence":
      return nameOf(value, WHENCE);
    case "advice":
      return nameOf(value, ADVICE);
    case "fdflags":
      return setOf(value, FDFLAGS);
    case "oflags":
      return setOf(value, OFLAGS);
    case "fstflags":
      return setOf(value, FSTFLAGS);
    case "lookupflags":
      return setOf(value, LOOKUPFLAGS);
    case "riflags":
      return setOf(value, RIFLAGS);
    case "sdflags":
      return setOf(value, SDFLAGS);
    default:
      return "" + value;
  }
}

/** @returns what the call stored where its parameter points to */
function result(
  guest: Guest,
  kind: string,
  given: readonly number[],
  at: number,
  errorName: (errno: number) => string,
): string {
  const pointer = given[at];
  if (kind === "args") return list(guest.args);
  if (kind === "environ") return list(guest.environ);
  if (kind === "text") return bytes(guest, pointer, given[at + 1], true);
  if (kind === "events") return events(guest, given[1], given[3], errorName);
  const stored = words(guest, pointer, kind === "filestat" ? 16 : kind === "fdstat" ? 6 : kind === "u64" ? 2 : 1);
  if (!stored) return hexadecimal(pointer);
  switch (kind) {
    case "u64":
      return wide(stored[0], stored[1], false);
    case "read":
      return vectors(guest, given[1], given[2], stored[0] >>> 0);
    case "prestat":
      return "dir";
    case "fdstat":
      return (
        "{" +
        nameOf(stored[0] & 255, FILETYPE) +
        ", flags=" +
        setOf(stored[0] >>> 16, FDFLAGS) +
        ", base=" +
        rightsOf(stored[2]) +
        ", inheriting=" +
        rightsOf(stored[4]) +
        "}"
      );
    case "filestat":
      return (
        "{" +
        nameOf(stored[4] & 255, FILETYPE) +
        ", ino=" +
        wide(stored[2], stored[3], false) +
        ", size=" +
        wide(stored[8], stored[9], false) +
        ", mtim=" +
        wide(stored[12], stored[13], false) +
        "}"
      );
    default:
      return "" + (stored[0] >>> 0);
  }
}

/**
 * Shows what a signature's parameters hold.
 * @param signature of `signatures.ts`
 * @param wanted true for what the call answers, false for what it is given
 */
export function formatParameters(
  guest: Guest,
  signature: string,
  given: readonly number[],
  wanted: boolean,
  errorName: (errno: number) => string,
): string {
  const parameters = signature ? signature.split(" ") : [];
  const found: string[] = [];
  let at = 0;
  for (let i = 0; i < parameters.length; i++) {
    const isResult = parameters[i].charAt(0) === ">";
    const parts = parameters[i].substr(isResult ? 1 : 0).split(":");
    if (isResult === wanted)
      found.push(
        parts[0] +
          "=" +
          (wanted ? result(guest, parts[1], given, at, errorName) : argument(guest, parts[1], given, at)),
      );
    at += widthOf(parts[1], isResult);
  }
  return found.join(", ");
}

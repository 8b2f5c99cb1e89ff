import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type BoardProfile, generic } from "../../../hal/boards/index.js";

/** What was typed and what came back, of a new interpreter with an empty Storage. One char a byte. */
export interface Transcript {
  readonly name: string;
  readonly steps: readonly TranscriptStep[];
  /** CRC-32 of the whole flash at the end, where the transcript is about what is in it. */
  readonly flashCrc32?: number;
}

/** Something that is typed at the real interpreter, and its answer; one char a byte. */
export interface TranscriptStep {
  /** Bytes that arrive at once. */
  readonly type: string;
  /** Everything until the interpreter is silent. */
  readonly answer: string;
}

/** The transcripts in the folder `transcripts`, recorded with the real interpreter. */
export function readTranscripts(folder: string): { file: string; transcript: Transcript }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => join(folder, name))
    .map((file) => ({ file, transcript: JSON.parse(readFileSync(file, "utf8")) as Transcript }));
}

/** A board like Espruino's build for Linux, as far as transcripts can tell. */
export const linuxLike: BoardProfile = {
  ...generic,
  espruinoBoard: "LINUX",
  flash: {
    ...generic.flash,
    blockBytes: 1024,
    storage: { address: 0x10000000, bytes: 256 << 10 },
    free: [],
    reportsStorageAsFree: true,
  },
};

/** Without what depends on the build: its number, and the terminal set-up that Linux leaves out. */
export function comparable(answer: string): string {
  return answer.replace(/2v29\.\d+/g, "2v29").replaceAll("\x1b[?7l", "");
}

/**
 * Native code did what a processor can't: on a board that is a hard fault, and silence. Stops the simulation, since
 * no script could handle it.
 */
export class ProcessorFault extends Error {
  constructor(
    /** Where the instruction lies, for a person: `0x101c0120 (storage + 0x120)`. */
    readonly where: string,
    readonly what: string,
  ) {
    super(`the processor stopped at ${where}: ${what}`);
    this.name = "ProcessorFault";
  }
}

/** 32 bits as `0x` and 8 digits. */
export function hexadecimal(value: number): string {
  return `0x${(value >>> 0).toString(16).padStart(8, "0")}`;
}

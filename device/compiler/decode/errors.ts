/** A module that can't be compiled: malformed, invalid, or beyond what the engines support. */
export class ModuleError extends Error {
  override readonly name = "ModuleError";
  /**
   * @param reason what is wrong, in the specification's words
   * @param offset bytes from the start of the module, where known
   */
  constructor(
    readonly reason: string,
    readonly offset?: number,
  ) {
    super(offset === undefined ? reason : `${reason} (at offset 0x${offset.toString(16)} of the module)`);
  }
}

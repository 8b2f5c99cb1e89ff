import type { Reader } from "./reader.js";

/**
 * Function names from the name section (core specification, appendix 7.4), which may be damaged without the module
 * being invalid: whatever can't be read is left out.
 */
export function readNames(reader: Reader): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  try {
    while (!reader.atEnd) {
      const subsection = reader.byte();
      const length = reader.u32();
      if (subsection === 1) {
        reader.vector(() => {
          const index = reader.u32();
          names.set(index, reader.name());
        });
      } else {
        reader.bytes(length);
      }
    }
  } catch {
    // A custom section never makes a module invalid (section 2.5): the names read so far are good.
  }
  return names;
}

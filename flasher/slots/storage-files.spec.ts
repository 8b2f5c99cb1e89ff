import { crc32 } from "../session/crc32.js";
import { decodeSlot, FOOTER_BYTES } from "./layout.js";
import { storageFiles } from "./storage-files.js";

test("the slot is what the loader takes for a whole program that hasn't proved itself", () => {
  const source = new TextEncoder().encode("print('it runs')");
  const [slot, loader] = storageFiles({ name: "test", source });
  const footer = Buffer.from(slot.bytes.subarray(slot.bytes.length - FOOTER_BYTES)).toString("latin1");
  const state = decodeSlot("a", slot.bytes.length, footer, (bytes) => crc32(slot.bytes.subarray(0, bytes)));
  expect(slot.name).toBe("ristretto-a");
  expect(state).toMatchObject({ intact: true, confirmed: false, rejected: false, boots: 0 });
  expect(state.trailer).toEqual({ sequence: 1, bytes: source.length, crc: crc32(source), name: "test" });
  expect(loader.name).toBe(".bootcde");
});

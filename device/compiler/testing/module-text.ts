import wabt from "wabt";

/** A module in the folded text format, for a person to read. */
export async function moduleText(bytes: Uint8Array): Promise<string> {
  const toolkit = await wabt();
  const module = toolkit.readWasm(bytes, { readDebugNames: true });
  try {
    return module.toText({ foldExprs: true, inlineExport: true });
  } finally {
    module.destroy();
  }
}

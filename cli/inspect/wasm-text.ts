import wabt from "wabt";

/**
 * Each function's body in the text format, one instruction a line, in the order of the module's own functions.
 * @param wasm a valid module
 */
export async function functionTexts(wasm: Uint8Array): Promise<string[][]> {
  const toolkit = await wabt();
  const module = toolkit.readWasm(wasm, { readDebugNames: true });
  try {
    const lines = module.toText({ foldExprs: false, inlineExport: false }).split("\n");
    const texts: string[][] = [];
    let current: string[] | undefined;
    for (const line of lines) {
      // Functions stand two columns in, what is in them further.
      if (line.startsWith("  (") || line === ")") current = undefined;
      if (line.startsWith("  (func ")) texts.push((current = []));
      current?.push(line.slice(2).replace(/\)+$/, (closing) => (isBalanced(line) ? closing : closing.slice(1))));
    }
    return texts;
  } finally {
    module.destroy();
  }
}

function isBalanced(line: string): boolean {
  return line.split("(").length === line.split(")").length;
}

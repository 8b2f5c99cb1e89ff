import { LineCounter, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Node } from "yaml";

/** Counted from 1. */
export interface JsonPosition {
  readonly line: number;
  readonly column: number;
}

/**
 * `JSON.parse` that tells where it failed, and refuses a key that is given twice in one object.
 * @param fail must throw
 */
export function parseJson(text: string, fail: (position: JsonPosition, message: string) => never): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = (error as Error).message;
    // V8 says "… in JSON at position 12", and "Unexpected end of JSON input" without a position.
    const offset = /at position (\d+)/.exec(message)?.[1];
    const what = message.replace(/,? in JSON.*| in "?.*is not valid JSON|"[^]*" is not valid JSON| \(line.*/, "");
    return fail(positionOf(text, offset === undefined ? text.length : Number(offset)), `is not JSON: ${what}`);
  }
  const lines = new LineCounter();
  for (const error of parseDocument(text, { lineCounter: lines }).errors) {
    if (error.code !== "DUPLICATE_KEY") continue;
    const { line, col } = lines.linePos(error.pos[0]);
    return fail({ line, column: col }, "the same name is given twice in one object");
  }
  return value;
}

/**
 * Where a value is written, or, if it is missing, the innermost object around it.
 * JSON is read as the subset of YAML that it is, since that parser keeps positions.
 */
export function locate(text: string, path: readonly PropertyKey[]): JsonPosition {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false });
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair: { key: unknown; value: unknown } | undefined = node.items.find(
        (item) => isScalar(item.key) && item.key.value === String(part),
      );
      if (!pair) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else if (isSeq(node)) {
      node = (node.items[Number(part)] as Node | undefined) ?? null;
      offset = node?.range?.[0] ?? offset;
    } else break;
  }
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function positionOf(text: string, offset: number): JsonPosition {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: before[before.length - 1].length + 1 };
}

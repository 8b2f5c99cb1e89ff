import type { Node } from "acorn";

/** A piece of a text, and what comes in its place. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Makes edits; those within a piece that another one replaces fall away with it. */
export function edited(code: string, edits: readonly Edit[]): string {
  const inOrder = [...edits].sort((a, b) => a.start - b.start || b.end - a.end);
  let text = "";
  let done = 0;
  for (const { start, end, text: inserted } of inOrder) {
    if (start < done) continue;
    text += code.slice(done, start) + inserted;
    done = end;
  }
  return text + code.slice(done);
}

/** Edits that take elements out of a list with commas between them. */
export function withoutThose<Element extends Node>(
  list: readonly Element[],
  drop: (element: Element) => boolean,
): Edit[] {
  const last = list.findLastIndex((element) => !drop(element));
  return list.flatMap((element, index) => {
    if (!drop(element)) return [];
    if (index < last) return [{ start: element.start, end: list[index + 1].start, text: "" }];
    return [{ start: index === 0 ? element.start : list[index - 1].end, end: element.end, text: "" }];
  });
}

/**
 * Whether a line can run: 0 or less brackets are open (`jsiCountBracketsInInput`).
 * An unfinished string runs, so that it can be told of; an unfinished comment or template waits for more.
 */
export function openBrackets(source: string): number {
  let open = 0;
  let previous = "";
  for (let i = 0; i < source.length;) {
    const char = source[i];
    if (source.startsWith("//", i)) {
      const end = source.indexOf("\n", i);
      if (end < 0) break;
      i = end;
    } else if (source.startsWith("/*", i)) {
      const end = source.indexOf("*/", i + 2);
      if (end < 0) return 1000;
      i = end + 2;
    } else if (char === "`") {
      const end = closing(source, i);
      if (end < 0) return 1000;
      i = end + 1;
      previous = "`";
    } else if (char === '"' || char === "'") {
      const end = closing(source, i);
      const lineEnd = source.indexOf("\n", i);
      if (end < 0 || (lineEnd >= 0 && lineEnd < end)) return 0;
      i = end + 1;
      previous = char;
    } else if (char === "/" && startsRegularExpression(previous)) {
      const end = closing(source, i);
      if (end < 0) return open;
      i = end + 1;
      previous = "/";
    } else {
      if ("{[(".includes(char)) open++;
      if ("}])".includes(char)) open--;
      if (open < 0) return open;
      if (!/\s/.test(char)) previous = /[\w$]/.test(char) && /[\w$]/.test(source[i - 1] ?? "") ? previous + char : char;
      i++;
    }
  }
  return open;
}

/** Where the quote at `start` closes; -1 if it doesn't. */
function closing(source: string, start: number): number {
  for (let i = start + 1; i < source.length; i++) {
    if (source[i] === "\\") i++;
    else if (source[i] === source[start]) return i;
  }
  return -1;
}

/** After a value a slash divides. */
function startsRegularExpression(previous: string): boolean {
  return !/[\w$)\]}"'`/]$/.test(previous) || /^(?:return|typeof|case|in|delete|void)$/.test(previous);
}

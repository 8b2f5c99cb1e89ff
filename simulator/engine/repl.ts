/**
 * A line of the prompt as QuickJS must see it to answer as Espruino does: a name may be declared again, a declaration
 * shows its value, a loop shows `undefined`. It looks at a line's last statement only.
 */
export function replSource(line: string): string {
  const source = line.replace(/^(\s*)(?:let|const)\s/, "$1var ").replace(/^(\s*)class\s+([\w$]+)/, "$1$2=class $2");
  const declared = declaredName(source);
  if (declared !== undefined) return `${source}\n;${declared}`;
  return /^\s*(?:for|while|do)\b/.test(source) ? `${source}\n;undefined` : source;
}

/** What the last statement of a line declares last, with a value. */
function declaredName(source: string): string | undefined {
  const last = flatten(source.trim().replace(/;$/, "")).split(";").at(-1)!.trim();
  const named = /(?:^|\u0003\s*)function\s+([\w$]+)\s*\u0001\s*\u0003$/.exec(last);
  if (named) return named[1];
  const list = /^var\s+([^]*)$/.exec(last)?.[1];
  return /^\s*([\w$]+)\s*=(?!=)/.exec(list?.split(",").at(-1) ?? "")?.[1];
}

/** The text with strings empty, and a control character in place of each pair of brackets and what is in it. */
function flatten(source: string): string {
  let text = source.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g, '""');
  for (let before = ""; before !== text;) {
    before = text;
    text = text
      .replace(/\([^()[\]{}]*\)/g, "\u0001")
      .replace(/\[[^()[\]{}]*\]/g, "\u0002")
      .replace(/\{[^()[\]{}]*\}/g, "\u0003");
  }
  return text;
}

/**
 * A line of the prompt as QuickJS must see it to answer as Espruino does: a name may be declared again, a declaration
 * shows its value, a loop shows `undefined`. Only whole lines that are one statement are told apart.
 */
export function replSource(line: string): string {
  const source = line.replace(/^(\s*)(?:let|const)\s/, "$1var ").replace(/^(\s*)class\s+([\w$]+)/, "$1$2=class $2");
  const declared = declaredName(source);
  if (declared !== undefined) return `${source}\n;${declared}`;
  return /^\s*(?:for|while|do)\b/.test(source) ? `${source}\n;undefined` : source;
}

/** What the only statement of a line declares last, with a value. */
function declaredName(source: string): string | undefined {
  const flat = flatten(source.trim());
  const named = /^function\s+([\w$]+)\s*\u0001\s*\u0003$/.exec(flat);
  if (named) return named[1];
  const list = /^var\s+([^;]*);?$/.exec(flat)?.[1];
  const last = list?.split(",").at(-1) ?? "";
  return /^\s*([\w$]+)\s*=(?!=)/.exec(last)?.[1];
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

/** JSON as Espruino's packets take it: names may go without quotes, strings may have single ones. */
export type LiberalObject = Readonly<Record<string, string | number | boolean | null>>;

const TOKEN = /\s*(?:([{}:,])|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(-?\d+(?:\.\d+)?)|([A-Za-z_$][\w$]*))\s*/y;

/** A flat object; undefined for anything else. */
export function parseLiberalObject(text: string): LiberalObject | undefined {
  const result: Record<string, string | number | boolean | null> = {};
  TOKEN.lastIndex = 0;
  const next = () => {
    const match = TOKEN.exec(text);
    if (!match) return undefined;
    const [, punctuation, quoted, number, word] = match;
    return { punctuation, quoted, number, word };
  };
  if (next()?.punctuation !== "{") return undefined;
  for (let first = true; ; first = false) {
    let token = next();
    if (token?.punctuation === "}" && first) break;
    if (!first) {
      if (token?.punctuation === "}") break;
      if (token?.punctuation !== ",") return undefined;
      token = next();
    }
    const name = token?.word ?? token?.number ?? (token?.quoted && unquote(token.quoted));
    if (name === undefined || next()?.punctuation !== ":") return undefined;
    const value = next();
    if (value?.quoted) result[name] = unquote(value.quoted);
    else if (value?.number) result[name] = Number(value.number);
    else if (value?.word === "true" || value?.word === "false") result[name] = value.word === "true";
    else if (value?.word === "null") result[name] = null;
    else return undefined;
  }
  return text.slice(TOKEN.lastIndex).trim() === "" ? result : undefined;
}

function unquote(quoted: string): string {
  const names: Record<string, string> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", v: "\v" };
  return quoted.slice(1, -1).replace(/\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|([^]))/g, (_, byte, unit, char) => {
    if (byte ?? unit) return String.fromCharCode(parseInt(byte ?? unit, 16));
    return names[char] ?? char;
  });
}

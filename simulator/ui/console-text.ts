/** More lines than this aren't kept. */
const MOST_LINES = 1000;

/**
 * What a terminal would show of a console's bytes, as lines: carriage return, backspace, tab, erasing to the end of
 * the line and moving in it are followed; colours and the rest of ECMA-48 are left out. Bytes are UTF-8.
 */
export class ConsoleText {
  readonly #lines: string[] = [""];
  readonly #decoder = new TextDecoder();
  #column = 0;
  /** The escape sequence under way, from its ESC on. */
  #escape = "";

  get lines(): readonly string[] {
    return this.#lines;
  }

  write(bytes: Uint8Array): void {
    for (const char of this.#decoder.decode(bytes, { stream: true })) {
      if (this.#escape) this.#continueEscape(char);
      else this.#put(char);
    }
    if (this.#lines.length > MOST_LINES) this.#lines.splice(0, this.#lines.length - MOST_LINES);
  }

  #put(char: string): void {
    if (char === "\n") {
      this.#lines.push("");
      this.#column = 0;
    } else if (char === "\r") this.#column = 0;
    else if (char === "\b") this.#column = Math.max(0, this.#column - 1);
    else if (char === "\t") for (let i = 8 - (this.#column % 8); i > 0; i--) this.#put(" ");
    else if (char === "\x1b") this.#escape = char;
    else if (char >= " " && char !== "\x7f") {
      const line = this.#line.padEnd(this.#column);
      this.#line = line.slice(0, this.#column) + char + line.slice(this.#column + 1);
      this.#column++;
    }
  }

  #continueEscape(char: string): void {
    this.#escape += char;
    if (this.#escape === "\x1b[") return;
    if (this.#escape.startsWith("\x1b[") && (char < "@" || char > "~")) return;
    const amount = parseInt(this.#escape.slice(2), 10) || 0;
    if (this.#escape.startsWith("\x1b[")) {
      if (char === "K" && amount === 0) this.#line = this.#line.slice(0, this.#column);
      else if (char === "K" && amount === 2) this.#line = "";
      else if (char === "C") this.#column += amount || 1;
      else if (char === "D") this.#column = Math.max(0, this.#column - (amount || 1));
      else if (char === "G") this.#column = Math.max(0, (amount || 1) - 1);
      else if (char === "J" && amount === 0) this.#line = this.#line.slice(0, this.#column);
      else if (char === "J" && amount === 2) this.#lines.splice(0, Infinity, "");
    }
    this.#escape = "";
  }

  get #line(): string {
    return this.#lines[this.#lines.length - 1];
  }

  set #line(line: string) {
    this.#lines[this.#lines.length - 1] = line;
  }
}

/** What the line editor does to the terminal. */
export interface LineOutput {
  /** Sends text of one char a byte as it is. */
  send(text: string): void;
  /** Whether the line is visible: echo is on and nothing was printed over it. */
  shown(): boolean;
}

/**
 * The line being typed: its text, the cursor, and how both look on a VT100, after `jsinteractive.c`.
 * A line may have several lines of text, each but the first shown behind a `:`.
 */
export class InputLine {
  text = "";
  cursor = 0;
  readonly #output: LineOutput;

  constructor(output: LineOutput) {
    this.#output = output;
  }

  #send(text: string): void {
    this.#output.send(text);
  }

  #sendShown(text: string): void {
    if (this.#output.shown()) this.#output.send(text);
  }

  /** Shows `text` from a position on, new lines behind `:`. */
  sendFrom(from: number): void {
    this.#send(this.text.slice(from).replace(/\n/g, "\r\n:"));
  }

  /** Moves the terminal's cursor between two positions of the text. */
  moveTerminal(from: number, to: number): void {
    if (from === to) return;
    const start = lineAndColumn(this.text, from);
    const end = lineAndColumn(this.text, to);
    const [columns, lines] = [end.column - start.column, end.line - start.line];
    this.#send((columns > 0 ? "\x1b[C" : "\x1b[D").repeat(Math.abs(columns)));
    this.#send((lines > 0 ? "\x1b[B" : "\x1b[A").repeat(Math.abs(lines)));
  }

  clear(): void {
    this.text = "";
    this.cursor = 0;
  }

  /** Replaces what is typed, e.g. by a line of the history. */
  replace(text: string): void {
    if (this.#output.shown()) {
      this.moveTerminal(this.cursor, 0);
      this.#send("\x1b[J" + text.replace(/\n/g, "\r\n:"));
    }
    this.text = text;
    this.cursor = text.length;
  }

  insert(text: string): void {
    const atEnd = this.cursor >= this.text.length;
    this.text = this.text.slice(0, this.cursor) + text + this.text.slice(this.cursor);
    if (!atEnd && this.#output.shown()) this.#sendToLineEnd();
    this.cursor += text.length;
    this.#sendShown(text);
  }

  /** Shows the rest of this line and a space over what was deleted, and goes back. */
  #sendToLineEnd(): void {
    const rest = this.text.slice(this.cursor).split("\n")[0];
    this.#send(rest + " " + "\b".repeat(rest.length + 1));
  }

  delete(backwards: boolean): void {
    const at = backwards ? this.cursor - 1 : this.cursor;
    if (at < 0 || at >= this.text.length) return;
    const newLine = this.text[at] === "\n";
    if (newLine && this.#output.shown()) {
      this.#send("\x1b[J");
      if (backwards) {
        this.#send("\b ");
        this.moveTerminal(this.cursor, at);
      }
    }
    this.text = this.text.slice(0, at) + this.text.slice(at + 1);
    this.cursor = at;
    if (!this.#output.shown()) return;
    if (newLine) {
      this.sendFrom(this.cursor);
      this.moveTerminal(this.text.length, this.cursor);
    } else {
      if (backwards) this.#send("\b");
      this.#sendToLineEnd();
    }
  }

  /** A new line in the middle or at the end of the text, without running it. */
  breakLine(): void {
    const atEnd = this.#restIsBlank();
    if (atEnd) {
      this.#sendShown("\r\n:");
      this.text += "\n";
      this.cursor++;
      return;
    }
    this.#sendShown("\x1b[J");
    this.text = this.text.slice(0, this.cursor) + "\n" + this.text.slice(this.cursor);
    if (this.#output.shown()) {
      this.sendFrom(this.cursor);
      this.moveTerminal(this.text.length, this.cursor + 1);
    }
    this.cursor++;
  }

  get atEnd(): boolean {
    return this.#restIsBlank();
  }

  #restIsBlank(): boolean {
    return /^\s*$/.test(this.text.slice(this.cursor));
  }

  left(): void {
    if (this.cursor === 0 || this.text[this.cursor - 1] === "\n") return;
    this.cursor--;
    this.#sendShown("\x1b[D");
  }

  right(): void {
    if (this.cursor >= this.text.length || this.text[this.cursor] === "\n") return;
    this.cursor++;
    this.#sendShown("\x1b[C");
  }

  home(): void {
    while (this.cursor > 0 && this.text[this.cursor - 1] !== "\n") {
      this.cursor--;
      this.#sendShown("\b");
    }
  }

  end(): void {
    while (this.cursor < this.text.length && this.text[this.cursor] !== "\n") this.#sendShown(this.text[this.cursor++]);
  }

  /** Page up and down: to the beginning or the end of all lines. */
  page(down: boolean): void {
    const before = this.cursor;
    this.cursor = down ? this.text.length : 0;
    this.moveTerminal(before, this.cursor);
  }

  /** Up or down within the text. */
  vertical(direction: -1 | 1): void {
    const { line, column } = lineAndColumn(this.text, this.cursor);
    const lines = this.text.split("\n");
    const target = Math.min(lines.length, Math.max(1, line + direction));
    const before = this.cursor;
    const start = lines.slice(0, target - 1).reduce((sum, each) => sum + each.length + 1, 0);
    this.cursor = start + Math.min(column - 1, lines[target - 1].length);
    if (this.#output.shown()) this.moveTerminal(before, this.cursor);
  }
}

/** From 1. */
function lineAndColumn(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position);
  const lastBreak = before.lastIndexOf("\n");
  return { line: before.split("\n").length, column: position - lastBreak };
}

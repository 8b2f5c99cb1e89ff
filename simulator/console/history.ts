/** Lines that were run, the newest last, each once. */
export class History {
  readonly #lines: string[] = [];

  /** Lines of more than 500 characters aren't kept (`jsiHistoryAddLine`). */
  add(line: string): void {
    if (line.length === 0 || line.length > 500) return;
    const index = this.#lines.indexOf(line);
    if (index >= 0) this.#lines.splice(index, 1);
    this.#lines.push(line);
  }

  has(line: string): boolean {
    return this.#lines.includes(line);
  }

  /** The line before or after `line`; from a line that isn't in it only back, to the newest. */
  neighbour(line: string, previous: boolean): string | undefined {
    const index = this.#lines.indexOf(line);
    if (index < 0) return previous ? this.#lines.at(-1) : undefined;
    return this.#lines[index + (previous ? -1 : 1)];
  }

  clear(): void {
    this.#lines.length = 0;
  }
}

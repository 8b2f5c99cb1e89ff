import type { SimulatedBoard } from "../board/index.js";
import { type ConsolePort, type Espruino, StorageError, VERSION } from "../engine/index.js";
import { openBrackets } from "./brackets.js";
import { History } from "./history.js";
import { InputLine } from "./input-line.js";
import type { PacketDevice } from "./packet-device.js";
import { PacketReceiver } from "./packets.js";

/** Where the next byte belongs. */
type State = "none" | "dle" | "escape" | "escape-O" | "escape-[" | "escape-number";

/**
 * Espruino's prompt: bytes from a terminal in, bytes for it out, a state machine after `jsinteractive.c` of 2v29.
 *
 * One call of `type` is what one turn of the event loop finds in the receive buffer, so its bytes are echoed and
 * answered as there: the prompt returns once they have all been looked at.
 */
export class Prompt implements ConsolePort {
  readonly #line: InputLine;
  readonly #history = new History();
  readonly #packets: PacketReceiver;
  readonly #waiting: Uint8Array[] = [];
  /** Bytes for the terminal; set before anything is typed or printed. */
  output: (bytes: Uint8Array) => void = () => {};
  #espruino!: Espruino;
  #state: State = "none";
  #escapeNumber = 0;
  #echoOff = false;
  #echoOffForLine = false;
  /** Something was printed over the line, or nothing was shown yet. */
  #removed = false;
  #pendingText = "";
  #typing = false;

  constructor() {
    this.#line = new InputLine({ send: (text) => this.#send(text), shown: () => this.echoes && !this.#removed });
    this.#packets = new PacketReceiver(this.#packetDevice());
  }

  /** The interpreter behind the prompt; before its board is powered on. */
  attach(espruino: Espruino): void {
    this.#espruino = espruino;
  }

  get #board(): SimulatedBoard {
    return this.#espruino.board;
  }

  // Input

  /** What was typed. While a script runs, Ctrl-C ends it and the rest waits. */
  type(bytes: Uint8Array): void {
    if (this.#espruino.running || this.#typing) {
      if (bytes.includes(3) && !this.#packets.busy) this.#espruino.interrupt();
      this.#waiting.push(bytes);
      return;
    }
    this.#typing = true;
    for (const byte of bytes) this.#byte(byte);
    this.#typing = false;
    this.#espruino.settle();
  }

  #byte(byte: number): void {
    if (this.#packets.busy) this.#packets.byte(byte);
    else if (byte === 0) this.#state = "none";
    else if (byte === 1) {
      if (this.#state === "dle") this.#beginPacket();
    } else if (byte === 3) this.#clearLine();
    else if (byte === 5) {
      if (this.#line.text === "") this.#send(`Espruino ${VERSION} ${this.#board.profile.espruinoBoard}\r\n`);
    } else if (byte === 16) {
      if (this.#line.text === "") this.#echoOffForLine = true;
      this.#state = "dle";
    } else if (byte === 27) this.#state = "escape";
    else this.#character(byte);
  }

  #beginPacket(): void {
    this.#state = "none";
    // A DLE on an empty line turned echo off, but it was a packet's.
    if (this.#line.text === "") this.#echoOffForLine = false;
    this.#packets.begin();
  }

  /** Ctrl-C without a running script: what is typed goes. */
  #clearLine(): void {
    this.#state = "none";
    if (this.#line.text === "") return;
    this.#removeLine();
    this.#line.clear();
    this.#returnLine();
  }

  #character(byte: number): void {
    const state = this.#state;
    const char = String.fromCharCode(byte);
    this.#state = "none";
    if (state === "escape") {
      if (char === "O") this.#state = "escape-O";
      else if (char === "[") this.#state = "escape-[";
      else if (char === "\n") this.#newLine(false);
    } else if (state === "escape-O") this.#keypad(char);
    else if (state === "escape-[") this.#arrow(char);
    else if (state === "escape-number") this.#escapeDigit(char);
    else this.#plain(byte);
  }

  #keypad(char: string): void {
    const keys: Record<string, string> = { o: "/", j: "*", m: "-", k: "+", M: "\r" };
    if (char === "F") this.#line.end();
    else if (char === "H") this.#line.home();
    else if (keys[char]) this.#plain(keys[char].charCodeAt(0));
  }

  #arrow(char: string): void {
    const line = this.#line;
    if (char >= "0" && char <= "9") {
      this.#escapeNumber = Number(char);
      this.#state = "escape-number";
    } else if (char === "D") line.left();
    else if (char === "C") line.right();
    else if (char === "A" || char === "B") {
      const inHistory = line.text === "" || this.#history.has(line.text);
      if (inHistory && line.cursor === line.text.length) this.#recall(char === "A");
      else line.vertical(char === "A" ? -1 : 1);
    } else if (char === "F") line.end();
    else if (char === "H") line.home();
  }

  #escapeDigit(char: string): void {
    if (char >= "0" && char <= "9") {
      this.#escapeNumber = this.#escapeNumber * 10 + Number(char);
      this.#state = "escape-number";
    } else if (char === "H" && this.#escapeNumber === 2) {
      this.#removeLine();
      this.#line.clear();
    } else if (char === "~") {
      const keys: Record<number, () => void> = {
        1: () => this.#line.home(),
        3: () => this.#line.delete(false),
        4: () => this.#line.end(),
        5: () => this.#line.page(false),
        6: () => this.#line.page(true),
      };
      keys[this.#escapeNumber]?.();
    }
    // `d` sets a line's number for stack traces, which here come from QuickJS.
  }

  #plain(byte: number): void {
    if (byte === 8 || byte === 127) this.#line.delete(true);
    // A carriage return and a new line are two ends of a line, there as here.
    else if (byte === 13 || byte === 10) this.#newLine(true);
    else if (byte === 9) this.#line.insert("    ");
    else if (byte >= 32) this.#line.insert(String.fromCharCode(byte));
  }

  #recall(previous: boolean): void {
    const found = this.#history.neighbour(this.#line.text, previous);
    if (found !== undefined) this.#line.replace(found);
    else if (!previous) this.#line.replace("");
  }

  #newLine(execute: boolean): void {
    if (!execute || !this.#line.atEnd || openBrackets(this.#line.text) > 0) return this.#line.breakLine();
    if (this.echoes && !this.#removed) this.#send("\r\n");
    if (!this.#echoOffForLine) this.#removed = true;
    const source = this.#line.text.trimEnd();
    this.#line.clear();
    this.#flush();
    const result = this.#espruino.evaluateLine(source);
    if (source !== "" && this.echoes) {
      this.#history.add(source);
      if (result.ok) this.#send(`=${result.shown}\n`.replace(/\n/g, "\r\n"));
    }
    this.#echoOffForLine = false;
  }

  // ConsolePort

  get echoes(): boolean {
    return !this.#echoOff && !this.#echoOffForLine;
  }

  print(text: string): void {
    this.#removeLine();
    this.#send(text.replace(/\n/g, "\r\n"));
    if (!this.#typing || this.#espruino.running) this.#flush();
  }

  transmit(bytes: Uint8Array): void {
    this.#send(Buffer.from(bytes).toString("latin1"));
  }

  receive(bytes: Uint8Array): void {
    this.type(bytes);
  }

  echo(on: boolean): void {
    this.#echoOff = !on;
  }

  edit(text: string): void {
    this.#line.replace(text);
  }

  idle(): void {
    if (this.#typing) return;
    const next = this.#waiting.shift();
    if (next) return this.type(withoutInterrupts(next));
    this.#returnLine();
    this.#flush();
  }

  restarted(shows: boolean): void {
    this.#line.clear();
    this.#state = "none";
    this.#packets.reset();
    if (shows) this.#removed = true;
  }

  // Output

  #removeLine(): void {
    if (this.#removed) return;
    this.#removed = true;
    if (!this.echoes) return;
    this.#line.moveTerminal(this.#line.cursor, 0);
    this.#send("\r\x1b[J");
  }

  #returnLine(): void {
    if (!this.#removed) return;
    this.#removed = false;
    if (!this.echoes) return;
    this.#send(">");
    this.#line.sendFrom(0);
    this.#line.moveTerminal(this.#line.text.length, this.#line.cursor);
  }

  #send(text: string): void {
    this.#pendingText += text;
  }

  #flush(): void {
    if (this.#pendingText === "") return;
    const bytes = new Uint8Array(Buffer.from(this.#pendingText, "latin1"));
    this.#pendingText = "";
    this.output(bytes);
  }

  #packetDevice(): PacketDevice {
    return {
      send: (text) => {
        this.#send(text);
        if (!this.#typing) this.#flush();
      },
      evaluate: (expression) =>
        this.#espruino.evaluateExpression(expression, () => {
          this.#removeLine();
          this.#send("\x15");
        }),
      event: (object) => this.#espruino.fireExpression("E", "packet", `(${object})`),
      uploaded: (object) => void this.#espruino.fireExpression("E", "packetUpload", `(${object})`),
      write: (name, data, offset, size) => {
        try {
          return this.#espruino.storage.write(name, data, 0, offset, size) ? undefined : "Error: Unable to write";
        } catch (error) {
          if (error instanceof StorageError) return `Error: ${error.message}`;
          throw error;
        }
      },
      read: (name) => this.#espruino.storage.read(name),
      makeRoom: () => this.#removeLine(),
      report: (message) => this.print(`Uncaught ${message}\n`),
      after: (microseconds, action) => {
        const event = this.#board.clock.schedule(microseconds, action);
        return () => this.#board.clock.cancel(event);
      },
    };
  }
}

/** Ctrl-C that has ended a script isn't typed as well. */
function withoutInterrupts(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte) => byte !== 3);
}

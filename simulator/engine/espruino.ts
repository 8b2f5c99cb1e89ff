import { ProcessorStopped, type SimulatedBoard } from "../board/index.js";
import { type EngineBudget, engineBudget } from "./budget.js";
import { type BootReason, bootFiles, banner } from "./boot.js";
import type { EspruinoOptions, Evaluation } from "./espruino-options.js";
import { describeThrown, EXPRESSION } from "./errors.js";
import { installWorld } from "./install.js";
import { decodeLatin1, encodeLatin1 } from "./latin1.js";
import { type MemoryEstimate, estimateMemory } from "./memory-estimate.js";
import { byteNatives, type NativeContext, type Natives } from "./natives/context.js";
import { pinNatives } from "./natives/pins.js";
import { busNatives } from "./natives/buses.js";
import { type NativeCode, nativeCode } from "./natives/native-code.js";
import { serialNatives } from "./natives/serial.js";
import { storageNatives } from "./natives/storage.js";
import { systemNatives } from "./natives/system.js";
import { timerNatives } from "./natives/timers.js";
import { replSource } from "./repl.js";
import {
  isStackOverflow,
  loadQuickJs,
  type Outcome,
  type Primitive,
  Sandbox,
  ScriptFault,
  type Thrown,
} from "./sandbox.js";
import type { ProcessorCounters } from "./processor/processor.js";
import { StorageArea } from "./storage-area.js";

/** Code that a task runs, to point at in it. */
interface Script {
  readonly source: string;
  readonly file: string;
}

/** Thrown through a script that asked for the end of its own world. */
class Halt extends Error {}

/**
 * A simulated Espruino: the interpreter on a board, from power-up on. The script is in QuickJS, its natives use the
 * board, and everything happens in tasks (a timer, an edge, a line) that the board's clock starts.
 */
export class Espruino {
  readonly board: SimulatedBoard;
  readonly storage: StorageArea;
  readonly budget: EngineBudget;
  /** Names in `E.getErrorFlags()`. */
  readonly errorFlags = new Set<string>();
  readonly #options: EspruinoOptions;
  #sandbox: Sandbox | undefined;
  #nativeCode: NativeCode | undefined;
  /** What the script's side answers to. */
  #world: ReturnType<typeof installWorld>["entries"] | undefined;
  #context!: NativeContext;
  #sendSerial: (device: string, bytes: Uint8Array) => boolean = () => false;
  #baseline: Record<string, number> = {};
  #consoleDevice: string;
  #interrupted = false;
  #running = false;
  #taskEnd = Infinity;
  #pending: { reason: BootReason; file?: string } | undefined;
  #save: string | undefined;
  #script: Script | undefined;
  #watchdog: { microseconds: number; automatic: boolean; deadline: number } | undefined;
  #resetting = false;
  /** Events that the script has emitted and that wait for the event loop. */
  #queued = 0;
  readonly #endEvents: () => void;

  private constructor(options: EspruinoOptions) {
    this.#options = options;
    this.board = options.board;
    this.budget = engineBudget(this.board.profile);
    this.#consoleDevice = this.board.profile.console;
    const { geometry } = this.board.flash;
    const region = geometry.regions.find(({ name }) => name === "storage");
    if (!region) throw new Error(`${this.board.profile.id} has no flash for Storage`);
    this.storage = new StorageArea(this.board.flash, { ...region, writeBytes: geometry.writeBytes });
    this.storage.onProgress = (text) => this.print(text);
    this.#endEvents = this.board.events.listen((event) => {
      if (event.type === "power") this.#powerChanged(event.on);
      if (event.type === "reset" && !this.#resetting) this.#restartLater();
    });
  }

  /** Loads QuickJS; the board stays as it is until `powerOn`. */
  static async create(options: EspruinoOptions): Promise<Espruino> {
    await loadQuickJs();
    return new Espruino(options);
  }

  /** Starts the interpreter as after power-up: checks Storage, runs the boot files, prints the banner. */
  powerOn(): void {
    this.#start("power");
  }

  /** Starts the interpreter without Storage's boot files and without a banner, for one script. */
  startBare(): void {
    this.#drop();
    this.#makeWorld();
  }

  dispose(): void {
    this.#endEvents();
    this.#drop();
  }

  // Console

  /** The name of the device that the prompt is on; empty for none. */
  get consoleDevice(): string {
    return this.#consoleDevice;
  }

  print(text: string): void {
    if (this.#consoleDevice !== "") this.#options.console.print(text);
  }

  /** Bytes that arrive at a device which isn't a serial port of the chip: USB, Bluetooth. */
  receive(device: string, bytes: Uint8Array): void {
    if (device === this.#consoleDevice) this.#options.console.receive(bytes);
    else if (this.#sandbox) this.#context.enter("data", device, this.#context.give(bytes));
  }

  /** Ctrl-C: ends the script that runs, if one does. @returns whether one did */
  interrupt(): boolean {
    if (this.#running) this.#interrupted = true;
    return this.#running;
  }

  get running(): boolean {
    return this.#running;
  }

  // Script

  /** Runs a line of the prompt, prints what it threw. `settle` must follow, when the line's output is complete. */
  evaluateLine(line: string): Evaluation {
    const outcome = this.#task(() => this.#evaluateShown(line), { source: line, file: "REPL" }, false);
    if (outcome?.ok) return { ok: true, shown: String(outcome.value) };
    return { ok: false };
  }

  #evaluateShown(line: string): Outcome {
    const sandbox = this.#sandbox!;
    return sandbox.evaluateAnd(replSource(line), "REPL", this.#world!, "describe");
  }

  /**
   * An expression's value as JavaScript text (`E.toJS`), for packets; undefined when it threw.
   * @param onThrown called before what it threw is printed
   */
  evaluateExpression(source: string, onThrown: () => void): string | undefined {
    const evaluate = () => {
      const outcome = this.#sandbox!.evaluateAnd(source, EXPRESSION, this.#world!, "toJS");
      if (!outcome.ok) onThrown();
      return outcome;
    };
    const outcome = this.#task(evaluate, { source, file: EXPRESSION });
    return outcome?.ok ? String(outcome.value) : undefined;
  }

  /** Runs a script as a task of its own, with its events and promises. @returns whether it ended well */
  run(source: string, file: string): boolean {
    const outcome = this.#evaluate(source, file);
    this.settle();
    return outcome?.ok ?? false;
  }

  /** Runs code as the board would run it from Storage. */
  #evaluate(source: string, file: string): Outcome | undefined {
    this.#sandbox?.raiseHeapLimit(source.length * this.budget.heapBytesPerCodeByte);
    return this.#task(() => this.#sandbox!.evaluate(source, file), { source, file });
  }

  /** Tells listeners of a global object (`E`). @returns whether there were any, and none failed */
  fire(object: string, event: string, ...args: Primitive[]): boolean {
    const outcome = this.#call("fireOn", object, event, ...args);
    return outcome?.ok === true && outcome.value === true;
  }

  /** Fires with the value of an expression as argument. */
  fireExpression(object: string, event: string, expression: string): boolean {
    const outcome = this.#task(
      () => this.#sandbox!.evaluateAnd(expression, EXPRESSION, this.#world!, "fireValue", object, event),
      { source: expression, file: EXPRESSION },
    );
    return outcome?.ok === true && outcome.value === true;
  }

  /** What the event loop does between tasks: emitted events, promises, then `reset()`, `load()`, `save()`. */
  settle(): void {
    if (this.#running) return;
    while (this.#sandbox && this.#queued > 0) {
      this.#queued--;
      this.#call("event");
    }
    this.#promises();
    if (this.#save !== undefined) this.#saveState();
    if (this.#pending) {
      const { reason, file } = this.#pending;
      this.#pending = undefined;
      this.#start(reason, file);
    }
    this.#options.console.idle();
  }

  #promises(): void {
    if (!this.#sandbox) return;
    this.#task(() => this.#sandbox!.runPromises(), undefined, false);
  }

  /** Runs a piece of script, accounts for it and reports what it threw. Undefined when the board went off in it. */
  #task(action: () => Outcome, script?: Script, promises = true): Outcome | undefined {
    if (!this.#sandbox || !this.board.powered) return undefined;
    if (this.#running) throw new Error("a task began while another one ran");
    this.#running = true;
    this.#interrupted = false;
    this.#script = script;
    this.#taskEnd = this.board.clock.now() + (this.#options.taskMicroseconds ?? Infinity);
    let outcome: Outcome;
    try {
      // What was done between tasks, for the simulation's own ends, takes the board no time.
      this.#sandbox.takeSteps();
      outcome = action();
      this.#spend(this.#sandbox.takeSteps());
    } catch (error) {
      this.#running = false;
      if (error instanceof ProcessorStopped || error instanceof Halt) return undefined;
      if (!isStackOverflow(error)) throw error;
      this.#report({ ok: false, interrupted: false, outOfMemory: false, thrown: TOO_DEEP });
      this.board.reset("stack overflow");
      return undefined;
    }
    this.#running = false;
    if (!outcome.ok) this.#report(outcome);
    else if (promises) this.#promises();
    this.#feedWatchdog(true);
    return outcome;
  }

  /** A task that calls one of `World.entries`. */
  #call(entry: string, ...args: Primitive[]): Outcome | undefined {
    return this.#task(() => this.#sandbox!.call(this.#world!, entry, ...args));
  }

  #report(outcome: Extract<Outcome, { ok: false }>): void {
    const { onInterrupted } = this.#options;
    if (outcome.interrupted) {
      if (onInterrupted) onInterrupted("interrupted");
      else this.print("Execution Interrupted\n");
      return;
    }
    if (outcome.outOfMemory) {
      if (onInterrupted) return onInterrupted("out of memory");
      this.print("Execution Interrupted\n");
      for (const flag of ["LOW_MEMORY", "MEMORY"]) this.#raiseFlag(flag);
      return;
    }
    if (outcome.thrown.handled) return;
    if (this.#options.onThrown) this.#options.onThrown(outcome.thrown);
    else this.print(`Uncaught ${describeThrown(outcome.thrown, this.#script)}`);
  }

  #raiseFlag(flag: string): void {
    if (this.errorFlags.has(flag)) return;
    this.errorFlags.add(flag);
    this.print(`New interpreter error: ${flag}\n`);
  }

  #enter(entry: string, ...args: Primitive[]): void {
    const interruptible = entry === "timer" || entry === "watch";
    const outcome = this.#call(entry, ...args);
    if (outcome && !outcome.ok && outcome.interrupted && interruptible) {
      const drop = entry === "timer" ? "dropTimer" : "dropWatch";
      this.#call(drop, args[0]);
    }
    this.settle();
  }

  // Life

  #start(reason: BootReason, file?: string): void {
    if (reason !== "power") {
      this.#endWorld();
      this.#resetting = true;
      this.board.reset(reason);
      this.#resetting = false;
    }
    this.#drop();
    this.#watchdog = undefined;
    this.errorFlags.clear();
    if (reason === "power") this.#consoleDevice = this.board.profile.console;
    try {
      this.#makeWorld();
      this.#boot(reason, file);
    } catch (error) {
      if (!(error instanceof ProcessorStopped)) throw error;
    }
  }

  #endWorld(): void {
    this.#call("fireOn", "E", "kill");
  }

  #drop(): void {
    this.#sandbox?.dispose();
    this.#sandbox = undefined;
    this.#queued = 0;
  }

  #makeWorld(): void {
    const sandbox = new Sandbox(this.budget.stackBytes);
    const bytes = byteNatives();
    this.#context = {
      board: this.board,
      received: bytes.received,
      give: bytes.give,
      enter: (entry, ...args) => this.#enter(entry, ...args),
    };
    const pins = pinNatives(this.#context);
    const serial = serialNatives(this.#context, {
      transmit: (device, data) => this.#transmit(device, data),
      arrive: (device, data) => this.receive(device, data),
      move: (device) => this.#moveConsole(device),
    });
    this.#sendSerial = serial.send;
    const natives: Natives = {
      ...bytes.natives,
      ...pins,
      ...timerNatives(this.#context, (pin) => void pins.listenMode(pin)),
      ...busNatives(this.#context),
      ...serial.natives,
      ...storageNatives(this.#context, this.storage),
      ...systemNatives(this.#systemHooks()),
      ...this.#options.extend?.natives(this.#context),
    };
    natives.getConsole = () => this.#consoleDevice;
    const code = (this.#nativeCode = nativeCode({
      context: this.#context,
      sandbox: () => sandbox,
      freeBytes: () => this.memory().free * this.board.profile.memory.jsVarBytes,
      image: this.#options.image,
      passed: (cycles) => this.#passed(cycles),
    }));
    natives.nativeCall = code.natives.nativeCall;
    const charged: Natives = {};
    for (const [name, native] of Object.entries(natives))
      charged[name] = (...args) => {
        this.#spend(sandbox.takeSteps());
        this.board.spend(this.budget.microsecondsPerCall);
        return native(...args);
      };
    sandbox.onTick = (steps) => this.#tick(steps);
    const { world, entries, host } = installWorld(sandbox, this.board.profile, {
      ...code.natives,
      ...charged,
      push: natives.push,
      pull: natives.pull,
      charCodes: natives.charCodes,
      queued: () => {
        this.#queued++;
      },
    });
    this.#options.extend?.install(sandbox, world, host);
    sandbox.call(entries, "ready");
    sandbox.onUncaught(entries, "uncaught");
    this.#baseline = sandbox.usage();
    sandbox.limitHeap(this.budget.heapBytes);
    this.#sandbox = sandbox;
    this.#world = entries;
  }

  #systemHooks(): Parameters<typeof systemNatives>[0] {
    return {
      context: this.#context,
      machine: this,
      echo: (on) => this.#options.console.echo(on),
      edit: (text) => this.#options.console.edit(text),
      request: (reason, file) => {
        this.#pending = { reason, file };
      },
      save: (text) => {
        this.#save = text;
      },
      reboot: () => {
        this.#restartLater();
        throw new Halt();
      },
      watchdog: (microseconds, automatic) => {
        this.#watchdog = { microseconds, automatic, deadline: 0 };
        this.#feedWatchdog(false);
        this.#watchWatchdog();
      },
      kick: () => this.#feedWatchdog(false),
    };
  }

  #boot(reason: BootReason, file: string | undefined): void {
    const { console } = this.#options;
    if (reason === "power" && !this.storage.isValid()) {
      this.print("Storage is corrupt.\nErasing Storage Area...\n");
      this.storage.eraseAll();
      this.print("Erase complete.\n");
    }
    const keepsCode = reason === "power" && [".varimg", ".bootcde", ".bootrst"].some((name) => this.storage.find(name));
    if (reason === "power" || reason === "load") {
      const saved = file === undefined ? this.storage.read(".varimg") : undefined;
      if (saved) {
        this.print(`Loading ${saved.length} bytes from flash...\n`);
        this.#evaluate(decodeLatin1(saved), ".varimg");
      }
    }
    const withoutCode = reason === "reset" || file !== undefined;
    for (const name of bootFiles(reason === "power", withoutCode, (name) => this.storage.find(name) !== undefined)) {
      const code = this.storage.read(name);
      if (code) this.#evaluate(decodeLatin1(code), name);
    }
    if (file !== undefined) this.#call("setFile", file);
    this.#call("fireOn", "E", "init");
    this.#call("onInit");
    const shows = console.echoes && !(reason === "load" && file === undefined);
    console.restarted(shows);
    if (shows) this.print(keepsCode ? "\n" : `${banner(this.board.profile)}\n`);
    const code = file === undefined ? undefined : this.storage.read(file);
    if (code) this.#evaluate(decodeLatin1(code), file!);
    this.settle();
  }

  #saveState(): void {
    const text = this.#save ?? "";
    this.#save = undefined;
    this.print("Compacting Flash...\n");
    try {
      this.storage.erase(".varimg");
      this.storage.compact();
      this.print("Calculating Size...\n");
      this.storage.write(".varimg", encodeLatin1(text === "" ? "\n" : text), 128);
      this.print(`Writing..\nCompressed ${text.length} bytes to ${Math.max(1, text.length)}\n`);
    } catch (error) {
      if (error instanceof ProcessorStopped) return;
      this.print("Not enough free space to save. Try require('Storage').eraseAll()\n");
    }
  }

  #powerChanged(on: boolean): void {
    if (on) this.#restartLater();
    else if (!this.#running) this.#drop();
  }

  /** A hardware reset or power-up: begins at the clock's next step, when no script runs any more. */
  #restartLater(): void {
    this.#pending = undefined;
    this.board.clock.schedule(0, () => {
      if (this.board.powered) this.#start("power");
    });
  }

  // Time

  #spend(steps: number): void {
    this.board.spend(steps * this.budget.microsecondsPerStep);
  }

  #tick(steps: number): boolean {
    this.#spend(steps);
    return this.#look();
  }

  /** @returns whether the script is to be interrupted */
  #look(): boolean {
    this.#options.poll?.();
    const now = this.board.clock.now();
    if (this.#watchdog && now > this.#watchdog.deadline) {
      this.board.reset("watchdog");
      throw new Halt();
    }
    return this.#interrupted || now > this.#taskEnd;
  }

  /**
   * Native code ran for so long. It can't be interrupted, only the script that called it, once it has returned; but the
   * board can be reset, and a task that takes too long ends.
   */
  #passed(cycles: number): void {
    this.board.spend((cycles * 1e6) / this.board.profile.processor.hertz);
    if (!this.#look()) return;
    if (this.board.clock.now() > this.#taskEnd) throw new ScriptFault("InternalError", "interrupted");
    this.#sandbox?.tickSoon();
  }

  #feedWatchdog(byIdle: boolean): void {
    const watchdog = this.#watchdog;
    if (watchdog && (!byIdle || watchdog.automatic)) watchdog.deadline = this.board.clock.now() + watchdog.microseconds;
  }

  #watchWatchdog(): void {
    const watchdog = this.#watchdog;
    if (!watchdog) return;
    this.board.schedule(watchdog.deadline - this.board.clock.now(), () => {
      if (this.#watchdog !== watchdog) return;
      if (watchdog.automatic) this.#feedWatchdog(true);
      else if (this.board.clock.now() >= watchdog.deadline) return void this.board.reset("watchdog");
      this.#watchWatchdog();
    });
  }

  #transmit(device: string, bytes: Uint8Array): void {
    if (device === this.#consoleDevice) this.#options.console.transmit(bytes);
    else this.#options.transmit?.(device, bytes);
  }

  /** Sends what the prompt shows to the device that it is on. */
  transmitConsole(bytes: Uint8Array): void {
    if (!this.#sendSerial(this.#consoleDevice, bytes)) this.#options.transmit?.(this.#consoleDevice, bytes);
  }

  #moveConsole(device: string): void {
    if (device === this.#consoleDevice) return;
    const before = this.#consoleDevice;
    if (this.#options.console.echoes) this.print(`-> ${device}\n`);
    this.#consoleDevice = device;
    if (this.#options.console.echoes) this.print(`<- ${before}\n`);
  }

  /** What the core did in native calls since the interpreter started; undefined when there were none. */
  get processor(): ProcessorCounters | undefined {
    return this.#nativeCode?.counters();
  }

  /** What the script takes of the board's variables; an estimate, see `estimateMemory`. */
  memory(): MemoryEstimate {
    const usage = this.#sandbox?.usage() ?? this.#baseline;
    return estimateMemory(this.board.profile, usage, this.#baseline);
  }
}

/** V8's own stack ran out before QuickJS noticed. */
const TOO_DEEP: Thrown = { name: "InternalError", message: "stack overflow", frames: [], handled: false };

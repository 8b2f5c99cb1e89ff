import type { BoardEvent, SimulatedBoard, SimulatedPin } from "../board/index.js";

/** What is recorded. */
export interface VcdOptions {
  /** Names or aliases of the pins to record; all pins when absent. */
  readonly pins?: readonly string[];
}

/** The dump's unit: nanoseconds, since flash and buses take fractions of a microsecond. */
const TICKS_PER_MICROSECOND = 1000;

/**
 * Records pins as a value change dump (IEEE 1364-2005, chapter 18): a wire for each pin with levels 0, 1, z and x,
 * and for each pin that can do PWM a real number with its duty, during which the wire stays where it began.
 * The dump has no date, so that the same run gives the same bytes.
 * @param write takes the text piece by piece, the header at once
 * @returns a function that ends the recording with a last timestamp
 */
export function recordVcd(board: SimulatedBoard, write: (text: string) => void, options: VcdOptions = {}): () => void {
  const pins = options.pins ? [...new Set(options.pins.map((name) => board.pin(name)))] : board.pins;
  let codes = 0;
  const levels = new Map(pins.map((pin) => [pin.name, { pin, code: identifierCode(codes++) }]));
  const duties = new Map(
    pins
      .filter((pin) => pin.profile.functions.includes("pwm"))
      .map((pin) => [pin.name, { pin, code: identifierCode(codes++) }]),
  );

  const header = [
    "$version ristretto $end",
    `$comment board ${board.profile.id}, seed ${board.seed} $end`,
    "$timescale 1 ns $end",
    `$scope module ${board.profile.id} $end`,
    ...[...levels.values()].map(({ pin, code }) => `$var wire 1 ${code} ${wireName(pin)} $end`),
    ...[...duties.values()].map(({ pin, code }) => `$var real 64 ${code} ${wireName(pin)}_duty $end`),
    "$upscope $end",
    "$enddefinitions $end",
    `#${ticks(board.clock.now())}`,
    "$dumpvars",
    ...[...levels.values()].map(({ pin, code }) => `${pin.level}${code}`),
    ...[...duties.values()].map(({ pin, code }) => `r${pin.pwm?.duty ?? 0} ${code}`),
    "$end",
  ];
  write(header.join("\n") + "\n");

  let written = ticks(board.clock.now());
  const stamp = (microseconds: number) => {
    const now = ticks(microseconds);
    if (now === written) return "";
    written = now;
    return `#${now}\n`;
  };
  const end = board.events.listen((event: BoardEvent) => {
    if (event.type === "pin") {
      const wire = levels.get(event.pin);
      if (wire) write(`${stamp(event.microseconds)}${event.level}${wire.code}\n`);
    } else if (event.type === "pwm") {
      const duty = duties.get(event.pin);
      if (duty) write(`${stamp(event.microseconds)}r${event.duty ?? 0} ${duty.code}\n`);
    }
  });
  return () => {
    end();
    write(stamp(board.clock.now()));
  };
}

function ticks(microseconds: number): number {
  return Math.round(microseconds * TICKS_PER_MICROSECOND);
}

/** `D13_LED1`: viewers don't take brackets, and people look for either. */
function wireName(pin: SimulatedPin): string {
  return [pin.name, ...pin.aliases.slice(0, 1)].join("_");
}

/** Numbers in base 94 with the printable characters `!` to `~` for digits, the least first. */
function identifierCode(number: number): string {
  let code = "";
  do {
    code += String.fromCharCode(33 + (number % 94));
    number = Math.floor(number / 94);
  } while (number > 0);
  return code;
}

import { z } from "zod";
import type { SignalDescription } from "../chips/index.js";
import { DURATION_PATTERN, parseDuration } from "./duration.js";

/** Microseconds, once parsed. */
const duration = z
  .string()
  .regex(DURATION_PATTERN, 'must be a number with a unit, us, ms, s, min, h or d: "1.5s"')
  .transform(parseDuration)
  .describe('A time with its unit: us, ms, s, min, h or d, as in "1.5s"');

const byte = z.int().min(0).max(255);
const name = z.string().min(1);
const pin = name.describe('By Espruino\'s name ("D5", "A0") or by what is soldered to it ("LED1")');

/** A value that may change with time. */
const signal: z.ZodType<SignalDescription, SignalDescription> = z.lazy(() =>
  z.union([
    z.number(),
    z.strictObject({
      ramp: z.strictObject({ from: z.number(), to: z.number(), seconds: z.number().nonnegative() }),
    }),
    z.strictObject({
      sine: z.strictObject({
        mean: z.number(),
        amplitude: z.number(),
        period: z.number().positive().describe("Seconds"),
        phase: z.number().optional().describe("A part of the period, 0 to 1"),
      }),
    }),
    z.strictObject({
      noise: z.strictObject({
        around: signal,
        deviation: z.number().nonnegative(),
        every: z.number().positive().optional().describe("Seconds; 0.001 when absent"),
      }),
    }),
  ]),
);

const active = z.enum(["high", "low"]).default("high");

/** Parts by their `type`. */
export const partSchemas = {
  bme280: z
    .strictObject({
      type: z.literal("bme280"),
      name: name.default("bme280"),
      bus: name.describe('"I2C1" with an address, or "SPI1" with a chip select'),
      address: z.literal([0x76, 0x77], "must be 0x76 (SDO to ground) or 0x77").optional(),
      select: pin.optional(),
      temperature: signal.optional().describe("Degrees Celsius, -40 to 85"),
      pressure: signal.optional().describe("Hectopascals, 300 to 1100"),
      humidity: signal.optional().describe("Percent, 0 to 100"),
    })
    .refine((part) => (part.address === undefined) !== (part.select === undefined), {
      error: 'needs either "address" (0x76 or 0x77) on an I2C bus or "select" (a pin) on an SPI bus',
    })
    .describe("Bosch BME280: temperature, pressure, humidity"),
  led: z
    .strictObject({ type: z.literal("led"), name: name.optional(), pin, active, color: z.string().default("red") })
    .describe("An LED that a board doesn't have by itself"),
  button: z
    .strictObject({
      type: z.literal("button"),
      name: name.optional(),
      pin,
      active,
      resistor: z.boolean().default(true).describe("false: the processor's own pull is needed"),
      bounce: duration.optional().describe("For how long the contact bounces"),
    })
    .describe("A button that a board doesn't have by itself"),
  analog: z
    .strictObject({ type: z.literal("analog"), name: name.optional(), pin, millivolts: signal })
    .describe("A voltage at a pin"),
  serial: z
    .strictObject({
      type: z.literal("serial"),
      name: name.optional(),
      port: name.describe('"Serial1"'),
      loopback: z.boolean().optional().describe("A wire from TX to RX"),
      replies: z
        .record(z.string().min(1), z.string())
        .optional()
        .describe("What is sent back when the board has sent something, e.g. a line with its newline"),
    })
    .refine((part) => (part.loopback === true) !== (part.replies !== undefined), {
      error: 'needs either "loopback: true" or "replies"',
    })
    .describe("What is plugged into a serial port"),
} as const;

const when = {
  at: duration.describe("From the start of the run"),
  every: duration
    .refine((time) => time > 0, { error: "must be more than 0" })
    .optional()
    .describe("Again after so much time, `times` times in all"),
  times: z.int().positive().optional(),
};

/** Events by the field that says what happens. */
export const eventSchemas = {
  set: z
    .strictObject({
      ...when,
      set: z.record(name, z.record(name, z.union([signal, z.boolean(), z.string()]))),
    })
    .describe("Sets properties of parts: {climate: {temperature: 31}}"),
  press: z
    .strictObject({ ...when, press: name, for: duration.optional() })
    .describe("Presses a button, and releases it after `for`"),
  release: z.strictObject({ ...when, release: name }).describe("Releases a button"),
  type: z.strictObject({ ...when, type: z.string().min(1) }).describe("Types at the console"),
  send: z
    .strictObject({
      ...when,
      send: z
        .strictObject({ port: name, text: z.string().optional(), bytes: z.array(byte).optional() })
        .refine((send) => (send.text === undefined) !== (send.bytes === undefined), {
          error: 'needs either "text" or "bytes"',
        }),
    })
    .describe("Sends something to a serial port of the board"),
  power: z.strictObject({ ...when, power: z.enum(["off", "on"]) }).describe("Takes the supply away, or gives it back"),
  cutPower: z
    .strictObject({
      ...when,
      cutPower: z.strictObject({
        flashOperation: z
          .int()
          .positive()
          .optional()
          .describe("At that program or erase, counted from then on; at once when absent"),
        moment: z.enum(["before", "torn", "after"]).default("torn"),
        wholeBytes: z.int().nonnegative().optional().describe("How far a torn program came; random when absent"),
      }),
      for: duration.prefault("1s").describe("Until the power is back"),
    })
    .describe("Cuts the power, also in the middle of a flash operation, and gives it back"),
  reset: z.strictObject({ ...when, reset: z.literal(true) }).describe("Presses the reset button"),
  i2cFault: z
    .strictObject({
      ...when,
      i2cFault: z.strictObject({
        bus: name,
        kind: z.enum(["Bus", "ArbitrationLoss", "NoAcknowledgeAddress", "NoAcknowledgeData", "Overrun", "Other"]),
        address: z.int().min(0).max(0x7f).optional().describe("Any when absent"),
        afterBytes: z.int().nonnegative().optional(),
        count: z
          .union([z.int().positive(), z.literal("forever")])
          .default(1)
          .describe("How many transactions suffer"),
      }),
    })
    .describe("Makes transactions fail, in the words of embedded-hal"),
  clearFaults: z.strictObject({ ...when, clearFaults: name }).describe("Mends an I2C bus"),
} as const;

const amount = z
  .union([z.number(), z.strictObject({ atLeast: z.number().optional(), atMost: z.number().optional() })])
  .describe("A number, or {atLeast: 2, atMost: 5}");

const text = z
  .strictObject({
    contains: z.string().optional(),
    matches: z
      .string()
      .optional()
      .refine((pattern) => pattern === undefined || isPattern(pattern), { error: "must be a regular expression" })
      .describe("A JavaScript regular expression; ^ and $ are at lines"),
    equals: z.string().optional(),
    lacks: z.string().optional(),
  })
  .refine((test) => Object.values(test).some((value) => value !== undefined), {
    error: 'needs "contains", "matches", "equals" or "lacks"',
  });

const at = duration.optional().describe("When to look; at the end when absent");
const window = {
  after: duration.prefault("0s").describe("Only what happens from then on"),
  by: duration.optional().describe("When it must have happened; the end when absent"),
};

/** Expectations by the field that says what is looked at. */
export const expectationSchemas = {
  console: z.strictObject({ ...window, console: text }).describe("What the console prints"),
  level: z
    .strictObject({ pin, level: z.enum(["high", "low", "floating"]), at })
    .describe("The level of a pin at a moment"),
  edges: z
    .strictObject({
      pin,
      ...window,
      edges: z.strictObject({ rising: amount.optional(), falling: amount.optional() }),
    })
    .describe("How often a pin changes"),
  value: z
    .strictObject({ part: name, property: name, value: z.union([amount, z.boolean(), z.string()]), at })
    .describe("What a part shows"),
  file: z.strictObject({ file: z.string().min(1), text, at }).describe("What a file on the board holds"),
  asleep: z
    .strictObject({ asleep: amount, by: window.by })
    .describe("The part of the time in which the processor sleeps, 0 to 1"),
  faults: z
    .strictObject({ faults: amount, ...window })
    .describe("How many faults the hardware suffered without telling: contention, lost bytes, wrong modes"),
} as const;

/** What is at the top of a scenario file. Parts, events and expectations are checked one by one. */
export const outlineSchema = z.strictObject({
  $schema: z.string().optional().describe("Where this schema is, for editors"),
  board: name.optional().describe("The board that it is for, unless the command says another"),
  seed: z.int().optional().describe("What decides everything random, unless the command says another"),
  duration: duration.optional().describe("How long the run is; default: up to the latest time in the file"),
  parts: z.array(z.record(z.string(), z.unknown())).default([]),
  events: z.array(z.record(z.string(), z.unknown())).default([]),
  expect: z.array(z.record(z.string(), z.unknown())).default([]),
});

export type PartDescription = {
  [K in keyof typeof partSchemas]: z.output<(typeof partSchemas)[K]>;
}[keyof typeof partSchemas];
export type EventDescription = {
  [K in keyof typeof eventSchemas]: z.output<(typeof eventSchemas)[K]> & { readonly kind: K };
}[keyof typeof eventSchemas];
export type ExpectationDescription = {
  [K in keyof typeof expectationSchemas]: z.output<(typeof expectationSchemas)[K]> & { readonly kind: K };
}[keyof typeof expectationSchemas];
export type TextTest = z.output<typeof text>;
export type Amount = z.output<typeof amount>;

/** The JSON Schema that is published as `scenario.schema.json`; it describes what a person writes. */
export function scenarioJsonSchema(): unknown {
  const any = (schemas: Record<string, z.ZodType>) => z.array(z.union(Object.values(schemas))).default([]);
  const whole = outlineSchema
    .extend({
      parts: any(partSchemas).describe("Parts on the board beside those that are soldered on"),
      events: any(eventSchemas).describe("What happens, in any order"),
      expect: any(expectationSchemas).describe("What must come of it"),
    })
    .describe("A run of a simulated board: parts, events, expectations");
  return { title: "ristretto scenario", ...z.toJSONSchema(whole, { io: "input", target: "draft-7" }) };
}

function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, "mu");
    return true;
  } catch {
    return false;
  }
}

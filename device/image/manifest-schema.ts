import { z } from "zod";

/** Names of grants become file names, so they are what a file may be called in every language. */
const grantName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/, "a name of at most 32 letters, digits, - and _");

const pin = z
  .string()
  .min(1)
  .describe('A pin by Espruino\'s name ("D5", "PA5") or by the name of what is soldered to it ("LED1", "BTN1")');

const hertz = z.int().positive();

const rights = z.enum(["read", "write", "read-write"]).default("read-write").describe("What the guest may do with it");

const gpio = z
  .strictObject({
    pin,
    direction: z.enum(["in", "out"]).describe("in: the guest reads 0 or 1 and can wait for edges; out: it writes them"),
    pull: z.enum(["none", "up", "down"]).default("none").describe("The resistor on an input"),
  })
  .describe("A digital pin, at /dev/gpio/<name>");

const adc = z.strictObject({ pin }).describe("An analog input, at /dev/adc/<name>: text, millivolts");

const pwm = z
  .strictObject({ pin, hertz: hertz.default(1000).describe("Frequency of the pulses") })
  .describe("A pulse-width output, at /dev/pwm/<name>: text, duty from 0 to 1");

const i2cAddress = z
  .union([z.int(), z.string().regex(/^0[xX][0-9a-fA-F]{1,2}$/, 'an address such as "0x76"')])
  .transform((value) => Number(value))
  .pipe(z.int().min(0x08, "7-bit addresses begin at 0x08").max(0x77, "7-bit addresses end at 0x77"));

const i2c = z
  .strictObject({
    bus: z.string().default("I2C1").describe('Espruino\'s name for the bus: "I2C1"'),
    hertz: hertz.default(100_000).describe("Clock of the bus"),
    addresses: z.array(i2cAddress).min(1).describe('The 7-bit addresses that the guest may talk to: "0x76"'),
    rights,
  })
  .describe("Devices on an I2C bus, at /dev/i2c/<name>/0x<address>");

const spi = z
  .strictObject({
    bus: z.string().default("SPI1").describe('Espruino\'s name for the bus: "SPI1"'),
    select: pin.describe("The pin of the chip select, active low"),
    mode: z.int().min(0).max(3).default(0).describe("Bit 1 is CPOL, bit 0 is CPHA"),
    hertz: hertz.default(1_000_000),
    bitOrder: z.enum(["msb", "lsb"]).default("msb"),
    rights,
  })
  .describe("A device on an SPI bus, at /dev/spi/<name>");

const uart = z
  .strictObject({
    bus: z.string().default("Serial1").describe('Espruino\'s name for the port: "Serial1"'),
    baud: z.int().positive().default(9600).describe("Bits per second"),
    parity: z.enum(["none", "even", "odd"]).default("none"),
    stopBits: z.union([z.literal(1), z.literal(2)]).default(1),
    rights,
  })
  .describe("A serial port, at /dev/uart/<name>");

const guestPath = z
  .string()
  .regex(/^\/([^/\0]+(\/[^/\0]+)*)?$/, 'an absolute path without a slash at its end, such as "/data"')
  .refine((path) => !path.split("/").some((part) => part === "." || part === ".."), "a path without . and ..");

const directory = z.union([
  guestPath,
  z.strictObject({
    path: guestPath.describe("The directory of the file system that the guest sees there"),
    rights: z.enum(["read", "read-write"]).default("read-write"),
  }),
]);

const exported = z.string().min(1).describe("The module's export that is called");

const reaction = z.union([
  z
    .strictObject({
      call: exported,
      every: z.number().min(0.001, "at least 0.001").max(31_536_000, "at most a year").describe("Seconds"),
    })
    .describe("Called each so many seconds"),
  z
    .strictObject({
      call: exported,
      gpio: grantName.describe("The name of an input in peripherals.gpio"),
      edge: z.enum(["rising", "falling", "both"]).default("both"),
    })
    .describe("Called after each edge of a pin, with its level if the export takes one number"),
  z
    .strictObject({ call: exported, uart: grantName.describe("The name of a port in peripherals.uart") })
    .describe("Called for each line that a port receives, with its place and length if the export takes two numbers"),
]);

const text = z.string().refine((value) => !value.includes("\0"), "text without NUL");

/** What is said of each program on a board. */
const guestFields = {
  memory: z
    .int()
    .min(1)
    .max(0x7fffffff)
    .optional()
    .describe("Bytes that back linear memory; default: what the module's own layout shows that it needs"),
  args: z.array(text).default([]).describe("Arguments after the program's name"),
  env: z
    .record(z.string().regex(/^[^=\0]+$/, "a name without ="), text)
    .default({})
    .describe("Environment variables"),
  dirs: z
    .record(guestPath, directory)
    .default({})
    .describe("Directories: the guest's path, and the file system's directory that it sees there"),
  peripherals: z
    .strictObject({
      gpio: z.record(grantName, gpio).default({}),
      adc: z.record(grantName, adc).default({}),
      pwm: z.record(grantName, pwm).default({}),
      i2c: z.record(grantName, i2c).default({}),
      spi: z.record(grantName, spi).default({}),
      uart: z.record(grantName, uart).default({}),
    })
    .prefault({})
    .describe("Hardware that the guest may use, as files under /dev"),
  slice: z
    .number()
    .min(0)
    .max(1000)
    .default(50)
    .describe(
      "Milliseconds that the program may compute before the prompt and timers have their turn; 0: as long as it likes",
    ),
  reactions: z
    .array(reaction)
    .default([])
    .describe("For a reactor, a module without _start: which exports are called, and for what"),
  compile: z
    .strictObject({
      flags: z.array(z.string()).default([]).describe("Given to the compiler as they are, after the defaults"),
    })
    .prefault({})
    .describe("How source is compiled; nothing of it matters for a .wasm file"),
};

const otherGuest = z
  .strictObject({
    program: z.string().min(1).describe("Its file, from the folder of this manifest: .wasm, .c, .cpp, .wat or .ts"),
    ...guestFields,
  })
  .describe("Another program on the same board, with memory and grants of its own");

/** `ristretto.json`: what a program is called, what it needs, and everything that it is granted. */
export const manifestSchema = z
  .strictObject({
    $schema: z.string().optional().describe("Where this schema is, for editors"),
    name: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,20}$/, "at most 20 letters, digits, - _ and .")
      .optional()
      .describe("What the program is called on the board; default: its file's name"),
    board: z.string().optional().describe("The board that it is for, unless the command says another"),
    engine: z
      .enum(["js", "thumb", "auto"])
      .optional()
      .describe("How it runs on the board, unless the command says otherwise"),
    ...guestFields,
    guests: z.record(grantName, otherGuest).default({}).describe("Programs that run beside this one, by name"),
  })
  .describe("What a program for ristretto needs and is granted. Nothing is granted by default.");

/** A manifest with all defaults filled in. I2C addresses are numbers. */
export type Manifest = z.output<typeof manifestSchema>;

/** What a manifest says of a program beside its own. */
export type OtherGuest = z.output<typeof otherGuest>;

/** The JSON Schema that is published as `manifest.schema.json`; it describes what a person writes. */
export function manifestJsonSchema(): unknown {
  return { title: "ristretto.json", ...z.toJSONSchema(manifestSchema, { io: "input", target: "draft-7" }) };
}

/** What a program without a manifest is granted: nothing but stdio, clocks and random. */
export function emptyManifest(): Manifest {
  return manifestSchema.parse({});
}

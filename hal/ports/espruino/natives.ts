/**
 * The natives of Espruino that this port uses, as types; a file that needs one declares it with these.
 * Source: Espruino 2v29, the JSON comments in `src/jswrap_*.c`, and what the Linux build was seen to do.
 */

/** `new Pin("D5")`; an unknown name makes a Pin that every native refuses with "Invalid pin". */
export interface NativePin {
  readonly isPin: true;
}

/** `E`. */
export interface NativeE {
  /** Name of the device that has the prompt, a global; null when none has it. */
  getConsole(): string | null;
  /** Throws for what is no device. Not on builds with SAVE_ON_FLASH. */
  setConsole(device: string | null | 0, options?: { force: boolean }): void;
  /** CRC-32 of zlib, as an unsigned number. */
  CRC32(bytes: Uint8Array): number;
  /** 32 bits from the chip's noise source, as a signed number; a seeded generator on Linux. */
  hwRand(): number;
  /** Volts of the ADC's reference; NaN on Linux. */
  getAnalogVRef(): number;
  /** @param isAuto whether the interpreter itself feeds it */
  enableWatchdog(seconds: number, isAuto: boolean): void;
  kickWatchdog(): void;
}

/** `USB`, `Bluetooth`, `Serial1`, … */
export interface NativeSerial {
  setup(baud: number, options: object): void;
  /** Blocks while the transmit buffer is full. */
  write(bytes: ArrayLike<number> | string): void;
  /** `data` comes only while the device has no prompt; one char a byte. */
  on(event: "data", handler: (data: string) => void): void;
  removeListener(event: "data", handler: (data: string) => void): void;
}

/** `I2C1`, … */
export interface NativeI2c {
  setup(options: object): void;
  /** Does nothing when there are no bytes. */
  writeTo(address: number | { address: number; stop: boolean }, bytes: ArrayLike<number>): void;
  /** undefined when `length` isn't positive. */
  readFrom(address: number, length: number): Uint8Array;
}

/** `SPI1`, … */
export interface NativeSpi {
  setup(options: object): void;
  /** Sends and receives; as many bytes come back as went out. */
  send(bytes: ArrayLike<number> | { data: number; count: number }): Uint8Array;
  write(bytes: ArrayLike<number>): void;
}

/** `require("Flash")`. */
export interface NativeFlash {
  /** undefined beyond flash. */
  getPage(address: number): { addr: number; length: number } | undefined;
  getFree(): { addr: number; length: number }[];
  /** undefined when `length` isn't positive; zeros beyond flash on Linux. */
  read(length: number, address: number): Uint8Array;
  write(bytes: Uint8Array, address: number): void;
  erasePage(address: number): void;
}

/** `require("Storage")`. */
export interface NativeStorage {
  list(): string[];
  eraseAll(): void;
  /** One char a byte; undefined when there is no such file. In flash that the processor can read, not a copy. */
  read(name: string, offset?: number, length?: number): string | undefined;
  /** @returns false when it doesn't fit */
  write(name: string, data: string, offset: number, size: number): boolean;
}

/** `process`. */
export interface NativeProcess {
  readonly env: { readonly BOARD: string; readonly STORAGE?: number };
  /** @param collect false leaves garbage where it is, which is quicker */
  memory(collect?: boolean): { readonly flash_code_start?: number };
}

/** What `setWatch` calls with. */
export interface NativeEdge {
  readonly state: boolean;
  /** As `getTime()`, seconds. */
  readonly time: number;
}

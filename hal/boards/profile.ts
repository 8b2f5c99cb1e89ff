/**
 * A board as data: what the compiler, the check before flashing and the simulator need to know of it.
 * Figures come from Espruino's own board files (`boards/*.py`) and the parts' datasheets.
 */
export interface BoardProfile {
  /** Espruino's name for it, lower case, as in `--board puckjs`. */
  readonly id: string;
  /** As its maker writes it. */
  readonly name: string;
  /** What `process.env.BOARD` says on it. */
  readonly espruinoBoard: string;
  readonly processor: {
    readonly name: string;
    readonly core: "cortex-m0+" | "cortex-m3" | "cortex-m4" | "cortex-m4f" | "cortex-m33";
    readonly hertz: number;
  };
  readonly memory: {
    /** Interpreter variables in all. */
    readonly jsVars: number;
    /** Bytes that one variable takes. */
    readonly jsVarBytes: number;
    /** RAM of the chip in bytes. */
    readonly ramBytes: number;
    /** C stack that the interpreter may use, in bytes. */
    readonly stackBytes: number;
  };
  readonly flash: {
    /** Erase unit in bytes. */
    readonly blockBytes: number;
    /** Program unit in bytes. */
    readonly writeBytes: number;
    readonly reprogrammable: boolean;
    /** Erases of a block that the part's maker promises. */
    readonly endurance: number;
    /** Espruino's Storage. */
    readonly storage: FlashArea;
    /** Raw flash outside Storage that `require("Flash").getFree()` tells of: where the file system lives. */
    readonly free: readonly FlashArea[];
    /**
     * Set where the firmware's `getFree()` answers with Storage itself, although it is in use (RP2040, Linux):
     * a file system then needs pages set aside inside Storage.
     */
    readonly reportsStorageAsFree?: boolean;
    /** Whether code in Storage can be executed in place (not on external SPI flash). */
    readonly executeInPlace: boolean;
  };
  /** Pins by Espruino's name; names of parts that are soldered on (`LED1`, `BTN1`) are aliases. */
  readonly pins: readonly PinProfile[];
  readonly buses: {
    readonly i2c: readonly BusProfile[];
    readonly spi: readonly BusProfile[];
    readonly uart: readonly BusProfile[];
  };
  /** What the prompt is on when nothing else was chosen. */
  readonly console: "USB" | "Bluetooth" | "Serial1" | "Telnet";
  /** Which engines can run on it. */
  readonly engines: readonly ("js" | "thumb")[];
  /** Whether `E.nativeCall` exists (not on builds with SAVE_ON_FLASH). */
  readonly nativeCall: boolean;
  /** Supply current in microamperes: running and asleep. */
  readonly current: { readonly activeMicroamperes: number; readonly sleepMicroamperes: number };
}

/** A range of a board's flash, in bytes. */
export interface FlashArea {
  /** As `require("Flash")` counts. */
  readonly address: number;
  readonly bytes: number;
  /** Erase unit in bytes where it isn't the board's `blockBytes` (STM32F4 has sectors of 16, 64 and 128 KiB). */
  readonly blockBytes?: number;
}

/** A pin that a program may use. */
export interface PinProfile {
  /** Espruino's name: `D13`, `A0`, `PA5`. */
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly functions: readonly ("digital" | "adc" | "pwm")[];
  /** A soldered LED or button, and whether it is active low. */
  readonly part?: { readonly kind: "led" | "button"; readonly activeLow: boolean; readonly color?: string };
}

/** A bus and the pins that it is on unless others are named. */
export interface BusProfile {
  /** Espruino's name: `I2C1`, `SPI1`, `Serial1`. */
  readonly name: string;
  /** Default pins by role: `sda`, `scl`, `sck`, `mosi`, `miso`, `rx`, `tx`. */
  readonly pins: Readonly<Record<string, string>>;
}

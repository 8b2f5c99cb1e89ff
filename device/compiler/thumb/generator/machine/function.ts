import type { Condition, Instruction, Register } from "../../instruction.js";

/** Registers from here on are virtual: `registers/` gives each one a low register, or a home that it is fetched from. */
export const FIRST_VIRTUAL = 16;

/** Linear memory's address, kept throughout. */
export const MEMORY: Register = 11;
/** Fuel that is left, kept throughout. */
export const FUEL: Register = 8;
/** The lowest address that the stack may reach, kept throughout in modules that have recursive functions. */
export const STACK_LIMIT: Register = 10;

/** Where a value lives that has no low register: a high register, or a word of the frame. */
export type Home =
  { readonly kind: "register"; readonly register: Register } | { readonly kind: "stack"; readonly word: number };

/** What isn't an instruction before registers and the frame are known. */
export type Pseudo =
  /** A copy, without flags; nothing when both get the same register. */
  | { readonly kind: "move"; readonly rd: Register; readonly rm: Register }
  /** `rd = rm` when the flags say so. */
  | { readonly kind: "moveIf"; readonly condition: Condition; readonly rd: Register; readonly rm: Register }
  /** `rd` becomes `value`, 0-255, when the flags say so. */
  | { readonly kind: "setIf"; readonly condition: Condition; readonly rd: Register; readonly value: number }
  /** Any 32-bit number. The flags are lost. */
  | { readonly kind: "constant"; readonly rd: Register; readonly value: number }
  /** Address of a place in the blob, plus `addend`. */
  | { readonly kind: "codeAddress"; readonly rd: Register; readonly label: string; readonly addend: number }
  /** Linear memory's address plus `offset`. The flags are lost. */
  | { readonly kind: "memoryAddress"; readonly rd: Register; readonly offset: number }
  /** A word's distance from the start of the blob. */
  | { readonly kind: "codeOffset"; readonly rd: Register; readonly label: string; readonly addend: number }
  /** -1 when the carry is clear (the borrow of a subtraction), else 0. */
  | { readonly kind: "borrow"; readonly rd: Register }
  | {
      readonly kind: "call";
      readonly label: string;
      readonly uses: readonly Register[];
      readonly defs: readonly Register[];
    }
  | {
      readonly kind: "callRegister";
      readonly rm: Register;
      readonly uses: readonly Register[];
      readonly defs: readonly Register[];
    }
  /** A word of the parameters that the caller has laid on the stack. */
  | { readonly kind: "incoming"; readonly rd: Register; readonly word: number }
  /** A word of the arguments on the stack of a call to come. */
  | { readonly kind: "outgoing"; readonly rt: Register; readonly word: number }
  /** Fetches a value that has no low register from its home, or puts it there. */
  | { readonly kind: "reload"; readonly rd: Register; readonly value: Register }
  | { readonly kind: "spill"; readonly rt: Register; readonly value: Register }
  /** To a trap when the flags say so. */
  | { readonly kind: "trapIf"; readonly condition: Condition; readonly code: number }
  /** When the flags say so, the access behind it is done byte by byte. */
  | { readonly kind: "slowIf"; readonly condition: Condition }
  /** Takes one from the fuel with the help of `rd`, and leaves to the host when it is used up. */
  | { readonly kind: "fuel"; readonly rd: Register }
  | { readonly kind: "stackCheck" };

/** An instruction on virtual registers, or what will be one or several. */
export type Piece = Instruction | Pseudo;

/** Pieces that stay together: nothing is put between them, for flags go from one to the next. */
export type Unit = Piece[];

export type End =
  | { readonly kind: "jump"; to: MachineBlock }
  /** The flags are those of the block's last unit. */
  | { readonly kind: "branch"; readonly condition: Condition; then: MachineBlock; else: MachineBlock }
  /** The index is below the number of targets; its register is lost. */
  | { readonly kind: "table"; index: Register; targets: MachineBlock[] }
  | { readonly kind: "return"; readonly uses: readonly Register[] }
  | { readonly kind: "trap"; readonly code: number };

/** Instructions that run one after the other, and where it goes on. */
export interface MachineBlock {
  readonly id: number;
  units: Unit[];
  /** What sets the flags for the end: spilled values are fetched before it, never between it and the end. */
  test: Unit;
  end: End;
  /** How many loops are around it. */
  depth: number;
}

/** A function as instructions, before and after its virtual registers have become real ones. */
export interface MachineFunction {
  readonly name: string;
  readonly blocks: MachineBlock[];
  /** The next number for a block that nothing has. */
  nextBlock: number;
  /** The next virtual register that nothing uses. */
  nextRegister: number;
  /** Values that are made anew where they are needed rather than fetched. */
  readonly remade: Map<Register, Piece>;
  /** Words of arguments on the stack that calls need at most. */
  outgoingWords: number;
  /** Words of parameters beyond the four in registers. */
  readonly incomingWords: number;
  /** Whether lr is lost in the body. */
  calls: boolean;
  /** Where spilled values live. */
  homes: ReadonlyMap<Register, Home>;
}

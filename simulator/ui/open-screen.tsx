import { render } from "ink";
import { Screen } from "./screen.js";
import type { SimulatorView } from "./view.js";

/** Thrown where there is no terminal; the message is for a person. */
export class NoTerminal extends Error {
  constructor() {
    super("the screen needs a terminal for input and output (use --headless where there is none)");
    this.name = "NoTerminal";
  }
}

const ALTERNATE_SCREEN = "\x1b[?1049h\x1b[H";
const NORMAL_SCREEN = "\x1b[?1049l";

/**
 * Shows the screen until somebody quits. What was on the terminal comes back afterwards.
 * @param input, output the terminal's; throws `NoTerminal` when either isn't one
 */
export async function openScreen(
  view: SimulatorView,
  input: NodeJS.ReadStream = process.stdin,
  output: NodeJS.WriteStream = process.stdout,
): Promise<void> {
  if (!input.isTTY || !output.isTTY) throw new NoTerminal();
  output.write(ALTERNATE_SCREEN);
  try {
    const app = render(<Screen view={view} />, {
      stdin: input,
      stdout: output,
      exitOnCtrlC: false,
      maxFps: 10,
    });
    await app.waitUntilExit();
  } finally {
    output.write(NORMAL_SCREEN);
  }
}

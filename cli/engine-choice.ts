import type { Engine } from "../device/image/choose-engine.js";
import type { Manifest } from "../device/image/manifest-schema.js";

/** An engine, or the best that the board and the program allow. */
export type EngineChoice = Engine | "auto";

export const ENGINE_CHOICES: readonly EngineChoice[] = ["js", "thumb", "auto"];

/** What a program runs on when nobody says. */
export const DEFAULT_ENGINE: EngineChoice = "auto";

/** The command's word wins over the manifest's. */
export function engineChoice(options: { readonly engine?: string }, manifest: Manifest): EngineChoice {
  return (options.engine as EngineChoice | undefined) ?? manifest.engine ?? DEFAULT_ENGINE;
}

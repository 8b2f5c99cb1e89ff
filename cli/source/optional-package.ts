import { Failure } from "../failure.js";

/**
 * Loads a package that only some source languages need.
 * @param load imports it, so that the bundled types stay with the caller
 * @throws Failure with the npm line when it isn't installed
 */
export async function optionalPackage<T>(names: string, purpose: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new Failure(`${names} is not installed, and ${purpose} needs it`, {
      mend: `npm install --save-dev ${names}`,
    });
  }
}

/** Assembly text that can't be read: says which line, and why. */
export class AssemblyError extends Error {}

/** Every routine's text, by family. A text is linked as a whole, so it holds what is of use together. */
export const families: readonly (readonly string[])[] = [];

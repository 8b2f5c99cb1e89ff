/** What `--lang` takes. */
export const languages = ["c", "rust", "assemblyscript", "zig"] as const;

export type Language = (typeof languages)[number];

import { readdirSync, readFileSync } from "node:fs";
import { MANGLED } from "../wasi/names.js";

/** The ports' files, but for their comments. */
function portSources(): { readonly file: string; readonly text: string }[] {
  return ["espruino", "ecmascript", "sandbox"].flatMap((port) => {
    const folder = new URL(`../../hal/ports/${port}/`, import.meta.url);
    return readdirSync(folder)
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".spec.ts"))
      .map((file) => ({ file, text: readFileSync(new URL(file, folder), "utf8").replace(/\/\*[^]*?\*\//g, "") }));
  });
}

/** Names that the ports declare as an interpreter's own: members of natives, and options that natives take. */
function nativeNames(): Set<string> {
  const names = new Set<string>();
  for (const { file, text } of portSources()) {
    const declarations =
      file === "natives.ts"
        ? [text]
        : [...text.matchAll(/^declare [^]*?;$|^export interface RistrettoStreams [^]*?^\}$/gm)].map(
            ([declaration]) => declaration,
          );
    for (const declaration of declarations)
      for (const [, name] of declaration.matchAll(/(?:^|[{;]|readonly)\s*(\w+)\??[:(]/gm)) names.add(name);
  }
  return names;
}

test("a name that is shortened, and belongs to an interpreter, too, is always in quotes in a port", () => {
  const natives = nativeNames();
  for (const known of ["memory", "edge", "flash_code_start", "writeTo", "listen"]) expect(natives).toContain(known);
  const both = MANGLED.filter((name) => natives.has(name));
  expect(both.sort()).toEqual(["memory", "read", "write"]);
  const withDot = new RegExp(`\\.(?:${both.join("|")})\\b.*`, "g");
  const found = portSources().flatMap(({ file, text }) => [...text.matchAll(withDot)].map(([use]) => file + use));
  expect(found).toEqual([]);
});

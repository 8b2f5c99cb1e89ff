import { PORTS } from "./entry-ports.js";
import {
  arenaLines,
  clockLines,
  type EntryOptions,
  filesLines,
  guestLines,
  Imported,
  mountOf,
  needsOf,
} from "./entry.js";

/** A guest among several on one board. */
export interface NamedEntry {
  /** What stands before each line that it prints. */
  readonly name: string;
  readonly options: EntryOptions;
}

/** The name that stands for the generated code of the guest at a place. */
export function placeholderOf(index: number): string {
  return `__ristretto_guest_${index}__`;
}

/**
 * The module that a bundle of several guests starts from. They have a function each, with memory and descriptors of
 * their own, and share the clock, the mounted file system and the console; its input is the first one's. However one of them
 * ends, the others go on.
 */
export function guestsSource(guests: readonly NamedEntry[]): string {
  const imported = new Imported();
  const { from } = imported;
  const { console } = guests[0].options;
  const port = PORTS[console];
  const needs = guests.map(({ options }) => needsOf(options));
  const share = (name: string) => from("device/wasi/share-console.js", name);
  const lines = clockLines([...new Set(needs.flatMap(({ clock }) => clock))], console, from);
  if (needs.some(({ directories }) => directories.length > 0))
    lines.push(
      ...filesLines(port.files(from, mountOf(guests.map(({ options }) => options)), guests[0].options.filePlace)),
    );
  lines.push(
    `var output = ${share("shareConsole")}(${port.write(from)}, ${port.streams});`,
    port.togetherBegins(guests.length),
  );
  guests.forEach(({ name, options }, index) => {
    const text = JSON.stringify(name);
    const ended = port.endedTogether(text);
    const inside = [
      ...arenaLines(options, from),
      `var write = output(${text});`,
      ...guestLines(
        options,
        {
          write: () => "write",
          input: () =>
            index === 0
              ? `${from("device/wasi/console.js", "inputStream")}(${port.onInput(from)})`
              : `${share("endedInput")}()`,
          ended,
          trace: `function (line) { (${port.trace})(${text} + ": " + line); }`,
          placeholder: placeholderOf(index),
          several: true,
          files: () => [],
        },
        from,
      ),
    ];
    // What goes wrong before the engine listens: no memory, a data segment that doesn't fit.
    lines.push(`(function () {`, `try {`, ...inside, `} catch (trap) { var code = 134; ${ended} }`, `})();`);
  });
  return [...imported.lines, ...lines].join("\n");
}

import { Box, Text } from "ink";

/** The console's last lines. @param rows and columns that there are for text */
export function ConsolePane(props: {
  readonly lines: readonly string[];
  readonly focused: boolean;
  readonly rows: number;
  readonly columns: number;
}) {
  const { lines, focused, rows, columns } = props;
  const shown = wrapLines(lines, columns, rows - 1);
  return (
    <Box flexDirection="column">
      <Text bold wrap="truncate">
        Console <Text dimColor>{focused ? "keys go to the board" : "Tab to type"}</Text>
      </Text>
      {shown.map((line, i) => (
        <Text key={i} wrap="truncate">
          {line}
          {focused && i === shown.length - 1 ? <Text inverse> </Text> : line === "" ? " " : ""}
        </Text>
      ))}
    </Box>
  );
}

/** The last `rows` rows of lines that are folded at `columns`. */
export function wrapLines(lines: readonly string[], columns: number, rows: number): string[] {
  const width = Math.max(1, columns - 1);
  const folded: string[] = [];
  for (let i = lines.length - 1; i >= 0 && folded.length < rows; i--) {
    const pieces: string[] = [];
    for (let at = 0; at === 0 || at < lines[i].length; at += width) pieces.push(lines[i].slice(at, at + width));
    folded.unshift(...pieces);
  }
  return folded.slice(-Math.max(1, rows));
}

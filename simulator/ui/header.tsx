import { Box, Text } from "ink";
import type { Snapshot } from "./view.js";

/** Board, virtual time, speed and supply, in one line; less of it on a narrow terminal. */
export function Header({ snapshot, columns }: { readonly snapshot: Snapshot; readonly columns: number }) {
  const isWide = columns >= 100;
  const { board, time, power } = snapshot;
  const speed = time.speed === Infinity ? "max" : `×${time.speed}`;
  return (
    <Box justifyContent="space-between" paddingX={1}>
      <Text wrap="truncate">
        <Text bold>ristretto</Text> {board.name} {isWide ? <Text dimColor>({board.id})</Text> : ""}
      </Text>
      <Text>
        {time.paused ? <Text color="yellow">paused</Text> : <Text color="green">running</Text>} {speed}{" "}
        <Text bold>{clockFace(time.microseconds)}</Text>
        {"  "}
        {power.on ? "" : <Text color="red">no power </Text>}
        {charge(power.averageMicroamperes, "A")}
        {isWide ? ` on average, ${charge(power.microampereHours, "Ah")},` : ""} awake{" "}
        {(power.awake * 100).toFixed(power.awake < 0.1 ? 2 : 0)}%
      </Text>
    </Box>
  );
}

/** `1d 02:03:04.567` */
export function clockFace(microseconds: number): string {
  const milliseconds = Math.floor(microseconds / 1000);
  const two = (number: number) => String(Math.floor(number)).padStart(2, "0");
  const days = Math.floor(milliseconds / 86_400_000);
  const rest = milliseconds % 86_400_000;
  const face = `${two(rest / 3_600_000)}:${two((rest / 60_000) % 60)}:${two((rest / 1000) % 60)}`;
  return `${days > 0 ? `${days}d ` : ""}${face}.${String(rest % 1000).padStart(3, "0")}`;
}

/** Three digits and a prefix: `12.3 µA`, `4.56 mAh`. @param micro in millionths of the unit */
export function charge(micro: number, unit: string): string {
  if (micro >= 1000) return `${(micro / 1000).toPrecision(3)} m${unit}`;
  return `${micro >= 100 ? micro.toFixed(0) : micro.toPrecision(3)} µ${unit}`;
}

import { Box, Text } from "ink";
import type { PinView, Snapshot } from "./view.js";

/** LEDs, buttons, sensors and pins. @param rows that there are for it */
export function HardwarePane({ snapshot, rows }: { readonly snapshot: Snapshot; readonly rows: number }) {
  const { leds, buttons, sensors, pins, idlePins } = snapshot;
  const taken = leds.length + buttons.length + 2 * sensors.length + 3;
  const shown = pins.slice(0, Math.max(0, rows - taken));
  const hidden = pins.length - shown.length;
  return (
    <Box flexDirection="column">
      <Text bold>Parts</Text>
      {leds.map((led) => (
        <Text key={led.name} wrap="truncate">
          <Text color={led.brightness > 0 ? led.color : undefined} dimColor={led.brightness === 0}>
            {led.brightness > 0 ? "●" : "○"}
          </Text>{" "}
          {led.name} <Text dimColor>{lightWords(led)}</Text>
        </Text>
      ))}
      {buttons.map((button, i) => (
        <Text key={button.name} wrap="truncate">
          <Text color={button.pressed ? "yellow" : undefined}>{button.pressed ? "■" : "□"}</Text> {button.name}{" "}
          <Text dimColor>
            {button.pressed ? "pressed" : "released"}, key {i + 1}
          </Text>
        </Text>
      ))}
      {sensors.map((sensor) => (
        <Box key={sensor.name} flexDirection="column">
          <Text wrap="truncate">
            ◆ {sensor.name} <Text dimColor>{sensor.type}</Text>
          </Text>
          <Text wrap="truncate"> {sensor.shows}</Text>
        </Box>
      ))}
      <Text bold>Pins</Text>
      {shown.map((pin) => (
        <Pin key={pin.name} pin={pin} />
      ))}
      <Text dimColor wrap="truncate">
        {hidden > 0 ? `${hidden} more, ` : ""}
        {idlePins} idle
      </Text>
    </Box>
  );
}

function Pin({ pin }: { readonly pin: PinView }) {
  const words = { "0": "low", "1": "high", z: "float", x: "SHORT" } as const;
  const colors = { "0": "blue", "1": "green", z: undefined, x: "red" } as const;
  const level = pin.duty === undefined ? words[pin.level] : `${Math.round(pin.duty * 100)}%`;
  return (
    <Text wrap="truncate">
      {pin.name.padEnd(4)}
      {(pin.alias ?? "").padEnd(5).slice(0, 5)} <Text color={colors[pin.level]}>{level.padEnd(5)}</Text>{" "}
      <Text dimColor>{pin.mode}</Text>
    </Text>
  );
}

function lightWords({ color, brightness }: { readonly color: string; readonly brightness: number }): string {
  if (brightness === 0) return `${color}, dark`;
  return brightness === 1 ? `${color}, lit` : `${color}, ${Math.round(brightness * 100)}%`;
}

import { Box, Text, useApp, useInput, useStdout } from "ink";
import { useEffect, useRef, useState } from "react";
import { ConsolePane } from "./console-pane.js";
import { FilesPane } from "./files-pane.js";
import { HardwarePane } from "./hardware-pane.js";
import { Header } from "./header.js";
import { keyBytes } from "./keys.js";
import { useSnapshot } from "./use-snapshot.js";
import type { SimulatorView } from "./view.js";

const HARDWARE_COLUMNS = 36;
const FILES_ROWS = 8;

/** The whole screen: keys are commands, or go to the console while it has the focus. */
export function Screen({ view }: { readonly view: SimulatorView }) {
  const snapshot = useSnapshot(view);
  const { exit } = useApp();
  const [columns, rows] = useTerminalSize();
  const [focused, setFocused] = useState(false);
  // Keys come faster than React renders, so what they go to is kept beside the state.
  const focus = useRef(false);
  const setFocus = (on: boolean) => {
    focus.current = on;
    setFocused(on);
  };
  const { commands } = view;

  const command = (char: string) => {
    const { buttons, time, power } = view.look();
    const button = buttons[Number(char) - 1];
    if (char === "q" || char === "\x03") exit();
    else if (char === "\t" || char === "\r") setFocus(true);
    else if (char === " ") commands.setPaused(!time.paused);
    else if (char === "+" || char === "=") commands.faster();
    else if (char === "-") commands.slower();
    else if (char === "r") commands.reset();
    else if (char === "p") commands.setPower(!power.on);
    else if (button) commands.setButton(button.name, !button.pressed);
  };

  useInput((input, key) => {
    if (key.escape) return setFocus(false);
    const bytes = keyBytes(input, key);
    if (focus.current) return commands.type(bytes);
    // Several keys may have come at once; those after the one that gives the focus are for the console.
    const text = new TextDecoder().decode(bytes);
    if (text.startsWith("\x1b")) return;
    for (let i = 0; i < text.length; i++) {
      command(text[i]);
      if (focus.current && i + 1 < text.length) return commands.type(new TextEncoder().encode(text.slice(i + 1)));
    }
  });

  // One row less than the terminal has: a full one makes it scroll.
  const height = Math.max(16, rows - 1);
  const middle = height - 2;
  const files = Math.min(FILES_ROWS, Math.floor(middle / 3));
  const frame = { borderStyle: "round", borderDimColor: true, paddingX: 1 } as const;
  return (
    <Box flexDirection="column" width={columns} height={height}>
      <Header snapshot={snapshot} columns={columns} />
      <Box height={middle}>
        <Box {...frame} width={HARDWARE_COLUMNS} flexShrink={0} overflow="hidden">
          <HardwarePane snapshot={snapshot} rows={middle - 2} />
        </Box>
        <Box flexDirection="column" flexGrow={1}>
          <Box {...frame} height={middle - files} overflow="hidden" borderColor={focused ? "green" : undefined}>
            <ConsolePane
              lines={snapshot.console}
              focused={focused}
              rows={middle - files - 2}
              columns={columns - HARDWARE_COLUMNS - 4}
            />
          </Box>
          <Box {...frame} height={files} overflow="hidden">
            <FilesPane snapshot={snapshot} rows={files - 2} />
          </Box>
        </Box>
      </Box>
      <Text dimColor wrap="truncate">
        {" "}
        {focused
          ? "Esc back to commands"
          : `q quit  space ${snapshot.time.paused ? "go on" : "pause"}  +/- speed  Tab console  1-9 buttons  r reset  p power`}
      </Text>
    </Box>
  );
}

function useTerminalSize(): readonly [columns: number, rows: number] {
  const { stdout } = useStdout();
  const read = () => [stdout.columns ?? 80, stdout.rows ?? 24] as const;
  const [size, setSize] = useState(read);
  useEffect(() => {
    const resized = () => setSize([stdout.columns ?? 80, stdout.rows ?? 24]);
    stdout.on("resize", resized);
    return () => {
      stdout.off("resize", resized);
    };
  }, [stdout]);
  return size;
}

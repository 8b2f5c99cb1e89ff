import { Box, Text } from "ink";
import type { Snapshot } from "./view.js";

/** Files, flash and the last messages. @param rows that there are for it */
export function FilesPane({ snapshot, rows }: { readonly snapshot: Snapshot; readonly rows: number }) {
  const { files, flash, messages } = snapshot;
  const said = messages.slice(-2);
  const shown = (files ?? []).slice(0, Math.max(0, rows - 1 - said.length));
  const hidden = (files?.length ?? 0) - shown.length;
  return (
    <Box flexDirection="column">
      <Text wrap="truncate">
        <Text bold>Files</Text>{" "}
        <Text dimColor>
          {flash.bytesProgrammed} B written, {flash.erases} erases, wear {flash.mostWorn}
          {hidden > 0 ? `; ${hidden} more files` : ""}
        </Text>
      </Text>
      {shown.map((file) => (
        <Text key={file.path} wrap="truncate">
          {file.path} <Text dimColor>{file.bytes} B</Text>
        </Text>
      ))}
      {files && files.length === 0 ? <Text dimColor>none yet</Text> : null}
      {files === undefined ? <Text dimColor>no file system</Text> : null}
      {said.map((message, i) => (
        <Text key={i} color="yellow" wrap="truncate">
          {message}
        </Text>
      ))}
    </Box>
  );
}

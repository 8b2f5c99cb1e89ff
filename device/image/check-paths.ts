import type { BoardProfile } from "../../hal/boards/profile.js";
import type { Module } from "../compiler/decode/module.js";
import type { Finding } from "./check-imports.js";
import type { Grants } from "./grants.js";
import { missingPaths } from "./named-paths.js";
import { grantLine } from "./suggest-manifest.js";

/**
 * Whether the files that a module names in its data are granted. A device by its whole path is a problem; what is less
 * certain to be opened is a warning. What a program puts together while it runs is found out then, as `notcapable`.
 */
export function checkPaths(module: Module, grants: Grants, board: BoardProfile): Finding[] {
  if (!module.functions.some((declared) => declared.import?.name === "path_open")) return [];
  const { devices, files } = missingPaths(module, grants);
  return [
    ...files.map((path): Finding => ({
      severity: "warning",
      message: `names ${path}, which its manifest doesn't grant`,
      mend: `if it is opened, add to "dirs": { "${parentOf(path)}": "/" }`,
    })),
    ...devices.map((device): Finding => {
      const line = grantLine(device, board, grants);
      return device.isCertain
        ? {
            severity: "problem",
            message: `opens ${device.path}, which its manifest doesn't grant`,
            mend: `add to "peripherals": ${line}`,
          }
        : {
            severity: "warning",
            message: `seems to name ${device.path}, which its manifest doesn't grant`,
            mend: `if it is opened, add to "peripherals": ${line}`,
          };
    }),
  ];
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || path;
}

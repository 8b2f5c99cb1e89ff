import type { Module } from "../compiler/decode/module.js";
import type { Finding } from "./check-imports.js";
import { allGrants } from "./grants.js";
import type { Grants } from "./grants.js";

/**
 * Whether the files that a module names in its data are granted. Only whole absolute paths that stand as text in a
 * data segment are seen; what a program puts together while it runs is found out then, as `notcapable`.
 */
export function checkPaths(module: Module, grants: Grants): Finding[] {
  if (!module.functions.some((declared) => declared.import?.name === "path_open")) return [];
  const granted = allGrants(grants);
  const findings: Finding[] = [];
  for (const path of pathsIn(module)) {
    if (granted.some((grant) => covers(grant.path, path))) continue;
    const device = /^\/dev\/(gpio|adc|pwm|i2c|spi|uart)\/([A-Za-z0-9_-]+)(?:\/(0x[0-9a-fA-F]{2}))?$/.exec(path);
    if (device)
      findings.push({
        severity: "problem",
        message: `opens ${path}, which its manifest doesn't grant`,
        mend: `add to "peripherals": { "${device[1]}": { "${device[2]}": ${exampleOf(device[1], device[3])} } }`,
      });
    else if (!path.startsWith("/dev/"))
      findings.push({
        severity: "warning",
        message: `names ${path}, which its manifest doesn't grant`,
        mend: `if it is opened, add to "dirs": { "${parentOf(path)}": "/" }`,
      });
  }
  return findings;
}

/** Absolute paths of at least two characters that end in a NUL, as C and Rust keep them. */
function pathsIn(module: Module): Set<string> {
  const paths = new Set<string>();
  for (const segment of module.data) {
    const text = Array.from(segment.bytes, (byte) => String.fromCharCode(byte)).join("");
    for (const [, path] of text.matchAll(/(?:^|\0)((?:\/[A-Za-z0-9_.-]+)+)(?=\0|$)/g)) paths.add(path);
  }
  return paths;
}

function covers(granted: string, path: string): boolean {
  return granted === "/" || path === granted || path.startsWith(`${granted}/`);
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || path;
}

function exampleOf(kind: string, address: string | undefined): string {
  switch (kind) {
    case "gpio":
      return '{ "pin": "LED1", "direction": "out" }';
    case "i2c":
      return `{ "bus": "I2C1", "addresses": ["${address ?? "0x76"}"] }`;
    case "spi":
      return '{ "bus": "SPI1", "select": "D1" }';
    case "uart":
      return '{ "bus": "Serial1", "baud": 9600 }';
    default:
      return '{ "pin": "A0" }';
  }
}

#!/usr/bin/env node
import { createProgram } from "./program.js";
import { report } from "./report.js";

// A reader that closed early (`| head`) has seen what it wanted.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

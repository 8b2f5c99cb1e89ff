import { Command } from "commander";
import { engineOption, withProject } from "../project-options.js";
import type { ProjectOptions } from "../project.js";

/** `ristretto check` */
export function checkCommand(): Command {
  return withProject(new Command("check"))
    .description("does it fit, what does it need, what would it be granted; exit code 1 with the mend")
    .addOption(engineOption())
    .option("--json", "as JSON")
    .action(async (path: string, options: ProjectOptions & { json?: boolean }) => {
      const { checkProject, printCheck } = await import("../check.js");
      const result = await checkProject(path, options);
      if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
      else process.stdout.write(printCheck(result));
      if (!result.fits) process.exitCode = 1;
    });
}

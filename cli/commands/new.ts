import { Argument, Command, Option } from "commander";
import { languages } from "../new/languages.js";

/** `ristretto new` */
export function newCommand(): Command {
  return new Command("new")
    .description("a folder with a program that blinks an LED, its manifest, and a scenario that tests it")
    .addArgument(new Argument("<name>", "of the program and its folder, which must not be there yet"))
    .addOption(new Option("--lang <language>", "what it is written in").choices(languages).makeOptionMandatory())
    .action(async (name: string, options: { lang: (typeof languages)[number] }) => {
      const { newProject } = await import("../new/new-project.js");
      const files = await newProject(name, options.lang);
      process.stdout.write(`${files.join("\n")}\n${name}/README.md says how to build, check, run and simulate it\n`);
    });
}

import { Command } from "commander";
import type { ImageOptions } from "../files/image-files.js";

/** `ristretto fs`: the files on a flash image. */
export function fsCommand(): Command {
  const ls = withImage("ls", "what is in a directory, with sizes")
    .argument("[path]", "a directory or a file", "/")
    .option("--json", "as JSON: name, kind, bytes, modified (seconds since 1970)")
    .action(async (path: string, options: ImageOptions & { json?: boolean }) => {
      const { listPath } = await import("../files/list-path.js");
      await listPath(path, options);
    });
  const get = withImage("get", "copy a file from the image")
    .argument("<path>", "of the file on the image")
    .option("-o, --output <file>", "where to (default: stdout)")
    .action(async (path: string, options: ImageOptions & { output?: string }) => {
      const { getFile } = await import("../files/copy-files.js");
      await getFile(path, options);
    });
  const put = withImage("put", "copy a file to the image, over what is there, and make the directories that it needs")
    .argument("<file>", "on this computer; - for stdin")
    .argument("<path>", "on the image; where it ends with / or is a directory, the file keeps its name")
    .action(async (file: string, path: string, options: ImageOptions) => {
      const { putFile } = await import("../files/copy-files.js");
      await putFile(file, path, options);
    });
  const rm = withImage("rm", "remove a file or an empty directory")
    .argument("<path>", "of what is to go")
    .option("-r, --recursive", "and all that is in it")
    .action(async (path: string, options: ImageOptions & { recursive?: boolean }) => {
      const { removePath } = await import("../files/remove-path.js");
      await removePath(path, options);
    });
  const stat = withImage("stat", "capacity, what is used, free and dead, and how worn the blocks are")
    .option("--json", "as JSON, bytes and erases")
    .action(async (options: ImageOptions & { json?: boolean }) => {
      const { showStatus } = await import("../files/show-status.js");
      await showStatus(options);
    });
  const fsck = withImage("fsck", "read everything and say what is wrong; changes nothing; exit code 1 if something is")
    .option("--json", "as JSON")
    .action(async (options: ImageOptions & { json?: boolean }) => {
      const { checkFiles } = await import("../files/check-files.js");
      process.exitCode = await checkFiles(options);
    });
  const command = new Command("fs").description("the files on a flash image, as run and sim keep it with --flash");
  for (const each of [ls, get, put, rm, stat, fsck]) command.addCommand(each);
  return command;
}

function withImage(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .requiredOption("--flash <image>", "the flash image")
    .option("--board <board>", "whose flash it is (default: what is noted beside the image)");
}

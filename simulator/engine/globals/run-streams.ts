import type { Host, World } from "./world.js";

/** The `run` command's streams; see `run-image.ts` for the contract. */
export function installRunStreams(world: World, host: Host): void {
  let input: ((bytes: string) => void) | undefined;
  const ristretto = {
    write(stream: number, text: string) {
      if (text.indexOf("\0") < 0) host.runWrite(stream, text);
      else {
        world.put(world.charCodes(text));
        host.runWriteBytes(stream);
      }
    },
    listen(handler: (bytes: string) => void) {
      input = handler;
      host.runListen(true);
      return world.native(() => {
        if (input !== handler) return;
        input = undefined;
        host.runListen(false);
      });
    },
    trace: (line: string) => host.runTrace(line),
    exit: (code: number) => host.runExit(code),
    trap: (reason: string, stack: string | undefined) => host.runTrap(String(reason), String(stack ?? "")),
    trapped: (name: string, reason: string, stack: string | undefined) =>
      host.runTrapped(String(name), String(reason), String(stack ?? "")),
  };
  for (const each of Object.values(ristretto)) world.native(each);
  world.define("ristretto", Object.assign(ristretto, { codeAddress: host.imageAddress() }));
  world.entries.input = (length: number) => input?.(world.text(world.take(length)));
}

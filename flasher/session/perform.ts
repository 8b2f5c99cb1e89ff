import type { Transport } from "../transport/transport.js";
import { systemClock, type Clock, type Happening, type Operation, type Progress } from "./operation.js";

/** How `perform` reaches the world. */
export interface PerformOptions {
  readonly onProgress?: (progress: Progress) => void;
  /** The computer's own unless given. */
  readonly clock?: Clock;
}

/**
 * Runs a conversation over an open transport.
 * @returns what the conversation ends with
 * @throws what it throws, or the transport's `port-lost`
 */
export async function perform<T>(
  transport: Transport,
  operation: Operation<T>,
  { onProgress = () => {}, clock = systemClock }: PerformOptions = {},
): Promise<T> {
  const arrived: Uint8Array[] = [];
  let lost: Error | undefined;
  let wake: () => void = () => {};
  transport.onData((bytes) => {
    arrived.push(bytes);
    wake();
  });
  transport.onLost((error) => {
    lost = error;
    wake();
  });

  const receive = async (until: number): Promise<Happening> => {
    const left = until - clock.now();
    if (arrived.length === 0 && !lost && left > 0) {
      await new Promise<void>((resolve) => {
        const cancel = clock.after(left, resolve);
        wake = () => {
          cancel();
          resolve();
        };
      });
      wake = () => {};
    }
    if (arrived.length === 0 && lost) throw lost;
    const now = clock.now();
    return arrived.length === 0 ? { now } : { now, bytes: Buffer.concat(arrived.splice(0)) };
  };

  let next = operation.next();
  while (!next.done) {
    const step = next.value;
    let happening: Happening = { now: clock.now() };
    try {
      if (step.kind === "send") {
        if (lost) throw lost;
        await transport.write(step.bytes);
        happening = { now: clock.now() };
      } else if (step.kind === "receive") happening = await receive(step.until);
      else onProgress(step.progress);
    } catch (error) {
      next = operation.throw(error);
      continue;
    }
    next = operation.next(happening);
  }
  return next.value;
}

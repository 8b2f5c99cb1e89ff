import type { WallTime } from "../core/pacer.js";

/** Ten frames a second: more is work for the terminal that nobody sees. */
const FRAME_MILLISECONDS = 100;

/**
 * Draws at most once a frame: at once after a quiet time, and once more at the frame's end if anything was asked
 * for meanwhile.
 * @returns `request`, to be called at each change, and `stop`, after which nothing is drawn
 */
export function limitFrames(draw: () => void, after: WallTime["after"]): { request(): void; stop(): void } {
  let cancel: (() => void) | undefined;
  let isStale = false;
  const show = () => {
    isStale = false;
    cancel = after(FRAME_MILLISECONDS, () => {
      cancel = undefined;
      if (isStale) show();
    });
    draw();
  };
  return {
    request: () => {
      if (cancel) isStale = true;
      else show();
    },
    stop: () => cancel?.(),
  };
}

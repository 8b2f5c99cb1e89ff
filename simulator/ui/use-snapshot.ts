import { useEffect, useState } from "react";
import type { SimulatorView, Snapshot } from "./view.js";

/** Ten frames a second: more is work for the terminal that nobody sees. */
export const FRAME_MILLISECONDS = 100;

/** The view's latest snapshot: at once after a quiet time, then once a frame while it goes on changing. */
export function useSnapshot(view: SimulatorView): Snapshot {
  const [snapshot, setSnapshot] = useState(() => view.look());
  useEffect(() => {
    let timer: NodeJS.Timeout | undefined;
    let isStale = false;
    const show = () => {
      isStale = false;
      setSnapshot(view.look());
      timer = setTimeout(() => {
        timer = undefined;
        if (isStale) show();
      }, FRAME_MILLISECONDS);
    };
    const end = view.onChange(() => {
      if (timer) isStale = true;
      else show();
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [view]);
  return snapshot;
}

import { useEffect, useState } from "react";
import { limitFrames } from "./frame-limit.js";
import type { SimulatorView, Snapshot } from "./view.js";

/** The view's latest snapshot: at once after a quiet time, then once a frame while it goes on changing. */
export function useSnapshot(view: SimulatorView): Snapshot {
  const [snapshot, setSnapshot] = useState(() => view.look());
  useEffect(() => {
    const frames = limitFrames(
      () => setSnapshot(view.look()),
      (milliseconds, action) => {
        const timer = setTimeout(action, milliseconds);
        return () => clearTimeout(timer);
      },
    );
    const end = view.onChange(frames.request);
    return () => {
      end();
      frames.stop();
    };
  }, [view]);
  return snapshot;
}

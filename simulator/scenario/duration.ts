const MICROSECONDS = { us: 1, ms: 1e3, s: 1e6, min: 60e6, h: 3600e6, d: 86400e6 } as const;

/** What a duration looks like in a scenario: a number and a unit, `250us`, `1.5 s`, `10min`. */
export const DURATION_PATTERN = /^\d+(\.\d+)?\s?(us|ms|s|min|h|d)$/;

/** @param text that matches `DURATION_PATTERN`; @returns microseconds */
export function parseDuration(text: string): number {
  const number = parseFloat(text);
  const unit = text.replace(/^[\d.]+\s?/, "") as keyof typeof MICROSECONDS;
  return number * MICROSECONDS[unit];
}

/** A duration as a person writes it: whole hours and minutes, otherwise seconds, `1.25s`, or what is smaller. */
export function formatDuration(microseconds: number): string {
  const whole = Math.round(microseconds);
  for (const unit of ["h", "min"] as const)
    if (whole > 0 && whole % MICROSECONDS[unit] === 0) return `${whole / MICROSECONDS[unit]}${unit}`;
  if (whole >= MICROSECONDS.s) return `${whole / MICROSECONDS.s}s`;
  if (whole >= MICROSECONDS.ms) return `${whole / MICROSECONDS.ms}ms`;
  return whole === 0 ? "0s" : `${whole}us`;
}

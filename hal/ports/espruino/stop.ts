/** What the prompt can stop. */
declare var global: { ristretto?: { stop(): void } };

/**
 * Offers `ristretto.stop()` at the prompt: it stops what was offered, all of it where several guests run.
 *
 * Espruino tells a program nothing of Ctrl-C: it ends code that has run on for two turns of its SysTick, about half a
 * second, and otherwise clears the prompt's line. So whoever has the terminal says it in words: `ristretto console` does,
 * after Ctrl-C.
 */
export function offerStop(stop: () => void): void {
  var before = global.ristretto;
  global.ristretto = {
    stop: function () {
      if (before) before.stop();
      stop();
    },
  };
}

/** Byte 3 among the bytes of a device that the prompt isn't on. */
export function stopsAt(text: string): boolean {
  // Not as a literal: minifiers write the byte itself, which would interrupt whoever types the script at a prompt.
  var interrupted = text.indexOf(String.fromCharCode(3)) >= 0;
  if (interrupted && global.ristretto) global.ristretto.stop();
  return interrupted;
}

import { join } from "node:path";
import { SimulatedBoard } from "../board/index.js";
import { VirtualClock } from "../core/virtual-clock.js";
import { crc32 } from "../engine/index.js";
import { BoardConsole } from "./board-console.js";
import { playOnRealEspruino } from "./testing/real-espruino.js";
import { comparable, linuxLike, readTranscripts } from "./testing/transcript.js";

/** Virtual time between two inputs: as long as a recording waits for silence. */
const PAUSE_MICROSECONDS = 300_000;

const transcripts = readTranscripts(join(process.cwd(), "simulator/console/testing/transcripts"));

async function playOnSimulation(inputs: readonly string[]): Promise<{ answers: string[]; flash: Uint8Array }> {
  const clock = new VirtualClock();
  const board = new SimulatedBoard({ profile: linuxLike, clock, seed: 1, epochMicroseconds: 1.7e15 });
  const console = await BoardConsole.create({ board });
  let text = "";
  console.onOutput((bytes) => (text += Buffer.from(bytes).toString("latin1")));
  console.espruino.powerOn();
  const answers = inputs.map((input) => {
    text = "";
    console.type(input);
    clock.advanceTo(clock.now() + PAUSE_MICROSECONDS);
    return comparable(text);
  });
  await console.close();
  const { address, bytes } = linuxLike.flash.storage;
  return { answers, flash: board.flash.peek(address, bytes) };
}

describe("the simulated prompt answers as the real one", () => {
  it.each(transcripts)("$transcript.name", async ({ transcript }) => {
    const { answers, flash } = await playOnSimulation(transcript.steps.map(({ type }) => type));
    expect(transcript.steps.map(({ type }, i) => ({ type, answer: answers[i] }))).toEqual(transcript.steps);
    if (transcript.flashCrc32 !== undefined) expect(crc32(flash)).toBe(transcript.flashCrc32);
  });
});

const real = process.env.ESPRUINO;
if (!real) process.stderr.write("ESPRUINO isn't set: transcripts aren't compared with the real interpreter.\n");
(real ? describe : describe.skip)("the transcripts are what the real interpreter says", () => {
  it.each(transcripts)(
    "$transcript.name",
    async ({ transcript }) => {
      const inputs = transcript.steps.map(({ type }) => type);
      const { answers, flash } = await playOnRealEspruino(real!, inputs);
      expect(inputs.map((type, i) => ({ type, answer: comparable(answers[i]) }))).toEqual(transcript.steps);
      if (transcript.flashCrc32 !== undefined) expect(crc32(flash!)).toBe(transcript.flashCrc32);
    },
    60_000,
  );
});

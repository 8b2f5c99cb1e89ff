import { join } from "node:path";
import { SimulatedBoard } from "../board/index.js";
import { VirtualClock } from "../core/virtual-clock.js";
import { BoardConsole } from "./board-console.js";
import { playOnRealEspruino } from "./testing/real-espruino.js";
import { comparable, linuxLike, readTranscripts } from "./testing/transcript.js";

/** Virtual time between two inputs: as long as a recording waits for silence. */
const PAUSE_MICROSECONDS = 300_000;

const transcripts = readTranscripts(join(process.cwd(), "simulator/console/testing/transcripts"));

async function playOnSimulation(inputs: readonly string[]): Promise<string[]> {
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
  return answers;
}

describe("the simulated prompt answers as the real one", () => {
  it.each(transcripts)("$transcript.name", async ({ transcript }) => {
    const answers = await playOnSimulation(transcript.steps.map(({ type }) => type));
    expect(transcript.steps.map(({ type }, i) => ({ type, answer: answers[i] }))).toEqual(transcript.steps);
  });
});

const real = process.env.ESPRUINO;
if (!real) process.stderr.write("ESPRUINO isn't set: transcripts aren't compared with the real interpreter.\n");
(real ? describe : describe.skip)("the transcripts are what the real interpreter says", () => {
  it.each(transcripts)(
    "$transcript.name",
    async ({ transcript }) => {
      const inputs = transcript.steps.map(({ type }) => type);
      const answers = await playOnRealEspruino(real!, inputs);
      expect(inputs.map((type, i) => ({ type, answer: comparable(answers[i]) }))).toEqual(transcript.steps);
    },
    60_000,
  );
});

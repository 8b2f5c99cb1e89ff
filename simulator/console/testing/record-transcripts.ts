import { writeFileSync } from "node:fs";
import { crc32 } from "../../engine/index.js";
import { playOnRealEspruino } from "./real-espruino.js";
import { comparable, readTranscripts, type TranscriptStep } from "./transcript.js";

/**
 * Records the answers of all transcripts anew: `ESPRUINO=<path> node dist/simulator/console/testing/record-transcripts.js
 * simulator/console/testing/transcripts`. What is typed stays; edit the files to type something else.
 */
const program = process.env.ESPRUINO;
const folder = process.argv[2];
if (!program || !folder) {
  console.error("Set ESPRUINO to the path of an interpreter built for Linux, and name the folder of the transcripts.");
  process.exit(2);
}
for (const { file, transcript } of readTranscripts(folder)) {
  const inputs = transcript.steps.map((step) => step.type);
  const { answers, flash } = await playOnRealEspruino(program, inputs);
  const steps: TranscriptStep[] = inputs.map((type, i) => ({ type, answer: comparable(answers[i]) }));
  const flashCrc32 = flash && transcript.flashCrc32 !== undefined ? crc32(flash) : undefined;
  writeFileSync(file, `${JSON.stringify({ name: transcript.name, steps, flashCrc32 }, undefined, 2)}\n`);
  console.log(`${file}: ${steps.length} steps`);
}

/** A sensor that reports once a minute, for a day: how much of it the board sleeps. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generic } from "../../hal/boards/index.js";
import { buildProject } from "../build/build-project.js";
import { loadProject } from "../project.js";
import { makeSimulation } from "./simulation.js";

const SENSOR = `#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(void) {
  int sensor = open("/dev/adc/light", O_RDONLY);
  while (1) {
    char text[16] = "";
    if (read(sensor, text, sizeof text - 1) < 0) return 1;
    printf("light %d mV\\n", atoi(text));
    fflush(stdout);
    sleep(60);
  }
}`;

const folder = mkdtempSync(join(tmpdir(), "ristretto-asleep-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("sleeps more than 99.9% of 24 hours, with a prompt that answers in between", async () => {
  writeFileSync(join(folder, "light.c"), SENSOR);
  writeFileSync(join(folder, "ristretto.json"), '{ "peripherals": { "adc": { "light": { "pin": "D24" } } } }');
  const project = await loadProject(join(folder, "light.c"), { board: "generic" });
  const simulation = await makeSimulation({ profile: generic, seed: 1, epochMicroseconds: 0 });
  const { clock, board } = simulation;
  simulation.install(await buildProject(project, { console: "espruino", engine: "js" }));
  let printed = "";
  simulation.onConsoleOutput((bytes) => (printed += Buffer.from(bytes).toString("latin1")));
  const began = performance.now();
  simulation.powerOn();
  for (let hour = 0; hour < 24; hour++) {
    clock.advanceTo(clock.now() + 1800e6);
    simulation.type(Buffer.from(`"hour"+${hour}\n`));
    clock.advanceTo(clock.now() + 1e6);
    expect(printed.slice(-100)).toContain(`="hour${hour}"`);
    clock.advanceTo((hour + 1) * 3600e6);
  }
  const { activeMicroseconds, asleepMicroseconds } = board.energy;
  const share = asleepMicroseconds / (activeMicroseconds + asleepMicroseconds);
  const readings = printed.split("\n").filter((line) => /light \d+ mV/.test(line)).length;
  console.log(
    `asleep ${(share * 100).toFixed(3)}% of ${clock.now() / 3600e6} hours, ` +
      `${(activeMicroseconds / 1000 / readings).toFixed(1)} ms awake for each of ${readings} readings; ` +
      `${((performance.now() - began) / 1000).toFixed(1)} s on the wall`,
  );
  expect(readings).toBeGreaterThanOrEqual(1438);
  expect(share).toBeGreaterThan(0.999);
  await simulation.close();
}, 120_000);

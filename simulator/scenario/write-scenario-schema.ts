// Writes scenario.schema.json beside the source, from the zod schema: `node dist/simulator/scenario/write-scenario-schema.js`.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { scenarioJsonSchema } from "./schema.js";

const file = fileURLToPath(new URL("../../../simulator/scenario/scenario.schema.json", import.meta.url));
writeFileSync(file, JSON.stringify(scenarioJsonSchema(), undefined, 2) + "\n");

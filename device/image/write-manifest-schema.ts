// `npm run schema`: writes manifest.schema.json beside the source, from the zod schema.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { manifestJsonSchema } from "./manifest-schema.js";

const file = fileURLToPath(new URL("../../../device/image/manifest.schema.json", import.meta.url));
writeFileSync(file, JSON.stringify(manifestJsonSchema(), undefined, 2) + "\n");

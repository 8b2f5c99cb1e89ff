import { resolveGrants } from "../../device/image/grants.js";
import type { Grants } from "../../device/image/grants.js";
import { Failure } from "../failure.js";
import type { Project } from "../project.js";

/**
 * What a program is granted on its board.
 * @throws Failure when the board hasn't got something of it
 */
export function resolveProject(project: Project): Grants {
  const { grants, problems } = resolveGrants(project.manifest, project.board);
  if (problems.length === 0) return grants;
  const where = project.manifestPath ?? "the manifest";
  throw new Failure(problems.map(({ field, message }) => `${where}: ${field}: ${message}`).join("\n"), {
    mend: problems[0].mend,
  });
}

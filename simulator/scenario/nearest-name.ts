import { editDistance } from "../../hal/boards/index.js";

/** The mend for a name that isn't known: the one that was meant, or all that there are. */
export function nearestName(wanted: string, names: readonly string[]): string {
  const [nearest] = names
    .map((name) => ({ name, distance: editDistance(wanted.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(name.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  if (nearest) return `did you mean "${nearest.name}"?`;
  return names.length > 0 ? `known here: ${names.join(", ")}` : "nothing is known here";
}

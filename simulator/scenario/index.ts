/** Scenarios: YAML in, events and expectations on a simulated board, a verdict out. */
export { attachParts } from "./attach-parts.js";
export { parseScenario, ScenarioError } from "./parse-scenario.js";
export type { Scenario } from "./parse-scenario.js";
export { formatResult, playScenario, runScenario } from "./play-scenario.js";
export type { ScenarioFinding, ScenarioInProgress, ScenarioResult, ScenarioTarget } from "./play-scenario.js";
export { scenarioJsonSchema } from "./schema.js";

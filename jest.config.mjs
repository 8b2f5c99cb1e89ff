/** @type {import("jest").Config} */
export default {
  testEnvironment: "node",
  // On two processors Jest would use one, and run every file in its own process: one that never ends would end them all.
  maxWorkers: "100%",
  roots: [
    "<rootDir>/hal",
    "<rootDir>/device",
    "<rootDir>/simulator",
    "<rootDir>/flasher",
    "<rootDir>/cli",
    "<rootDir>/examples",
  ],
  extensionsToTreatAsEsm: [".ts", ".tsx"],
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  moduleFileExtensions: ["ts", "tsx", "js", "mjs", "json"],
  transform: { "^.+\\.tsx?$": ["ts-jest", { useESM: true, tsconfig: "tsconfig.spec.json", diagnostics: false }] },
};

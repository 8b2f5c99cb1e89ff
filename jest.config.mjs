/** @type {import("jest").Config} */
export default {
  testEnvironment: "node",
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

import esx from "eslint-plugin-es-x";
import tseslint from "typescript-eslint";
import { docComment } from "./lint/doc-comment.mjs";

/** What ends up on a board: ES5 for interpreters without classes, iterators, Map or Promise. */
const deviceCode = [
  "hal/contract/**/*.ts",
  "hal/ports/**/*.ts",
  "hal/drivers/**/*.ts",
  "device/wasi/**/*.ts",
  "device/fs/**/*.ts",
  "device/engine/**/*.ts",
];

export default tseslint.config(
  { ignores: ["dist/**", "build/**", "node_modules/**", "coverage/**"] },
  ...tseslint.configs.recommended,
  {
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      eqeqeq: ["error", "always"],
    },
  },
  {
    files: ["**/*.ts", "**/*.tsx"],
    ignores: ["**/*.spec.ts", "**/*.spec.tsx", "**/fixtures/**", "templates/**", "examples/**"],
    plugins: { ristretto: { rules: { "doc-comment": docComment } } },
    rules: { "ristretto/doc-comment": "error" },
  },
  {
    files: deviceCode,
    ignores: ["**/*.spec.ts", "**/testing/**"],
    plugins: { "es-x": esx },
    rules: {
      "no-var": "off",
      "prefer-rest-params": "off",
      "prefer-spread": "off",
      "no-restricted-syntax": [
        "error",
        { selector: "ClassDeclaration", message: "Device code has no classes: use functions and closures." },
        { selector: "ForOfStatement", message: "Device code has no iterators: use an index." },
        { selector: "SpreadElement", message: "Device code has no spread." },
        { selector: "TemplateLiteral", message: "Device code has no template literals: use +." },
        { selector: "LabeledStatement", message: "Espruino has no labels." },
        {
          selector: ":matches(AssignmentExpression, VariableDeclarator) > AssignmentExpression[left.computed=true]",
          message:
            "Espruino gives an element assignment's value as it was stored, not as it was computed: assign apart.",
        },
        { selector: "FunctionDeclaration[async=true]", message: "Device code has no async functions." },
      ],
      "es-x/no-math-imul": "error",
      "es-x/no-math-clz32": "error",
      "es-x/no-math-fround": "error",
      "es-x/no-math-trunc": "error",
      "es-x/no-promise": "error",
      "es-x/no-map": "error",
      "es-x/no-set": "error",
      "es-x/no-symbol": "error",
    },
  },
);

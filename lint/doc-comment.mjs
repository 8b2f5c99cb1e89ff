/**
 * ESLint rule: what a file exports says in a doc comment what it is. Functions, interfaces, classes, and constants that
 * hold a function; a type alias of two lines and a plain constant speak for themselves.
 */
export const docComment = {
  meta: {
    type: "suggestion",
    docs: { description: "exported functions, interfaces and classes have a doc comment" },
    messages: {
      missing: "{{name}} is exported without a doc comment: say what it does, units, errors and its source.",
    },
    schema: [],
  },
  create(context) {
    const { sourceCode } = context;

    /** Overloads share the comment of the first. */
    const documented = new Set();

    const isDocumented = (node) => {
      const last = sourceCode.getCommentsBefore(node).at(-1);
      return last?.type === "Block" && last.value.startsWith("*");
    };

    const check = (node) => {
      const { declaration } = node;
      for (const name of namesOf(declaration)) {
        if (documented.has(name) || isDocumented(node)) documented.add(name);
        else context.report({ node, messageId: "missing", data: { name } });
      }
    };
    return { ExportNamedDeclaration: check, ExportDefaultDeclaration: check };
  },
};

const DECLARATIONS = new Set([
  "FunctionDeclaration",
  "TSDeclareFunction",
  "TSInterfaceDeclaration",
  "ClassDeclaration",
]);
const FUNCTIONS = new Set(["FunctionExpression", "ArrowFunctionExpression"]);

/** The names of what must be documented in a declaration. */
function namesOf(declaration) {
  if (!declaration) return [];
  if (DECLARATIONS.has(declaration.type)) return [declaration.id?.name ?? "the default"];
  if (declaration.type !== "VariableDeclaration") return [];
  return declaration.declarations.filter(({ init }) => FUNCTIONS.has(init?.type)).map(({ id }) => id.name);
}

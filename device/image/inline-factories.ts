import {
  type AnyNode,
  type CallExpression,
  type FunctionDeclaration,
  type Identifier,
  type MemberExpression,
  type Node,
  type ObjectExpression,
  parse,
  type Program,
  type Property,
  type ReturnStatement,
  type VariableDeclaration,
} from "acorn";
import { ancestor } from "acorn-walk";
import { edited } from "./edits.js";
import { isPlain, propertyName } from "./object-literals.js";

/*
 * A room's parts are factories: `createLog(flash)` answers with an object of state and functions, and the part after it
 * is handed that. On a board each property would be found by its name at every use, and minifiers leave it so. Where a
 * factory is called in one place, its body can as well be there, and what it answers with can be variables.
 */

interface Use {
  readonly node: Identifier;
  readonly parent: Node;
}

/** Uses of the names of a script, each of which means one thing. */
interface Uses {
  /** Of each name: where it is used, and the node around that. */
  readonly of: Map<string, Use[]>;
  /** Parameters, functions, and variables declared in a function's body itself, that never change. */
  readonly constants: Set<string>;
  /** `object.property` that are assigned to. */
  readonly changed: Set<Node>;
  readonly functions: Map<string, FunctionDeclaration>;
  /** `var` statements that stand directly in a function's body, but for the outermost. */
  readonly variables: VariableDeclaration[];
}

/**
 * Writes the bodies of factories that are called once into their callers, and makes variables of the objects they answer
 * with where nothing but their properties is used.
 * @param code ES5, each variable and function with a name of its own
 */
export function inlineFactories(code: string): string {
  for (;;) {
    const next = inlineOne(code) ?? spreadOne(code);
    if (next === undefined) return code;
    code = next;
  }
}

function usesOf(program: Program): Uses {
  const uses: Uses = { of: new Map(), constants: new Set(), changed: new Set(), functions: new Map(), variables: [] };
  const variable = new Set<string>();
  const isFunction = ({ type }: Node) => /^Function/.test(type);
  const use = (node: Identifier, ancestors: readonly Node[]) => {
    const known = uses.of.get(node.name);
    const found = { node, parent: ancestors.at(-2)! };
    if (known) known.push(found);
    else uses.of.set(node.name, [found]);
  };
  const assign = (target: AnyNode, ancestors: readonly Node[]) => {
    uses.changed.add(target);
    if (target.type !== "Identifier") return;
    variable.add(target.name);
    use(target, ancestors);
  };
  ancestor(program, {
    Identifier: (node, _state, ancestors) => use(node, ancestors),
    AssignmentExpression: ({ left }, _state, ancestors) => assign(left, ancestors),
    UpdateExpression: ({ argument }, _state, ancestors) => assign(argument, ancestors),
    ForInStatement: ({ left }, _state, ancestors) => assign(left as AnyNode, ancestors),
    Function: ({ params }) => {
      for (const parameter of params) uses.constants.add((parameter as Identifier).name);
    },
    FunctionDeclaration: (node) => {
      if (!node.id) return;
      uses.functions.set(node.id.name, node as FunctionDeclaration);
      uses.constants.add(node.id.name);
    },
    VariableDeclaration: (node, _state, ancestors) => {
      const direct = ancestors.at(-2)!.type === "BlockStatement" && isFunction(ancestors.at(-3)!);
      for (const { id } of node.declarations) {
        const { name } = id as Identifier;
        if (!direct || uses.constants.has(name)) variable.add(name);
        uses.constants.add(name);
      }
      if (direct && ancestors.filter(isFunction).length > 1) uses.variables.push(node);
    },
  });
  for (const name of variable) uses.constants.delete(name);
  return uses;
}

/** Where `var x = create(…)` is the only use of a function, puts the body there; undefined where there is none. */
function inlineOne(code: string): string | undefined {
  const uses = usesOf(parse(code, { ecmaVersion: 5 }));
  for (const statement of uses.variables) {
    const index = statement.declarations.findIndex(({ init }) => factoryOf(init, uses));
    if (index < 0) continue;
    const { id, init } = statement.declarations[index];
    const factory = factoryOf(init, uses)!;
    const text = ({ start, end }: Node) => code.slice(start, end);
    const variables = (declarations: readonly string[]) =>
      declarations.length > 0 ? `var ${declarations.join(",")};` : "";
    const statements = factory.body.body;
    const answer = (statements.at(-1) as ReturnStatement).argument!;
    const inlined = [
      variables(statement.declarations.slice(0, index).map(text)),
      variables(
        factory.params.map((parameter, at) => {
          const given = (init as CallExpression).arguments.at(at);
          return given ? `${text(parameter)}=${text(given)}` : text(parameter);
        }),
      ),
      code.slice(factory.body.start + 1, statements.at(-1)!.start),
      variables([`${text(id)}=${text(answer)}`, ...statement.declarations.slice(index + 1).map(text)]),
    ].join("");
    return edited(code, [
      { ...statement, text: inlined },
      { ...factory, text: "" },
    ]);
  }
  return undefined;
}

/** The function that is called, if that is its only use and it ends with its only `return`. */
function factoryOf(init: Node | null | undefined, uses: Uses): FunctionDeclaration | undefined {
  const call = init as CallExpression | undefined;
  if (call?.type !== "CallExpression" || call.callee.type !== "Identifier") return undefined;
  const factory = uses.functions.get(call.callee.name);
  if (!factory || uses.of.get(call.callee.name)?.length !== 1) return undefined;
  const last = factory.body.body.at(-1);
  if (last?.type !== "ReturnStatement" || !last.argument || !isPlain(last.argument)) return undefined;
  let returns = 0;
  let own = true;
  ancestor(factory.body, {
    ReturnStatement: (_node, _state, ancestors) => {
      if (!ancestors.some(({ type }) => /^Function/.test(type))) returns++;
    },
    ThisExpression: () => (own = false),
    Identifier: ({ name }) => (own &&= name !== "arguments"),
  });
  return returns === 1 && own ? factory : undefined;
}

/** Makes variables of one object's properties, or does without another name for the same; undefined where there is none. */
function spreadOne(code: string): string | undefined {
  const uses = usesOf(parse(code, { ecmaVersion: 5 }));
  for (const statement of uses.variables) {
    for (const { id, init, start, end } of statement.declarations) {
      const { name } = id as Identifier;
      const users = uses.of.get(name) ?? [];
      if (!init || !uses.constants.has(name) || users.length === 0) continue;
      if (init.type === "Identifier" && uses.constants.has(init.name)) {
        const renamed = users.map(({ node }) => ({ ...node, text: init.name }));
        return edited(code, [{ start, end, text: name }, ...renamed]);
      }
      if (!isPlain(init) || !users.every(isMember)) continue;
      const properties = (init as ObjectExpression).properties as Property[];
      const names = new Set(properties.map(({ key }) => (key as Identifier).name));
      const members = users.map(({ parent }) => parent as MemberExpression);
      // Where its own values use it, it stays one.
      if (!members.every((member) => names.has(propertyName(member)) && (member.end <= start || member.start >= end)))
        continue;
      const changed = new Set(members.filter((member) => uses.changed.has(member)).map(propertyName));
      // What has a name for good already needs no other.
      const known = new Map(
        properties.flatMap(({ key, value }) =>
          value.type === "Identifier" &&
          value.name !== "undefined" &&
          uses.constants.has(value.name) &&
          !changed.has((key as Identifier).name)
            ? [[(key as Identifier).name, value.name] as const]
            : [],
        ),
      );
      const variable = (property: string) => known.get(property) ?? `${name}_${property}`;
      const declared = properties
        .map(({ key, value }) => [(key as Identifier).name, code.slice(value.start, value.end)])
        .filter(([property]) => !known.has(property))
        .map(([property, value]) => (value === "undefined" ? variable(property) : `${variable(property)}=${value}`));
      return edited(code, [
        { start, end, text: declared.join(",") || name },
        ...members.map((member) => ({ ...member, text: variable(propertyName(member)) })),
      ]);
    }
  }
  return undefined;
}

/** Whether a name is used as `name.property`. */
function isMember({ node, parent }: Use): boolean {
  const around = parent as MemberExpression;
  return around.type === "MemberExpression" && around.object === node && !around.computed;
}

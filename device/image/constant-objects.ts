import {
  type Identifier,
  type MemberExpression,
  type Node,
  type ObjectExpression,
  parse,
  type Property,
  type VariableDeclarator,
} from "acorn";
import { ancestor, simple } from "acorn-walk";
import { constantsOf } from "./constants.js";
import { type Edit, edited } from "./edits.js";
import { isPlain, propertyName } from "./object-literals.js";

/*
 * The guest is an object, so that calls can be handed it, and so is its clock. Where nobody hands them on any more
 * (`dropConstantParameters`), their properties may as well be variables: shorter, and found sooner.
 */

/**
 * Makes variables of the properties of objects that are only ever used by these.
 * @param code ES5, a function around all of it, each variable and function with a name of its own; no method uses `this`
 */
export function spreadConstantObjects(code: string): string {
  const program = parse(code, { ecmaVersion: 5 });
  const constants = constantsOf(program);
  const assigned = assignedMembers(program);
  /** Of each object's name: where its properties are used. */
  const objects = new Map<string, MemberExpression[]>();
  for (const [name, node] of constants)
    if (node.type === "VariableDeclarator" && isPlain(node.init!)) objects.set(name, []);
  ancestor(program, {
    Identifier: (node, _state, ancestors) => {
      const member = ancestors.at(-2) as MemberExpression;
      if (member.type === "MemberExpression" && member.object === node && !member.computed)
        objects.get(node.name)?.push(member);
      else objects.delete(node.name);
    },
  });

  const edits: Edit[] = [];
  for (const [name, members] of objects) {
    const { start, end, init } = constants.get(name) as VariableDeclarator;
    const properties = (init as ObjectExpression).properties as Property[];
    const changed = new Set(members.filter((member) => assigned.has(member)).map(propertyName));
    const variables = new Map(members.map((member) => [propertyName(member), `${name}_${propertyName(member)}`]));
    // What is a constant already needs no other name.
    const kept = properties.filter(({ key, value }) => {
      const [property, constant] = [(key as Identifier).name, (value as Identifier).name];
      if (value.type !== "Identifier" || !constants.has(constant) || changed.has(property)) return true;
      variables.set(property, constant);
      return false;
    });
    const given = kept.map(({ key }) => (key as Identifier).name);
    // What is assigned to only later, if at all.
    const others = [...variables.keys()].filter(
      (property) => !properties.some(({ key }) => (key as Identifier).name === property),
    );
    const head = [name, ...others.map((property) => variables.get(property)!)].join(",");
    let at = start;
    kept.forEach(({ value }, index) => {
      const before = index === 0 ? head : "";
      edits.push({ start: at, end: value.start, text: `${before},${name}_${given[index]}=` });
      at = value.end;
    });
    edits.push({ start: at, end, text: kept.length === 0 ? head : "" });
    for (const member of members)
      edits.push({ start: member.start, end: member.end, text: variables.get(propertyName(member))! });
  }
  return edits.length === 0 ? code : spreadConstantObjects(edited(code, edits));
}

/** Those that are assigned to. */
function assignedMembers(program: Node): Set<Node> {
  const members = new Set<Node>();
  simple(program, {
    AssignmentExpression: ({ left }) => void members.add(left),
    UpdateExpression: ({ argument }) => void members.add(argument),
  });
  return members;
}

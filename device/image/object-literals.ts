import type { Identifier, MemberExpression, Node, ObjectExpression, Property } from "acorn";

/** An object literal of plain names and values. */
export interface PlainObject extends ObjectExpression {
  readonly properties: Property[];
}

/** Whether an expression is `{ name: value, … }`. */
export function isPlain(node: Node): node is PlainObject {
  return (
    node.type === "ObjectExpression" &&
    (node as ObjectExpression).properties.every(
      (property) => property.type === "Property" && property.kind === "init" && property.key.type === "Identifier",
    )
  );
}

/** The name in `object.name`. */
export function propertyName({ property }: MemberExpression): string {
  return (property as Identifier).name;
}

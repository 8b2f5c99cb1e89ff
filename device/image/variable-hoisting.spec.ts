import { declareEarlyVariables } from "./variable-hoisting.js";

describe("variables that are used before their `var` is executed", () => {
  test("are declared at the start, and the `var` that did nothing else goes", () => {
    expect(declareEarlyVariables("function f(a){return(b=a)+b;var b}")).toBe("function f(a){var b;return(b=a)+b}");
  });

  test("join a declaration that is there", () => {
    expect(declareEarlyVariables("function f(a){var c=a;return b=c,b;var b}")).toBe(
      "function f(a){var b,c=a;return b=c,b}",
    );
  });

  test("keep a later `var` that assigns, or that an empty loop stands before", () => {
    expect(declareEarlyVariables("function f(a){b=a;var b=b+1;return b}")).toBe(
      "function f(a){var b;b=a;var b=b+1;return b}",
    );
    expect(declareEarlyVariables("function f(a){for(b=a;b--;);var b}")).toBe("function f(a){var b;for(b=a;b--;);}");
  });

  test("are those of one of two branches, too", () => {
    expect(declareEarlyVariables("function f(a){if(a){var b=1;g(b)}else g(b)}")).toBe(
      "function f(a){var b;if(a){var b=1;g(b)}else g(b)}",
    );
  });
});

test("a name that means an inner function's own variable is left alone", () => {
  const code = "function f(a){function g(b){return b}var b=g(a);return b}";
  expect(declareEarlyVariables(code)).toBe(code);
});

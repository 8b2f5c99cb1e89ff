import { runInNewContext } from "node:vm";
import { inlineFactories } from "./inline-factories.js";

/** What a script answers with, before and after. */
function expectTheSame(code: string, change: (after: string) => void): void {
  const after = inlineFactories(code);
  change(after);
  expect(runInNewContext(after)).toEqual(runInNewContext(code));
}

const COUNTER = `(function () {
  function newState(first) { return { count: first, list: [], unset: undefined }; }
  function createCounter(data, by) {
    function add() { data.count += by; data.list.push(data.count); data.unset = by; return data.count; }
    return { add: add, by: by };
  }
  function count(step) {
    var state = newState(5);
    var counter = createCounter(state, step), twice = 2;
    for (var i = 0; i < twice; i++) counter.add();
    return [state.count, state.list, state.unset, counter.by];
  }
  return [count(3), count(4)];
})()`;

test("factories that are called once are written in, and their objects are variables, anew in each call", () => {
  expectTheSame(COUNTER, (after) => {
    expect(after).not.toMatch(/newState\(|createCounter\(|state\.|counter\./);
    expect(runInNewContext(after)).toEqual([
      [11, [8, 11], 3, 3],
      [13, [9, 13], 4, 4],
    ]);
  });
});

test.each([
  [
    "a factory that is called twice",
    "function make() { return { a: 1 }; } var x = make(), y = make(); x.a = 7; return x.a + y.a;",
  ],
  [
    "a factory that may return early",
    "function make(p) { if (p) return { a: 1 }; return { a: 2 }; } var x = make(1); return x.a;",
  ],
  ["an object that is handed on", "function make() { return { a: 1 }; } var x = make(); return [x.a, Object.keys(x)];"],
  [
    "a property that the object lacks",
    "function make() { return { a: 1 }; } var x = make(); x.b = 2; return x.a + x.b;",
  ],
  [
    "a property found by a computed name",
    "function make() { return { a: 1 }; } var x = make(), k = 'a'; return x[k] + x.a;",
  ],
  [
    "a call in a loop",
    "var list = []; function make(n) { return { a: n }; } for (var i = 0; i < 2; i++) { var x = make(i); list.push(x.a); } return list;",
  ],
  ["a name for a variable that changes", "var y = 1, x = y; y = 5; return [x, y];"],
  ["a name for a variable that is declared twice", "var y = 1; var x = y; var y = 5; return [x, y];"],
  [
    "a parameter that is given nothing",
    "function make(p, q) { return { a: p, b: q }; } var x = make(1); return [x.a, x.b];",
  ],
  ["a parameter that changes", "function make(p) { p++; return { a: p }; } var y = 1, x = make(y); return [x.a, y];"],
])("%s means the same afterwards", (_what, body) => {
  expectTheSame(`(function () { function inner() { ${body} } return inner(); })()`, () => {});
});

import { runInNewContext } from "node:vm";
import { dropConstantParameters } from "./constant-parameters.js";

/** A script around it, and what it comes to. */
const script = (body: string) => `result=function(){${body}}()`;
const drop = (body: string) => {
  const code = dropConstantParameters(script(body));
  expect(runInNewContext(code)).toEqual(runInNewContext(script(body)));
  return code.slice(script("").indexOf("{") + 1, -3);
};

test("a parameter that is the same constant at each call goes", () => {
  expect(drop("function f(a,b){return a.n+b}var g={n:1};return f(g,2)+f(g,3)")).toBe(
    "function f(b){return g.n+b}var g={n:1};return f(2)+f(3)",
  );
});

test("also where functions hand it on, themselves among them", () => {
  expect(drop("function f(a,b){return b?f(a,b-1)+a:0}function h(c){return f(c,2)+f(c,1)}var g=1;return h(g)")).toBe(
    "function f(b){return b?f(b-1)+g:0}function h(){return f(2)+f(1)}var g=1;return h()",
  );
});

test("and where it is bound, so that nothing is", () => {
  expect(drop("function f(a,b){return a+b}var g=1;return [1,2].map(f.bind(undefined,g))")).toBe(
    "function f(b){return g+b}var g=1;return [1,2].map(f)",
  );
});

test("wherever it stands, and also where the constant is a function", () => {
  expect(drop("function f(a,b,c){return a+b(c)}function g(x){return x}return f(1,g,2)+f(3,g,4)")).toBe(
    "function f(a,c){return a+g(c)}function g(x){return x}return f(1,2)+f(3,4)",
  );
});

test("from functions in functions, too", () => {
  expect(drop("function f(a){return function(){return a}}var g=1;return f(g)()")).toBe(
    "function f(){return function(){return g}}var g=1;return f()()",
  );
});

test.each([
  ["two constants are given", "function f(a){return a}var g=1,h=2;return f(g)+f(h)"],
  [
    "something else is given through another function",
    "function f(a){return a}function h(b){return f(b)}var g=1;return f(g)+h(2)",
  ],
  ["nothing is given", "function f(a){return a}var g=1;return f(g)+f()"],
  ["the function is a value, too", "function f(a){return a}var g=1;return f(g)+[1].map(f)[0]"],
  ["the function is replaced", "function f(a){return a}var g=1;f=Math.abs;return f(g)"],
  ["the parameter changes", "function f(a){a+=1;return a}var g=1;return f(g)+g"],
  ["the variable changes", "function f(a){g=3;return a}var g=1;return f(g)"],
  ["the variable isn't everybody's", "function f(a){return a}return function(){var g=1;return f(g)}()"],
  ["more is bound", "function f(a,b){return a+b}var g=1;return [1].map(f.bind(undefined,g,2))"],
])("it stays where %s", (_what, body) => {
  expect(drop(body)).toBe(body);
});

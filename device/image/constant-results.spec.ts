import { runInNewContext } from "node:vm";
import { flattenConstantResults } from "./constant-results.js";

const script = (body: string) => `result=function(){${body}}()`;
const flatten = (body: string) => {
  const code = flattenConstantResults(script(body));
  expect(runInNewContext(code)).toEqual(runInNewContext(script(body)));
  return code.slice(script("").indexOf("{") + 1, -3);
};

test("what a function makes once is made where it is kept", () => {
  expect(
    flatten("function open(n){var m=n*2;function get(){return m}return{get:get}}var x=open(2);return x.get()"),
  ).toBe("var n=2;var m=n*2;function get(){return m}var x={get:get};return x.get()");
});

test("also by a function that another one calls", () => {
  expect(flatten("function open(n){return{a:n}}function first(){return open(1)}var x=first();return x.a")).toBe(
    "var n=1;var x={a:n};return x.a",
  );
});

test("a parameter that isn't given is undefined, and more is evaluated all the same", () => {
  expect(flatten("function open(n,m){return{a:[n,m]}}var x=open(1);return x.a")).toBe(
    "var n=1;var m;var x={a:[n,m]};return x.a",
  );
  expect(flatten("var n=[];function open(){return{a:n}}var x=open(n.push(1));return x.a")).toBe(
    "var n=[];n.push(1);var x={a:n};return x.a",
  );
});

test.each([
  ["it is called twice", "function open(n){return{a:n}}var x=open(1),y=open(2);return x.a+y.a"],
  ["what it makes is a value itself", "function open(n){return{a:n}}var x=open(1);return [x][0].a"],
  ["it may return before its end", "function open(n){if(n)return{a:1};return{a:2}}var x=open(1);return x.a"],
  ["something else is declared with it", "function open(n){return{a:n}}var y=1,x=open(y);return x.a"],
  ["it isn't everybody's", "return function(){function open(n){return{a:n}}var x=open(1);return x.a}()"],
])("it stays where %s", (_what, body) => {
  expect(flatten(body)).toBe(body);
});

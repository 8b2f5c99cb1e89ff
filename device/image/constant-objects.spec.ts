import { runInNewContext } from "node:vm";
import { spreadConstantObjects } from "./constant-objects.js";

const script = (body: string) => `result=function(){${body}}()`;
const spread = (body: string) => {
  const code = spreadConstantObjects(script(body));
  expect(runInNewContext(code)).toEqual(runInNewContext(script(body)));
  return code.slice(script("").indexOf("{") + 1, -3);
};

test("properties become variables", () => {
  expect(spread("var g={a:1,b:function(){return g.a}};g.a=2;return g.b()")).toBe(
    "var g,g_a=1,g_b=function(){return g_a};g_a=2;return g_b()",
  );
});

test("also those that are set later, or never", () => {
  expect(spread("var g={};g.a=2;return [g.a,g.b]")).toBe("var g,g_a,g_b;g_a=2;return [g_a,g_b]");
});

test("a property that is another constant is that one, and that one's turn comes then", () => {
  expect(spread("var c={now:function(){return 1}},g={clock:c};return g.clock.now()+c.now()")).toBe(
    "var c,c_now=function(){return 1},g;return c_now()+c_now()",
  );
  expect(spread("var c=[1],g={a:c};g.a=[2];return c.concat(g.a)")).toBe(
    "var c=[1],g,g_a=c;g_a=[2];return c.concat(g_a)",
  );
});

test.each([
  ["is a value itself", "var g={a:1};return Object.keys(g)"],
  ["is asked for a computed name", 'var g={a:1};return g["a"]'],
  ["is another one later", "var g={a:1};g={a:2};return g.a"],
  ["isn't everybody's", "return function(){var g={a:1};return g.a}()"],
  ["has a getter", "var g={get a(){return 1}};return g.a"],
])("they stay where the object %s", (_what, body) => {
  expect(spread(body)).toBe(body);
});

import { runInNewContext } from "node:vm";
import { nameGlobals } from "./global-names.js";

const script = (body: string) => `result=function(){${body}}()`;
const name = (body: string) => {
  const code = nameGlobals(script(body));
  expect(runInNewContext(code)).toEqual(runInNewContext(script(body)));
  return code.slice(script("").indexOf("{") + 1, -3);
};

test("a global that is named often is named once", () => {
  expect(name("var n=new Uint8Array(1).length;return function(){return n+new Uint8Array(2).length}()")).toBe(
    "var own_Uint8Array=Uint8Array;var n=new own_Uint8Array(1).length;return function(){return n+new own_Uint8Array(2).length}()",
  );
});

test.each([
  ["it is named once", "return new Uint8Array(1).length"],
  ["it isn't known to be there", "return typeof setTimeoutIfAny+typeof setTimeoutIfAny+typeof setTimeoutIfAny"],
  ["it is a property", "var x={Uint8Array:1};return x.Uint8Array+x.Uint8Array+x.Uint8Array"],
  ["the lint looks for it", "return Math.max(1,2)+Math.max(3,4)+Math.max(5,6)+Math.max(7,8)"],
])("it stays where %s", (_what, body) => {
  expect(name(body)).toBe(body);
});

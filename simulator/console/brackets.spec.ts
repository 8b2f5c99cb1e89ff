import { openBrackets } from "./brackets.js";

describe("openBrackets", () => {
  it.each([
    ["1+1", 0],
    ["function f() {", 1],
    ["f([{", 3],
    ["a]", -1],
    ["'it (' + \"[\" + `{`", 0],
    ["'unfinished (", 0],
    ["`unfinished (", 1000],
    ["/* unfinished", 1000],
    ["/* ( */ 1 // (", 0],
    ["/[(]/.test(a)", 0],
    ["a / (b", 1],
    ["return /[{]/", 0],
    ["(a) / (b", 1],
  ])("%s", (source, open) => expect(openBrackets(source)).toBe(open));
});

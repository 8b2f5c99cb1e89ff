import { closeProperties } from "./closed-properties.js";

const close = (code: string) => closeProperties(code, (name) => name.startsWith("our"));

describe("what nothing reads", () => {
  test("goes, wherever it stands in the object", () => {
    expect(close("use({ourA:1,ourB:f,c:2,ourD:function(){}})")).toBe("use({c:2})");
    expect(close("use({a:1,ourB:2});use({ourB:3})")).toBe("use({a:1});use({})");
  });

  test("goes with what it alone calls, and what that alone reads", () => {
    const code = "function helper(y){return y.ourB}var x={ourA:function(){return helper(x)},ourB:1,ourC:2};use(x.ourC)";
    expect(close(code)).toBe("function helper(y){return y.ourB}var x={ourC:2};use(x.ourC)");
  });

  test("stays where making it does something", () => {
    const code = "function make(f){count();return function(){}}use({ourA:make(1),ourB:new Date,ourC:d=1})";
    expect(close(code)).toBe(code);
  });

  test("goes where making it only wraps a function", () => {
    const wrap = "function wrap(f,n){return function(){return f(n)}}";
    expect(close(`${wrap}use({ourA:wrap(function(){},!0),b:1})`)).toBe(`${wrap}use({b:1})`);
  });

  test("stays where it is read by something that is reached only later", () => {
    const code = "function later(){return x.ourA}var x={ourA:1,ourB:later};use(x.ourB())";
    expect(close(code)).toBe(code);
  });

  test("stays where it is changed by what it was", () => {
    expect(close("var x={ourA:1};x.ourA+=use()")).toBe("var x={ourA:1};x.ourA+=use()");
    expect(close("var x={ourA:1};use(x.ourA++)")).toBe("var x={ourA:1};use(x.ourA++)");
  });

  test("stays in quotes, and under names of others", () => {
    const code = 'use({"ourA":1,a:2,get ourB(){return 1}})';
    expect(close(code)).toBe(code);
  });
});

describe("what nothing writes", () => {
  test("is undefined", () => {
    expect(close("use(x.ourA?x.ourA(1):2,x.a,x[ourA])")).toBe("use((void 0)?(void 0)(1):2,x.a,x[ourA])");
  });

  test("stays where evaluating the object does something", () => {
    expect(close("use(f().ourA)")).toBe("use(f().ourA)");
  });

  test.each(["x.ourA=1;", "x.ourA++;", "var x={ourA:use()};"])("isn't what is written by %s", (write) => {
    expect(close(`${write}use(x.ourA)`)).toBe(`${write}use(x.ourA)`);
  });
});

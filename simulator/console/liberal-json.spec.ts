import { parseLiberalObject } from "./liberal-json.js";

describe("parseLiberalObject", () => {
  it("takes names without quotes, single quotes and escapes", () => {
    expect(parseLiberalObject(`{fn:'a\\x41b',"s":12, c: true,d:-1.5,e:null}`)).toEqual({
      fn: "aAb",
      s: 12,
      c: true,
      d: -1.5,
      e: null,
    });
    expect(parseLiberalObject(" { } ")).toEqual({});
  });

  it.each(["", "nonsense", "{", "{a}", "{a:}", "{a:1", "{a:1,}", "{a:1} x", "[1]", "{a:{b:1}}"])("refuses %s", (text) =>
    expect(parseLiberalObject(text)).toBeUndefined(),
  );
});

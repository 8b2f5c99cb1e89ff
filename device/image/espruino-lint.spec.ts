import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lintForEspruino } from "./espruino-lint.js";
import type { LintRule } from "./espruino-lint.js";

/** Programs that leave something in `r`, and that Espruino takes otherwise than JavaScript does. */
const broken: [LintRule, string][] = [
  ["syntax", "var r=[1].map(x=>x+1,2)[0];let y=r;class z{}"],
  ["reserved-word", "var of=3,r=of+1"],
  ["reserved-word", "function f(of){return of}var r=f(1)"],
  ["label", "var r=0;a:for(;;){for(;;){r++;break a}}"],
  ["with", "var r;with({a:1})r=a"],
  ["case-after-default", "var r;switch(2){default:r=1;break;case 2:r=2}"],
  ["hoisting", "var r=f();function f(){return 5}"],
  ["hoisting", "var r=(function(){return f();function f(){return 1}})()"],
  ["hoisting", "var r=0;(function(){r=f()})();function f(){return 1}"],
  ["missing-global", "var r=new Map().size"],
  ["missing-method", "var r=Math.imul(2,3)"],
  ["inexact-math", "var r=Math.sqrt(9)===3"],
  ["inexact-math", "var r=Math.round(-.5)+0"],
  ["object-create-properties", "var r=Object.create({},{a:{value:1}}).a"],
  ["array-length", "var a=[1,2];a.length=1;var r=a.length"],
  ["regular-expression", "var r=/a(?=b)/.test('ab')"],
  ["regular-expression", "var r=/^a{2}$/.test('aa')"],
  ["number-literal", "var r=9223372036854775808>0"],
  ["number-literal", "var r=1.7976931348623157e308"],
  ["negative-zero", "var r=1/-0"],
  ["return-newline", "function f(){return\n5}var r=f()"],
  ["chained-element-assignment", "var a=new Uint8Array(1),r=a[0]=300"],
  ["compound-assignment-order", "var r=1;r+=(r=5)"],
];

/** What compilers and minifiers write, and Espruino takes as it is meant. */
const sound = [
  "var a=new Uint8Array(4);a[0]=1,a[1]=2;for(var i=0;i<4;a[i]=i,i++);var r=a[3]",
  "var a=[0],r=1;r&&(a[0]=r,r=2);r?a[0]=3:a[0]=4",
  "function f(n){return n?g(n-1):7}function g(n){return f(n)}var r=f(3)",
  "var r=(function(){function f(){return 1}return f()})()",
  "var r=-1;switch(r){case-1:r=2;break;default:r=3}",
  "var r=typeof Map==='undefined'||1?1:2",
  "var o={of:1,static:2,get a(){return 3}},r=o.of+o.static+o.a",
  "var r=[.5,1e3,4294967295,2147483648,.001,0x7fffffff,1.5].join()",
  "var r=/^[a-z]+$/i.test('Ab')",
  "var r='\\xff\\x00'.length",
  "function f(){\nif(1)return;\n}f();var r=1",
  "var r=2;r*=r+1",
  "var a=new Int8Array(2),b=[],r=(a[0]=b[0]=127)+(a[1]=b[1]=0)",
];

test.each(broken)("%s is found in %j", (rule, source) => {
  expect(lintForEspruino(source).map((finding) => finding.rule)).toContain(rule);
});

test.each(sound)("nothing is wrong in %j", (source) => {
  expect(lintForEspruino(source)).toEqual([]);
});

test("a finding says where, what and shows the code", () => {
  expect(lintForEspruino("var a=1;\nvar b=Math.imul(a,2);")).toEqual([
    { rule: "missing-method", line: 2, column: 7, message: "there is no Math.imul", excerpt: "Math.imul(a,2);" },
  ]);
});

test("a rule can be left out", () => {
  expect(lintForEspruino("var r=Math.round(1.5)", ["inexact-math"])).toEqual([]);
});

const espruino = process.env.ESPRUINO;
if (!espruino) console.warn("ESPRUINO is not set: the rules are not compared with the real interpreter");

(espruino ? describe : describe.skip)("on the real interpreter", () => {
  const folder = mkdtempSync(join(tmpdir(), "ristretto-lint-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What JavaScript and Espruino leave in `r`; "error" when it doesn't run. */
  function results(source: string): { javaScript: string; espruino: string } {
    let javaScript: string;
    try {
      javaScript = String(new Function(`${source};return r`)());
    } catch {
      javaScript = "error";
    }
    const file = join(folder, "program.js");
    writeFileSync(file, `${source}\nprint("<"+r+">")\n`);
    const { stdout } = spawnSync(espruino!, [file], { input: "", encoding: "latin1", timeout: 10_000 });
    return { javaScript, espruino: /<(.*)>/.exec(stdout.split("Donate").pop()!)?.[1] ?? "error" };
  }

  test.each(broken)("%s: %j differs", (_rule, source) => {
    const { javaScript, espruino } = results(source);
    expect(espruino).not.toBe(javaScript);
  });
  test.each(sound)("%j is the same", (source) => {
    const { javaScript, espruino } = results(source);
    expect(espruino).toBe(javaScript);
  });
});

import { halError } from "../../contract/index.js";
import { checkBytes, checkFault, immediate, runCases } from "./index.js";
import type { CaseResult, ConformanceCase } from "./index.js";

function results(cases: readonly ConformanceCase<number>[]) {
  const told: CaseResult[] = [];
  let failed: number | undefined;
  runCases(
    cases,
    () => 7,
    (result) => told.push(result),
    (count) => (failed = count),
  );
  return { told, failed };
}

describe("a conformance suite", () => {
  it("tells of each case, whether it throws or fails later", () => {
    const later: (() => void)[] = [];
    const { told } = results([
      immediate("passes", (subject) => expect(subject).toBe(7)),
      immediate("throws", () => {
        throw new Error("wrong");
      }),
      { name: "waits", run: (_subject, done) => void later.push(done) },
      { name: "fails later", run: (_subject, done) => void later.push(() => done(new Error("late"))) },
    ]);
    expect(told).toEqual([{ name: "passes" }, { name: "throws", fault: "wrong" }]);
    later.shift()!();
    later.shift()!();
    expect(told.slice(2)).toEqual([{ name: "waits" }, { name: "fails later", fault: "late" }]);
  });

  it("counts a case that ends twice once", () => {
    const { told, failed } = results([
      {
        name: "twice",
        run: (_subject, done) => {
          done("first");
          done();
          throw new Error("and throws");
        },
      },
    ]);
    expect([told, failed]).toEqual([[{ name: "twice", fault: "first" }], 1]);
  });

  it("shows both sides of bytes that differ", () => {
    expect(() => checkBytes([1, 2], [1, 3], "register")).toThrow("register: expected [1 3], got [1 2]");
    expect(() => checkBytes([1], [1, 2], "register")).toThrow("register: expected [1 2], got [1]");
  });

  it("tells a fault of another kind from none at all and from an error without a kind", () => {
    const call = (action: () => void) => () => checkFault(["Bus", "Other"], action, "read");
    expect(call(() => {})).toThrow("read: expected a fault, Bus or Other, got none");
    expect(
      call(() => {
        throw halError("Overrun", "too quick");
      }),
    ).toThrow("read: expected a fault, Bus or Other, got Overrun");
    expect(
      call(() => {
        throw new Error("plain");
      }),
    ).toThrow("read: expected a fault, Bus or Other, got an error without a kind: plain");
    call(() => {
      throw halError("Bus", "stuck");
    })();
  });
});

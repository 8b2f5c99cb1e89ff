import { generic } from "../../hal/boards/index.js";
import { SimulatedBoard } from "../board/index.js";
import { VirtualClock } from "../core/virtual-clock.js";
import { Espruino } from "./espruino.js";
import type { ConsolePort } from "./espruino-options.js";

function recordingConsole(): ConsolePort & { text: string } {
  return {
    text: "",
    echoes: false,
    print(text) {
      this.text += text;
    },
    transmit(bytes) {
      this.text += Buffer.from(bytes).toString("latin1");
    },
    receive: () => {},
    echo: () => {},
    edit: () => {},
    idle: () => {},
    restarted: () => {},
  };
}

async function start() {
  const clock = new VirtualClock();
  const board = new SimulatedBoard({ profile: generic, clock, seed: 1 });
  const console = recordingConsole();
  const espruino = await Espruino.create({ board, console });
  espruino.powerOn();
  const run = (source: string) => {
    console.text = "";
    espruino.run(source, "test");
    return console.text;
  };
  return { clock, board, console, espruino, run };
}

describe("Espruino", () => {
  it("prints as the real one does", async () => {
    const { run, espruino } = await start();
    expect(run("print(1,'a',[1,'b'],{c:2},undefined,null,print,()=>1,new Uint8Array(2),true,1.5)")).toBe(
      '1 a [ 1, \n  "b"\n ] { "c": 2 } undefined null function () { [native code] } function () {return 1} new Uint8Array(2) true 1.5\n',
    );
    expect(run("print(LED1, E)")).toBe("D13 function () { [native code] }\n");
    espruino.dispose();
  });

  it("runs timers on virtual time", async () => {
    const { run, clock, console, espruino } = await start();
    run("var t=getTime();setInterval(function(){print(Math.round((getTime()-t)*100))},100);setTimeout('print(9)',250)");
    clock.advanceTo(clock.now() + 500_000);
    expect(console.text).toBe("10\n20\n9\n30\n40\n50\n");
    espruino.dispose();
  });

  it("keeps files in flash over a power cut", async () => {
    const { run, board, clock, console, espruino } = await start();
    expect(run("var s=require('Storage');print(s.write('a','hello'),s.read('a'),s.list(),s.getStats())")).toContain(
      "true hello",
    );
    run('s.write(\'.bootcde\',\'print("boot",s=require("Storage").read("a"))\')');
    console.text = "";
    board.powerOff();
    board.powerOn();
    clock.advanceTo(clock.now() + 1);
    expect(console.text).toBe("boot hello\n");
    espruino.dispose();
  });

  it("reports errors and is alive after them", async () => {
    const { run, espruino } = await start();
    expect(run("nope()")).toContain('Uncaught ReferenceError: "nope" is not defined\n');
    expect(run("print(1)")).toBe("1\n");
    espruino.dispose();
  });
});

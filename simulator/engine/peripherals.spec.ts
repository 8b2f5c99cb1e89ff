import { type BoardProfile, generic, pico, puckjs } from "../../hal/boards/index.js";
import { loopback, SimulatedBoard, type I2cTarget, type SpiTarget } from "../board/index.js";
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

async function start(profile: BoardProfile = generic) {
  const clock = new VirtualClock();
  const board = new SimulatedBoard({ profile, clock, seed: 1 });
  const console = recordingConsole();
  const espruino = await Espruino.create({ board, console });
  espruino.powerOn();
  const run = (source: string, milliseconds = 0) => {
    console.text = "";
    espruino.run(source, "test");
    clock.advanceTo(clock.now() + milliseconds * 1000);
    return console.text;
  };
  return { clock, board, console, espruino, run };
}

/** A part with 16 registers that count up as they are read. */
function registers(contents: Uint8Array): I2cTarget {
  let at = 0;
  let first = false;
  return {
    name: "registers",
    start: (direction) => (first = direction === "write") || true,
    write: (byte) => {
      if (first) at = byte;
      else contents[at++] = byte;
      first = false;
      return true;
    },
    read: () => contents[at++],
    stop: () => {},
  };
}

describe("pins of the simulated Espruino", () => {
  it("writes pins, arrays and numbers, and reads them back", async () => {
    const { run, board } = await start();
    run("digitalWrite(LED1,1);digitalWrite([D5,D6,D7],0b101);D8.set();D9.write(true);D9.toggle()");
    expect(["D13", "D5", "D6", "D7", "D8", "D9"].map((name) => board.pin(name).level).join("")).toBe("110110");
    board.pin("D20").connect("wire").drive(true);
    expect(run("print(digitalRead(D20),digitalRead([D20,D21,D20]),D20.read(),getPinMode(D20),getPinMode(LED1))")).toBe(
      "1 5 true input output\n",
    );
  });

  it("keeps a mode that the script chose, and refuses one that isn't there", async () => {
    const { run, board } = await start();
    run("pinMode(D3,'opendrain');digitalWrite(D3,1)");
    expect(board.pin("D3").mode).toBe("opendrain");
    expect(run("pinMode(D3,'sideways')")).toContain("Uncaught Error: Unknown pin mode");
    expect(run("digitalRead('Q9')")).toContain("Uncaught Error: Invalid pin");
  });

  it("pulses, modulates and converts", async () => {
    const { run, board, clock } = await start();
    const edges: number[] = [];
    let began = 0;
    run("digitalWrite(D3,0)");
    board.pin("D3").onChange(() => edges.push(Math.round(clock.now() - began)));
    began = clock.now();
    run("digitalPulse(D3,1,[10,20,10])", 100);
    const [first, ...others] = edges;
    expect(others.map((edge) => edge - first)).toEqual([10_000, 30_000, 40_000]);
    run("analogWrite(D4,0.25,{freq:500})");
    expect(board.pin("D4").pwm).toMatchObject({ duty: 0.25, hertz: 500 });
    board
      .pin("D24")
      .connect("divider")
      .voltage(() => 1650);
    expect(Number(run("print(analogRead(D24))"))).toBeCloseTo(0.5, 3);
    expect(run("print(analogRead(D3))")).toBe("NaN\n");
  });

  it("watches edges: direction, once or always, with times", async () => {
    const { run, board, clock, console } = await start();
    const wire = board.pin("D20").connect("wire");
    wire.drive(false);
    run(
      "setWatch(function(e){print(e.state,e.pin,e.lastTime===undefined,e.time>0)},D20,{repeat:true,edge:'both'});" +
        "setWatch(function(){print('once')},D20,{edge:'rising'})",
    );
    for (const high of [true, false, true]) {
      wire.drive(high);
      clock.advanceTo(clock.now() + 1000);
    }
    expect(console.text).toBe("true D20 true true\nonce\nfalse D20 false true\ntrue D20 false true\n");
    expect(run("clearWatch();clearWatch(1)")).toContain("Unknown Watch 1");
  });

  it("debounces: only what lasts counts, with the time of the last edge", async () => {
    const { run, board, clock, console } = await start();
    const wire = board.pin("D20").connect("contact");
    wire.drive(false);
    run("setWatch(function(e){print(e.state)},D20,{repeat:true,edge:'both',debounce:10})");
    const bounce = [true, false, true, false, true];
    for (const high of bounce) {
      wire.drive(high);
      clock.advanceTo(clock.now() + 2000);
    }
    expect(console.text).toBe("");
    clock.advanceTo(clock.now() + 20_000);
    for (const high of [false, true]) {
      wire.drive(high);
      clock.advanceTo(clock.now() + 3000);
    }
    clock.advanceTo(clock.now() + 20_000);
    expect(console.text).toBe("true\n");
  });
});

describe("buses of the simulated Espruino", () => {
  it("reads and writes registers over I2C, whatever shape the arguments have", async () => {
    const { run, board } = await start();
    const contents = Uint8Array.from({ length: 16 }, (_, i) => i + 10);
    board.i2c("I2C1").attach(0x50, registers(contents));
    run("I2C1.setup({sda:D1,scl:D2,bitrate:400000})");
    expect(board.i2c("I2C1").hertz).toBe(400_000);
    expect(run("I2C1.writeTo({address:0x50,stop:false},3);print(I2C1.readFrom(0x50,2))")).toBe(
      "new Uint8Array([13, 14])\n",
    );
    expect(run("print(I2C1.readReg(0x50,5,1)[0])")).toBe("15\n");
    run("I2C1.writeTo(0x50,[0,1],[2],'\\x03',{data:4,count:2},new Uint8Array([5]))");
    expect([...contents.subarray(0, 6)]).toEqual([1, 2, 3, 4, 4, 5]);
  });

  it.each([
    [puckjs, "InternalError: I2C Write Error 33281"],
    [pico, "InternalError: I2C got NACK"],
    [generic, "InternalError: I2C got NACK"],
  ])("throws what $0.id throws when nobody acknowledges", async (profile, message) => {
    const { run } = await start(profile);
    expect(run("I2C1.setup({});I2C1.writeTo(0x22,1)")).toContain(`Uncaught ${message}`);
    expect(run("try{I2C1.writeTo(0x22,1)}catch(e){print('caught')}")).toBe("caught\n");
  });

  it("says when a bus wasn't set up", async () => {
    const { run } = await start();
    expect(run("I2C1.writeTo(0x22,1)")).toContain("Uncaught Error: I2C1 not initialised");
  });

  it("talks SPI under a chip select", async () => {
    const { run, board } = await start();
    const log: string[] = [];
    const part: SpiTarget = {
      name: "inverter",
      select: () => log.push("select"),
      transfer: (byte) => (log.push(String(byte)), byte ^ 0xff),
      deselect: () => log.push("deselect"),
    };
    run("digitalWrite(D20,1)");
    board.spi("SPI1").attach(board.pin("D20"), part);
    run("SPI1.setup({sck:D5,miso:D6,mosi:D7,baud:1000000,mode:3})");
    expect(board.spi("SPI1").mode).toEqual({ mode: 3, hertz: 1_000_000, bitOrder: "msb" });
    expect(run("print(SPI1.send([1,2],D20),SPI1.send(3,D20));SPI1.write(4,[5],D20)")).toBe(
      "new Uint8Array([254, 253]) 252\n",
    );
    expect(log.join(" ")).toBe("select 1 2 deselect select 3 deselect select 4 5 deselect");
  });

  it("sends and receives over serial ports, more than a port's buffer too", async () => {
    const { run, board, clock, console } = await start();
    board.uart("Serial1").connect(loopback);
    run(
      "Serial1.setup(115200);var n=0;Serial1.on('data',function(d){n+=d.length});Serial1.write('x'.repeat(5000))",
      2000,
    );
    expect(run("print(n)")).toBe("5000\n");
    expect(run("Serial2.setup(9600)")).toBe("");
    board.uart("Serial2").deliver([104, 105]);
    clock.advanceTo(clock.now() + 100_000);
    console.text = "";
    expect(run("print(Serial2.available(),Serial2.read())")).toBe("2 hi\n");
  });
});

describe("the interpreter under stress", () => {
  it("restarts by the watchdog when a script hangs", async () => {
    const { run, board, clock, console } = await start();
    run("require('Storage').write('.bootcde','print(\"up\")')");
    run("E.enableWatchdog(2);setTimeout(function(){while(1);},100)", 50);
    console.text = "";
    clock.advanceTo(clock.now() + 10e6);
    expect(console.text).toBe("up\n");
    expect(board.powered).toBe(true);
  });

  it("ends what Ctrl-C interrupts, and an interval for good", async () => {
    const clock = new VirtualClock();
    const board = new SimulatedBoard({ profile: generic, clock, seed: 1 });
    const console = recordingConsole();
    const espruino: Espruino = await Espruino.create({ board, console, poll: () => void espruino.interrupt() });
    espruino.powerOn();
    espruino.run("var n=0;setInterval(function(){n++;while(1);},10)", "test");
    clock.advanceTo(clock.now() + 10e6);
    console.text = "";
    espruino.run("print(n)", "test");
    expect(console.text).toBe("1\n");
  });

  it("survives running out of memory and stack", async () => {
    const { run } = await start(puckjs);
    expect(run("var a=[];while(1)a.push({b:a.length})")).toContain("New interpreter error: MEMORY");
    expect(run("a=0;function f(){f()}f()")).toContain("Too much recursion");
    expect(run("print('alive')")).toBe("alive\n");
  });

  it("starts again after brackets that no stack holds", async () => {
    const { run, clock } = await start(puckjs);
    expect(run("eval('('.repeat(20000)+'1'+')'.repeat(20000))")).toMatch(/Too much recursion|SyntaxError/);
    clock.advanceTo(clock.now() + 1e6);
    expect(run("print('alive')")).toBe("alive\n");
  });

  it("counts variables as a board would", async () => {
    const { run } = await start(puckjs);
    const empty = Number(run("print(process.memory().usage)"));
    const filled = Number(run("var a=new Uint8Array(13000);print(process.memory().usage)"));
    expect(filled - empty).toBeGreaterThan(990);
    expect(filled - empty).toBeLessThan(1020);
  });

  it("replays: the same seed, the same luck", async () => {
    const draw = async () => (await start()).run("print(E.hwRand(),Math.random(),getSerial())");
    expect(await draw()).toBe(await draw());
  });
});

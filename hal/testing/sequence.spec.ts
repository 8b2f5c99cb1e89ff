import {
  adcRead,
  anyOrder,
  clockConformance,
  describeConformance,
  fails,
  flashErase,
  flashProgram,
  flashRead,
  i2cRead,
  i2cWrite,
  i2cWriteRead,
  mockAdc,
  mockClock,
  mockFlash,
  mockI2c,
  mockOutputPin,
  mockPin,
  mockPwm,
  mockSequence,
  mockSpi,
  mockUart,
  on,
  pinGet,
  pinSet,
  pwmDuty,
  pwmFrequency,
  spiRead,
  spiTransfer,
  spiWrite,
  spiWriteRead,
  uartWrite,
} from "./index.js";

describe("a mock", () => {
  it("answers expected calls in order, and is done when all were made", () => {
    const bus = mockI2c([i2cWrite(0x76, [0xf4, 0x25]), i2cRead(0x76, [1, 2]), i2cWriteRead(0x76, [0xd0], [0x60])]);
    bus.write(0x76, new Uint8Array([0xf4, 0x25]));
    expect(bus.read(0x76, 2)).toEqual(new Uint8Array([1, 2]));
    expect(bus.writeRead(0x76, [0xd0], 1)).toEqual(new Uint8Array([0x60]));
    bus.done();
  });

  it("throws at the first call that isn't what was expected", () => {
    const bus = mockI2c([i2cRead(0x76, [1]), i2cWrite(0x76, [0xf4, 0x25])]);
    bus.read(0x76, 1);
    expect(() => bus.write(0x76, [0xf4, 0x27])).toThrow(
      "Call 2 of 2 is not what was expected.\n" +
        "  expected: I2C.write(0x76, [0xF4 0x25])\n" +
        "  actual:   I2C.write(0x76, [0xF4 0x27])",
    );
  });

  it("throws at a call after the last", () => {
    const spi = mockSpi([spiRead([1])]);
    spi.read(1);
    expect(() => spi.read(3)).toThrow(
      "Call 2 is not what was expected.\n" +
        "  expected: nothing more, all 1 expected calls were made\n" +
        "  actual:   SPI.read(3)",
    );
  });

  it("isn't done while a call is missing", () => {
    const bus = mockI2c([i2cRead(0x76, [1]), i2cRead(0x76, [2]), i2cWrite(0x76, [])]);
    bus.read(0x76, 1);
    expect(() => bus.done()).toThrow(
      "2 of 3 expected calls were not made:\n  I2C.read(0x76, 1)\n  I2C.write(0x76, [])",
    );
  });

  it("tells of a mismatch when done even if the driver caught it", () => {
    const bus = mockI2c([i2cRead(0x76, [1])]);
    try {
      bus.read(0x77, 1);
    } catch {
      // A driver that takes every error for a bus fault.
    }
    expect(() => bus.done()).toThrow("actual:   I2C.read(0x77, 1)");
  });

  it("throws the fault that the test demands, and goes on", () => {
    const bus = mockI2c([fails(i2cRead(0x76, [1]), "NoAcknowledgeAddress"), i2cRead(0x76, [1])], "I2C1");
    expect(() => bus.read(0x76, 1)).toThrow(
      expect.objectContaining({
        kind: "NoAcknowledgeAddress",
        message: "I2C1: read(0x76, 1) fails with NoAcknowledgeAddress, as the test demands",
      }),
    );
    expect(bus.read(0x76, 1)).toEqual(new Uint8Array([1]));
    bus.done();
  });

  it("takes a group of calls in any order, all before what follows", () => {
    const steps = [anyOrder(i2cRead(1, [1]), i2cRead(2, [2]), i2cRead(1, [3])), i2cRead(4, [4])];
    const bus = mockI2c(steps);
    expect([bus.read(2, 1)[0], bus.read(1, 1)[0], bus.read(1, 1)[0], bus.read(4, 1)[0]]).toEqual([2, 1, 3, 4]);
    bus.done();

    const early = mockI2c(steps);
    early.read(1, 1);
    expect(() => early.read(4, 1)).toThrow("expected: one of I2C.read(0x02, 1) | I2C.read(0x01, 1)\n");
  });
});

describe("a sequence", () => {
  const steps = () =>
    mockSequence([
      on("reset", pinSet(false), pinSet(true)),
      anyOrder(...on("sensors", i2cWrite(0x76, [0xe0])), ...on("display", spiWrite([0xae]))),
      on("reset", pinSet(false)),
    ]);

  it("demands one order of the calls on several peripherals", () => {
    const sequence = steps();
    const reset = mockOutputPin(sequence, "reset", true);
    const sensors = mockI2c(sequence, "sensors");
    const display = mockSpi(sequence, "display");
    reset.setLow();
    reset.setHigh();
    display.write([0xae]);
    sensors.write(0x76, [0xe0]);
    reset.setLow();
    sequence.done();
  });

  it("says which peripheral was due", () => {
    const sequence = steps();
    const sensors = mockI2c(sequence, "sensors");
    expect(() => sensors.write(0x76, [0xe0])).toThrow(
      "Call 1 of 5 is not what was expected.\n" +
        "  expected: reset.set(false)\n" +
        "  actual:   sensors.write(0x76, [0xE0])",
    );
  });
});

describe("the mocks of the other peripherals", () => {
  it("SPI", () => {
    const spi = mockSpi([spiWrite([1]), spiTransfer([2, 3], [4, 5]), spiWriteRead([6], [7, 8]), spiRead([9])]);
    spi.write([1]);
    expect(spi.transfer([2, 3])).toEqual(new Uint8Array([4, 5]));
    expect(spi.writeRead([6], 2)).toEqual(new Uint8Array([7, 8]));
    expect(spi.read(1)).toEqual(new Uint8Array([9]));
    spi.done();
    expect(() => spiTransfer([1, 2], [3])).toThrow("A transfer of 2 bytes can't be answered with 1.");
  });

  it("input pin", () => {
    const pin = mockPin([pinGet(true), pinGet(true), pinGet(false)]);
    expect([pin.isHigh(), pin.isLow(), pin.isHigh()]).toEqual([true, false, false]);
    const seen: string[] = [];
    const stop = pin.onEdge("rising", (high, at) => seen.push(`rising ${high} ${at}`));
    pin.onEdge("both", (high, at) => seen.push(`both ${high} ${at}`));
    pin.edge(true, 10);
    pin.edge(false, 20);
    stop();
    stop();
    pin.edge(true, 30);
    expect(seen).toEqual(["rising true 10", "both true 10", "both false 20", "both true 30"]);
    expect(pin.watches).toBe(1);
    pin.done();
  });

  it("output pin", () => {
    const pin = mockOutputPin([true, false, true, false].map(pinSet));
    pin.setHigh();
    pin.toggle();
    expect([pin.isSetHigh(), pin.isSetLow()]).toEqual([false, true]);
    pin.setState(true);
    pin.setLow();
    pin.done();
  });

  it("ADC and PWM", () => {
    const adc = mockAdc([adcRead(1234.5), fails(adcRead(0), "Overrun")]);
    expect(adc.readMillivolts()).toBe(1234.5);
    expect(() => adc.readMillivolts()).toThrow(expect.objectContaining({ kind: "Overrun" }));
    const pwm = mockPwm([pwmFrequency(50), pwmDuty(0.075)]);
    pwm.setFrequency(50);
    pwm.setDutyCycle(0.075);
    adc.done();
    pwm.done();
  });

  it("UART", () => {
    const port = mockUart([uartWrite([65, 84, 13])]);
    const heard: number[] = [];
    const stop = port.onData((bytes) => heard.push(...bytes));
    port.write([65, 84, 13]);
    port.receive([79, 75]);
    stop();
    port.receive([1]);
    expect(heard).toEqual([79, 75]);
    port.done();
  });

  it("flash", () => {
    const flash = mockFlash([flashErase(4096), flashProgram(4096, [1, 2, 3, 4]), flashRead(4096, [1, 2])], {
      writeSize: 8,
    });
    flash.erase(4096);
    flash.program(4096, new Uint8Array([1, 2, 3, 4]));
    expect(flash.read(4096, 2)).toEqual(new Uint8Array([1, 2]));
    expect([flash.size, flash.writeSize]).toEqual([65536, 8]);
    flash.done();
  });
});

describeConformance(
  "the mock of the clock",
  clockConformance,
  () => mockClock(),
  (clock, microseconds) => (clock as ReturnType<typeof mockClock>).advance(microseconds),
);

describe("the mock of the clock", () => {
  it("runs what falls due on the way, at its time", () => {
    const clock = mockClock(1_000_000);
    const seen: number[] = [];
    clock.after(300, () => seen.push(clock.monotonic()));
    clock.after(100, () => clock.after(100, () => seen.push(clock.monotonic())));
    clock.advance(250);
    expect([seen, clock.pending]).toEqual([[200], 1]);
    clock.setRealtime(5_000_000);
    clock.advance(250);
    expect([seen, clock.realtime()]).toEqual([[200, 300], 5_000_250]);
  });
});

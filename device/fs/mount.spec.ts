import { DIRECTORY, REGULAR_FILE, ROOT, type FileSystem } from "./file-system.js";
import { formatFileSystem, mountFileSystem } from "./mount.js";
import { crc32 } from "./testing/crc32.js";
import { sizeOf } from "./testing/model.js";
import { createNorFlash, type NorFlash } from "./testing/nor-flash.js";

let flash: NorFlash;
let fs: FileSystem;
let time = 0;

function mount(): void {
  fs = mountFileSystem(flash, crc32, () => time);
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function write(node: number, position: number, text: string): number {
  return fs.write(node, position, bytes(text), 0, text.length);
}

function read(node: number): string {
  const data = new Uint8Array(sizeOf(fs, node));
  const count = fs.read(node, 0, data, 0, data.length);
  return count < 0 ? `errno ${-count}` : String.fromCharCode(...data.subarray(0, count));
}

function file(name: string, text: string): number {
  const node = fs.create(ROOT, name, REGULAR_FILE);
  expect(write(node, 0, text)).toBe(text.length);
  expect(fs.sync(node)).toBe(0);
  return node;
}

function namesIn(directory: number): string[] {
  const names = [];
  for (let entry = fs.next(directory, 0); entry; entry = fs.next(directory, entry.cookie)) names.push(entry.name);
  return names;
}

beforeEach(() => {
  time = 1_700_000_000_000_000;
  flash = createNorFlash({ blocks: 16, reprogrammable: false });
  mount();
});

describe("the life of a file", () => {
  test("what is synchronised is there after a restart", () => {
    file("greeting", "hello");
    mount();
    expect(read(fs.lookup(ROOT, "greeting"))).toBe("hello");
  });

  test("what isn't synchronised may be lost, what was there is not", () => {
    const node = file("greeting", "hello");
    write(node, 0, "HE");
    mount();
    expect(read(fs.lookup(ROOT, "greeting"))).toBe("hello");
  });

  test("bytes are overwritten, appended, and a gap reads as zeros", () => {
    const node = file("f", "0123456789");
    write(node, 3, "abc");
    write(node, 12, "z");
    expect(read(node)).toBe("012abc6789\0\0z");
  });

  test("a file grows over pages and tables, and each byte stays where it is", () => {
    const node = fs.create(ROOT, "big", REGULAR_FILE);
    const data = new Uint8Array(23000).map((_, i) => i * 31 + (i >> 8));
    for (let at = 0; at < data.length; at += 700)
      expect(fs.write(node, at, data, at, Math.min(700, data.length - at))).toBeGreaterThan(0);
    fs.sync(node);
    mount();
    const found = new Uint8Array(data.length);
    expect(fs.read(fs.lookup(ROOT, "big"), 0, found, 0, found.length)).toBe(data.length);
    expect(found).toEqual(data);
  });

  test("truncating cuts, and what was cut doesn't come back", () => {
    const node = file("f", "x".repeat(1000));
    expect(fs.truncate(node, 300)).toBe(0);
    expect(fs.truncate(node, 600)).toBe(0);
    expect(read(node)).toBe("x".repeat(300) + "\0".repeat(300));
  });

  test("reading at and beyond the end gives nothing", () => {
    const node = file("f", "abc");
    expect(fs.read(node, 3, new Uint8Array(4), 0, 4)).toBe(0);
    expect(fs.read(node, 2 ** 40, new Uint8Array(4), 0, 4)).toBe(0);
  });

  test("a file larger than the format can hold is refused", () => {
    expect(write(file("f", ""), 2 ** 40, "x")).toBe(-22);
  });

  test("a removed file that is open stays readable until it is released", () => {
    const node = file("f", "still here");
    fs.retain(node);
    expect(fs.remove(ROOT, "f", REGULAR_FILE)).toBe(0);
    expect(fs.lookup(ROOT, "f")).toBe(-44);
    expect(read(node)).toBe("still here");
    const other = file("f", "another");
    expect(other).not.toBe(node);
    expect(read(node)).toBe("still here");
    fs.release(node);
    expect(fs.stat(node)).toBe(-44);
    mount();
    expect(namesIn(ROOT)).toEqual(["f"]);
  });
});

describe("names", () => {
  test("a name has up to 255 bytes of any kind", () => {
    const name = "\x01\xff" + "n".repeat(253);
    file(name, "x");
    expect(fs.create(ROOT, name + "n", REGULAR_FILE)).toBe(-37);
    mount();
    expect(namesIn(ROOT)).toEqual([name]);
  });

  test("directories nest, and only empty ones can be removed", () => {
    const outer = fs.create(ROOT, "outer", DIRECTORY);
    const inner = fs.create(outer, "inner", DIRECTORY);
    expect(fs.create(inner, "file", REGULAR_FILE)).toBeGreaterThan(0);
    expect(fs.remove(outer, "inner", DIRECTORY)).toBe(-55);
    expect(fs.remove(outer, "inner", REGULAR_FILE)).toBe(-31);
    expect(fs.remove(inner, "file", REGULAR_FILE)).toBe(0);
    expect(fs.remove(outer, "inner", DIRECTORY)).toBe(0);
    expect(namesIn(outer)).toEqual([]);
  });

  test("renaming over a file replaces it at once", () => {
    file("new", "new content");
    file("config", "old content");
    expect(fs.rename(ROOT, "new", ROOT, "config")).toBe(0);
    mount();
    expect(namesIn(ROOT)).toEqual(["config"]);
    expect(read(fs.lookup(ROOT, "config"))).toBe("new content");
  });

  test("a directory can't be moved into itself, nor replaced by a file", () => {
    const outer = fs.create(ROOT, "outer", DIRECTORY);
    const inner = fs.create(outer, "inner", DIRECTORY);
    file("f", "");
    expect(fs.rename(ROOT, "outer", inner, "loop")).toBe(-28);
    expect(fs.rename(ROOT, "f", ROOT, "outer")).toBe(-31);
    expect(fs.rename(ROOT, "outer", ROOT, "f")).toBe(-54);
    expect(fs.lookup(fs.lookup(ROOT, "f"), "x")).toBe(-54);
  });

  test("a walk sees once what exists all the while, whatever else comes and goes", () => {
    for (let i = 0; i < 20; i++) file(`f${i}`, "");
    const seen = [];
    for (let entry = fs.next(ROOT, 0), i = 0; entry; entry = fs.next(ROOT, entry.cookie), i++) {
      seen.push(entry.name);
      if (i % 2) fs.remove(ROOT, entry.name, REGULAR_FILE);
      file(`new${i}`, "");
      if (i > 100) break;
    }
    for (let i = 0; i < 20; i++) expect(seen.filter((name) => name === `f${i}`)).toHaveLength(1);
  });
});

describe("times", () => {
  test("a change is told to the second, a set time to the microsecond, and both survive", () => {
    const node = file("f", "x");
    expect(fs.stat(node)).toMatchObject({ modified: time, accessed: time, changed: time });
    time += 5_000_000;
    expect(fs.setTimes(node, 7, 1_600_000_000_123_456)).toBe(0);
    fs.sync(node);
    mount();
    expect(fs.stat(node)).toMatchObject({ accessed: 7, modified: 1_600_000_000_123_456, changed: time });
    time += 3600_000_000;
    write(node, 1, "y");
    fs.sync(node);
    mount();
    expect(fs.stat(node)).toMatchObject({ accessed: time, modified: time, changed: time });
  });

  test("the root has times too", () => {
    expect(fs.setTimes(ROOT, 1, 2)).toBe(0);
    mount();
    expect(fs.stat(ROOT)).toMatchObject({ kind: DIRECTORY, accessed: 1, modified: 2 });
  });
});

describe("space", () => {
  test("a full device says so, keeps what it has, and deleting makes room again", () => {
    let count = 0;
    while (count < 1000) {
      const node = fs.create(ROOT, `f${count}`, REGULAR_FILE);
      if (node < 0 || write(node, 0, "0123456789".repeat(20)) !== 200 || fs.sync(node)) break;
      count++;
    }
    expect(count).toBeGreaterThan(150);
    expect(fs.space().free).toBeLessThan(250);
    mount();
    for (let i = 0; i < count; i++) expect(read(fs.lookup(ROOT, `f${i}`))).toBe("0123456789".repeat(20));
    for (let i = 0; i < count; i += 2) expect(fs.remove(ROOT, `f${i}`, REGULAR_FILE)).toBe(0);
    for (let i = 0; i < count; i += 2) file(`f${i}`, "again".repeat(30));
    mount();
    expect(namesIn(ROOT)).toHaveLength(Math.max(count, namesIn(ROOT).length));
    expect(read(fs.lookup(ROOT, "f2"))).toBe("again".repeat(30));
  });

  test("all blocks wear alike, also under a file that never changes", () => {
    file("cold", "c".repeat(9000));
    const hot = file("hot", "");
    for (let i = 0; i < 20000; i++) {
      write(hot, 0, String(i).padEnd(5));
      fs.sync(hot);
    }
    expect(Math.min(...flash.erasures)).toBeGreaterThan(3);
    expect(Math.max(...flash.erasures) - Math.min(...flash.erasures)).toBeLessThanOrEqual(2);
    expect(read(fs.lookup(ROOT, "cold"))).toBe("c".repeat(9000));
  });

  test("blocks that fail are passed over, and nothing is lost", () => {
    file("cold", "c".repeat(3000));
    const hot = file("hot", "");
    for (let i = 0; i < 8000; i++) {
      if (i === 1000) flash.worn.add(9);
      if (i === 3000) flash.worn.add(3);
      expect(write(hot, 0, String(i).padEnd(5))).toBe(5);
      expect(fs.sync(hot)).toBe(0);
      if (i % 1500 === 0) mount();
    }
    mount();
    expect(read(fs.lookup(ROOT, "hot"))).toBe("7999 ");
    expect(read(fs.lookup(ROOT, "cold"))).toBe("c".repeat(3000));
  });
});

describe("what flash holds already", () => {
  test("something foreign is left alone until it is formatted", () => {
    flash.cells.fill(0x55, 4096, 8192);
    mount();
    expect(fs.readOnly).toBe("not formatted");
    expect(fs.create(ROOT, "f", REGULAR_FILE)).toBe(-69);
    expect(flash.counters.operations).toBe(0);
    fs = formatFileSystem(flash, crc32, () => time);
    expect(fs.readOnly).toBeUndefined();
    file("f", "x");
    mount();
    expect(read(fs.lookup(ROOT, "f"))).toBe("x");
  });

  test("a file system for another size is left alone", () => {
    file("f", "x");
    fs = mountFileSystem(createNorFlash({ blocks: 15, cells: flash.cells.slice(0, 15 * 4096) }), crc32, () => time);
    expect(fs.readOnly).toBe("of another version or size");
  });

  test("formatting forgets what was there", () => {
    for (let i = 0; i < 300; i++) write(file(`f${i}`, ""), 0, "x");
    fs = formatFileSystem(flash, crc32, () => time);
    expect(namesIn(ROOT)).toEqual([]);
    mount();
    expect(namesIn(ROOT)).toEqual([]);
  });

  test("mounting changes nothing and reads no file", () => {
    file("f", "x".repeat(20000));
    file("last", "");
    const operations = flash.counters.operations;
    flash.counters.bytesRead = 0;
    mount();
    expect(flash.counters.operations).toBe(operations);
    expect(flash.counters.bytesRead).toBeLessThan(6000);
  });
});

test("files appended in turns until nothing fits can all be removed, and the device goes on", () => {
  flash = createNorFlash();
  mount();
  const files = 15;
  let answer = 0;
  for (let i = 0; !answer && i < 20000; i++) {
    const found = fs.lookup(ROOT, `log${i % files}`);
    const node = found > 0 ? found : fs.create(ROOT, `log${i % files}`, REGULAR_FILE);
    const count = node < 0 ? node : write(node, sizeOf(fs, node), "x".repeat(48));
    answer = count < 0 ? count : fs.sync(node);
  }
  expect(answer).toBe(-51);
  for (let i = 0; i < files; i++) expect(fs.remove(ROOT, `log${i}`, REGULAR_FILE)).toBe(0);
  const again = file("again", "x".repeat(20000));
  mount();
  expect(read(again)).toBe("x".repeat(20000));
});

test("a file that can't be moved for want of blocks is tried again, never left behind", () => {
  flash = createNorFlash({ blocks: 16, blockSize: 1024 });
  mount();
  for (let i = 0; i < 8; i++) file(`cold${i}`, `cold ${i} `.repeat(20));
  const hot = file("hot", "");
  let place = 0;
  flash.before = ({ address }) => (place = Math.floor(address / 1024));
  const overwrite = (text: string): number => Math.min(write(hot, 0, text), fs.sync(hot));
  for (let i = 0; flash.counters.erases < 20; i++) expect(overwrite(`${i} `.repeat(50))).toBeGreaterThanOrEqual(0);
  // The next blocks, which are the free ones, fail all at once.
  for (let i = 1; i <= 4; i++) flash.worn.add((place + i) % 16);
  const answers = new Set<number>();
  for (let i = 0; i < 300; i++) answers.add(overwrite(`${i} `.repeat(50)));
  expect(answers).toContain(-51);
  mount();
  for (let i = 0; i < 8; i++) expect(read(fs.lookup(ROOT, `cold${i}`))).toBe(`cold ${i} `.repeat(20));
});

describe("damage", () => {
  /** Flips a bit of the first place that holds such bytes. */
  function damage(text: string): void {
    const at = Buffer.from(flash.cells).indexOf(text, 0, "latin1");
    expect(at).toBeGreaterThan(0);
    flash.cells[at] ^= 1;
  }

  test("what is damaged answers io, and is no obstacle to what isn't", () => {
    const node = file("first", "first content");
    file("second", "second content");
    mount();
    damage("first content");
    expect(fs.stat(node)).toBe(-29);
    expect(fs.read(node, 0, new Uint8Array(1), 0, 1)).toBe(-29);
    expect(fs.lookup(ROOT, "first")).toBe(-29);
    // A walk passes it over, and goes on behind it.
    expect(namesIn(ROOT)).toEqual(["second"]);
  });

  test("a damaged page doesn't keep the rest of its file from being moved, nor shows anything else later", () => {
    const pages = Array.from({ length: 40 }, (_, i) => `page ${i} `.padEnd(240, "."));
    const node = file("long", pages.join(""));
    damage("page 7 ");
    const hot = file("hot", "");
    for (let i = 0; i < 3000; i++) {
      expect(write(hot, 0, String(i).padEnd(200))).toBe(200);
      expect(fs.sync(hot)).toBe(0);
    }
    expect(Math.min(...flash.erasures)).toBeGreaterThan(1);
    mount();
    pages.forEach((page, i) => {
      const found = new Uint8Array(240);
      expect(fs.read(node, i * 240, found, 0, 240)).toBe(i === 7 ? -29 : 240);
      if (i !== 7) expect(String.fromCharCode(...found)).toBe(page);
    });
  });
});

/**
 * What the test runs on a real Espruino and on Node: the bundled file system over flash in RAM, and a program
 * that prints what it finds. ES5, since Espruino reads it as it stands.
 */
export const PROGRAM = `
var size = 8 * 1024, cells = new Uint8Array(size), i;
for (i = 0; i < size; i++) cells[i] = 255;
var erases = 0, programmed = 0;
var flash = {
  size: size, blockSize: 1024, writeSize: 4, reprogrammable: true,
  read: function (a, n) { return new Uint8Array(cells.slice(a, a + n)); },
  program: function (a, b) { var i; programmed += b.length; for (i = 0; i < b.length; i++) cells[a + i] = cells[a + i] & b[i]; },
  erase: function (a) { var i; erases++; for (i = 0; i < 1024; i++) cells[a + i] = 255; }
};
var clock = 1.7e15;
function now() { clock += 1000000; return clock; }
var fs = F.formatFileSystem(flash, CRC, now);
function text(s) { var b = new Uint8Array(s.length), i; for (i = 0; i < s.length; i++) b[i] = s.charCodeAt(i); return b; }
function say(what, value) { SAY(what + " " + value); }
function open(directory, name) { var n = fs.lookup(directory, name); return n > 0 ? n : fs.create(directory, name, 4); }
function content(node) {
  var b = new Uint8Array(fs.stat(node).size), n = fs.read(node, 0, b, 0, b.length);
  return n + " bytes, crc " + ((CRC(b) >>> 0) % 100000);
}
say("space", fs.space().free + " of " + fs.space().total);
var data = fs.create(1, "data", 3), log = open(data, "log.csv"), counter = open(1, "counter"), line;
for (i = 0; i < 40; i++) {
  line = text("reading " + i + ";");
  say("append", fs.write(log, fs.stat(log).size, line, 0, line.length) + fs.sync(log));
  if (i % 4 === 0) say("count", fs.write(counter, 0, new Uint8Array([i]), 0, 1) + fs.sync(counter));
  if (i % 10 === 9) { fs = F.mountFileSystem(flash, CRC, now); say("log", content(fs.lookup(data, "log.csv"))); }
}
say("overwrite", fs.write(log, 100, text("HELLO"), 0, 5));
say("truncate", fs.truncate(log, 300));
say("log", content(log));
say("far", fs.write(counter, 500, text("end"), 0, 3) + " " + content(counter));
say("rename", fs.rename(1, "counter", data, "log.csv"));
say("gone", fs.lookup(1, "counter"));
say("moved", content(fs.lookup(data, "log.csv")));
for (i = 0; i < 400; i++) { fs.write(open(1, "f" + i % 5), 0, text("file " + i), 0, 6); fs.sync(open(1, "f" + i % 5)); }
say("remove", fs.remove(1, "f1", 4) + " " + fs.remove(1, "data", 3) + " " + fs.remove(1, "none", 4));
fs.setTimes(fs.lookup(1, "f2"), 12345678, 1700000000123456);
fs.sync(fs.lookup(1, "f2"));
fs = F.mountFileSystem(flash, CRC, now);
var status = fs.stat(fs.lookup(1, "f2")), e, list = [];
say("times", status.accessed + " " + status.modified % 1000000 + " " + status.changed % 1000000);
for (e = fs.next(1, 0); e; e = fs.next(1, e.cookie)) list.push(e.name + ":" + e.kind);
say("list", list.join());
say("flash", erases + " erases, " + programmed + " bytes, crc " + ((CRC(cells) >>> 0) % 100000));
`;

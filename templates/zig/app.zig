//! {{name}}: lights an LED three times, a quarter of a second each, and says so.
//!
//! The LED is a file, which ristretto.json grants. While the program sleeps, the board sleeps. wasi-libc finds a
//! path among all that is granted; its functions are declared here, since Zig's own way to import C differs between its
//! versions.
extern "c" fn open(path: [*:0]const u8, flags: c_int, ...) c_int;
extern "c" fn write(fd: c_int, bytes: [*]const u8, length: usize) isize;
extern "c" fn usleep(microseconds: c_uint) c_int;

const write_only: c_int = 0x10000000; // O_WRONLY of wasi-libc
const stdout: c_int = 1;
const stderr: c_int = 2;

fn say(fd: c_int, text: []const u8) bool {
    return write(fd, text.ptr, text.len) == @as(isize, @intCast(text.len));
}

fn blink(led: c_int, count: u8) bool {
    if (!say(led, "1") or !say(stdout, &[_]u8{ 'b', 'l', 'i', 'n', 'k', ' ', '0' + count, '\n' })) return false;
    _ = usleep(250_000);
    if (!say(led, "0")) return false;
    _ = usleep(250_000);
    return true;
}

pub fn main() u8 {
    const led = open("/dev/gpio/led", write_only);
    if (led < 0) {
        _ = say(stderr, "{{name}}: no LED\n");
        return 1;
    }
    if (!say(stdout, "hello from {{name}}\n")) return 1;
    var count: u8 = 1;
    while (count <= 3) : (count += 1) {
        if (!blink(led, count)) return 1;
    }
    return 0;
}

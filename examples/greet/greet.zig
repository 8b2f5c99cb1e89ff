//! Greets everybody whose name is in a file, twice a second, in Zig with wasi-libc, which finds a path among all that
//! is granted. Its functions are declared here, since Zig's own way to import C differs between its versions.
extern "c" fn open(path: [*:0]const u8, flags: c_int, ...) c_int;
extern "c" fn read(fd: c_int, bytes: [*]u8, length: usize) isize;
extern "c" fn write(fd: c_int, bytes: [*]const u8, length: usize) isize;
extern "c" fn usleep(microseconds: c_uint) c_int;

const read_only: c_int = 0x04000000; // O_RDONLY of wasi-libc

fn say(fd: c_int, text: []const u8) bool {
    return write(fd, text.ptr, text.len) == @as(isize, @intCast(text.len));
}

pub fn main() u8 {
    const file = open("/data/names.txt", read_only);
    if (file < 0) {
        _ = say(2, "greet: no file /data/names.txt\n");
        return 1;
    }
    var names: [256]u8 = undefined;
    const length = read(file, &names, names.len);
    if (length < 0) return 1;
    const end: usize = @intCast(length);
    var start: usize = 0;
    var at: usize = 0;
    while (at < end) : (at += 1) {
        if (names[at] != '\n') continue;
        if (!say(1, "hello ") or !say(1, names[start .. at + 1])) return 1;
        start = at + 1;
        _ = usleep(500_000);
    }
    return 0;
}

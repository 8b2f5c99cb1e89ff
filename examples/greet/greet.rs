//! Greets everybody whose name is in a file, twice a second, in Rust with its standard library.
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::thread::sleep;
use std::time::Duration;

fn main() -> io::Result<()> {
    for name in BufReader::new(File::open("/data/names.txt")?).lines() {
        println!("hello {}", name?);
        sleep(Duration::from_millis(500));
    }
    Ok(())
}

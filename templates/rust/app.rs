//! {{name}}: lights an LED three times, a quarter of a second each, and says so.
//!
//! The LED is a file, which ristretto.json grants. While the program sleeps, the board sleeps.
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::thread::sleep;
use std::time::Duration;

fn main() -> io::Result<()> {
    let mut led = OpenOptions::new().write(true).open("/dev/gpio/led")?;
    println!("hello from {{name}}");
    for count in 1..=3 {
        led.write_all(b"1")?;
        println!("blink {}", count);
        sleep(Duration::from_millis(250));
        led.write_all(b"0")?;
        sleep(Duration::from_millis(250));
    }
    Ok(())
}

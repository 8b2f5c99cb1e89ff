// The imports of WASI's hardware proposals as a core module has them: what wit-bindgen's C generator would write for
// wasi:gpio/digital, wasi:i2c/i2c and wasi:spi/spi, as far as panel.c uses them. All results come back through a pointer.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))

#define GPIO "wasi:gpio/digital@0.2.0"
#define POLL "wasi:io/poll@0.2.4"
#define I2C "wasi:i2c/i2c@0.2.0-draft"
#define SPI "cm32p2|wasi:spi/spi" // the newer mangling, for the sake of showing it

typedef int32_t handle;

struct bytes {
  uint8_t *data;
  size_t length;
};

// result<own<…>, gpio-error>; the same for set-active and the like, without a handle
struct gpio_result {
  uint8_t is_error;
  union {
    handle handle;
    uint8_t state; // pin-state: 0 is active
    uint8_t error;
  };
  struct bytes message;
};

// result<list<u8>, error-code>, and result<own<i2c>, error-code> up to its handle
struct i2c_result {
  uint8_t is_error;
  union {
    struct bytes bytes;
    handle handle;
    struct {
      uint8_t code, source;
    } error;
  };
};

// result<_, error-code>: nothing in it is wider than a byte
struct i2c_done {
  uint8_t is_error, code, source;
};

// result<own<spi-device>, error>, result<list<u8>, error>, result<_, error>
struct spi_result {
  uint8_t is_error;
  union {
    handle handle;
    struct bytes bytes;
    struct {
      uint8_t code;
      struct bytes message;
    } error;
  };
};

IMPORT(GPIO, "get-digital-out")
void gpio_get_out(const char *label, size_t length, const uint8_t *flags, size_t count, struct gpio_result *result);
IMPORT(GPIO, "get-digital-in")
void gpio_get_in(const char *label, size_t length, const uint8_t *flags, size_t count, struct gpio_result *result);
IMPORT(GPIO, "[method]digital-out-pin.toggle") void gpio_toggle(handle pin, struct gpio_result *result);
IMPORT(GPIO, "[method]digital-in-pin.watch-rising-edge") void gpio_watch_rising(handle pin, struct gpio_result *result);
IMPORT(POLL, "[method]pollable.block") void pollable_block(handle pollable);
IMPORT(POLL, "[resource-drop]pollable") void pollable_drop(handle pollable);

// wasi:i2c leaves it to the world how a handle is had; this is ristretto's way.
IMPORT("ristretto:hardware/i2c", "open") void i2c_open(const char *name, size_t length, struct i2c_result *result);
IMPORT(I2C, "[method]i2c.write-read")
void i2c_write_read(handle bus, int32_t address, const uint8_t *bytes, size_t length, uint64_t read, struct i2c_result *result);
IMPORT(I2C, "[resource-drop]i2c") void i2c_drop(handle bus);

IMPORT(SPI, "open") void spi_open(const char *name, size_t length, struct spi_result *result);
IMPORT(SPI, "[method]spi-device.transfer")
void spi_transfer(handle device, const uint8_t *bytes, size_t length, struct spi_result *result);
IMPORT(SPI, "spi-device_drop") void spi_drop(handle device);

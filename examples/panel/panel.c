// A control panel by WASI's hardware proposals instead of files under /dev: it asks two BME280s who they are, one on I2C, one on SPI,
// then toggles an LED at each press of a button. The same grants stand behind both ways.
#include "hardware.h"
#include <string.h>
#include <unistd.h>

static void say(const char *text) {
  (void)!write(STDOUT_FILENO, text, strlen(text));
}

static void say_byte(const char *before, uint8_t byte) {
  char text[] = "0x..\n";
  text[2] = "0123456789abcdef"[byte >> 4];
  text[3] = "0123456789abcdef"[byte & 15];
  say(before);
  say(text);
}

// Where lists come: wit-bindgen's bindings bring a malloc for that, here one result is needed at a time.
static uint8_t room[32] __attribute__((aligned(8)));
__attribute__((export_name("cabi_realloc"))) void *cabi_realloc(void *old, size_t old_size, size_t align, size_t size) {
  return old == NULL && size <= sizeof room ? room : NULL;
}
// The same under the newer mangling's name, for what is imported by that.
__attribute__((export_name("cm32p2_realloc"))) void *cm32p2_realloc(void *old, size_t old_size, size_t align, size_t size) {
  return cabi_realloc(old, old_size, align, size);
}

#define WHO_ARE_YOU 0xd0

static void ask_i2c(void) {
  struct i2c_result bus, answer;
  uint8_t question = WHO_ARE_YOU;
  i2c_open("sensors", 7, &bus);
  if (bus.is_error) return say("no sensors\n");
  i2c_write_read(bus.handle, 0x76, &question, 1, 1, &answer);
  if (answer.is_error) say_byte("i2c error ", answer.error.code);
  else say_byte("0x76 on I2C is ", answer.bytes.data[0]);
  // Not granted, so it isn't even asked.
  i2c_write_read(bus.handle, 0x77, &question, 1, 1, &answer);
  if (answer.is_error) say_byte("0x77 is error ", answer.error.code);
  i2c_drop(bus.handle);
}

static void ask_spi(void) {
  struct spi_result device, answer;
  spi_open("outside", 7, &device);
  if (device.is_error) return say("no sensor outside\n");
  spi_transfer(device.handle, (uint8_t[]){WHO_ARE_YOU, 0}, 2, &answer);
  if (answer.is_error) say_byte("spi error ", answer.error.code);
  else say_byte("the one on SPI is ", answer.bytes.data[1]);
  spi_drop(device.handle);
}

int main(void) {
  struct gpio_result led, button, result;
  ask_i2c();
  ask_spi();
  gpio_get_out("led", 3, NULL, 0, &led);
  gpio_get_in("button", 6, NULL, 0, &button);
  if (led.is_error || button.is_error) return 1;
  gpio_get_out("heater", 6, NULL, 0, &result);
  if (result.is_error) say_byte("heater is error ", result.error);
  for (int presses = 1; presses <= 3; presses++) {
    gpio_watch_rising(button.handle, &result);
    if (result.is_error) return 1;
    pollable_block(result.handle);
    pollable_drop(result.handle);
    gpio_toggle(led.handle, &result);
    say_byte("press ", presses);
  }
  return 0;
}

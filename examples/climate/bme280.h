// Bosch BME280: temperature, humidity and air pressure over I2C, with the integer compensation of its data sheet
// (BST-BME280-DS002, sections 4.2.3 and 8.2).
#pragma once
#include <stdint.h>
#include <unistd.h>

struct bme280 {
  int fd;          // of /dev/i2c/<bus>/0x76: offset r is register r
  uint16_t t1;
  int16_t t2, t3;
  uint16_t p1;
  int16_t p[8];    // dig_P2 to dig_P9
  uint8_t h1, h3;
  int16_t h2, h4, h5;
  int8_t h6;
};

struct climate {
  int32_t temperature;  // hundredths of a degree Celsius
  uint32_t humidity;    // 1/1024 percent
  uint32_t pressure;    // pascal
};

static int read_registers(int fd, uint8_t from, uint8_t *to, int count) {
  return pread(fd, to, count, from) == count ? 0 : -1;
}

static int write_register(int fd, uint8_t number, uint8_t value) {
  return pwrite(fd, &value, 1, number) == 1 ? 0 : -1;
}

static int16_t word(const uint8_t *bytes) { return (int16_t)(bytes[0] | bytes[1] << 8); }

// Reads the calibration that every part carries. -1: no answer, -2: it isn't a BME280.
static int bme280_begin(struct bme280 *part) {
  uint8_t id, low[26], high[7];
  if (read_registers(part->fd, 0xD0, &id, 1)) return -1;
  if (id != 0x60) return -2;
  if (read_registers(part->fd, 0x88, low, sizeof low)) return -1;
  if (read_registers(part->fd, 0xE1, high, sizeof high)) return -1;
  part->t1 = (uint16_t)word(low);
  part->t2 = word(low + 2);
  part->t3 = word(low + 4);
  part->p1 = (uint16_t)word(low + 6);
  for (int i = 0; i < 8; i++) part->p[i] = word(low + 8 + 2 * i);
  part->h1 = low[25];
  part->h2 = word(high);
  part->h3 = high[2];
  part->h4 = (int16_t)((int8_t)high[3] * 16 | (high[4] & 15));
  part->h5 = (int16_t)((int8_t)high[5] * 16 | high[4] >> 4);
  part->h6 = (int8_t)high[6];
  return 0;
}

// Starts one measurement of everything, once each; it takes at most 9.3 ms (section 9.1).
static int bme280_start(const struct bme280 *part) {
  if (write_register(part->fd, 0xF2, 1)) return -1;
  return write_register(part->fd, 0xF4, 1 << 5 | 1 << 2 | 1);
}

static int bme280_read(const struct bme280 *part, struct climate *result) {
  uint8_t data[8];
  if (read_registers(part->fd, 0xF7, data, sizeof data)) return -1;
  int32_t adc_p = data[0] << 12 | data[1] << 4 | data[2] >> 4;
  int32_t adc_t = data[3] << 12 | data[4] << 4 | data[5] >> 4;
  int32_t adc_h = data[6] << 8 | data[7];

  int32_t a = ((((adc_t >> 3) - ((int32_t)part->t1 << 1))) * part->t2) >> 11;
  int32_t b = (((((adc_t >> 4) - part->t1) * ((adc_t >> 4) - part->t1)) >> 12) * part->t3) >> 14;
  int32_t fine = a + b;
  result->temperature = (fine * 5 + 128) >> 8;

  a = (fine >> 1) - 64000;
  b = (((a >> 2) * (a >> 2)) >> 11) * part->p[4];
  b += (a * part->p[3]) << 1;
  b = (b >> 2) + ((int32_t)part->p[2] << 16);
  a = (((part->p[1] * (((a >> 2) * (a >> 2)) >> 13)) >> 3) + ((part->p[0] * a) >> 1)) >> 18;
  a = ((32768 + a) * part->p1) >> 15;
  uint32_t p = 0;
  if (a) {
    p = ((uint32_t)(1048576 - adc_p) - (uint32_t)(b >> 12)) * 3125;
    p = p < 0x80000000u ? (p << 1) / (uint32_t)a : p / (uint32_t)a * 2;
    a = (part->p[7] * (int32_t)(((p >> 3) * (p >> 3)) >> 13)) >> 12;
    b = ((int32_t)(p >> 2) * part->p[6]) >> 13;
    p = (uint32_t)((int32_t)p + ((a + b + part->p[5]) >> 4));
  }
  result->pressure = p;

  a = fine - 76800;
  a = (((adc_h << 14) - (part->h4 * 1048576) - (part->h5 * a)) + 16384) >> 15 ;
  b = fine - 76800;
  a *= (((((((b * part->h6) >> 10) * (((b * part->h3) >> 11) + 32768)) >> 10) + 2097152) * part->h2 + 8192) >> 14);
  a -= ((((a >> 15) * (a >> 15)) >> 7) * part->h1) >> 4;
  a = a < 0 ? 0 : a > 419430400 ? 419430400 : a;
  result->humidity = (uint32_t)a >> 12;
  return 0;
}

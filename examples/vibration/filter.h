// What a window of samples goes through: a high-pass filter in Q15, which takes gravity out, the RMS, and the frequency
// that is strongest, by a transform in single precision.
#pragma once
#include <stdint.h>

enum { rate = 16, window = 64, half = 16 };    // samples a second, samples judged, taps on each side of the middle one
enum { taken = window + 2 * half };            // the filter needs this many to have its answer for all of a window

// A high-pass with linear phase: sinc under a Hamming window, -3 dB at 1.1 Hz, within 0.5% from 1.75 Hz on. In Q15,
// from the middle tap outwards; their sum, each but the first taken twice, is exactly 0: nothing of gravity passes.
static const int16_t taps[half + 1] = {
    29184, -3486, -3196, -2753, -2215, -1643, -1099, -631, -270, -26, 110, 161, 155, 123, 85, 56, 37,
};

// Samples within 15 bits keep the sum within 32: the taps' absolute values add up to less than 2.
static void high_pass(const int16_t *samples, int16_t *filtered) {
  for (int i = 0; i < window; i++) {
    const int16_t *middle = samples + half + i;
    int32_t sum = taps[0] * middle[0] + (1 << 14);
    for (int tap = 1; tap <= half; tap++) sum += taps[tap] * (middle[-tap] + middle[tap]);
    filtered[i] = (int16_t)(sum >> 15);
  }
}

static float root_mean_square(const int16_t *samples) {
  float sum = 0;
  for (int i = 0; i < window; i++) {
    float sample = samples[i];
    sum += sample * sample;
  }
  return __builtin_sqrtf(sum / window);
}

// sin(2 pi k / 64), three quarters of a turn; the cosine is a quarter ahead.
static const float sine[window * 3 / 4 + 1] = {
    0,            0.098017141f, 0.19509032f, 0.29028466f,  0.38268343f,  0.47139674f,  0.55557024f,
    0.63439327f,  0.70710677f,  0.77301043f, 0.8314696f,   0.88192129f,  0.9238795f,   0.95694035f,
    0.98078525f,  0.99518472f,  1,           0.99518472f,  0.98078525f,  0.95694035f,  0.9238795f,
    0.88192129f,  0.8314696f,   0.77301043f, 0.70710677f,  0.63439327f,  0.55557024f,  0.47139674f,
    0.38268343f,  0.29028466f,  0.19509032f, 0.098017141f, 0,            -0.098017141f, -0.19509032f,
    -0.29028466f, -0.38268343f, -0.47139674f, -0.55557024f, -0.63439327f, -0.70710677f, -0.77301043f,
    -0.8314696f,  -0.88192129f, -0.9238795f, -0.95694035f, -0.98078525f, -0.99518472f, -1,
};
static const float *const cosine = sine + window / 4;

struct complex {
  float re, im;
};

// Radix 2, decimation in time, in place: what comes in lies in bit-reversed order.
static void transform(struct complex *points) {
  for (int length = 2; length <= window; length *= 2) {
    int stride = window / length;
    for (int k = 0; k < length / 2; k++) {
      float re = cosine[k * stride], im = -sine[k * stride];
      for (int i = k; i < window; i += length) {
        struct complex *low = points + i, *high = low + length / 2;
        float turned_re = high->re * re - high->im * im;
        float turned_im = high->re * im + high->im * re;
        high->re = low->re - turned_re;
        high->im = low->im - turned_im;
        low->re += turned_re;
        low->im += turned_im;
      }
    }
  }
}

static float magnitude(const struct complex *point) {
  return __builtin_sqrtf(point->re * point->re + point->im * point->im);
}

// The strongest frequency in hertz, to a fraction of a bin: under a Hann window the greater neighbour of the greatest
// bin tells how far it is in between (Grandke 1983).
static float strongest(const int16_t *samples) {
  static struct complex points[window];
  for (int i = 0; i < window; i++) {
    int reversed = 0;
    for (int bit = 1, mirror = window / 2; mirror; bit *= 2, mirror /= 2)
      if (i & bit) reversed |= mirror;
    points[reversed].re = samples[i] * (0.5f - 0.5f * cosine[i <= window / 2 ? i : window - i]);
    points[reversed].im = 0;
  }
  transform(points);

  float greatest = 0;
  int peak = 1;
  for (int bin = 1; bin < window / 2; bin++) {
    float size = magnitude(points + bin);
    if (size > greatest) {
      greatest = size;
      peak = bin;
    }
  }
  if (greatest == 0) return 0;
  float before = magnitude(points + peak - 1), after = magnitude(points + peak + 1);
  float ratio = (after > before ? after : before) / greatest;
  float offset = (2 * ratio - 1) / (ratio + 1);
  return ((float)peak + (after > before ? offset : -offset)) * ((float)rate / window);
}

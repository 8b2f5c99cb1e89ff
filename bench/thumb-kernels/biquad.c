/* Four biquad sections in a row over 64 samples, as a vibration filter has them: f32 in software. */
#ifdef __wasm__
#define EXPORT(name) __attribute__((export_name(#name)))
#else
#define EXPORT(name)
#endif

static float state[4][2];
static const float coefficients[4][5] = {
  {0.0675f, 0.1349f, 0.0675f, -1.1430f, 0.4128f},
  {0.2066f, 0.4131f, 0.2066f, -0.3695f, 0.1958f},
  {0.7478f, -1.4956f, 0.7478f, -1.4318f, 0.5594f},
  {0.9150f, -1.8300f, 0.9150f, -1.8227f, 0.8372f},
};

EXPORT(biquad) unsigned biquad(unsigned seed) {
  float sum = 0;
  for (int s = 0; s < 4; s++) state[s][0] = state[s][1] = 0;
  for (int n = 0; n < 64; n++) {
    seed = seed * 1664525u + 1013904223u;
    float x = (float)(int)(seed >> 16) * (1.0f / 32768.0f) - 1.0f;
    for (int s = 0; s < 4; s++) {
      const float *c = coefficients[s];
      float y = c[0] * x + state[s][0];
      state[s][0] = c[1] * x - c[3] * y + state[s][1];
      state[s][1] = c[2] * x - c[4] * y;
      x = y;
    }
    sum += x * x;
  }
  union { float f; unsigned u; } bits = {sum};
  return bits.u;
}

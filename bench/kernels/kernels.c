/*
 * Four integer kernels, exported as functions of one i32, small enough for any board.
 * Built by `compileC` with clang -Os -nostdlib; what they return is checked against V8 and against by-hand.js.
 */
typedef unsigned int u32;
typedef unsigned char u8;
typedef short s16;
#define EXPORT(name) __attribute__((export_name(#name)))

static u8 buf[1024];
static int A[64], B[64], C[64];
static s16 coef[32], x[512 + 31], y[512];

/* CRC-32 of 1 KB, bit by bit. */
EXPORT(k_crc) u32 k_crc(u32 seed) {
  for (int i = 0; i < 1024; i++) buf[i] = (u8)(i * 7 + seed);
  u32 c = ~0u;
  for (int i = 0; i < 1024; i++) {
    c ^= buf[i];
    for (int k = 0; k < 8; k++) c = (c >> 1) ^ (0xEDB88320u & -(c & 1));
  }
  return ~c;
}

/* 100 products of 8x8 matrices. */
EXPORT(k_mat) u32 k_mat(u32 seed) {
  for (int i = 0; i < 64; i++) {
    A[i] = i + seed;
    B[i] = i * 3 - seed;
  }
  for (int r = 0; r < 100; r++) {
    for (int i = 0; i < 8; i++)
      for (int j = 0; j < 8; j++) {
        int s = 0;
        for (int k = 0; k < 8; k++) s += A[i * 8 + k] * B[k * 8 + j];
        C[i * 8 + j] = s;
      }
    A[r & 63] ^= C[(r * 5) & 63];
  }
  u32 h = 0;
  for (int i = 0; i < 64; i++) h = h * 31 + C[i];
  return h;
}

/* A filter of 32 taps over 512 samples, in 16-bit fixed point. */
EXPORT(k_fir) u32 k_fir(u32 seed) {
  for (int i = 0; i < 32; i++) coef[i] = (s16)(i * 997 + seed);
  for (int i = 0; i < 543; i++) x[i] = (s16)(i * 1103 + seed);
  for (int n = 0; n < 512; n++) {
    int acc = 1 << 14;
    for (int k = 0; k < 32; k++) acc += (coef[k] * x[n + k]) >> 4;
    y[n] = (s16)(acc >> 15);
  }
  u32 h = 0;
  for (int i = 0; i < 512; i++) h = h * 31 + (u32)(unsigned short)y[i];
  return h;
}

/* The Fibonacci numbers by double recursion: calls and nothing else. */
__attribute__((noinline)) static u32 fib(u32 n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
EXPORT(k_fib) u32 k_fib(u32 n) { return fib(n); }

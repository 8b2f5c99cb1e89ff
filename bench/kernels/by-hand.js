/* eslint-disable @typescript-eslint/no-unused-vars -- called by name from a script that this becomes part of */
// The kernels as somebody who knows Espruino writes them: typed arrays, int32 arithmetic, no more than is needed.
var buf = new Uint8Array(1024);
var A = new Int32Array(64);
var B = new Int32Array(64);
var C = new Int32Array(64);
var coef = new Int16Array(32);
var x = new Int16Array(543);
var y = new Int16Array(512);

function k_crc(seed) {
  var i,
    k,
    c = -1;
  for (i = 0; i < 1024; i++) buf[i] = i * 7 + seed;
  for (i = 0; i < 1024; i++) {
    c ^= buf[i];
    for (k = 0; k < 8; k++) c = (c >>> 1) ^ (0xedb88320 & -(c & 1));
  }
  return ~c;
}

function k_mat(seed) {
  var i,
    j,
    k,
    r,
    s,
    h = 0;
  for (i = 0; i < 64; i++) {
    A[i] = i + seed;
    B[i] = i * 3 - seed;
  }
  for (r = 0; r < 100; r++) {
    for (i = 0; i < 8; i++)
      for (j = 0; j < 8; j++) {
        s = 0;
        // Sums stay far below 2^53, and storing wraps to 32 bits.
        for (k = 0; k < 8; k++) s += A[i * 8 + k] * B[k * 8 + j];
        C[i * 8 + j] = s;
      }
    A[r & 63] ^= C[(r * 5) & 63];
  }
  for (i = 0; i < 64; i++) h = (h * 31 + C[i]) | 0;
  return h;
}

function k_fir(seed) {
  var i,
    k,
    n,
    acc,
    h = 0;
  for (i = 0; i < 32; i++) coef[i] = i * 997 + seed;
  for (i = 0; i < 543; i++) x[i] = i * 1103 + seed;
  for (n = 0; n < 512; n++) {
    acc = 1 << 14;
    for (k = 0; k < 32; k++) acc += (coef[k] * x[n + k]) >> 4;
    y[n] = acc >> 15;
  }
  for (i = 0; i < 512; i++) h = (h * 31 + (y[i] & 65535)) | 0;
  return h;
}

function k_fib(n) {
  return n < 2 ? n : k_fib(n - 1) + k_fib(n - 2);
}

/* What programs for boards do with integers: sort, hash, search, decode, multiply wide. */
#ifdef __wasm__
#define EXPORT(name) __attribute__((export_name(#name)))
#else
#define EXPORT(name)
#endif
typedef unsigned int u32;
typedef unsigned char u8;
typedef unsigned long long u64;

static int numbers[256];
EXPORT(sort) u32 sort(u32 seed) {
  for (int i = 0; i < 256; i++) numbers[i] = (int)(seed = seed * 1103515245u + 12345u) >> 8;
  for (int gap = 128; gap > 0; gap /= 2)
    for (int i = gap; i < 256; i++) {
      int value = numbers[i], at = i;
      for (; at >= gap && numbers[at - gap] > value; at -= gap) numbers[at] = numbers[at - gap];
      numbers[at] = value;
    }
  u32 hash = 0;
  for (int i = 0; i < 256; i++) hash = hash * 31 + (u32)numbers[i];
  return hash;
}

static char text[512];
static u8 packed[256];
EXPORT(base64) u32 base64(u32 seed) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int i = 0; i < 255; i++) packed[i] = (u8)(seed = seed * 1664525u + 1013904223u);
  char *out = text;
  for (int i = 0; i < 255; i += 3) {
    u32 triple = (u32)packed[i] << 16 | (u32)packed[i + 1] << 8 | packed[i + 2];
    for (int shift = 18; shift >= 0; shift -= 6) *out++ = digits[triple >> shift & 63];
  }
  u32 hash = 5381;
  for (char *p = text; p < out; p++) hash = hash * 33 ^ (u32)*p;
  return hash;
}

EXPORT(wide) u32 wide(u32 seed) {
  u64 state = seed | 1, sum = 0;
  for (int i = 0; i < 256; i++) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    sum += (state >> 22 ^ state) >> (22 + (u32)(state >> 61));
  }
  return (u32)(sum ^ sum >> 32);
}

enum { HALT, PUSH, ADD, MULTIPLY, DUPLICATE, DECREMENT, JUMP, SWAP };
static int stack[32];
EXPORT(interpret) u32 interpret(u32 seed) {
  static const u8 program[] = {PUSH, 1, PUSH, 200, SWAP, PUSH, 3, MULTIPLY, PUSH, 7, ADD, SWAP, DECREMENT, DUPLICATE, JUMP, 4, HALT};
  int top = 0, at = 0, value;
  stack[top++] = (int)seed;
  for (;;)
    switch (program[at++]) {
      case PUSH: stack[top++] = program[at++]; break;
      case ADD: top--; stack[top - 1] += stack[top]; break;
      case MULTIPLY: top--; stack[top - 1] *= stack[top]; break;
      case DUPLICATE: stack[top] = stack[top - 1]; top++; break;
      case DECREMENT: stack[top - 1]--; break;
      case SWAP: value = stack[top - 1]; stack[top - 1] = stack[top - 2]; stack[top - 2] = value; break;
      case JUMP: if (stack[--top]) at = program[at]; else at++; break;
      default: return (u32)stack[top - 2] + (u32)stack[top - 1];
    }
}

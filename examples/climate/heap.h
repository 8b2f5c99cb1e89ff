// wasi-libc allocates a few bytes for the name of each granted file and never again. Its own malloc is 10 KB of code;
// this one is a line, and takes its memory from the program's data, so that the board backs no heap at all.
#pragma once
#include <stddef.h>

static _Alignas(8) char heap[384];
static size_t heap_used;

void *malloc(size_t size) {
  size_t at = heap_used;
  if (size > sizeof heap - at) return NULL;
  heap_used = at + ((size + 7) & ~(size_t)7);
  return heap + at;
}

// Only called with memory that was never used before, which is zero.
void *calloc(size_t count, size_t size) { return malloc(count * size); }

// Nothing is known of the old size: grown blocks are copied by their new one, which lies in the heap as well.
void *realloc(void *block, size_t size) {
  char *grown = malloc(size);
  if (grown && block) __builtin_memmove(grown, block, size);
  return grown;
}

void free(void *block) { (void)block; }

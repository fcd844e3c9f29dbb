#pragma once
#include <stddef.h>
#include <stdint.h>

/// Takes `count` blocks of 64 bytes into the eight words of `state`. `word_by_word`: without the processor's own
/// instructions, which give the same.
void sha256_compress(uint32_t *state, const uint8_t *blocks, size_t count, int word_by_word);

#ifndef NORMAL_DEVIATES_H
#define NORMAL_DEVIATES_H

#include <stdint.h>

/// Uniform numbers from counter-based random blocks: Philox 4×32-10 with the counter (block, tag, low, high), two numbers
/// a block, each an odd multiple of 2⁻⁵³ in (0, 1). `output` has 2 · `blocks` elements.
void cl_philox_uniforms(
    double *output, long blocks, uint32_t first_block, uint32_t tag, uint32_t low, uint32_t high, uint32_t key0,
    uint32_t key1);

/// Replaces probabilities in (0, 1) by standard normal quantiles (Wichura's PPND16), in +, −, ×, ÷ and √ alone and in a
/// fixed order: the same bits on every machine.
void cl_normal_quantiles(double *values, long count);

#endif

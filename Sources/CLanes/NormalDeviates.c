#include "NormalDeviates.h"

#include <string.h>

#include "CLanes.h"

// Contracted multiply-adds would give other bits on machines that have them.
#pragma STDC FP_CONTRACT OFF

#define BODY static inline __attribute__((always_inline))

static const double centre_numerator[8] = {
    3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125, 45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727};
static const double centre_denominator[8] = {
    1.0, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867, 39307.89580009271061, 28729.085735721942674, 5226.495278852854561};
static const double flank_numerator[8] = {
    1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504, 1.27045825245236838258, 0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4};
static const double flank_denominator[8] = {
    1.0, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455, 0.14810397642748007459, 0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9};
static const double tail_numerator[8] = {
    6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123, 0.026532189526576123093, 0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7};
static const double tail_denominator[8] = {
    1.0, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525, 7.868691311456132591e-4, 1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15};

BODY double ratio(double r, const double *numerator, const double *denominator) {
    double a = numerator[7], b = denominator[7];
    for (int i = 6; i >= 0; i--) {
        a = a * r + numerator[i];
        b = b * r + denominator[i];
    }
    return a / b;
}

/// The logarithm of a positive normal number, in the order of operations of Lanes' own.
BODY double logarithm(double x) {
    int64_t bits;
    memcpy(&bits, &x, 8);
    // The low bits of 2^52 + n are n: whole numbers become doubles without an instruction of their own.
    int64_t biased = (bits >> 52) | 0x4330000000000000;
    int64_t mantissa_bits = (bits & 0x000fffffffffffff) | 0x3ff0000000000000;
    double exponent, mantissa;
    memcpy(&exponent, &biased, 8);
    memcpy(&mantissa, &mantissa_bits, 8);
    exponent -= 0x1p52 + 1023;
    int is_large = mantissa > 1.4142135623730951;
    mantissa = is_large ? mantissa * 0.5 : mantissa;
    exponent = is_large ? exponent + 1 : exponent;
    double f = mantissa - 1;
    double s = f / (2 + f);
    double z = s * s;
    double series = 1.0 / 21;
    series = series * z + 1.0 / 19;
    series = series * z + 1.0 / 17;
    series = series * z + 1.0 / 15;
    series = series * z + 1.0 / 13;
    series = series * z + 1.0 / 11;
    series = series * z + 1.0 / 9;
    series = series * z + 1.0 / 7;
    series = series * z + 1.0 / 5;
    series = series * z + 1.0 / 3;
    double correction = s * (f - 2 * z * series);
    return exponent * 0x1.62e42fee00000p-1 + (f - (correction - exponent * 0x1.a39ef35793c76p-33));
}

BODY void quantiles(double *values, long count) {
    enum { block = 256 };
    double probability[block], quantile[block];
    int place[block];
    for (long start = 0; start < count; start += block) {
        double *x = values + start;
        long n = count - start < block ? count - start : block;
        // The flanks are a seventh of all: they are collected, and done together.
        long flanks = 0;
        for (long i = 0; i < n; i++) {
            double q = x[i] - 0.5;
            place[flanks] = (int)i;
            probability[flanks] = q < 0 ? x[i] : 1 - x[i];
            flanks += __builtin_fabs(q) > 0.425;
        }
        for (long k = 0; k < flanks; k++) {
            double r = __builtin_elementwise_sqrt(-logarithm(probability[k]));
            quantile[k] = r <= 5 ? ratio(r - 1.6, flank_numerator, flank_denominator) : -r;
        }
        for (long k = 0; k < flanks; k++) {
            double y = quantile[k];
            if (y < 0) y = ratio(-y - 5, tail_numerator, tail_denominator);
            quantile[k] = x[place[k]] < 0.5 ? -y : y;
        }
        for (long i = 0; i < n; i++) {
            double q = x[i] - 0.5;
            x[i] = q * ratio(0.180625 - q * q, centre_numerator, centre_denominator);
        }
        for (long k = 0; k < flanks; k++) x[place[k]] = quantile[k];
    }
}

BODY void uniforms(
    double *output, long blocks, uint32_t first_block, uint32_t tag, uint32_t low, uint32_t high, uint32_t key0,
    uint32_t key1
) {
    const uint64_t word = 0xffffffff;
    for (long i = 0; i < blocks; i++) {
        uint64_t x0 = (first_block + (uint64_t)i) & word, x1 = tag, x2 = low, x3 = high;
        uint64_t k0 = key0, k1 = key1;
        for (int round = 0; round < 10; round++) {
            uint64_t a = 0xD2511F53u * x0, b = 0xCD9E8D57u * x2;
            x0 = (b >> 32) ^ x1 ^ k0;
            x1 = b & word;
            x2 = (a >> 32) ^ x3 ^ k1;
            x3 = a & word;
            k0 = (k0 + 0x9E3779B9u) & word;
            k1 = (k1 + 0xBB67AE85u) & word;
        }
        uint64_t first = ((x0 << 32 | x1) >> 12) | 0x4330000000000000;
        uint64_t second = ((x2 << 32 | x3) >> 12) | 0x4330000000000000;
        double u, v;
        memcpy(&u, &first, 8);
        memcpy(&v, &second, 8);
        output[2 * i] = ((u - 0x1p52) + 0.5) * 0x1p-52;
        output[2 * i + 1] = ((v - 0x1p52) + 0.5) * 0x1p-52;
    }
}

#if defined(__x86_64__)
#define WIDE512 __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw")))
#define WIDE256 __attribute__((target("avx2,fma")))
WIDE512 static void quantiles512(double *values, long count) { quantiles(values, count); }
WIDE256 static void quantiles256(double *values, long count) { quantiles(values, count); }
WIDE512 static void uniforms512(
    double *output, long blocks, uint32_t first_block, uint32_t tag, uint32_t low, uint32_t high, uint32_t key0,
    uint32_t key1
) {
    uniforms(output, blocks, first_block, tag, low, high, key0, key1);
}
WIDE256 static void uniforms256(
    double *output, long blocks, uint32_t first_block, uint32_t tag, uint32_t low, uint32_t high, uint32_t key0,
    uint32_t key1
) {
    uniforms(output, blocks, first_block, tag, low, high, key0, key1);
}
#endif

void cl_normal_quantiles(double *values, long count) {
#if defined(__x86_64__)
    if (cl_supports_avx512()) return quantiles512(values, count);
    if (cl_supports_avx2()) return quantiles256(values, count);
#endif
    quantiles(values, count);
}

void cl_philox_uniforms(
    double *output, long blocks, uint32_t first_block, uint32_t tag, uint32_t low, uint32_t high, uint32_t key0,
    uint32_t key1
) {
#if defined(__x86_64__)
    if (cl_supports_avx512()) return uniforms512(output, blocks, first_block, tag, low, high, key0, key1);
    if (cl_supports_avx2()) return uniforms256(output, blocks, first_block, tag, low, high, key0, key1);
#endif
    uniforms(output, blocks, first_block, tag, low, high, key0, key1);
}

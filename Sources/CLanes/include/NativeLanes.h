#ifndef CLANES_NATIVE_LANES_H
#define CLANES_NATIVE_LANES_H

#include <stdint.h>

// Vectors as wide as one register of the build's instruction set: a build for wider registers sees longer vectors.
#if defined(__AVX512F__)
#define CL_NATIVE_BYTES 64
#elif defined(__AVX2__)
#define CL_NATIVE_BYTES 32
#else
#define CL_NATIVE_BYTES 16
#endif

#define CL_NATIVE_DOUBLES (CL_NATIVE_BYTES / 8)
#define CL_NATIVE_FLOATS (CL_NATIVE_BYTES / 4)

typedef double cl_f64 __attribute__((ext_vector_type(CL_NATIVE_DOUBLES)));
typedef int64_t cl_i64 __attribute__((ext_vector_type(CL_NATIVE_DOUBLES)));
typedef float cl_f32 __attribute__((ext_vector_type(CL_NATIVE_FLOATS)));
typedef int32_t cl_i32 __attribute__((ext_vector_type(CL_NATIVE_FLOATS)));

#define CL_NATIVE static inline __attribute__((always_inline))

/// Arithmetic and bit operations on V, a vector of the scalar S, whose bits are a vector I of the integer N.
///
/// Selections take the last operand wherever a comparison involves something that is not a number.
#define CL_DEFINE_LANES(suffix, V, S, I, N, bits)                                                                      \
    CL_NATIVE V cl_splat_##suffix(S x) { return (V)(x); }                                                              \
    CL_NATIVE V cl_add_##suffix(V a, V b) { return a + b; }                                                            \
    CL_NATIVE V cl_sub_##suffix(V a, V b) { return a - b; }                                                            \
    CL_NATIVE V cl_mul_##suffix(V a, V b) { return a * b; }                                                            \
    CL_NATIVE V cl_div_##suffix(V a, V b) { return a / b; }                                                            \
    /* a b + c and c - a b, rounded once on every machine. */                                                          \
    CL_NATIVE V cl_fma_##suffix(V a, V b, V c) { return __builtin_elementwise_fma(a, b, c); }                          \
    CL_NATIVE V cl_nfma_##suffix(V a, V b, V c) { return __builtin_elementwise_fma(-a, b, c); }                        \
    /* a < b ? a : b and a > b ? a : b: b where either is not a number. */                                             \
    CL_NATIVE V cl_min_##suffix(V a, V b) { return a < b ? a : b; }                                                    \
    CL_NATIVE V cl_max_##suffix(V a, V b) { return a > b ? a : b; }                                                    \
    CL_NATIVE V cl_select_less_##suffix(V a, V b, V x, V y) { return a < b ? x : y; }                                  \
    CL_NATIVE V cl_sqrt_##suffix(V a) { return __builtin_elementwise_sqrt(a); }                                        \
    CL_NATIVE V cl_magnitude_##suffix(V a) { return (V)((I)a & (N)~((N)1 << (bits - 1))); }                            \
    /* The magnitude of a, which must not be negative, with the sign of b. */                                          \
    CL_NATIVE V cl_signed_##suffix(V a, V b) { return (V)((I)a | ((I)b & (N)((N)1 << (bits - 1)))); }                  \
    CL_NATIVE I cl_bits_##suffix(V a) { return (I)a; }                                                                 \
    /* 2^n for exponents of normal numbers. */                                                                         \
    CL_NATIVE V cl_power_of_two_##suffix(I n, int bias, int mantissa) { return (V)((n + (N)bias) << (N)mantissa); }    \
    CL_NATIVE I cl_int_sub_##suffix(I a, I b) { return a - b; }                                                        \
    CL_NATIVE I cl_int_shift_right_##suffix(I a, int by) { return a >> (N)by; }

CL_DEFINE_LANES(f64, cl_f64, double, cl_i64, int64_t, 64)
CL_DEFINE_LANES(f32, cl_f32, float, cl_i32, int32_t, 32)

#include "NativeTables.h"

/// table[index mod 16] and table[index mod 32]: permutations of registers where the instruction set has them.
CL_NATIVE cl_f64 cl_lookup16_f64(const double *table, cl_i64 index) {
#if defined(__AVX512F__)
    const cl_f64 *t = (const cl_f64 *)table;
    return (cl_f64)__builtin_ia32_vpermi2varpd512(t[0], index, t[1]);
#else
    cl_f64 result;
    for (int k = 0; k < CL_NATIVE_DOUBLES; k++) result[k] = table[index[k] & 15];
    return result;
#endif
}

CL_NATIVE cl_f64 cl_lookup32_f64(const double *table, cl_i64 index) {
#if defined(__AVX512F__)
    cl_f64 low = cl_lookup16_f64(table, index);
    cl_f64 high = cl_lookup16_f64(table + 16, index);
    return (index & 16) != 0 ? high : low;
#else
    cl_f64 result;
    for (int k = 0; k < CL_NATIVE_DOUBLES; k++) result[k] = table[index[k] & 31];
    return result;
#endif
}

CL_NATIVE cl_f32 cl_lookup32_f32(const float *table, cl_i32 index) {
#if defined(__AVX512F__)
    const cl_f32 *t = (const cl_f32 *)table;
    return (cl_f32)__builtin_ia32_vpermi2varps512(t[0], index, t[1]);
#else
    cl_f32 result;
    for (int k = 0; k < CL_NATIVE_FLOATS; k++) result[k] = table[index[k] & 31];
    return result;
#endif
}

/// tanh(0.625 k), and tanh(0.3125 k) in single precision.
CL_NATIVE cl_f64 cl_tanh_node_f64(cl_i64 index) { return cl_lookup32_f64(cl_tanh_nodes_f64, index); }
CL_NATIVE cl_f32 cl_tanh_node_f32(cl_i32 index) { return cl_lookup32_f32(cl_tanh_nodes_f32, index); }

/// 2^(k/16), and 2^(k/32) in single precision.
CL_NATIVE cl_f64 cl_exp_node_f64(cl_i64 index) { return cl_lookup16_f64(cl_exp_nodes_f64, index); }
CL_NATIVE cl_f32 cl_exp_node_f32(cl_i32 index) { return cl_lookup32_f32(cl_exp_nodes_f32, index); }

/// Writes the transpose of a block of eight by eight; rows stand `stride` and `to_stride` numbers apart, aligned to 64
/// bytes.
CL_NATIVE void cl_turn_block_f64(const double *from, long stride, double *to, long to_stride) {
    typedef double eight __attribute__((ext_vector_type(8)));
    eight a[8], b[8];
    for (int i = 0; i < 8; i++) a[i] = *(const eight *)(from + i * stride);
    for (int i = 0; i < 8; i += 2) {
        b[i] = __builtin_shufflevector(a[i], a[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
        b[i + 1] = __builtin_shufflevector(a[i], a[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    }
    for (int i = 0; i < 8; i += 4) {
        for (int k = i; k < i + 2; k++) {
            a[k] = __builtin_shufflevector(b[k], b[k + 2], 0, 1, 8, 9, 4, 5, 12, 13);
            a[k + 2] = __builtin_shufflevector(b[k], b[k + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
    }
    for (int k = 0; k < 4; k++) {
        b[k] = __builtin_shufflevector(a[k], a[k + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        b[k + 4] = __builtin_shufflevector(a[k], a[k + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
    for (int i = 0; i < 8; i++) *(eight *)(to + i * to_stride) = b[i];
}

#endif

#include "Columns.h"

#include <string.h>

#include "CLanes.h"

// Contracted multiply-adds would give other bits on machines that have them.
#pragma STDC FP_CONTRACT OFF

#define BODY static inline __attribute__((always_inline))

// Swift's arrays of vectors stand at any multiple of sixteen.
typedef double lanes __attribute__((vector_size(64), aligned(8)));
typedef long long mask __attribute__((vector_size(64)));

BODY void combine(
    double *out, const double *factors, const double *const *columns, long count, long registers, int replacing
) {
    lanes *o = (lanes *)out;
    long j = 0;
    if (replacing && (count == 2 || count == 3)) {
        // The sums of the general way from zero, without writing the zeros.
        const lanes *a = (const lanes *)columns[0], *b = (const lanes *)columns[1];
        double p = factors[0], q = factors[1];
        const lanes zero = {0, 0, 0, 0, 0, 0, 0, 0};
        if (count == 2) {
            for (long i = 0; i < registers; i++) o[i] = (zero + p * a[i]) + q * b[i];
        } else {
            const lanes *c = (const lanes *)columns[2];
            double r = factors[2];
            for (long i = 0; i < registers; i++) o[i] = ((zero + p * a[i]) + q * b[i]) + r * c[i];
        }
        return;
    }
    if (replacing && count >= 4) {
        const lanes *a = (const lanes *)columns[0], *b = (const lanes *)columns[1];
        const lanes *c = (const lanes *)columns[2], *d = (const lanes *)columns[3];
        double p = factors[0], q = factors[1], r = factors[2], s = factors[3];
        const lanes zero = {0, 0, 0, 0, 0, 0, 0, 0};
        for (long i = 0; i < registers; i++) o[i] = zero + ((p * a[i] + q * b[i]) + (r * c[i] + s * d[i]));
        j = 4;
    } else if (replacing) {
        memset(out, 0, 64 * (size_t)registers);
    }
    for (; j + 3 < count; j += 4) {
        const lanes *a = (const lanes *)columns[j], *b = (const lanes *)columns[j + 1];
        const lanes *c = (const lanes *)columns[j + 2], *d = (const lanes *)columns[j + 3];
        double p = factors[j], q = factors[j + 1], r = factors[j + 2], s = factors[j + 3];
        for (long i = 0; i < registers; i++) o[i] += (p * a[i] + q * b[i]) + (r * c[i] + s * d[i]);
    }
    for (; j < count; j++) {
        const lanes *a = (const lanes *)columns[j];
        double p = factors[j];
        for (long i = 0; i < registers; i++) o[i] += p * a[i];
    }
}

BODY void products(const double *x, const double *const *columns, long count, long registers, double *sums) {
    const lanes *v = (const lanes *)x;
    long j = 0;
    for (; j + 3 < count; j += 4) {
        const lanes *a = (const lanes *)columns[j], *b = (const lanes *)columns[j + 1];
        const lanes *c = (const lanes *)columns[j + 2], *d = (const lanes *)columns[j + 3];
        lanes sum[4];
        memcpy(sum, sums + 8 * j, sizeof sum);
        for (long i = 0; i < registers; i++) {
            sum[0] += v[i] * a[i];
            sum[1] += v[i] * b[i];
            sum[2] += v[i] * c[i];
            sum[3] += v[i] * d[i];
        }
        memcpy(sums + 8 * j, sum, sizeof sum);
    }
    if (j + 2 < count) {
        const lanes *a = (const lanes *)columns[j], *b = (const lanes *)columns[j + 1];
        const lanes *c = (const lanes *)columns[j + 2];
        lanes sum[3];
        memcpy(sum, sums + 8 * j, sizeof sum);
        for (long i = 0; i < registers; i++) {
            sum[0] += v[i] * a[i];
            sum[1] += v[i] * b[i];
            sum[2] += v[i] * c[i];
        }
        memcpy(sums + 8 * j, sum, sizeof sum);
        j += 3;
    } else if (j + 1 < count) {
        const lanes *a = (const lanes *)columns[j], *b = (const lanes *)columns[j + 1];
        lanes sum[2];
        memcpy(sum, sums + 8 * j, sizeof sum);
        for (long i = 0; i < registers; i++) {
            sum[0] += v[i] * a[i];
            sum[1] += v[i] * b[i];
        }
        memcpy(sums + 8 * j, sum, sizeof sum);
        j += 2;
    }
    for (; j < count; j++) {
        const lanes *a = (const lanes *)columns[j];
        lanes sum;
        memcpy(&sum, sums + 8 * j, sizeof sum);
        for (long i = 0; i < registers; i++) sum += v[i] * a[i];
        memcpy(sums + 8 * j, &sum, sizeof sum);
    }
}

BODY void relu(double *values, double *slopes, long registers) {
    lanes *v = (lanes *)values, *s = (lanes *)slopes;
    const lanes zero = {0, 0, 0, 0, 0, 0, 0, 0}, one = {1, 1, 1, 1, 1, 1, 1, 1};
    for (long i = 0; i < registers; i++) {
        lanes h = v[i];
        mask active = (mask)(h > zero);
        v[i] = (lanes)((mask)h & active);
        s[i] = (lanes)((mask)one & active);
    }
}

BODY void multiply(double *out, double factor, const double *a, const double *b, long registers) {
    lanes *o = (lanes *)out;
    const lanes *x = (const lanes *)a, *y = (const lanes *)b;
    for (long i = 0; i < registers; i++) o[i] = (factor * x[i]) * y[i];
}

BODY void squares(const double *x, const double *weights, long registers, double *sums) {
    const lanes *v = (const lanes *)x, *w = (const lanes *)weights;
    lanes sum;
    memcpy(&sum, sums, sizeof sum);
    if (w) {
        for (long i = 0; i < registers; i++) sum += (w[i] * v[i]) * v[i];
    } else {
        for (long i = 0; i < registers; i++) sum += v[i] * v[i];
    }
    memcpy(sums, &sum, sizeof sum);
}

BODY void scale(double *x, double factor, long registers) {
    lanes *v = (lanes *)x;
    for (long i = 0; i < registers; i++) v[i] *= factor;
}

BODY void update(
    const double *w, const double *w0, const double *g, long count, double length, double decay, double factor,
    double *sums
) {
    lanes sum[3];
    memcpy(sum, sums, sizeof sum);
    for (long i = 0; i < count; i += 8) {
        lanes a = {0}, b = {0}, c = {0};
        size_t bytes = 8 * (size_t)(count - i < 8 ? count - i : 8);
        if (bytes == 64) {
            a = *(const lanes *)(w + i);
            b = *(const lanes *)(w0 + i);
            c = *(const lanes *)(g + i);
        } else {
            memcpy(&a, w + i, bytes);
            memcpy(&b, w0 + i, bytes);
            memcpy(&c, g + i, bytes);
        }
        lanes moved = a - b;
        lanes next = -length * c;
        if (decay != 0) next -= decay * a / factor;
        sum[0] += next * moved;
        sum[1] += next * next;
        sum[2] += moved * moved;
    }
    memcpy(sums, sum, sizeof sum);
}

#if defined(__x86_64__)
#define WIDE512 __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw")))
#define WIDE256 __attribute__((target("avx2,fma")))
#define VARIANTS(name, body, parameters, arguments)            \
    WIDE512 static void body##512 parameters { body arguments; } \
    WIDE256 static void body##256 parameters { body arguments; } \
    void name parameters {                                     \
        if (cl_supports_avx512()) return body##512 arguments;  \
        if (cl_supports_avx2()) return body##256 arguments;    \
        body arguments;                                        \
    }
#else
#define VARIANTS(name, body, parameters, arguments) \
    void name parameters { body arguments; }
#endif

VARIANTS(
    cl_combine_columns, combine,
    (double *out, const double *factors, const double *const *columns, long count, long registers, int replacing),
    (out, factors, columns, count, registers, replacing))
VARIANTS(
    cl_column_products, products,
    (const double *x, const double *const *columns, long count, long registers, double *sums),
    (x, columns, count, registers, sums))
VARIANTS(cl_relu_columns, relu, (double *values, double *slopes, long registers), (values, slopes, registers))
VARIANTS(
    cl_multiply_columns, multiply, (double *out, double factor, const double *a, const double *b, long registers),
    (out, factor, a, b, registers))
VARIANTS(
    cl_column_squares, squares, (const double *x, const double *weights, long registers, double *sums),
    (x, weights, registers, sums))
VARIANTS(cl_scale_columns, scale, (double *x, double factor, long registers), (x, factor, registers))
VARIANTS(
    cl_update_products, update,
    (const double *w, const double *w0, const double *g, long count, double length, double decay, double factor,
     double *sums),
    (w, w0, g, count, length, decay, factor, sums))

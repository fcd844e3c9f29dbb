#ifndef CLANES_H
#define CLANES_H

#include <stdbool.h>
#include <stdint.h>

#include "Columns.h"
#include "NativeLanes.h"
#include "NormalDeviates.h"
#include "SampledPack.h"
#include "SoloNet.h"

/// Eight doubles, one of each net of a pack. Swift sees `SIMD8<Double>`.
typedef double cl_lanes __attribute__((ext_vector_type(8)));
typedef int64_t cl_lanes_mask __attribute__((ext_vector_type(8)));

/// The number of lanes.
#define CL_LANE_COUNT 8

// Static inline, so that every kernel build has its own copies: a shared symbol built for a wide instruction set could
// end up being called on a machine without it.
#define CL_PRIMITIVE static inline __attribute__((always_inline))

CL_PRIMITIVE cl_lanes cl_splat(double x) { return (cl_lanes)(x); }
CL_PRIMITIVE cl_lanes cl_add(cl_lanes a, cl_lanes b) { return a + b; }
CL_PRIMITIVE cl_lanes cl_subtract(cl_lanes a, cl_lanes b) { return a - b; }
CL_PRIMITIVE cl_lanes cl_multiply(cl_lanes a, cl_lanes b) { return a * b; }
CL_PRIMITIVE cl_lanes cl_divide(cl_lanes a, cl_lanes b) { return a / b; }
CL_PRIMITIVE cl_lanes cl_negate(cl_lanes a) { return -a; }

/// a·b + c, rounded once on every machine.
CL_PRIMITIVE cl_lanes cl_fma(cl_lanes a, cl_lanes b, cl_lanes c) { return __builtin_elementwise_fma(a, b, c); }

/// `x` in the lanes where a ≤ b, `y` in the others and where a or b is not a number.
CL_PRIMITIVE cl_lanes cl_select_less_equal(cl_lanes a, cl_lanes b, cl_lanes x, cl_lanes y) {
    cl_lanes_mask mask = a <= b;
    return (cl_lanes)(((cl_lanes_mask)x & mask) | ((cl_lanes_mask)y & ~mask));
}

/// A pack of eight nets of one shape. Every array is lane-interleaved: element i of lane k stands at 8 i + k.
/// All arrays of lanes are 64-byte aligned. Owned and filled by the caller; `layers` is the number of weight matrices.
typedef struct {
    long layers;
    /// `layers` + 1 numbers: inputs, hidden widths, 1.
    const long *widths;
    /// Where each layer's weight matrix starts in an array of weights.
    const long *weight_offsets;
    /// Where layer l's vectors start (l = 0 is the input), in an array of Σ widths.
    const long *unit_offsets;
    /// Where layer l's square matrices start (l = 0 is the input), in an array of Σ widths².
    const long *square_offsets;
    long weight_count;

    /// E[y²]; one element.
    const double *target_second_moment;
    /// One element per layer.
    const double *gammas;
    /// 1 + σ² of each layer's units, one element per layer; the last (the output) is 1.
    const double *noise_factors;
    /// All noise factors of all lanes are 1: the short way, with other rounding than the general one.
    bool is_noise_free;

    /// No parts for nets on moments. Nets through samples: the lanes in parts as wide as a register of the build; where
    /// there is one part its point, direction and results are this pack's own arrays, else copies.
    long sampled_parts;
    const cl_sampled_pack *const *sampled;
    /// The width over which kinks of the activation are rounded; one element, zero for the true kinks.
    double *smoothing;

    /// Where loss, gradient and curvature are taken.
    double *point;
    double *gradient;
    /// The direction of a Hessian-vector product, and the product.
    double *direction;
    double *product;
    /// Regularised loss at the point; the loss without its regulariser; ‖W_l‖², one element per layer.
    double *loss;
    double *data_loss;
    double *layer_norms;

    /// State of descent: best point so far, its gradient, loss and squared gradient norm, and the step length.
    double *base;
    double *base_gradient;
    double *base_loss;
    double *base_norm;
    double *rate;

    /// Conjugate gradients and Lanczos: two arrays of weights.
    double *iterate;
    double *residual;

    /// E[f f^T] of each layer's units before the next matrix (square); the input's is E[x x^T]. Filled by the gradient
    /// except for the input's, which the caller sets.
    double *covariances;
    /// E[f y] of each layer's units; the input's, E[x y], is set by the caller.
    double *means;
    /// W_l S_{l-1}, and H_l W_l (as weights); H_l (square); adjoints of the means (units).
    double *forward_products;
    double *reverse_products;
    double *adjoints;
    double *mean_adjoints;
    /// Tangents of the above along the direction.
    double *forward_tangents;
    double *reverse_tangents;
    double *covariance_tangents;
    double *mean_tangents;
    double *adjoint_tangents;
    double *mean_adjoint_tangents;
} cl_pack;

/// Whether this processor runs code built for x86-64-v4 (AVX-512) or v3 (AVX2 and FMA).
bool cl_supports_avx512(void);
bool cl_supports_avx2(void);

/// Treats denormal numbers as zero on this thread, as operands and as results, and returns the control word to put back.
uint64_t cl_flush_denormals(void);
void cl_restore_denormals(uint64_t control);

#endif

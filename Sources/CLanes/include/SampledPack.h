#ifndef CLANES_SAMPLED_PACK_H
#define CLANES_SAMPLED_PACK_H

#include <stdbool.h>
#include <stdint.h>

/// Samples are visited in blocks of this many; `samples` and `chunk` are multiples of it.
#define CL_SAMPLE_BLOCK 4

/// The widest register tile. With AVX-512, 6 units of 4 samples, their weight and the 4 inputs fill 29 of 32 registers.
#if defined(__AVX512F__)
#define CL_TILE_WIDTH 6
#define CL_DUAL_TILE_WIDTH 2
#elif defined(__aarch64__)
#define CL_TILE_WIDTH 5
#define CL_DUAL_TILE_WIDTH 2
#else
#define CL_TILE_WIDTH 2
#define CL_DUAL_TILE_WIDTH 1
#endif

// Constants without a type: a C enumeration brings Swift code along that all kernel builds would share.

/// The elementary functions of the kernels: tanh, e^x, erf, 1/(1 + e^-x), log(1 + e^x), e^(-x^2), the cumulative normal
/// distribution, and max(0, x).
enum {
    CL_FUNCTION_TANH = 0,
    CL_FUNCTION_EXP,
    CL_FUNCTION_ERF,
    CL_FUNCTION_LOGISTIC,
    CL_FUNCTION_SOFTPLUS,
    CL_FUNCTION_GAUSSIAN,
    CL_FUNCTION_NORMAL,
    CL_FUNCTION_RECTIFIER,
};

/// What a hidden unit does to its input h.
enum {
    CL_LINEAR = 0,
    CL_TANH,
    CL_RELU,
    /// h times one slope above 0 and another one below.
    CL_TWO_SLOPES,
    CL_ABSOLUTE,
    /// erf((h + shift) / sqrt 2).
    CL_ERF,
    CL_SOFTPLUS,
    CL_SWISH,
    CL_GELU,
};

/// The loss of one output f with its target y: (f - y)^2, or log(1 + e^(-y f)) for labels y = -1 and 1.
enum {
    CL_SQUARED_ERROR = 0,
    CL_LOGISTIC_LOSS,
};

/// A pack of nets of one shape that are trained through samples; as many as a register of the build has lanes.
///
/// Pointers to void are arrays of the pack's precision. An array of lanes has one number per net for each element, the
/// nets innermost, and is aligned to 64 bytes. Owned and filled by the caller.
typedef struct {
    /// The number of weight matrices, and `layers` + 1 widths: inputs, hidden units, outputs.
    long layers;
    const long *widths;
    /// Where each layer's matrix (row-major, one row per unit of the layer) and its biases start in an array of
    /// weights; a negative number where the layer has no biases.
    const long *weight_offsets;
    const long *bias_offsets;
    long weight_count;
    long activation;
    /// Slopes above and below 0, and the shift of the error function.
    double upper_slope;
    double lower_slope;
    double shift;
    /// The width over which the kink of a piecewise linear activation is rounded, one element of lanes; null where no
    /// kink is ever rounded, which is faster.
    const void *smoothing;
    long loss_function;

    /// The number of samples, padded with samples of weight 0.
    long samples;
    /// Samples that go through all layers together.
    long chunk;
    /// samples x inputs and samples x outputs: lanes where the data are each net's own, plain numbers where shared.
    const void *features;
    const void *targets;
    bool own_features;
    bool own_targets;
    /// The weight of each sample in the mean, a plain number.
    const void *sample_weights;

    /// Frozen factors on the hidden units, masks x hidden units of all layers, an array of lanes; no masks for nets
    /// without noise. The loss is summed over masks with the samples' weights. Two arrays of weights for each mask's own
    /// point and direction, one for what it adds to the gradient or product.
    long masks;
    const void *mask_factors;
    void *masked_point;
    void *masked_direction;
    void *masked_result;

    /// Weight decay of each matrix and of each layer's biases, arrays of lanes.
    const void *gammas;
    const void *bias_gammas;
    /// Arrays of weights, of lanes.
    void *point;
    void *gradient;
    void *direction;
    void *product;
    /// Regularised loss and its data part at the point of the gradient, and the descent's rate; one element of lanes.
    void *loss;
    void *data_loss;
    void *rate;
    /// The squared norm of each matrix at the point of the gradient, one element of lanes per layer.
    void *layer_norms;

    /// The optimiser's memory, arrays of weights: momentum or first moment, and second moment.
    void *first_moment;
    void *second_moment;

    /// chunk x widths[l] lanes per layer l >= 1, row stride `unit_strides[l]`, from `unit_offsets[l]` on, in each of four
    /// arrays: values, slopes, and for products the tangents of both.
    const long *unit_offsets;
    const long *unit_strides;
    void *values;
    void *slopes;
    void *value_tangents;
    void *slope_tangents;
} cl_sampled_pack;

/// How weights move along their gradients.
enum {
    CL_DESCENT = 0,
    CL_MOMENTUM,
    CL_ADAM,
};

/// One step of an optimiser; `rate_factor` multiplies each lane's rate.
typedef struct {
    long rule;
    double rate_factor;
    /// The part of the first and the second moment that stays.
    double first_decay;
    double second_decay;
    double epsilon;
    /// One over the moments' bias, 1 - decay^t.
    double first_correction;
    double second_correction;
} cl_sampled_step;

#endif

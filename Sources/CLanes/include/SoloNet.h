#ifndef CLANES_SOLO_NET_H
#define CLANES_SOLO_NET_H

/// One net without biases, with one output and samples of its own, whose samples fill the lanes: for nets so wide that
/// a pack of them would not stay in the caches, and for lanes that need not wait for one another.
///
/// Pointers to void are arrays of the net's precision, aligned to 64 bytes, their padding zero. Three layouts, each with
/// rows of whole 64 bytes: *weights*, one row per unit of the layer; *units*, one row of samples per unit; *turned*, one
/// row of units per sample. Owned and filled by the caller.
typedef struct {
    /// The number of weight matrices, and `layers` + 1 widths: inputs, hidden units, 1.
    long layers;
    const long *widths;
    /// The length of a row of `widths[l]` units; that of a row of samples is `sample_stride`.
    const long *strides;
    long samples;
    long sample_stride;
    /// Where layer l ≥ 1's matrix starts among weights, at l − 1.
    const long *weight_offsets;
    /// Where layer l's rows start among units and turned units (l = 0 is the input).
    const long *unit_offsets;
    const long *turned_offsets;
    long activation;
    double upper_slope;
    double lower_slope;

    /// Weights: the point; a direction, each layer multiplied by its factor.
    void *point;
    void *direction;
    /// Units: h, φ(h) with the inputs first, φ'(h), the adjoints ∂f/∂h of the output, those of the loss ∂L/∂h, and
    /// φ''(h)/φ'(h) of the latter (null for an activation without curvature).
    void *preactivations;
    void *values;
    void *slopes;
    void *output_adjoints;
    void *adjoints;
    void *curved_adjoints;
    /// Units: tangents of values and of adjoints, and what curvature adds to the latter.
    void *value_tangents;
    void *adjoint_tangents;
    void *curved_tangents;
    /// Turned units: values and their tangents.
    void *turned_values;
    void *turned_tangents;
    /// samples x sample_stride, three times: Gram matrices and their sum.
    void *grams;
} cl_solo_net;

#endif

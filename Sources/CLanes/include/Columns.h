#ifndef COLUMNS_H
#define COLUMNS_H

// Columns of numbers in registers of eight, at addresses that are multiples of 8. Every sum is taken in the same order on
// every machine: eight strands, one per place in a register.

/// out += Σ_j factors[j] columns[j]; `replacing` starts from zero.
void cl_combine_columns(
    double *out, const double *factors, const double *const *columns, long count, long registers, int replacing);

/// Adds the strands of ⟨x, columns[j]⟩ to sums[8 j] … sums[8 j + 7].
void cl_column_products(
    const double *x, const double *const *columns, long count, long registers, double *sums);

/// Replaces h by max(h, 0) and fills the slopes, 0 or 1; not-a-numbers count as negative.
void cl_relu_columns(double *values, double *slopes, long registers);

/// out = (factor · a) b, element by element; `out` may be `a` or `b`.
void cl_multiply_columns(double *out, double factor, const double *a, const double *b, long registers);

/// Adds the strands of Σ weights x² to sums[0] … sums[7]; without weights (a null pointer) of Σ x².
void cl_column_squares(const double *x, const double *weights, long registers, double *sums);

/// x times a number.
void cl_scale_columns(double *x, double factor, long registers);

/// With the update u = -length g - (decay w) / factor and the displacement D = w - w0 of `count` weights: adds the strands
/// of <u, D>, |u|^2 and |D|^2 to sums[0], sums[8] and sums[16] on.
void cl_update_products(
    const double *w, const double *w0, const double *g, long count, double length, double decay, double factor,
    double *sums);

#endif

import CLanes

/// Loss and gradient of every net of the pack at its point, by the exact recursion over second moments.
///
/// Forward: S_l = W_l S_{l-1} W_lᵀ with the diagonal times 1 + σ_l², m_l = W_l m_{l-1}. The output is one more layer of
/// one unit without noise. Reverse: H_{l-1} = W_lᵀ H_l W_l with the diagonal times 1 + σ_{l-1}², starting from 1.
@inline(never)
func computeGradient(_ pack: cl_pack) {
    if pack.sampled_parts > 0 {
        computeSampledGradient(pack)
        return
    }
    if pack.is_noise_free {
        computeNoiseFreeGradient(pack)
        return
    }
    forward(pack)
    reverse(pack)
}

private func forward(_ pack: cl_pack) {
    let factors = lanes(pack.noise_factors)
    let gammas = lanes(pack.gammas)
    let norms = lanes(pack.layer_norms)
    let last = pack.layers
    var regulariser = LaneVector(0)
    var l = 1
    while l <= last {
        let rows = pack.widths[l]
        let columns = pack.widths[l &- 1]
        let offset = pack.weight_offsets[l &- 1]
        let weights = lanes(pack.point) + offset
        let product = lanes(pack.forward_products) + offset
        let covariance = lanes(pack.covariances) + pack.square_offsets[l]
        multiply(
            LaneMatrix(weights, columns: columns),
            LaneMatrix(lanes(pack.covariances) + pack.square_offsets[l &- 1], columns: columns),
            into: product, rows: rows, columns: columns, inner: columns)
        multiply(
            LaneMatrix(product, columns: columns), LaneMatrix(weights, columns: columns).transposed,
            into: covariance, rows: rows, columns: rows, inner: columns, symmetric: true)
        scaleDiagonal(covariance, size: rows, by: factors[l &- 1])
        multiply(
            LaneMatrix(weights, columns: columns),
            LaneMatrix(lanes(pack.means) + pack.unit_offsets[l &- 1], columns: 1),
            into: lanes(pack.means) + pack.unit_offsets[l], rows: rows, columns: 1, inner: columns)
        let norm = dot(weights, weights, count: rows &* columns)
        norms[l &- 1] = norm
        regulariser = .fma(gammas[l &- 1], norm, regulariser)
        l &+= 1
    }
    let power = lanes(pack.covariances)[pack.square_offsets[last]]
    let overlap = lanes(pack.means)[pack.unit_offsets[last]]
    let dataLoss = .fma(LaneVector(-2), overlap, power) + lanes(pack.target_second_moment)[0]
    lanes(pack.data_loss)[0] = dataLoss
    lanes(pack.loss)[0] = dataLoss + regulariser
}

private func reverse(_ pack: cl_pack) {
    let factors = lanes(pack.noise_factors)
    let gammas = lanes(pack.gammas)
    let last = pack.layers
    lanes(pack.adjoints)[pack.square_offsets[last]] = LaneVector(1)
    lanes(pack.mean_adjoints)[pack.unit_offsets[last]] = LaneVector(-2)
    var l = last
    while l >= 1 {
        let rows = pack.widths[l]
        let columns = pack.widths[l &- 1]
        let offset = pack.weight_offsets[l &- 1]
        let weights = lanes(pack.point) + offset
        let gradient = lanes(pack.gradient) + offset
        let adjoint = LaneMatrix(lanes(pack.adjoints) + pack.square_offsets[l], columns: rows)
        let meanAdjoint = lanes(pack.mean_adjoints) + pack.unit_offsets[l]
        multiply(
            adjoint, LaneMatrix(lanes(pack.forward_products) + offset, columns: columns),
            into: gradient, rows: rows, columns: columns, inner: rows)
        finish(
            gradient, rows: rows, columns: columns, meanAdjoint, lanes(pack.means) + pack.unit_offsets[l &- 1],
            weights, gammas[l &- 1])
        if l > 1 {
            let product = lanes(pack.reverse_products) + offset
            let below = lanes(pack.adjoints) + pack.square_offsets[l &- 1]
            multiply(
                adjoint, LaneMatrix(weights, columns: columns), into: product, rows: rows, columns: columns,
                inner: rows)
            multiply(
                LaneMatrix(weights, columns: columns).transposed, LaneMatrix(product, columns: columns),
                into: below, rows: columns, columns: columns, inner: rows, symmetric: true)
            scaleDiagonal(below, size: columns, by: factors[l &- 2])
            multiply(
                LaneMatrix(weights, columns: columns).transposed, LaneMatrix(meanAdjoint, columns: 1),
                into: lanes(pack.mean_adjoints) + pack.unit_offsets[l &- 1], rows: columns, columns: 1, inner: rows)
        }
        l &-= 1
    }
}

/// Turns H T into 2 H T + p mᵀ + 2 γ W.
@inline(__always)
private func finish(
    _ gradient: Lanes, rows: Int, columns: Int, _ p: Lanes, _ m: Lanes, _ weights: Lanes, _ gamma: LaneVector
) {
    let two = LaneVector(2)
    let decay = two * gamma
    var index = 0
    var i = 0
    while i < rows {
        var j = 0
        while j < columns {
            let linear = LaneVector.fma(p[i], m[j], decay * weights[index])
            gradient[index] = .fma(two, gradient[index], linear)
            index &+= 1
            j &+= 1
        }
        i &+= 1
    }
}

@inline(__always)
func scaleDiagonal(_ matrix: Lanes, size: Int, by factor: LaneVector) {
    var i = 0
    while i < size {
        let index = i &* (size &+ 1)
        matrix[index] = matrix[index] * factor
        i &+= 1
    }
}

/// Inner product with four partial sums, in a fixed order.
@inline(__always)
func dot(_ a: Lanes, _ b: Lanes, count: Int) -> LaneVector {
    var s0 = LaneVector(0)
    var s1 = s0
    var s2 = s0
    var s3 = s0
    var i = 0
    while i &+ 4 <= count {
        s0 = .fma(a[i], b[i], s0)
        s1 = .fma(a[i &+ 1], b[i &+ 1], s1)
        s2 = .fma(a[i &+ 2], b[i &+ 2], s2)
        s3 = .fma(a[i &+ 3], b[i &+ 3], s3)
        i &+= 4
    }
    while i < count {
        s0 = .fma(a[i], b[i], s0)
        i &+= 1
    }
    return (s0 + s1) + (s2 + s3)
}

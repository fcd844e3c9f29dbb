import CLanes

/// Hessian times direction for every net of the pack, at the point where the gradient was last taken: the tangent of
/// the gradient's recursion (forward over reverse), on the moments that `computeGradient` left behind.
@inline(never)
func computeHessianProduct(_ pack: cl_pack) {
    if pack.sampled_parts > 0 {
        computeSampledHessianProduct(pack)
        return
    }
    if pack.is_noise_free {
        computeNoiseFreeHessianProduct(pack)
        return
    }
    forwardTangent(pack)
    reverseTangent(pack)
}

private func forwardTangent(_ pack: cl_pack) {
    let factors = lanes(pack.noise_factors)
    var l = 1
    while l <= pack.layers {
        let rows = pack.widths[l]
        let columns = pack.widths[l &- 1]
        let offset = pack.weight_offsets[l &- 1]
        let weights = LaneMatrix(lanes(pack.point) + offset, columns: columns)
        let direction = LaneMatrix(lanes(pack.direction) + offset, columns: columns)
        let tangent = lanes(pack.forward_tangents) + offset
        let meanTangent = lanes(pack.mean_tangents) + pack.unit_offsets[l]
        multiply(
            direction, LaneMatrix(lanes(pack.covariances) + pack.square_offsets[l &- 1], columns: columns),
            into: tangent, rows: rows, columns: columns, inner: columns)
        multiply(
            direction, LaneMatrix(lanes(pack.means) + pack.unit_offsets[l &- 1], columns: 1),
            into: meanTangent, rows: rows, columns: 1, inner: columns)
        // The moments of the input do not move.
        if l > 1 {
            multiply(
                weights,
                LaneMatrix(lanes(pack.covariance_tangents) + pack.square_offsets[l &- 1], columns: columns),
                into: tangent, rows: rows, columns: columns, inner: columns, adding: true)
            multiply(
                weights, LaneMatrix(lanes(pack.mean_tangents) + pack.unit_offsets[l &- 1], columns: 1),
                into: meanTangent, rows: rows, columns: 1, inner: columns, adding: true)
        }
        // The output's own covariance is not needed.
        if l < pack.layers {
            let covariance = lanes(pack.covariance_tangents) + pack.square_offsets[l]
            multiply(
                LaneMatrix(tangent, columns: columns), weights.transposed,
                into: covariance, rows: rows, columns: rows, inner: columns, symmetric: true)
            multiply(
                LaneMatrix(lanes(pack.forward_products) + offset, columns: columns), direction.transposed,
                into: covariance, rows: rows, columns: rows, inner: columns, adding: true, symmetric: true)
            scaleDiagonal(covariance, size: rows, by: factors[l &- 1])
        }
        l &+= 1
    }
}

private func reverseTangent(_ pack: cl_pack) {
    let factors = lanes(pack.noise_factors)
    let gammas = lanes(pack.gammas)
    let last = pack.layers
    var l = last
    while l >= 1 {
        let rows = pack.widths[l]
        let columns = pack.widths[l &- 1]
        let offset = pack.weight_offsets[l &- 1]
        let weights = LaneMatrix(lanes(pack.point) + offset, columns: columns)
        let direction = LaneMatrix(lanes(pack.direction) + offset, columns: columns)
        let product = lanes(pack.product) + offset
        let adjoint = LaneMatrix(lanes(pack.adjoints) + pack.square_offsets[l], columns: rows)
        let adjointTangent = LaneMatrix(lanes(pack.adjoint_tangents) + pack.square_offsets[l], columns: rows)
        let meanAdjoint = lanes(pack.mean_adjoints) + pack.unit_offsets[l]
        let meanAdjointTangent = lanes(pack.mean_adjoint_tangents) + pack.unit_offsets[l]
        let isOutput = l == last
        if isOutput {
            // The output's adjoints are constants.
            adjointTangent.start[0] = LaneVector(0)
            meanAdjointTangent[0] = LaneVector(0)
        }
        multiply(
            adjoint, LaneMatrix(lanes(pack.forward_tangents) + offset, columns: columns),
            into: product, rows: rows, columns: columns, inner: rows)
        if !isOutput {
            multiply(
                adjointTangent, LaneMatrix(lanes(pack.forward_products) + offset, columns: columns),
                into: product, rows: rows, columns: columns, inner: rows, adding: true)
        }
        finish(
            product, rows: rows, columns: columns, meanAdjoint, meanAdjointTangent,
            lanes(pack.means) + pack.unit_offsets[l &- 1],
            l > 1 ? lanes(pack.mean_tangents) + pack.unit_offsets[l &- 1] : nil, direction.start, gammas[l &- 1])
        if l > 1 {
            let reverseTangent = lanes(pack.reverse_tangents) + offset
            let below = lanes(pack.adjoint_tangents) + pack.square_offsets[l &- 1]
            let meanBelow = lanes(pack.mean_adjoint_tangents) + pack.unit_offsets[l &- 1]
            multiply(adjoint, direction, into: reverseTangent, rows: rows, columns: columns, inner: rows)
            if !isOutput {
                multiply(
                    adjointTangent, weights, into: reverseTangent, rows: rows, columns: columns, inner: rows,
                    adding: true)
            }
            multiply(
                direction.transposed, LaneMatrix(lanes(pack.reverse_products) + offset, columns: columns),
                into: below, rows: columns, columns: columns, inner: rows, symmetric: true)
            multiply(
                weights.transposed, LaneMatrix(reverseTangent, columns: columns),
                into: below, rows: columns, columns: columns, inner: rows, adding: true, symmetric: true)
            scaleDiagonal(below, size: columns, by: factors[l &- 2])
            multiply(
                direction.transposed, LaneMatrix(meanAdjoint, columns: 1), into: meanBelow, rows: columns,
                columns: 1, inner: rows)
            multiply(
                weights.transposed, LaneMatrix(meanAdjointTangent, columns: 1), into: meanBelow, rows: columns,
                columns: 1, inner: rows, adding: true)
        }
        l &-= 1
    }
}

/// Turns the tangent of H T into that of 2 H T + p mᵀ + 2 γ W.
@inline(__always)
private func finish(
    _ product: Lanes, rows: Int, columns: Int, _ p: Lanes, _ pTangent: Lanes, _ m: Lanes, _ mTangent: Lanes?,
    _ direction: Lanes, _ gamma: LaneVector
) {
    let two = LaneVector(2)
    let decay = two * gamma
    var index = 0
    var i = 0
    while i < rows {
        var j = 0
        while j < columns {
            var linear = LaneVector.fma(pTangent[i], m[j], decay * direction[index])
            if let mTangent { linear = .fma(p[i], mTangent[j], linear) }
            product[index] = .fma(two, product[index], linear)
            index &+= 1
            j &+= 1
        }
        i &+= 1
    }
}

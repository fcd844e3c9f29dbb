import CLanes

// Without neuron noise the net is its end-to-end map v_0 = W_1ᵀ … W_Dᵀ Uᵀ: matrix-vector products do what takes products
// of matrices otherwise.
//
// v_l: the map from layer l to the output. r_0 = 2 (A v_0 − g) and r_l = W_l r_{l-1}. Then
// ∂L/∂W_l = v_l r_{l-1}ᵀ + 2 γ_l W_l.

/// The outputs' maps v_l stand in `mean_adjoints`, the residuals r_l in the memory of `adjoints`.
private func outputMap(_ pack: cl_pack, _ l: Int) -> Lanes { lanes(pack.mean_adjoints) + pack.unit_offsets[l] }
private func residual(_ pack: cl_pack, _ l: Int) -> Lanes { lanes(pack.adjoints) + pack.unit_offsets[l] }
private func outputMapTangent(_ pack: cl_pack, _ l: Int) -> Lanes {
    lanes(pack.mean_adjoint_tangents) + pack.unit_offsets[l]
}
private func residualTangent(_ pack: cl_pack, _ l: Int) -> Lanes { lanes(pack.mean_tangents) + pack.unit_offsets[l] }

@inline(never)
func computeNoiseFreeGradient(_ pack: cl_pack) {
    let last = pack.layers
    let inputs = pack.widths[0]
    outputMap(pack, last)[0] = LaneVector(1)
    var l = last
    while l >= 1 {
        let weights = LaneMatrix(lanes(pack.point) + pack.weight_offsets[l &- 1], columns: pack.widths[l &- 1])
        apply(weights.transposed, outputMap(pack, l), outputMap(pack, l &- 1), pack.widths[l &- 1], pack.widths[l])
        l &-= 1
    }

    let map = outputMap(pack, 0)
    let slope = residual(pack, 0)
    let cross = lanes(pack.means)
    apply(LaneMatrix(lanes(pack.covariances), columns: inputs), map, slope, inputs, inputs)
    let power = dot(map, slope, count: inputs)
    let overlap = dot(map, cross, count: inputs)
    var i = 0
    while i < inputs {
        slope[i] = LaneVector(2) * (slope[i] - cross[i])
        i &+= 1
    }

    let gammas = lanes(pack.gammas)
    var regulariser = LaneVector(0)
    l = 1
    while l <= last {
        let offset = pack.weight_offsets[l &- 1]
        let (rows, columns) = (pack.widths[l], pack.widths[l &- 1])
        let weights = lanes(pack.point) + offset
        let norm = dot(weights, weights, count: rows &* columns)
        lanes(pack.layer_norms)[l &- 1] = norm
        regulariser = .fma(gammas[l &- 1], norm, regulariser)
        let decay = LaneVector(2) * gammas[l &- 1]
        let gradient = lanes(pack.gradient) + offset
        let below = residual(pack, l &- 1)
        var row = 0
        while row < rows {
            let factor = outputMap(pack, l)[row]
            let start = row &* columns
            var column = 0
            while column < columns {
                gradient[start &+ column] = .fma(factor, below[column], decay * weights[start &+ column])
                column &+= 1
            }
            row &+= 1
        }
        if l < last { apply(LaneMatrix(weights, columns: columns), below, residual(pack, l), rows, columns) }
        l &+= 1
    }
    let dataLoss = .fma(LaneVector(-2), overlap, power) + lanes(pack.target_second_moment)[0]
    lanes(pack.data_loss)[0] = dataLoss
    lanes(pack.loss)[0] = dataLoss + regulariser
}

@inline(never)
func computeNoiseFreeHessianProduct(_ pack: cl_pack) {
    let last = pack.layers
    let inputs = pack.widths[0]
    outputMapTangent(pack, last)[0] = LaneVector(0)
    var l = last
    while l >= 1 {
        let offset = pack.weight_offsets[l &- 1]
        let (rows, columns) = (pack.widths[l], pack.widths[l &- 1])
        let direction = LaneMatrix(lanes(pack.direction) + offset, columns: columns)
        let weights = LaneMatrix(lanes(pack.point) + offset, columns: columns)
        let below = outputMapTangent(pack, l &- 1)
        apply(direction.transposed, outputMap(pack, l), below, columns, rows)
        if l < last { apply(weights.transposed, outputMapTangent(pack, l), below, columns, rows, adding: true) }
        l &-= 1
    }

    let slopeTangent = residualTangent(pack, 0)
    apply(
        LaneMatrix(lanes(pack.covariances), columns: inputs), outputMapTangent(pack, 0), slopeTangent, inputs, inputs)
    var i = 0
    while i < inputs {
        slopeTangent[i] = slopeTangent[i] + slopeTangent[i]
        i &+= 1
    }

    l = 1
    while l <= last {
        let offset = pack.weight_offsets[l &- 1]
        let (rows, columns) = (pack.widths[l], pack.widths[l &- 1])
        let direction = lanes(pack.direction) + offset
        let decay = LaneVector(2) * lanes(pack.gammas)[l &- 1]
        let product = lanes(pack.product) + offset
        let (below, belowTangent) = (residual(pack, l &- 1), residualTangent(pack, l &- 1))
        var row = 0
        while row < rows {
            let factor = outputMap(pack, l)[row]
            let factorTangent = outputMapTangent(pack, l)[row]
            let start = row &* columns
            var column = 0
            while column < columns {
                let moved = LaneVector.fma(factorTangent, below[column], decay * direction[start &+ column])
                product[start &+ column] = .fma(factor, belowTangent[column], moved)
                column &+= 1
            }
            row &+= 1
        }
        if l < last {
            let above = residualTangent(pack, l)
            let weights = LaneMatrix(lanes(pack.point) + offset, columns: columns)
            apply(LaneMatrix(direction, columns: columns), below, above, rows, columns)
            apply(weights, belowTangent, above, rows, columns, adding: true)
        }
        l &+= 1
    }
}

/// result = matrix · vector, or added to it.
@inline(__always)
private func apply(
    _ matrix: LaneMatrix, _ vector: Lanes, _ result: Lanes, _ rows: Int, _ columns: Int, adding: Bool = false
) {
    multiply(
        matrix, LaneMatrix(vector, columns: 1), into: result, rows: rows, columns: 1, inner: columns, adding: adding)
}

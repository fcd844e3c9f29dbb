import CLanes

// Nets with any activation, through samples: loss (1/n) Σ (f − y)² over samples and frozen noise masks, in chunks of
// samples so that all that a chunk needs stays close by. Row-major, a sample a row: layer l's values X_l are
// chunk × d_l, at chunk · unit_offsets[l] in their array.
//
// H_l = X_{l-1} W_lᵀ, X_l = φ(H_l) ∘ e_l. Backwards E_l = Δ_{l+1} W_{l+1}, Δ_l = E_l ∘ φ'(H_l) ∘ e_l;
// ∂L/∂W_l = Δ_lᵀ X_{l-1} + 2 γ_l W_l.

/// Samples of a chunk.
private let chunkSize = Int(CL_CHUNK_SIZE)

@inline(__always)
private func layer(_ array: UnsafeMutablePointer<Double>, _ pack: cl_pack, _ l: Int) -> Lanes {
    lanes(array) + chunkSize &* pack.unit_offsets[l]
}

@inline(never)
func computeSampledGradient(_ pack: cl_pack) {
    addRegulariser(pack, of: pack.point, to: pack.gradient, norms: true)
    var error = LaneVector(0)
    eachChunk(pack) { mask, start, count in
        forward(pack, mask: mask, start: start, count: count)
        error = error + backward(pack, start: start, count: count)
    }
    let dataLoss = error * weight(pack)
    lanes(pack.data_loss)[0] = dataLoss
    lanes(pack.loss)[0] = lanes(pack.loss)[0] + dataLoss
}

@inline(never)
func computeSampledHessianProduct(_ pack: cl_pack) {
    addRegulariser(pack, of: pack.direction, to: pack.product, norms: false)
    eachChunk(pack) { mask, start, count in
        forward(pack, mask: mask, start: start, count: count)
        forwardTangent(pack, start: start, count: count)
        backwardTangent(pack, start: start, count: count)
    }
}

/// One over the number of terms.
@inline(__always)
private func weight(_ pack: cl_pack) -> LaneVector {
    LaneVector(1 / Double(pack.sample_count &* pack.mask_count))
}

@inline(__always)
private func eachChunk(_ pack: cl_pack, _ body: (_ mask: Int, _ start: Int, _ count: Int) -> Void) {
    var mask = 0
    while mask < pack.mask_count {
        var start = 0
        while start < pack.sample_count {
            let rest = pack.sample_count &- start
            body(mask, start, rest < chunkSize ? rest : chunkSize)
            start &+= chunkSize
        }
        mask &+= 1
    }
}

/// Sets the result to 2 γ_l times the weights; with norms, sets ‖W_l‖² and the loss to the regulariser.
@inline(__always)
private func addRegulariser(
    _ pack: cl_pack, of source: UnsafeMutablePointer<Double>, to target: UnsafeMutablePointer<Double>, norms: Bool
) {
    var regulariser = LaneVector(0)
    var l = 1
    while l <= pack.layers {
        let count = pack.widths[l] &* pack.widths[l &- 1]
        let weights = lanes(source) + pack.weight_offsets[l &- 1]
        let result = lanes(target) + pack.weight_offsets[l &- 1]
        let gamma = lanes(pack.gammas)[l &- 1]
        let decay = gamma + gamma
        var i = 0
        while i < count {
            result[i] = decay * weights[i]
            i &+= 1
        }
        if norms {
            let norm = dot(weights, weights, count: count)
            lanes(pack.layer_norms)[l &- 1] = norm
            regulariser = .fma(gamma, norm, regulariser)
        }
        l &+= 1
    }
    if norms { lanes(pack.loss)[0] = regulariser }
}

/// The inputs X_{l-1} of layer l: the samples themselves for the first.
@inline(__always)
private func inputs(_ pack: cl_pack, _ l: Int, start: Int) -> Lanes {
    l == 1 ? lanes(pack.features) + start &* pack.widths[0] : layer(pack.values, pack, l &- 1)
}

private func forward(_ pack: cl_pack, mask: Int, start: Int, count: Int) {
    var l = 1
    while l <= pack.layers {
        let (rows, columns) = (pack.widths[l], pack.widths[l &- 1])
        let weights = LaneMatrix(lanes(pack.point) + pack.weight_offsets[l &- 1], columns: columns)
        let values = layer(pack.values, pack, l)
        multiply(
            LaneMatrix(inputs(pack, l, start: start), columns: columns), weights.transposed, into: values,
            rows: count, columns: rows, inner: columns)
        if l < pack.layers {
            let factors = lanes(pack.masks) + (mask &* pack.unit_offsets[pack.layers] &+ pack.unit_offsets[l])
            let slopes = layer(pack.slopes, pack, l)
            let bends = layer(pack.bends, pack, l)
            let smoothing = lanes(pack.smoothing)[0]
            var i = 0
            var unit = 0
            while i < count &* rows {
                let result = activate(pack.activation, values[i], smoothing)
                values[i] = result.value * factors[unit]
                slopes[i] = result.slope * factors[unit]
                bends[i] = result.bend * factors[unit]
                i &+= 1
                unit = unit &+ 1 == rows ? 0 : unit &+ 1
            }
        }
        l &+= 1
    }
}

/// Sets the deltas and adds to the gradient.
/// - Returns: the sum of squared errors of the chunk.
private func backward(_ pack: cl_pack, start: Int, count: Int) -> LaneVector {
    let last = pack.layers
    let error = setOutputDelta(pack, start: start, count: count)
    var l = last
    while l >= 1 {
        let (rows, columns) = (pack.widths[l], pack.widths[l &- 1])
        let offset = pack.weight_offsets[l &- 1]
        let delta = LaneMatrix(layer(pack.deltas, pack, l), columns: rows)
        multiply(
            delta.transposed, LaneMatrix(inputs(pack, l, start: start), columns: columns),
            into: lanes(pack.gradient) + offset, rows: rows, columns: columns, inner: count, adding: true)
        if l > 1 { pullBack(pack, delta, l, count: count) }
        l &-= 1
    }
    return error
}

/// Δ_L = 2 (f − y) / n; the sum of (f − y)².
@inline(__always)
private func setOutputDelta(_ pack: cl_pack, start: Int, count: Int) -> LaneVector {
    let values = layer(pack.values, pack, pack.layers)
    let deltas = layer(pack.deltas, pack, pack.layers)
    let targets = lanes(pack.targets) + start
    let scale = weight(pack)
    var error = LaneVector(0)
    var i = 0
    while i < count {
        let difference = values[i] - targets[i]
        error = .fma(difference, difference, error)
        deltas[i] = (scale + scale) * difference
        i &+= 1
    }
    return error
}

/// E_{l-1} = Δ_l W_l and Δ_{l-1} = E_{l-1} ∘ slopes.
@inline(__always)
private func pullBack(_ pack: cl_pack, _ delta: LaneMatrix, _ l: Int, count: Int) {
    let (rows, columns) = (pack.widths[l], pack.widths[l &- 1])
    let weights = LaneMatrix(lanes(pack.point) + pack.weight_offsets[l &- 1], columns: columns)
    let pulled = layer(pack.pulled, pack, l &- 1)
    let below = layer(pack.deltas, pack, l &- 1)
    let slopes = layer(pack.slopes, pack, l &- 1)
    multiply(delta, weights, into: pulled, rows: count, columns: columns, inner: rows)
    var i = 0
    while i < count &* columns {
        below[i] = pulled[i] * slopes[i]
        i &+= 1
    }
}

/// Tangents of H_l along the direction, and of X_l.
private func forwardTangent(_ pack: cl_pack, start: Int, count: Int) {
    var l = 1
    while l <= pack.layers {
        let (rows, columns) = (pack.widths[l], pack.widths[l &- 1])
        let offset = pack.weight_offsets[l &- 1]
        let direction = LaneMatrix(lanes(pack.direction) + offset, columns: columns)
        let sums = layer(pack.sum_tangents, pack, l)
        multiply(
            LaneMatrix(inputs(pack, l, start: start), columns: columns), direction.transposed, into: sums,
            rows: count, columns: rows, inner: columns)
        if l > 1 {
            multiply(
                LaneMatrix(layer(pack.value_tangents, pack, l &- 1), columns: columns),
                LaneMatrix(lanes(pack.point) + offset, columns: columns).transposed, into: sums, rows: count,
                columns: rows, inner: columns, adding: true)
        }
        if l < pack.layers {
            let slopes = layer(pack.slopes, pack, l)
            let tangents = layer(pack.value_tangents, pack, l)
            var i = 0
            while i < count &* rows {
                tangents[i] = slopes[i] * sums[i]
                i &+= 1
            }
        }
        l &+= 1
    }
}

/// Adds the tangent of the gradient to the product.
private func backwardTangent(_ pack: cl_pack, start: Int, count: Int) {
    let last = pack.layers
    _ = setOutputDelta(pack, start: start, count: count)
    let outputTangents = layer(pack.delta_tangents, pack, last)
    let outputSums = layer(pack.sum_tangents, pack, last)
    let scale = weight(pack)
    var i = 0
    while i < count {
        outputTangents[i] = (scale + scale) * outputSums[i]
        i &+= 1
    }
    var l = last
    while l >= 1 {
        let (rows, columns) = (pack.widths[l], pack.widths[l &- 1])
        let offset = pack.weight_offsets[l &- 1]
        let delta = LaneMatrix(layer(pack.deltas, pack, l), columns: rows)
        let tangent = LaneMatrix(layer(pack.delta_tangents, pack, l), columns: rows)
        let product = lanes(pack.product) + offset
        multiply(
            tangent.transposed, LaneMatrix(inputs(pack, l, start: start), columns: columns), into: product,
            rows: rows, columns: columns, inner: count, adding: true)
        if l > 1 {
            multiply(
                delta.transposed, LaneMatrix(layer(pack.value_tangents, pack, l &- 1), columns: columns),
                into: product, rows: rows, columns: columns, inner: count, adding: true)
            pullBack(pack, delta, l, count: count)
            pullBackTangent(pack, delta, tangent, l, count: count)
        }
        l &-= 1
    }
}

/// Δ'_{l-1} = (Δ'_l W_l + Δ_l V_l) ∘ slopes + E_{l-1} ∘ bends ∘ H'_{l-1}, with a prime for a tangent.
@inline(__always)
private func pullBackTangent(_ pack: cl_pack, _ delta: LaneMatrix, _ tangent: LaneMatrix, _ l: Int, count: Int) {
    let (rows, columns) = (pack.widths[l], pack.widths[l &- 1])
    let offset = pack.weight_offsets[l &- 1]
    let below = layer(pack.delta_tangents, pack, l &- 1)
    multiply(
        tangent, LaneMatrix(lanes(pack.point) + offset, columns: columns), into: below, rows: count, columns: columns,
        inner: rows)
    multiply(
        delta, LaneMatrix(lanes(pack.direction) + offset, columns: columns), into: below, rows: count,
        columns: columns, inner: rows, adding: true)
    let pulled = layer(pack.pulled, pack, l &- 1)
    let slopes = layer(pack.slopes, pack, l &- 1)
    let bends = layer(pack.bends, pack, l &- 1)
    let sums = layer(pack.sum_tangents, pack, l &- 1)
    var i = 0
    while i < count &* columns {
        below[i] = .fma(below[i], slopes[i], pulled[i] * bends[i] * sums[i])
        i &+= 1
    }
}

import CLanes

/// Replaces a layer's values and their tangents by the adjoints of its pre-activations and their tangents, and adds the
/// latter to the product's biases: D = φ' (D W), Ḋ = φ' (D V + Ḋ W) + φ'' ḣ (D W), where V is the direction.
@inline(never)
private func propagateTangentsBack<V: RealLanes>(
    _ adjoints: UnsafePointer<V>, _ tangents: UnsafePointer<V>, adjointStride: Int, rows: Int,
    weights: UnsafePointer<V>, direction: UnsafePointer<V>, columns: Int, samples: Int,
    values: UnsafeMutablePointer<V>, valueTangents: UnsafeMutablePointer<V>, slopes: UnsafePointer<V>,
    slopeTangents: UnsafePointer<V>, stride: Int, biasProduct: UnsafeMutablePointer<V>?
) {
    typealias Block = LaneBlock4<V>
    let zero = V(0)
    let parts = NearEqualParts(columns, limit: dualTileWidth)
    var s = 0
    while s < samples {
        let x = LaneSource<Block>(adjoints + s &* adjointStride, across: adjointStride, along: 1)
        let t = LaneSource<Block>(tangents + s &* adjointStride, across: adjointStride, along: 1)
        var part = 0
        var j = 0
        while j < columns {
            let width = parts.length(of: part)
            dualTile(
                width: width, x, t, LaneOperand(weights + j, across: 1, along: columns),
                LaneOperand(direction + j, across: 1, along: columns), count: rows,
                start: { _ in (Block(repeating: zero), Block(repeating: zero)) },
                finish: { k, back, backTangent in
                    let index = s &* stride &+ j &+ k
                    let slope = Block(slopes + index, stride: stride)
                    Block.combine(slope, back) { $0 * $1 }.store(values + index, stride: stride)
                    let still = Block.combine(slope, backTangent) { $0 * $1 }
                    let curved = Block.combine(Block(slopeTangents + index, stride: stride), back) { $0 * $1 }
                    let sum = Block.combine(still, curved) { $0 + $1 }
                    sum.store(valueTangents + index, stride: stride)
                    if let biasProduct { biasProduct[j &+ k] = biasProduct[j &+ k] + sum.sum }
                })
            part &+= 1
            j &+= width
        }
        s &+= Int(CL_SAMPLE_BLOCK)
    }
}

/// Z = A Wᵀ + b and Ż = A Vᵀ + Ȧ Wᵀ + c for a chunk, where V and c are the direction.
@inline(never)
private func multiplyForwardWithTangents<V: RealLanes>(
    _ inputs: UnsafePointer<V>, _ inputTangents: UnsafePointer<V>, inputStride: Int, columns: Int, rows: Int,
    samples: Int, weights: UnsafePointer<V>, direction: UnsafePointer<V>, biases: UnsafePointer<V>?,
    biasDirection: UnsafePointer<V>?, into z: UnsafeMutablePointer<V>, _ tangents: UnsafeMutablePointer<V>, stride: Int
) {
    typealias Block = LaneBlock4<V>
    let zero = V(0)
    let parts = NearEqualParts(rows, limit: dualTileWidth)
    var s = 0
    while s < samples {
        let x = LaneSource<Block>(inputs + s &* inputStride, across: inputStride, along: 1)
        let t = LaneSource<Block>(inputTangents + s &* inputStride, across: inputStride, along: 1)
        var part = 0
        var j = 0
        while j < rows {
            let width = parts.length(of: part)
            let index = s &* stride &+ j
            dualTile(
                width: width, x, t, LaneOperand(weights + j &* columns, across: columns, along: 1),
                LaneOperand(direction + j &* columns, across: columns, along: 1), count: columns,
                start: { k in
                    (
                        Block(repeating: biases.map { $0[j &+ k] } ?? zero),
                        Block(repeating: biasDirection.map { $0[j &+ k] } ?? zero)
                    )
                },
                finish: { k, value, tangent in
                    value.store(z + (index &+ k), stride: stride)
                    tangent.store(tangents + (index &+ k), stride: stride)
                })
            part &+= 1
            j &+= width
        }
        s &+= Int(CL_SAMPLE_BLOCK)
    }
}

extension SampledNet {
    /// Hessian times direction at the point, by the tangent of the gradient's passes (forward over reverse). At kinks
    /// the curvature counts as 0.
    @inline(__always)
    func hessianProduct() {
        var penalty = V(0)
        var l = 1
        while l <= fields.layers {
            decay(l, of: fields.direction, into: fields.product, penalty: &penalty)
            l &+= 1
        }
        if fields.masks == 0 {
            addDataProduct()
            return
        }
        let inner = masked(withDirection: true)
        var index = 0
        while index < fields.masks {
            mask(index, fields.point, into: fields.masked_point)
            mask(index, fields.direction, into: fields.masked_direction)
            clearMaskedResult()
            inner.addDataProduct()
            addMasked(index, to: fields.product)
            index &+= 1
        }
    }

    @inline(never)
    private func addDataProduct() {
        let last = fields.layers
        var first = 0
        while first < fields.samples {
            let left = fields.samples &- first
            let samples = left < fields.chunk ? left : fields.chunk
            if hasHead {
                forwardTangents(first: first, samples: samples, last: last &- 1)
                headProduct(first: first, samples: samples)
                backwardTangents(first: first, samples: samples, last: last &- 1)
            } else {
                forwardTangents(first: first, samples: samples, last: last)
                lossSlopesWithTangents(first: first, samples: samples)
                accumulateOutputBiases(samples: samples, adjoints: fields.value_tangents, into: fields.product)
                backwardTangents(first: first, samples: samples, last: last)
            }
            first &+= samples
        }
    }

    @inline(__always)
    private func forwardTangents(first: Int, samples: Int, last: Int) {
        var l = 1
        while l <= last {
            if l == 1 {
                // The data do not move.
                affine(
                    l, first: first, samples: samples, weights: fields.direction, inputs: fields.values,
                    outputs: fields.value_tangents)
                affine(
                    l, first: first, samples: samples, weights: fields.point, inputs: fields.values,
                    outputs: fields.values)
            } else {
                multiplyForwardWithTangents(
                    units(fields.values, l &- 1), units(fields.value_tangents, l &- 1),
                    inputStride: fields.unit_strides[l &- 1], columns: fields.widths[l &- 1], rows: fields.widths[l],
                    samples: samples, weights: weights(fields.point, l), direction: weights(fields.direction, l),
                    biases: biases(fields.point, l).map { UnsafePointer($0) },
                    biasDirection: biases(fields.direction, l).map { UnsafePointer($0) },
                    into: units(fields.values, l), units(fields.value_tangents, l), stride: fields.unit_strides[l])
            }
            if l < fields.layers {
                activateWithTangents(
                    fields, units(fields.values, l), units(fields.value_tangents, l), units(fields.slopes, l),
                    units(fields.slope_tangents, l), samples &* fields.unit_strides[l])
            }
            l &+= 1
        }
    }

    @inline(__always)
    private func backwardTangents(first: Int, samples: Int, last: Int) {
        var l = last
        while l >= 1 {
            accumulateWeights(
                l, first: first, samples: samples, adjoints: fields.value_tangents, inputs: fields.values,
                into: fields.product)
            if l > 1 {
                accumulateWeights(
                    l, first: first, samples: samples, adjoints: fields.values, inputs: fields.value_tangents,
                    into: fields.product)
                let below = l &- 1
                propagateTangentsBack(
                    units(fields.values, l), units(fields.value_tangents, l), adjointStride: fields.unit_strides[l],
                    rows: fields.widths[l], weights: weights(fields.point, l), direction: weights(fields.direction, l),
                    columns: fields.widths[below], samples: samples, values: units(fields.values, below),
                    valueTangents: units(fields.value_tangents, below), slopes: units(fields.slopes, below),
                    slopeTangents: units(fields.slope_tangents, below), stride: fields.unit_strides[below],
                    biasProduct: biases(fields.product, below))
            }
            l &-= 1
        }
    }
}

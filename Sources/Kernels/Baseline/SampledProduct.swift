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
    let zero = V(0)
    multiplyBackward(
        adjoints, adjointStride: adjointStride, rows: rows, weights: weights, columns: columns, samples: samples,
        start: { _, _ in LaneBlock4(repeating: zero) },
        finish: { s, j, block in
            let index = s &* stride &+ j
            LaneBlock4.combine(block, LaneBlock4(slopes + index, stride: stride)) { $0 * $1 }
                .store(values + index, stride: stride)
            LaneBlock4.combine(block, LaneBlock4(slopeTangents + index, stride: stride)) { $0 * $1 }
                .store(valueTangents + index, stride: stride)
        })
    // φ' times each of the two products is added separately: they share no memory but the slopes.
    for pass in 0..<2 {
        multiplyBackward(
            pass == 0 ? adjoints : tangents, adjointStride: adjointStride, rows: rows,
            weights: pass == 0 ? direction : weights, columns: columns, samples: samples,
            start: { _, _ in LaneBlock4(repeating: zero) },
            finish: { s, j, block in
                let index = s &* stride &+ j
                let slope = LaneBlock4(slopes + index, stride: stride)
                let scaled = LaneBlock4.combine(block, slope) { $0 * $1 }
                let sum = LaneBlock4.combine(scaled, LaneBlock4(valueTangents + index, stride: stride)) { $0 + $1 }
                sum.store(valueTangents + index, stride: stride)
                if pass == 1, let biasProduct { biasProduct[j] = biasProduct[j] + sum.sum }
            })
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
        var first = 0
        while first < fields.samples {
            let left = fields.samples &- first
            let samples = left < fields.chunk ? left : fields.chunk
            forwardTangents(first: first, samples: samples)
            residuals(first: first, samples: samples, loss: nil)
            residualTangents(first: first, samples: samples)
            backwardTangents(first: first, samples: samples)
            first &+= samples
        }
    }

    @inline(__always)
    private func forwardTangents(first: Int, samples: Int) {
        let last = fields.layers
        var l = 1
        while l <= last {
            affine(
                l, first: first, samples: samples, weights: fields.direction, inputs: fields.values,
                outputs: fields.value_tangents)
            // The data do not move.
            if l > 1 {
                addLinear(l, samples: samples, weights: fields.point, fields.value_tangents)
            }
            affine(
                l, first: first, samples: samples, weights: fields.point, inputs: fields.values, outputs: fields.values)
            if l < last {
                activateWithTangents(
                    fields, units(fields.values, l), units(fields.value_tangents, l), units(fields.slopes, l),
                    units(fields.slope_tangents, l), samples &* fields.unit_strides[l])
            }
            l &+= 1
        }
    }

    /// Turns the tangents of the outputs into those of twice the weighted residuals.
    @inline(__always)
    private func residualTangents(first: Int, samples: Int) {
        let outputs = fields.widths[fields.layers]
        let stride = fields.unit_strides[fields.layers]
        let tangents = units(fields.value_tangents, fields.layers)
        let importance = scalars(fields.sample_weights) + first
        var s = 0
        while s < samples {
            let weight = V(scalar: importance[s])
            var j = 0
            while j < outputs {
                let weighted = weight * tangents[s &* stride &+ j]
                tangents[s &* stride &+ j] = weighted + weighted
                j &+= 1
            }
            s &+= 1
        }
    }

    @inline(__always)
    private func backwardTangents(first: Int, samples: Int) {
        let last = fields.layers
        accumulateOutputBiases(samples: samples, adjoints: fields.value_tangents, into: fields.product)
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

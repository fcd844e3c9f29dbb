import CLanes

/// The loss of one output with its target, weighted, with the first and second derivative by the output.
struct LossJet<V: RealLanes> {
    let value: V
    let slope: V
    let curvature: V

    @inline(__always)
    init(_ f: V, _ y: V, weight: V, isLogistic: Bool) {
        if isLogistic {
            let agreement = y * f
            let s = Elementary.logistic(agreement)
            let wrong = weight * s.complement
            value = weight * Elementary.softplus(V(0) - agreement)
            slope = V(0) - y * wrong
            curvature = y * y * wrong * s.value
        } else {
            let residual = f - y
            let weighted = weight * residual
            value = weighted * residual
            slope = weighted + weighted
            curvature = weight + weight
        }
    }
}

/// The logistic losses of four samples, sample by sample.
struct LossJets<V: RealLanes> {
    let values: LaneBlock4<V>
    let slopes: LaneBlock4<V>
    let curvatures: LaneBlock4<V>

    @inline(__always)
    init(_ f: LaneBlock4<V>, _ y: LaneBlock4<V>, _ weight: LaneBlock4<V>) {
        let j0 = LossJet(f.x0, y.x0, weight: weight.x0, isLogistic: true)
        let j1 = LossJet(f.x1, y.x1, weight: weight.x1, isLogistic: true)
        let j2 = LossJet(f.x2, y.x2, weight: weight.x2, isLogistic: true)
        let j3 = LossJet(f.x3, y.x3, weight: weight.x3, isLogistic: true)
        values = LaneBlock4(j0.value, j1.value, j2.value, j3.value)
        slopes = LaneBlock4(j0.slope, j1.slope, j2.slope, j3.slope)
        curvatures = LaneBlock4(j0.curvature, j1.curvature, j2.curvature, j3.curvature)
    }
}

extension SampledNet {
    @inline(__always) var isLogistic: Bool { fields.loss_function == CL_LOGISTIC_LOSS }

    /// Turns a chunk's outputs into the slopes of the loss, and adds the weighted loss.
    func lossSlopes(first: Int, samples: Int, loss: UnsafeMutablePointer<V>) {
        eachOutput(first: first, samples: samples) { index, jet in
            units(fields.values, fields.layers)[index] = jet.slope
            loss[0] = loss[0] + jet.value
        }
    }

    /// Turns a chunk's outputs into the slopes of the loss, and their tangents into the slopes' tangents.
    func lossSlopesWithTangents(first: Int, samples: Int) {
        eachOutput(first: first, samples: samples) { index, jet in
            let tangents = units(fields.value_tangents, fields.layers)
            units(fields.values, fields.layers)[index] = jet.slope
            tangents[index] = jet.curvature * tangents[index]
        }
    }

    @inline(__always)
    private func eachOutput(first: Int, samples: Int, _ body: (_ index: Int, _ jet: LossJet<V>) -> Void) {
        let outputs = fields.widths[fields.layers]
        let stride = fields.unit_strides[fields.layers]
        let values = units(fields.values, fields.layers)
        let importance = scalars(fields.sample_weights) + first
        let start = first &* outputs
        let isLogistic = isLogistic
        var s = 0
        while s < samples {
            let weight = V(scalar: importance[s])
            var j = 0
            while j < outputs {
                let target = start &+ s &* outputs &+ j
                let y = fields.own_targets ? lanes(fields.targets)[target] : V(scalar: scalars(fields.targets)[target])
                let index = s &* stride &+ j
                body(index, LossJet(values[index], y, weight: weight, isLogistic: isLogistic))
                j &+= 1
            }
            s &+= 1
        }
    }
}

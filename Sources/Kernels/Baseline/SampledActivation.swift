import CLanes

extension SampledNet {
    /// ReLU with its true kink, which the affine map applies on its way.
    @inline(__always) var isRectified: Bool { fields.activation == CL_RELU && fields.smoothing == nil }

    /// Applies the activation to a chunk's pre-activations in place, and stores the slopes where the values do not tell
    /// them. ReLU has been applied by the affine map.
    @inline(__always)
    func activate(_ values: UnsafeMutablePointer<V>, slopes: UnsafeMutablePointer<V>, count: Int) {
        switch fields.activation {
        case CL_LINEAR: break
        case CL_RELU where isRectified: break
        case CL_TANH: tanhInPlace(values, count)
        default: generalActivation(fields, values, slopes, count)
        }
    }
}

@inline(never)
private func tanhInPlace<V: RealLanes>(_ values: UnsafeMutablePointer<V>, _ count: Int) {
    var i = 0
    while i < count {
        values[i] = Elementary.tanh(values[i])
        i &+= 1
    }
}

@inline(never)
private func generalActivation<V: RealLanes>(
    _ fields: cl_sampled_pack, _ values: UnsafeMutablePointer<V>, _ slopes: UnsafeMutablePointer<V>, _ count: Int
) {
    @inline(__always) func each(_ rule: (V) -> ActivationJet<V>) {
        var i = 0
        while i < count {
            let jet = rule(values[i])
            values[i] = jet.value
            slopes[i] = jet.slope
            i &+= 1
        }
    }
    switchActivation(fields, each)
}

/// Applies the activation to pre-activations and their tangents: values become φ(h), tangents φ'(h) ḣ; stores the slopes
/// φ'(h) and their tangents φ''(h) ḣ.
@inline(never)
func activateWithTangents<V: RealLanes>(
    _ fields: cl_sampled_pack, _ values: UnsafeMutablePointer<V>, _ tangents: UnsafeMutablePointer<V>,
    _ slopes: UnsafeMutablePointer<V>, _ slopeTangents: UnsafeMutablePointer<V>, _ count: Int
) {
    @inline(__always) func each(_ rule: (V) -> ActivationJet<V>) {
        var i = 0
        while i < count {
            let jet = rule(values[i])
            let tangent = tangents[i]
            values[i] = jet.value
            slopes[i] = jet.slope
            tangents[i] = jet.slope * tangent
            slopeTangents[i] = jet.curvature * tangent
            i &+= 1
        }
    }
    switchActivation(fields, each)
}

/// φ(h), φ'(h), φ''(h).
struct ActivationJet<V: RealLanes> {
    let value: V
    let slope: V
    let curvature: V

    @inline(__always) init(_ value: V, _ slope: V, _ curvature: V) {
        self.value = value
        self.slope = slope
        self.curvature = curvature
    }
}

/// Hands the rule of the pack's activation to a loop, so that the choice is made once and not for every element.
@inline(__always)
private func switchActivation<V: RealLanes>(
    _ fields: cl_sampled_pack, _ loop: (_ rule: (V) -> ActivationJet<V>) -> Void
) {
    let zero = V(0)
    let one = V(1)
    switch fields.activation {
    case CL_TANH:
        loop { h in
            let t = Elementary.tanh(h)
            let slope = V.nfma(t, t, one)
            return ActivationJet(t, slope, V(-2) * t * slope)
        }
    case CL_RELU where fields.smoothing == nil:
        loop { h in ActivationJet(V.max(zero, h), V.select(zero, less: h, one, zero), zero) }
    case CL_RELU: roundedKink(fields, loop)
    case CL_TWO_SLOPES where fields.smoothing != nil: roundedKink(fields, loop)
    case CL_ABSOLUTE where fields.smoothing != nil: roundedKink(fields, loop)
    case CL_TWO_SLOPES:
        let upper = V(fields.upper_slope)
        let lower = V(fields.lower_slope)
        loop { h in
            let slope = V.select(zero, less: h, upper, lower)
            return ActivationJet(slope * h, slope, zero)
        }
    case CL_ABSOLUTE:
        loop { h in
            let sign = V.select(zero, less: h, one, V.select(h, less: zero, V(-1), zero))
            return ActivationJet(h.magnitude, sign, zero)
        }
    case CL_ERF:
        let shift = V(fields.shift)
        loop { h in
            let x = h + shift
            let normal = Elementary.normal(x)
            let slope = normal.density + normal.density
            return ActivationJet(normal.erf, slope, V(0) - x * slope)
        }
    case CL_SOFTPLUS:
        loop { h in
            let s = Elementary.logistic(h)
            return ActivationJet(Elementary.softplus(h), s.value, s.value * s.complement)
        }
    case CL_SWISH:
        loop { h in
            let s = Elementary.logistic(h)
            let variance = s.value * s.complement
            let slope = V.fma(h, variance, s.value)
            return ActivationJet(
                h * s.value, slope, variance * V.fma(h, s.complement - s.value, V(2)))
        }
    case CL_GELU:
        loop { h in
            let normal = Elementary.normal(h)
            return ActivationJet(
                h * normal.cumulative, V.fma(h, normal.density, normal.cumulative),
                normal.density * V.nfma(h, h, V(2)))
        }
    default:
        loop { h in ActivationJet(h, one, zero) }
    }
}

/// A piecewise linear activation of slopes a above 0 and b below whose kink is rounded over a width ε:
/// (a + b)/2 h + (a − b)/2 (√(h² + ε²) − ε), which is the activation itself for ε = 0.
@inline(__always)
private func roundedKink<V: RealLanes>(
    _ fields: cl_sampled_pack, _ loop: (_ rule: (V) -> ActivationJet<V>) -> Void
) {
    let zero = V(0)
    let mean = V(0.5 * (fields.upper_slope + fields.lower_slope))
    let half = V(0.5 * (fields.upper_slope - fields.lower_slope))
    let atKink = V(fields.activation == CL_ABSOLUTE ? 0 : fields.lower_slope)
    let width = fields.smoothing.unsafelyUnwrapped.assumingMemoryBound(to: V.self)[0]
    let square = width * width
    loop { h in
        // The root of a square underflows before its number does.
        let root = V.select(zero, less: width, V.fma(h, h, square).squareRoot, h.magnitude)
        let slope = V.select(zero, less: root, V.fma(half, h / root, mean), atKink)
        let curvature = V.select(zero, less: root, half * square / (root * root * root), zero)
        return ActivationJet(V.fma(half, root - width, mean * h), slope, curvature)
    }
}

import CLanes

extension SampledNet {
    /// Moves the weights along the gradient that was just taken.
    @inline(__always)
    func move(_ step: cl_sampled_step) {
        let rate = lanes(fields.rate)[0] * V(step.rate_factor)
        switch step.rule {
        case CL_MOMENTUM: moveWithMomentum(rate, V(step.first_decay))
        case CL_ADAM: moveAdaptively(rate, step)
        default:
            let point = lanes(fields.point)
            let slope = lanes(fields.gradient)
            var i = 0
            while i < fields.weight_count {
                point[i] = .nfma(rate, slope[i], point[i])
                i &+= 1
            }
        }
    }

    /// v ← μ v + ∇L, w ← w − rate v.
    @inline(__always)
    private func moveWithMomentum(_ rate: V, _ decay: V) {
        let point = lanes(fields.point)
        let slope = lanes(fields.gradient)
        let velocity = lanes(fields.first_moment)
        var i = 0
        while i < fields.weight_count {
            let v = V.fma(decay, velocity[i], slope[i])
            velocity[i] = v
            point[i] = .nfma(rate, v, point[i])
            i &+= 1
        }
    }

    /// m ← β₁ m + (1 − β₁) ∇L, v ← β₂ v + (1 − β₂) (∇L)², w ← w − rate m̂ / (√v̂ + ε), with the biases corrected.
    @inline(__always)
    private func moveAdaptively(_ rate: V, _ step: cl_sampled_step) {
        let point = lanes(fields.point)
        let slope = lanes(fields.gradient)
        let first = lanes(fields.first_moment)
        let second = lanes(fields.second_moment)
        let (keptFirst, keptSecond) = (V(step.first_decay), V(step.second_decay))
        let (newFirst, newSecond) = (V(1 - step.first_decay), V(1 - step.second_decay))
        let (scaleFirst, scaleSecond) = (V(step.first_correction), V(step.second_correction))
        let epsilon = V(step.epsilon)
        var i = 0
        while i < fields.weight_count {
            let g = slope[i]
            let m = V.fma(keptFirst, first[i], newFirst * g)
            let v = V.fma(keptSecond, second[i], newSecond * (g * g))
            first[i] = m
            second[i] = v
            let size = (scaleSecond * v).squareRoot + epsilon
            point[i] = .nfma(rate, scaleFirst * m / size, point[i])
            i &+= 1
        }
    }
}

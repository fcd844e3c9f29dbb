import CLanes

extension SampledNet {
    /// Loss, data loss and gradient at the point: Σ_s w_s ℓ(f(x_s), y_s) + Σ_l γ_l ‖W_l‖², the first sum over masks too.
    @inline(__always)
    func gradient() {
        let penalty = startGradient()
        let loss = lanes(fields.data_loss)
        loss[0] = V(0)
        if fields.masks == 0 {
            addDataGradient()
        } else {
            let inner = masked(withDirection: false)
            var index = 0
            while index < fields.masks {
                mask(index, fields.point, into: fields.masked_point)
                clearMaskedResult()
                inner.addDataGradient()
                addMasked(index, to: fields.gradient)
                index &+= 1
            }
        }
        lanes(fields.loss)[0] = loss[0] + penalty
    }

    /// Adds the gradient of the samples' losses, and these to the data loss.
    @inline(never)
    private func addDataGradient() {
        let loss = lanes(fields.data_loss)
        let last = fields.layers
        let rule = slopeRule
        var first = 0
        while first < fields.samples {
            let left = fields.samples &- first
            let samples = left < fields.chunk ? left : fields.chunk
            if hasHead {
                forward(first: first, samples: samples, last: last &- 1)
                head(first: first, samples: samples, rule: rule, loss: loss)
                backward(first: first, samples: samples, last: last &- 1, rule: rule)
            } else {
                forward(first: first, samples: samples, last: last)
                lossSlopes(first: first, samples: samples, loss: loss)
                accumulateOutputBiases(samples: samples, adjoints: fields.values, into: fields.gradient)
                backward(first: first, samples: samples, last: last, rule: rule)
            }
            first &+= samples
        }
    }

    /// Sets the gradient to that of the decay.
    /// - Returns: the decay's part of the loss.
    @inline(__always)
    private func startGradient() -> V {
        var penalty = V(0)
        var l = 1
        while l <= fields.layers {
            lanes(fields.layer_norms)[l &- 1] = decay(
                l, of: fields.point, into: fields.gradient, penalty: &penalty)
            l &+= 1
        }
        return penalty
    }

    /// Sets a layer of `target` to 2 γ times that of `source`, and adds γ ‖W‖² to the penalty.
    /// - Returns: ‖W‖² of the layer's matrix.
    @inline(__always)
    @discardableResult
    func decay(
        _ l: Int, of source: UnsafeMutableRawPointer?, into target: UnsafeMutableRawPointer?, penalty: inout V
    ) -> V {
        let gamma = lanes(fields.gammas)[l &- 1]
        let norm = scaled(
            weights(source, l), into: weights(target, l), count: fields.widths[l] &* fields.widths[l &- 1], gamma)
        penalty = .fma(gamma, norm, penalty)
        if let from = biases(source, l), let to = biases(target, l) {
            let gamma = lanes(fields.bias_gammas)[l &- 1]
            penalty = .fma(gamma, scaled(from, into: to, count: fields.widths[l], gamma), penalty)
        }
        return norm
    }

    @inline(__always)
    private func scaled(
        _ source: UnsafeMutablePointer<V>, into target: UnsafeMutablePointer<V>, count: Int, _ gamma: V
    ) -> V {
        let twice = gamma + gamma
        var norm = V(0)
        var i = 0
        while i < count {
            let w = source[i]
            norm = .fma(w, w, norm)
            target[i] = twice * w
            i &+= 1
        }
        return norm
    }

    /// Plain gradient descent: w ← w − rate ∇L, `steps` times, each lane with its own rate. Afterwards gradient and
    /// loss are those of the point before the last step.
    @inline(__always)
    func descend(steps: Int) {
        let rate = lanes(fields.rate)[0]
        let point = lanes(fields.point)
        let slope = lanes(fields.gradient)
        var step = 0
        while step < steps {
            gradient()
            var i = 0
            while i < fields.weight_count {
                point[i] = .nfma(rate, slope[i], point[i])
                i &+= 1
            }
            step &+= 1
        }
    }
}

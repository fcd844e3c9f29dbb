import CLanes

extension SoloNet {
    /// φ''(h) Wᵀ D from the adjoints D of the loss, which products with its Hessian share; tanh alone has curvature.
    @inline(__always)
    func prepareCurvature() {
        guard let memory = fields.curved_adjoints else { return }
        let minusTwo = V(-2)
        var l = 1
        while l < last {
            let values = lanes(units(fields.values, l))
            let adjoints = lanes(units(fields.adjoints, l))
            let curved = lanes(units(memory, l))
            var i = 0
            while i < fields.widths[l] &* sampleRegisters {
                curved[i] = minusTwo * values[i] * adjoints[i]
                i &+= 1
            }
            l &+= 1
        }
    }

    /// F H F v for the loss whose adjoints were taken last, (1/2n) Σ r², where F multiplies each layer by its factor: the
    /// tangents of the gradient's passes along F v. Values and adjoints stay.
    @inline(__always)
    func hessianProduct(
        _ vector: UnsafePointer<Scalar>, factors: UnsafePointer<Double>, into product: UnsafeMutableRawPointer?
    ) {
        scale(vector, factors)
        forwardTangents()
        var l = last &- 1
        while l >= 1 {
            var result = SoloResult(lanes(units(fields.adjoint_tangents, l)), stride: sampleRegisters)
            result.slopes = UnsafePointer(lanes(units(fields.slopes, l)))
            if fields.curved_adjoints != nil {
                result.added = UnsafePointer(lanes(units(fields.curved_tangents, l)))
            }
            soloProduct(
                backwardTerm(l, fields.direction, fields.adjoints),
                backwardTerm(l, fields.point, fields.adjoint_tangents), rows: fields.widths[l],
                registers: sampleRegisters, into: result)
            l &-= 1
        }
        l = 1
        while l <= last {
            let first = outerTerm(l, fields.adjoint_tangents, fields.turned_values)
            let second = l > 1 ? outerTerm(l, fields.adjoints, fields.turned_tangents) : noTerm
            outer(first, second, l, factors, into: product)
            l &+= 1
        }
    }

    /// Tangents of all values, and of the output's adjoint.
    @inline(__always)
    private func forwardTangents() {
        var l = 1
        while l <= last {
            let isOutput = l == last
            var result = SoloResult(
                lanes(units(isOutput ? fields.adjoint_tangents : fields.value_tangents, l)), stride: sampleRegisters)
            if isOutput {
                result.factor = V(1 / Double(fields.samples))
            } else {
                result.slopes = UnsafePointer(lanes(units(fields.slopes, l)))
                if let curved = fields.curved_adjoints {
                    result.curvatures = UnsafePointer(lanes(units(curved, l)))
                    result.curved = lanes(units(fields.curved_tangents, l))
                }
            }
            // The data do not move.
            let second = l > 1 ? forwardTerm(l, fields.point, fields.value_tangents) : noTerm
            soloProduct(
                forwardTerm(l, fields.direction, fields.values), second, rows: fields.widths[l],
                registers: sampleRegisters, into: result)
            if !isOutput { turn(fields.value_tangents, into: fields.turned_tangents, l) }
            l &+= 1
        }
    }

    @inline(__always)
    private func scale(_ vector: UnsafePointer<Scalar>, _ factors: UnsafePointer<Double>) {
        var l = 1
        while l <= last {
            let factor = V(factors[l &- 1])
            let from = UnsafeRawPointer(vector + fields.weight_offsets[l &- 1]).assumingMemoryBound(to: V.self)
            let to = lanes(weights(fields.direction, l))
            var i = 0
            while i < fields.widths[l] &* registers(l &- 1) {
                to[i] = factor * from[i]
                i &+= 1
            }
            l &+= 1
        }
    }

    // MARK: - Samples beside samples

    /// AᵀA over a layer's units, samples × samples in rows of `sample_stride`: in every row the registers from that of
    /// the diagonal on.
    @inline(__always)
    func upperGram(_ memory: UnsafeMutableRawPointer?, _ l: Int, into gram: UnsafeMutablePointer<Scalar>) {
        let a = units(memory, l)
        let lanesOfSamples = lanes(a)
        var register = 0
        while register < sampleRegisters {
            let row = register &* V.count
            let left = fields.samples &- row
            if left > 0 {
                let term = SoloTerm(
                    UnsafePointer(lanesOfSamples + register), along: sampleRegisters, UnsafePointer(a + row),
                    across: 1, along: fields.sample_stride, count: fields.widths[l])
                soloProduct(
                    term, noTerm, rows: left < V.count ? left : V.count, registers: sampleRegisters &- register,
                    into: SoloResult(
                        lanes(gram + row &* fields.sample_stride) + register, stride: sampleRegisters))
            }
            register &+= 1
        }
    }

    @inline(__always)
    func gram(_ l: Int, into result: UnsafeMutablePointer<Scalar>) {
        upperGram(fields.values, l, into: result)
        mirror(result)
    }

    /// Σ_l f_l (A_{l−1}ᵀ A_{l−1}) ∘ (J_lᵀ J_l), one factor per layer.
    @inline(__always)
    func tangentKernel(factors: UnsafePointer<Double>, into result: UnsafeMutablePointer<Scalar>) {
        let size = fields.samples &* fields.sample_stride
        let below = scalars(fields.grams)
        let above = below + size
        let total = lanes(result)
        let count = size / V.count
        var l = 1
        while l <= last {
            upperGram(fields.values, l &- 1, into: below)
            if l < last { upperGram(fields.output_adjoints, l, into: above) }
            let factor = V(factors[l &- 1])
            let x = lanes(below)
            let y = lanes(above)
            var i = 0
            while i < count {
                var term = factor * x[i]
                // The output's adjoints are 1.
                if l < last { term = term * y[i] }
                total[i] = l == 1 ? term : total[i] + term
                i &+= 1
            }
            l &+= 1
        }
        mirror(result)
    }

    @inline(__always)
    private func mirror(_ matrix: UnsafeMutablePointer<Scalar>) {
        let stride = fields.sample_stride
        var i = 1
        while i < fields.samples {
            var j = 0
            while j < i {
                matrix[i &* stride &+ j] = matrix[j &* stride &+ i]
                j &+= 1
            }
            i &+= 1
        }
    }
}

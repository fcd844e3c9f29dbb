import CLanes

/// A `cl_solo_net` with its memory seen as lane vectors of samples.
struct SoloNet<V: RealLanes> {
    typealias Scalar = V.Scalar
    let fields: cl_solo_net

    @inline(__always) init(_ fields: cl_solo_net) { self.fields = fields }

    @inline(__always) var last: Int { fields.layers }
    /// Registers of a row of samples, and of a row of layer l's units.
    @inline(__always) var sampleRegisters: Int { fields.sample_stride / V.count }
    @inline(__always) func registers(_ l: Int) -> Int { fields.strides[l] / V.count }

    @inline(__always) func scalars(_ memory: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<Scalar> {
        memory.unsafelyUnwrapped.assumingMemoryBound(to: Scalar.self)
    }
    @inline(__always) func lanes(_ p: UnsafeMutablePointer<Scalar>) -> UnsafeMutablePointer<V> {
        UnsafeMutableRawPointer(p).assumingMemoryBound(to: V.self)
    }
    @inline(__always) func units(_ memory: UnsafeMutableRawPointer?, _ l: Int) -> UnsafeMutablePointer<Scalar> {
        scalars(memory) + fields.unit_offsets[l]
    }
    @inline(__always) func turned(_ memory: UnsafeMutableRawPointer?, _ l: Int) -> UnsafeMutablePointer<Scalar> {
        scalars(memory) + fields.turned_offsets[l]
    }
    @inline(__always) func weights(_ memory: UnsafeMutableRawPointer?, _ l: Int) -> UnsafeMutablePointer<Scalar> {
        scalars(memory) + fields.weight_offsets[l &- 1]
    }

    // MARK: - Terms

    /// W A, for the layer's matrix among `memory`.
    @inline(__always)
    func forwardTerm(_ l: Int, _ matrix: UnsafeMutableRawPointer?, _ inputs: UnsafeMutableRawPointer?) -> SoloTerm<V> {
        SoloTerm(
            lanes(units(inputs, l &- 1)), along: sampleRegisters, weights(matrix, l), across: fields.strides[l &- 1],
            along: 1, count: fields.widths[l &- 1])
    }

    /// Wᵀ D, for the matrix of the layer above l.
    @inline(__always)
    func backwardTerm(_ l: Int, _ matrix: UnsafeMutableRawPointer?, _ adjoints: UnsafeMutableRawPointer?) -> SoloTerm<V>
    {
        SoloTerm(
            lanes(units(adjoints, l &+ 1)), along: sampleRegisters, weights(matrix, l &+ 1), across: 1,
            along: fields.strides[l], count: fields.widths[l &+ 1])
    }

    /// D Aᵀ, for the layer's adjoints and the turned values of the layer below.
    @inline(__always)
    func outerTerm(_ l: Int, _ adjoints: UnsafeMutableRawPointer?, _ inputs: UnsafeMutableRawPointer?) -> SoloTerm<V> {
        SoloTerm(
            lanes(turned(inputs, l &- 1)), along: registers(l &- 1), units(adjoints, l), across: fields.sample_stride,
            along: 1, count: fields.samples)
    }

    @inline(__always) var noTerm: SoloTerm<V> {
        SoloTerm(lanes(scalars(fields.values)), along: 0, scalars(fields.values), across: 0, along: 0, count: 0)
    }

    @inline(__always) func turn(_ memory: UnsafeMutableRawPointer?, into result: UnsafeMutableRawPointer?, _ l: Int) {
        V.turn(
            units(memory, l), stride: fields.sample_stride, units: fields.widths[l], samples: fields.samples,
            into: turned(result, l), stride: fields.strides[l])
    }

    // MARK: - Passes

    /// Values, slopes and the output's adjoints at the point.
    @inline(__always)
    func evaluate() {
        var l = 1
        while l <= last {
            soloProduct(
                forwardTerm(l, fields.point, fields.values), noTerm, rows: fields.widths[l],
                registers: sampleRegisters,
                into: SoloResult(lanes(units(fields.preactivations, l)), stride: sampleRegisters))
            if l < last {
                activate(l)
                turn(fields.values, into: fields.turned_values, l)
            }
            l &+= 1
        }
        l = last &- 1
        while l >= 1 {
            var result = SoloResult(lanes(units(fields.output_adjoints, l)), stride: sampleRegisters)
            result.slopes = UnsafePointer(lanes(units(fields.slopes, l)))
            soloProduct(
                backwardTerm(l, fields.point, fields.output_adjoints), noTerm, rows: fields.widths[l],
                registers: sampleRegisters, into: result)
            l &-= 1
        }
    }

    @inline(__always)
    private func activate(_ l: Int) {
        let h = lanes(units(fields.preactivations, l))
        let values = lanes(units(fields.values, l))
        let slopes = lanes(units(fields.slopes, l))
        let count = fields.widths[l] &* sampleRegisters
        let zero = V(0)
        let one = V(1)
        @inline(__always) func each(_ rule: (V) -> (V, V)) {
            var i = 0
            while i < count {
                (values[i], slopes[i]) = rule(h[i])
                i &+= 1
            }
        }
        switch fields.activation {
        case CL_TANH:
            each { h in
                let t = Elementary.tanh(h)
                return (t, V.nfma(t, t, one))
            }
        case CL_RELU: each { h in (.max(zero, h), .select(zero, less: h, one, zero)) }
        case CL_TWO_SLOPES:
            let (upper, lower) = (V(fields.upper_slope), V(fields.lower_slope))
            each { h in
                let slope = V.select(zero, less: h, upper, lower)
                return (slope * h, slope)
            }
        case CL_ABSOLUTE:
            each { h in (h.magnitude, .select(zero, less: h, one, .select(h, less: zero, V(-1), zero))) }
        default: each { h in (h, one) }
        }
    }

    /// J_l ∘ c for a number c of each sample, all layers.
    @inline(__always)
    func weigh(_ coefficients: UnsafePointer<Scalar>, into adjoints: UnsafeMutableRawPointer?) {
        let c = UnsafeRawPointer(coefficients).assumingMemoryBound(to: V.self)
        var l = 1
        while l <= last {
            let from = lanes(units(fields.output_adjoints, l))
            let to = lanes(units(adjoints, l))
            var unit = 0
            while unit < fields.widths[l] {
                var p = 0
                while p < sampleRegisters {
                    let i = unit &* sampleRegisters &+ p
                    to[i] = from[i] * c[p]
                    p &+= 1
                }
                unit &+= 1
            }
            l &+= 1
        }
    }

    /// Σ_s c_s ∇f(x_s), each layer times its factor. Leaves the adjoints J_l ∘ c.
    @inline(__always)
    func pullBack(
        _ coefficients: UnsafePointer<Scalar>, factors: UnsafePointer<Double>, adjoints: UnsafeMutableRawPointer?,
        into result: UnsafeMutableRawPointer?
    ) {
        weigh(coefficients, into: adjoints)
        var l = 1
        while l <= last {
            outer(outerTerm(l, adjoints, fields.turned_values), noTerm, l, factors, into: result)
            l &+= 1
        }
    }

    @inline(__always)
    func outer(
        _ first: SoloTerm<V>, _ second: SoloTerm<V>, _ l: Int, _ factors: UnsafePointer<Double>,
        into memory: UnsafeMutableRawPointer?
    ) {
        var result = SoloResult(lanes(weights(memory, l)), stride: registers(l &- 1))
        result.factor = V(factors[l &- 1])
        soloProduct(first, second, rows: fields.widths[l], registers: registers(l &- 1), into: result)
    }
}

import CLanes

/// The last layer of a net with one output, from a chunk's last hidden values to their adjoints in two passes over each
/// block of samples: the output is a vector product, so that separate passes would spend their time on memory.
///
/// Adds the weighted losses of the samples to the loss, and the last layer's part to the gradient; replaces the values by the
/// adjoints of the last hidden layer's pre-activations and adds those to its biases' gradient.
@inline(never)
func headPass<V: RealLanes, T: BlockSource>(
    _ values: UnsafeMutablePointer<V>, stride: Int, width: Int, samples: Int, slopes: UnsafePointer<V>,
    rule: SlopeRule, weights: UnsafePointer<V>, bias: UnsafeMutablePointer<V>?,
    targets: T, importance: UnsafePointer<V.Scalar>, gradient: UnsafeMutablePointer<V>,
    biasGradient: UnsafeMutablePointer<V>?, hiddenBiasGradient: UnsafeMutablePointer<V>?, isLogistic: Bool,
    loss: UnsafeMutablePointer<V>
) where T.Block == LaneBlock4<V> {
    let zero = V(0)
    let one = V(1)
    var target = targets
    var sum = loss[0]
    var biasSum = biasGradient.map { $0[0] } ?? zero
    let output = bias.map { $0[0] } ?? zero
    var s = 0
    while s < samples {
        let a = values + s &* stride
        // Two sums, so that one multiply–add need not wait for the last.
        var even = LaneBlock4(repeating: output)
        var odd = LaneBlock4(repeating: zero)
        var k = 0
        while k &+ 1 < width {
            even = .fma(LaneBlock4(a + k, stride: stride), weights[k], even)
            odd = .fma(LaneBlock4(a + (k &+ 1), stride: stride), weights[k &+ 1], odd)
            k &+= 2
        }
        if k < width { even = .fma(LaneBlock4(a + k, stride: stride), weights[k], even) }
        let f = LaneBlock4.combine(even, odd) { $0 + $1 }
        let weight = LaneBlock4<V>(broadcasting: importance + s, stride: 1)
        let adjoint: LaneBlock4<V>
        if isLogistic {
            let jets = LossJets(f, target.load(), weight)
            sum = sum + jets.values.sum
            adjoint = jets.slopes
        } else {
            let residual = LaneBlock4.combine(f, target.load()) { $0 - $1 }
            let weighted = LaneBlock4.combine(weight, residual) { $0 * $1 }
            sum = sum + LaneBlock4.combine(weighted, residual) { $0 * $1 }.sum
            adjoint = weighted.map { $0 + $0 }
        }
        biasSum = biasSum + adjoint.sum
        target.advance()

        @inline(__always) func back(_ slope: (LaneBlock4<V>, Int) -> LaneBlock4<V>) {
            var k = 0
            while k < width {
                let value = LaneBlock4(a + k, stride: stride)
                gradient[k] = gradient[k] + value.dot(adjoint)
                let w = weights[k]
                let result = LaneBlock4.combine(adjoint.map { $0 * w }, slope(value, k)) { $0 * $1 }
                result.store(a + k, stride: stride)
                if let hiddenBiasGradient { hiddenBiasGradient[k] = hiddenBiasGradient[k] + result.sum }
                k &+= 1
            }
        }
        switch rule {
        case .one: back { _, _ in LaneBlock4(repeating: one) }
        case .tanh: back { value, _ in value.map { .nfma($0, $0, one) } }
        case .rectifier: back { value, _ in value.map { V.select(zero, less: $0, one, zero) } }
        case .stored: back { _, k in LaneBlock4(slopes + (s &* stride &+ k), stride: stride) }
        }
        s &+= Int(CL_SAMPLE_BLOCK)
    }
    loss[0] = sum
    biasGradient?[0] = biasSum
}

extension SampledNet {
    /// Whether the last layer goes through `head` instead of the general passes.
    @inline(__always) var hasHead: Bool { fields.layers > 1 && fields.widths[fields.layers] == 1 }

    @inline(__always)
    func head(first: Int, samples: Int, rule: SlopeRule, loss: UnsafeMutablePointer<V>) {
        let last = fields.layers
        let below = last &- 1
        @inline(__always) func run<T: BlockSource>(_ targets: T) where T.Block == LaneBlock4<V> {
            headPass(
                units(fields.values, below), stride: fields.unit_strides[below], width: fields.widths[below],
                samples: samples, slopes: units(fields.slopes, below), rule: rule, weights: weights(fields.point, last),
                bias: biases(fields.point, last), targets: targets, importance: scalars(fields.sample_weights) + first,
                gradient: weights(fields.gradient, last), biasGradient: biases(fields.gradient, last),
                hiddenBiasGradient: biases(fields.gradient, below), isLogistic: isLogistic, loss: loss)
        }
        if fields.own_targets {
            run(LaneSource(lanes(fields.targets) + first, across: 1, along: Int(CL_SAMPLE_BLOCK)))
        } else {
            run(SharedSource(scalars(fields.targets) + first, across: 1, along: Int(CL_SAMPLE_BLOCK)))
        }
    }
}

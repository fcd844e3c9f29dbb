import Kernels

extension SampledNetShape {
    /// What a net puts out on samples, in the elementary functions of the kernels: the same bits on every machine.
    ///
    /// - Parameters:
    ///   - weights: in the layout of the shape.
    ///   - features: n × d, row-major.
    /// - Returns: n × outputs, row-major.
    public func outputs(of weights: [Double], on features: [Double]) -> [Double] {
        precondition(weights.count == weightCount, "a net has as many weights as its shape")
        let widths = allWidths
        let n = features.count / inputs
        var values = features
        for l in 0..<layerCount {
            let (rows, columns) = (widths[l + 1], widths[l])
            var next = [Double](repeating: 0, count: n * rows)
            for s in 0..<n {
                for i in 0..<rows {
                    var h = hasBiases ? weights[biasOffsets[l] + i] : 0
                    let start = layerOffsets[l] + i * columns
                    for j in 0..<columns { h += weights[start + j] * values[s * columns + j] }
                    next[s * rows + i] = h
                }
            }
            values = l < depth ? activation.values(next) : next
        }
        return values
    }
}

extension UnitActivation {
    /// φ(h) of many numbers.
    func values(_ h: [Double]) -> [Double] {
        func product(_ function: ElementaryFunction) -> [Double] { zip(h, function(h)).map { $0 * $1 } }
        switch self {
        case .linear: return h
        case .tanh: return ElementaryFunction.tanh(h)
        case .relu: return h.map { max(0, $0) }
        case .leakyRelu(let slope): return h.map { $0 > 0 ? $0 : slope * $0 }
        case .twoSlopes(let above, let below): return h.map { ($0 > 0 ? above : below) * $0 }
        case .absolute: return h.map(abs)
        case .erf: return ElementaryFunction.erf(h.map { $0 * 0.5.squareRoot() })
        case .shiftedErf(let shift): return ElementaryFunction.erf(h.map { ($0 + shift) * 0.5.squareRoot() })
        case .softplus: return ElementaryFunction.softplus(h)
        case .swish: return product(.logistic)
        case .gelu: return product(.normal)
        }
    }
}

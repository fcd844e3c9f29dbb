import Foundation

/// Loss, gradient and Hessian-vector product of a sampled net in plain loops, one net and one sample at a time: the oracle
/// for the fast kernel.
public enum ReferenceNet {
    /// Regularised loss and gradient; decays as in `SampledNetPack`, the loss averaged over masks of factors on the
    /// hidden units where there are any.
    public static func lossAndGradient(
        _ shape: SampledNetShape, _ data: SampledData, loss: LossFunction = .squaredError, masks: [[Double]] = [],
        decays: [Double], biasDecays: [Double]? = nil, _ weights: [Double]
    ) -> (loss: Double, gradient: [Double]) {
        let result = dual(shape, data, loss, masks, decays, biasDecays, weights.map { Dual($0) })
        return (result.loss.value, result.gradient.map(\.value))
    }

    /// Hessian times direction: the derivative of the gradient along the direction, by dual numbers.
    public static func hessianProduct(
        _ shape: SampledNetShape, _ data: SampledData, loss: LossFunction = .squaredError, masks: [[Double]] = [],
        decays: [Double], biasDecays: [Double]? = nil, _ weights: [Double], direction: [Double]
    ) -> [Double] {
        let moving = zip(weights, direction).map { Dual($0, $1) }
        return dual(shape, data, loss, masks, decays, biasDecays, moving).gradient.map(\.tangent)
    }

    private static func dual(
        _ shape: SampledNetShape, _ data: SampledData, _ function: LossFunction, _ masks: [[Double]],
        _ decays: [Double], _ biasDecays: [Double]?, _ weights: [Dual]
    ) -> (loss: Dual, gradient: [Dual]) {
        var loss = Dual(0)
        var gradient = [Dual](repeating: Dual(0), count: weights.count)
        let all = masks.isEmpty ? [Array(repeating: 1, count: shape.widths.reduce(0, +))] : masks
        let scale = 1 / Double(data.count * all.count)
        for mask in all {
            for s in 0..<data.count {
                addSample(s, shape, data, function, mask, scale: scale, weights, &loss, &gradient)
            }
        }
        for l in 0..<shape.layerCount {
            for index in shape.layerOffsets[l]..<shape.layerOffsets[l + 1] {
                let isBias = shape.hasBiases && index >= shape.biasOffsets[l]
                let decay = Dual(isBias ? biasDecays?[l] ?? 0 : decays[l])
                loss = loss + decay * weights[index] * weights[index]
                gradient[index] = gradient[index] + Dual(2) * decay * weights[index]
            }
        }
        return (loss, gradient)
    }

    private static func addSample(
        _ s: Int, _ shape: SampledNetShape, _ data: SampledData, _ function: LossFunction, _ mask: [Double],
        scale: Double, _ weights: [Dual], _ loss: inout Dual, _ gradient: inout [Dual]
    ) {
        let widths = shape.allWidths
        let layers = shape.layerCount
        let starts = shape.layerOffsets
        let biases = shape.biasOffsets
        var values = [data.features[s * shape.inputs..<(s + 1) * shape.inputs].map { Dual($0) }]
        var slopes: [[Dual]] = [[]]
        var firstUnit = 0
        for l in 0..<layers {
            var next: [Dual] = []
            var nextSlopes: [Dual] = []
            for i in 0..<widths[l + 1] {
                var h = shape.hasBiases ? weights[biases[l] + i] : Dual(0)
                for j in 0..<widths[l] { h = h + weights[starts[l] + i * widths[l] + j] * values[l][j] }
                guard l < layers - 1 else {
                    next.append(h)
                    continue
                }
                let factor = Dual(mask[firstUnit + i])
                let jet = shape.activation.jet(h.value)
                next.append(factor * Dual(jet.value, jet.slope * h.tangent))
                nextSlopes.append(factor * Dual(jet.slope, jet.curvature * h.tangent))
            }
            firstUnit += widths[l + 1]
            values.append(next)
            slopes.append(nextSlopes)
        }
        var adjoints: [Dual] = []
        for i in 0..<shape.outputs {
            let term = function.term(values[layers][i], data.targets[s * shape.outputs + i])
            loss = loss + Dual(scale) * term.value
            adjoints.append(Dual(scale) * term.slope)
        }
        for l in (0..<layers).reversed() {
            var below = [Dual](repeating: Dual(0), count: widths[l])
            for i in 0..<widths[l + 1] {
                if shape.hasBiases { gradient[biases[l] + i] = gradient[biases[l] + i] + adjoints[i] }
                for j in 0..<widths[l] {
                    let index = starts[l] + i * widths[l] + j
                    gradient[index] = gradient[index] + adjoints[i] * values[l][j]
                    below[j] = below[j] + adjoints[i] * weights[index]
                }
            }
            if l > 0 { adjoints = zip(below, slopes[l]).map { $0 * $1 } }
        }
    }
}

extension LossFunction {
    /// The loss of one output and its slope.
    fileprivate func term(_ f: Dual, _ y: Double) -> (value: Dual, slope: Dual) {
        switch self {
        case .squaredError:
            let residual = f + Dual(-y)
            return (residual * residual, Dual(2) * residual)
        case .logistic:
            let s = 1 / (1 + exp(y * f.value))
            let value = max(0, -y * f.value) + log1p(exp(-abs(y * f.value)))
            return (Dual(value, -y * s * f.tangent), Dual(-y * s, y * y * s * (1 - s) * f.tangent))
        }
    }
}

/// A number and its derivative along a direction.
private struct Dual {
    let value: Double
    let tangent: Double

    init(_ value: Double, _ tangent: Double = 0) {
        self.value = value
        self.tangent = tangent
    }
    static func + (a: Dual, b: Dual) -> Dual { Dual(a.value + b.value, a.tangent + b.tangent) }
    static func * (a: Dual, b: Dual) -> Dual { Dual(a.value * b.value, a.value * b.tangent + a.tangent * b.value) }
}

extension UnitActivation {
    /// φ(h), φ'(h), φ''(h) from the C library.
    package func jet(_ h: Double) -> (value: Double, slope: Double, curvature: Double) {
        switch self {
        case .linear: return (h, 1, 0)
        case .tanh:
            let t = Foundation.tanh(h)
            return (t, 1 - t * t, -2 * t * (1 - t * t))
        case .relu: return (max(0, h), h > 0 ? 1 : 0, 0)
        case .leakyRelu(let slope): return (h > 0 ? h : slope * h, h > 0 ? 1 : slope, 0)
        case .twoSlopes(let above, let below): return (h > 0 ? above * h : below * h, h > 0 ? above : below, 0)
        case .absolute: return (abs(h), h > 0 ? 1 : (h < 0 ? -1 : 0), 0)
        case .erf: return UnitActivation.shiftedErf(by: 0).jet(h)
        case .shiftedErf(let shift):
            let x = h + shift
            let slope = (2 / Double.pi).squareRoot() * exp(-x * x / 2)
            return (Foundation.erf(x / 2.0.squareRoot()), slope, -x * slope)
        case .softplus:
            let s = 1 / (1 + exp(-h))
            return (max(h, 0) + log1p(exp(-abs(h))), s, s * (1 - s))
        case .swish:
            let s = 1 / (1 + exp(-h))
            return (h * s, s + h * s * (1 - s), s * (1 - s) * (2 + h * (1 - 2 * s)))
        case .gelu:
            let cumulative = erfc(-h / 2.0.squareRoot()) / 2
            let density = exp(-h * h / 2) / (2 * Double.pi).squareRoot()
            return (h * cumulative, cumulative + h * density, density * (2 - h * h))
        }
    }
}

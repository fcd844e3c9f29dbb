import Foundation

/// Loss, gradient and Hessian-vector product of a sampled net in plain loops, one net and one sample at a time: the oracle
/// for the fast kernel.
public enum ReferenceNet {
    /// Regularised loss and gradient; decays as in `SampledNetPack`.
    public static func lossAndGradient(
        _ shape: SampledNetShape, _ data: SampledData, decays: [Double], biasDecays: [Double], _ weights: [Double]
    ) -> (loss: Double, gradient: [Double]) {
        let result = dual(shape, data, decays, biasDecays, weights.map { Dual($0) })
        return (result.loss.value, result.gradient.map(\.value))
    }

    /// Hessian times direction: the derivative of the gradient along the direction, by dual numbers.
    public static func hessianProduct(
        _ shape: SampledNetShape, _ data: SampledData, decays: [Double], biasDecays: [Double], _ weights: [Double],
        direction: [Double]
    ) -> [Double] {
        let moving = zip(weights, direction).map { Dual($0, $1) }
        return dual(shape, data, decays, biasDecays, moving).gradient.map(\.tangent)
    }

    private static func dual(
        _ shape: SampledNetShape, _ data: SampledData, _ decays: [Double], _ biasDecays: [Double], _ weights: [Dual]
    ) -> (loss: Dual, gradient: [Dual]) {
        let widths = shape.allWidths
        let layers = shape.layerCount
        let starts = shape.layerOffsets
        let biases = shape.biasOffsets
        let scale = Dual(1 / Double(data.count))
        var loss = Dual(0)
        var gradient = [Dual](repeating: Dual(0), count: weights.count)
        for s in 0..<data.count {
            var values = [data.features[s * shape.inputs..<(s + 1) * shape.inputs].map { Dual($0) }]
            var slopes: [[Dual]] = [[]]
            for l in 0..<layers {
                var next: [Dual] = []
                var nextSlopes: [Dual] = []
                for i in 0..<widths[l + 1] {
                    var h = shape.hasBiases ? weights[biases[l] + i] : Dual(0)
                    for j in 0..<widths[l] { h = h + weights[starts[l] + i * widths[l] + j] * values[l][j] }
                    let jet = shape.activation.jet(h.value)
                    next.append(l < layers - 1 ? Dual(jet.value, jet.slope * h.tangent) : h)
                    nextSlopes.append(Dual(jet.slope, jet.curvature * h.tangent))
                }
                values.append(next)
                slopes.append(nextSlopes)
            }
            var adjoints: [Dual] = []
            for i in 0..<shape.outputs {
                let residual = values[layers][i] + Dual(-data.targets[s * shape.outputs + i])
                loss = loss + scale * residual * residual
                adjoints.append(Dual(2) * scale * residual)
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
        for l in 0..<layers {
            for index in starts[l]..<starts[l + 1] {
                let isBias = shape.hasBiases && index >= biases[l]
                let decay = Dual(isBias ? biasDecays[l] : decays[l])
                loss = loss + decay * weights[index] * weights[index]
                gradient[index] = gradient[index] + Dual(2) * decay * weights[index]
            }
        }
        return (loss, gradient)
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
    func jet(_ h: Double) -> (value: Double, slope: Double, curvature: Double) {
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

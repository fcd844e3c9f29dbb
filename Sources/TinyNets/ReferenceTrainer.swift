import Lanes

/// What a hidden unit does to its input.
public enum Activation: String, Sendable, CaseIterable, Hashable {
    case linear, tanh, relu

    /// The kernel's number for it.
    var kernelNumber: Int {
        switch self {
        case .linear: 0
        case .tanh: 1
        case .relu: 2
        }
    }
    func value(_ h: Double) -> Double {
        switch self {
        case .linear: h
        case .tanh: hyperbolicTangent(h)
        case .relu: h > 0 ? h : 0
        }
    }
    /// The derivative where the value is known; 0 at ReLU's kink.
    func slope(value: Double) -> Double {
        switch self {
        case .linear: 1
        case .tanh: 1 - value * value
        case .relu: value > 0 ? 1 : 0
        }
    }
}

/// Samples of inputs and scalar targets.
public struct Samples: Sendable, Hashable {
    public let inputs: Int
    /// n × d, row-major.
    public let features: [Double]
    /// n numbers.
    public let targets: [Double]

    /// - Precondition: n × d features for n > 0 targets.
    public init(inputs: Int, features: [Double], targets: [Double]) {
        precondition(!targets.isEmpty && features.count == inputs * targets.count, "n × d features, n > 0 targets")
        self.inputs = inputs
        self.features = features
        self.targets = targets
    }
    public var count: Int { targets.count }
}

/// Loss and gradient in plain loops, one net at a time: the oracle for the fast kernel.
public enum ReferenceTrainer {
    /// Regularised loss and gradient of a deep linear net, averaged exactly over data and neuron noise.
    ///
    /// With S_0 = E[x xᵀ], m_0 = E[x y]: M_l = W_l S_{l−1} W_lᵀ, S_l = M_l + σ_l² diag M_l, m_l = W_l m_{l−1};
    /// loss = U S_D Uᵀ − 2 U m_D + E[y²] + Σ γ_l ‖W_l‖².
    public static func lossAndGradient(
        _ shape: DeepLinearShape, _ problem: DeepLinearProblem, _ weights: [Double]
    ) -> (loss: Double, gradient: [Double]) {
        let widths = shape.allWidths
        let offsets = shape.layerOffsets
        let layers = shape.layerCount
        var covariances = [problem.moments.inputSecondMoment]
        var means = [problem.moments.crossMoment]
        var loss = problem.moments.targetSecondMoment
        for l in 0..<layers {
            let (rows, columns) = (widths[l + 1], widths[l])
            let w = Array(weights[offsets[l]..<offsets[l + 1]])
            var covariance = product(product(w, rows, columns, covariances[l], columns), rows, columns, w, rows, true)
            if l < layers - 1 {
                for i in 0..<rows { covariance[i * rows + i] *= 1 + problem.noises[l] }
            }
            covariances.append(covariance)
            means.append(product(w, rows, columns, means[l], 1))
            loss += problem.gammas[l] * w.reduce(0) { $0 + $1 * $1 }
        }
        loss += covariances[layers][0] - 2 * means[layers][0]

        var gradient = [Double](repeating: 0, count: weights.count)
        var adjoint = [1.0]
        var meanAdjoint = [-2.0]
        for l in (0..<layers).reversed() {
            let (rows, columns) = (widths[l + 1], widths[l])
            let w = Array(weights[offsets[l]..<offsets[l + 1]])
            let hw = product(adjoint, rows, rows, w, columns)
            let hws = product(hw, rows, columns, covariances[l], columns)
            for i in 0..<rows {
                for j in 0..<columns {
                    let index = i * columns + j
                    gradient[offsets[l] + index] =
                        2 * hws[index] + meanAdjoint[i] * means[l][j] + 2 * problem.gammas[l] * w[index]
                }
            }
            guard l > 0 else { break }
            let wt = transposed(w, rows, columns)
            adjoint = product(wt, columns, rows, hw, columns)
            for i in 0..<columns { adjoint[i * columns + i] *= 1 + problem.noises[l - 1] }
            meanAdjoint = product(wt, columns, rows, meanAdjoint, 1)
        }
        return (loss, gradient)
    }

    /// Regularised mean squared error and its gradient for a bias-free net through samples, without noise.
    ///
    /// - Parameter gammas: weight decay of each matrix, first layer first.
    public static func lossAndGradient(
        _ shape: DeepLinearShape, _ activation: Activation, _ samples: Samples, gammas: [Double], _ weights: [Double]
    ) -> (loss: Double, gradient: [Double]) {
        let widths = shape.allWidths
        let offsets = shape.layerOffsets
        let layers = shape.layerCount
        var loss = 0.0
        var gradient = [Double](repeating: 0, count: weights.count)
        for s in 0..<samples.count {
            var values = [Array(samples.features[s * shape.inputs..<(s + 1) * shape.inputs])]
            for l in 0..<layers {
                var next = [Double](repeating: 0, count: widths[l + 1])
                for i in 0..<widths[l + 1] {
                    for j in 0..<widths[l] { next[i] += weights[offsets[l] + i * widths[l] + j] * values[l][j] }
                    if l < layers - 1 { next[i] = activation.value(next[i]) }
                }
                values.append(next)
            }
            let error = values[layers][0] - samples.targets[s]
            loss += error * error / Double(samples.count)
            var delta = [2 * error / Double(samples.count)]
            for l in (0..<layers).reversed() {
                var below = [Double](repeating: 0, count: widths[l])
                for i in 0..<widths[l + 1] {
                    for j in 0..<widths[l] {
                        let index = offsets[l] + i * widths[l] + j
                        gradient[index] += delta[i] * values[l][j]
                        below[j] += delta[i] * weights[index]
                    }
                }
                if l > 0 { for j in 0..<widths[l] { below[j] *= activation.slope(value: values[l][j]) } }
                delta = below
            }
        }
        for l in 0..<layers {
            for index in offsets[l]..<offsets[l + 1] {
                loss += gammas[l] * weights[index] * weights[index]
                gradient[index] += 2 * gammas[l] * weights[index]
            }
        }
        return (loss, gradient)
    }

    /// Plain gradient descent: w ← w − rate ∇L.
    public static func descend(
        from weights: [Double], rate: Double, steps: Int, gradient: ([Double]) -> [Double]
    ) -> [Double] {
        var w = weights
        for _ in 0..<steps {
            let g = gradient(w)
            for i in w.indices { w[i] -= rate * g[i] }
        }
        return w
    }

    /// A (rows × inner) times B (inner × columns), or times Bᵀ with B columns × inner.
    private static func product(
        _ a: [Double], _ rows: Int, _ inner: Int, _ b: [Double], _ columns: Int, _ isTransposed: Bool = false
    ) -> [Double] {
        var c = [Double](repeating: 0, count: rows * columns)
        for i in 0..<rows {
            for j in 0..<columns {
                for k in 0..<inner {
                    c[i * columns + j] += a[i * inner + k] * (isTransposed ? b[j * inner + k] : b[k * columns + j])
                }
            }
        }
        return c
    }

    private static func transposed(_ a: [Double], _ rows: Int, _ columns: Int) -> [Double] {
        (0..<rows * columns).map { a[($0 % rows) * columns + $0 / rows] }
    }
}

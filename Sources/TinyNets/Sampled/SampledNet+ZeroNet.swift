import Lanes

extension SampledNet {
    /// The weights of the trivial phase: all matrices zero, and the output's biases, where there are any, at their
    /// optimum. Nil where that is no stationary point, because the activation is not zero at zero, and where the
    /// optimum is at infinity (logistic loss of labels that are all equal).
    public var zeroNetWeights: [Double]? {
        var weights = [Double](repeating: 0, count: shape.weightCount)
        guard shape.hasBiases else { return shape.depth == 0 || shape.activation.isZeroAtZero ? weights : nil }
        let means = targetMeans
        let start = shape.biasOffsets[shape.depth]
        for (j, mean) in means.enumerated() {
            switch loss {
            case .squaredError: weights[start + j] = mean
            case .logistic:
                guard abs(mean) < 1 else { return nil }
                weights[start + j] = logarithm((1 + mean) / (1 - mean))
            }
        }
        return weights
    }

    /// Loss of a net whose output is constant: the best constant where it has biases, else zero.
    public var zeroNetLoss: Double {
        guard shape.hasBiases else {
            return loss == .logistic ? Double(shape.outputs) * logarithm(2) : moments.targetSecondMoment
        }
        return targetMeans.reduce(loss == .logistic ? 0 : moments.targetSecondMoment) { sum, mean in
            guard loss == .logistic else { return sum - mean * mean }
            return sum - [(1 + mean) / 2, (1 - mean) / 2].reduce(0) { $0 + ($1 > 0 ? $1 * logarithm($1) : 0) }
        }
    }

    private var targetMeans: [Double] {
        (0..<data.outputs).map { j in
            (0..<data.count).reduce(0) { $0 + data.targets[$1 * data.outputs + j] } / Double(data.count)
        }
    }

    /// The lowest eigenvalue of the zero net's Hessian; nil where a kink leaves none and for nets with biases.
    func zeroNetLowestCurvature(gammas: [Double]) -> Double? {
        guard !shape.hasBiases, shape.activation.isZeroAtZero else { return nil }
        if gammas.count > 2 { return 2 * gammas.min()! }
        guard gammas.count == 2, let slope = shape.activation.slopeAtZero else { return nil }
        // The slope of the logistic loss at 0 is a quarter of the square's.
        let g = moments.crossNorm * slope * (loss == .logistic ? 0.25 : 1)
        let (sum, difference) = (gammas[0] + gammas[1], gammas[0] - gammas[1])
        return sum - (difference * difference + 4 * g * g).squareRoot()
    }

    /// The Σ‖W‖² below which gradient flow certainly ends at the zero net; nil where there is no such certificate.
    ///
    /// As for a linear net, with |φ(h)| ≤ s |h| and |φ'| ≤ s: with ρ = R/(D+1), M = E‖y‖‖x‖ and P = E‖x‖² (times s^D and
    /// s^2D and the noise's largest factors) w·∇L ≥ 2 R [γ_min − ρ^{(D−1)/2} (M + ρ^{(D+1)/2} P)].
    func zeroBasinSquaredNorm(gammas: [Double]) -> Double? {
        guard !shape.hasBiases, shape.activation.isZeroAtZero, let smallest = gammas.min(), smallest > 0,
            gammas.count > 1
        else { return nil }
        let depth = gammas.count - 1
        func push(_ b: Double) -> Double {
            var power = 1.0
            for _ in 0..<depth - 1 { power *= b }
            return power * (overlapBound + power * b * b * powerBound)
        }
        var (low, high) = (0.0, 1.0)
        while push(high) < smallest && high < 1e6 { high *= 2 }
        for _ in 0..<100 {
            let middle = 0.5 * (low + high)
            if push(middle) < smallest { low = middle } else { high = middle }
        }
        return low > 0 ? Double(depth + 1) * low * low * (1 - 1e-9) : nil
    }
}

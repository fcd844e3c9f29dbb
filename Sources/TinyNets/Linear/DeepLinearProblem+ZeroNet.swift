import Lanes

extension DeepLinearProblem {
    /// G, the geometric mean of the layers' weight decays; the common value, exactly, where they are equal.
    public var meanGamma: Double {
        if gammas.allSatisfy({ $0 == gammas[0] }) { return gammas[0] }
        if gammas.contains(where: { $0 <= 0 }) { return 0 }
        return exponential(gammas.reduce(0) { $0 + logarithm($1) } / Double(gammas.count))
    }

    /// γ_l / G: how each layer's decay moves with the common factor G. All 1 where G is zero.
    var gammaRatios: [Double] {
        let mean = meanGamma
        return gammas.map { mean > 0 ? $0 / mean : 1 }
    }

    /// The Σ‖W‖² below which gradient flow certainly ends at the zero net; nil where there is no such certificate,
    /// infinite where every path ends there.
    ///
    /// Along the flow d‖w‖²/dt = −2 w·∇L, and with ‖W_l‖ as the unknowns
    /// w·∇L ≥ 2 γ_min R − 2 (D+1) ‖g‖ Π‖W_l‖ ≥ 2 R [γ_min − ‖g‖ (R/(D+1))^{(D−1)/2}]. Where the bracket is positive R
    /// falls, which keeps it positive. For D = 1 the same with ‖W‖² weighted by γ shows that G ≥ ‖g‖ leaves the origin
    /// as the only stationary point.
    var zeroBasinSquaredNorm: Double? {
        guard depth > 0, gammas.allSatisfy({ $0 > 0 }) else { return nil }
        let g = moments.crossNorm
        if g == 0 { return .infinity }
        if depth == 1 { return meanGamma >= g ? .infinity : nil }
        let smallest = gammas.min()!
        // A hair inside, because R is a rounded sum.
        return Double(depth + 1) * exponential(2 / Double(depth - 1) * logarithm(smallest / g)) * (1 - 1e-9)
    }

    /// The lowest eigenvalue of the Hessian of a net with hidden layers where all weights are zero.
    var zeroNetLowestCurvature: Double {
        if depth > 1 { return 2 * gammas.min()! }
        let (sum, difference) = (gammas[0] + gammas[1], gammas[0] - gammas[1])
        let g = moments.crossNorm
        return sum - (difference * difference + 4 * g * g).squareRoot()
    }

    /// The net whose weights are all zero, as a minimum: the trivial phase.
    public func zeroNet(shape: DeepLinearShape) -> Minimum {
        zeroNet(
            weights: Array(repeating: 0, count: shape.weightCount), loss: moments.targetSecondMoment,
            lowestCurvature: zeroNetLowestCurvature, steps: 0)
    }

    /// - Parameter lowestCurvature: nil where the activation's kink leaves none.
    func zeroNet(weights: [Double], loss: Double, lowestCurvature lowest: Double?, steps: Int) -> Minimum {
        // Where the origin is only just stable, as at a critical point, R has no linear response.
        let isRegular = lowest.map { $0 > 1e-8 * gammas.reduce(0, +) } ?? true
        return Minimum(
            weights: weights, loss: loss, dataLoss: loss, gradientNorm: 0,
            outcome: .converged, reason: "", squaredNorm: 0,
            layerSquaredNorms: Array(repeating: 0, count: gammas.count), lossSlope: 0,
            lossCurvature: isRegular ? 0 : nil, lowestCurvature: lowest, steps: steps)
    }
}

import Lanes
import PhaseSpace

/// Exact theory of a deep linear net with weight decay and multiplicative neuron noise.
///
/// Unequal decays, widths and noises enter only through their geometric mean G and through κ = Π(1 + σ_l²/d_l).
/// Source: Ziyin & Ueda (arXiv 2205.12510) and Ziyin, Li & Meng (arXiv 2202.04777).
public struct DeepLinearTheory: Sendable {
    /// γ of each layer, first layer first; D + 1 of them.
    public let gammas: [Double]
    /// Hidden widths; D of them.
    public let widths: [Int]
    public let path: RidgePath
    /// About the relative error of the data's smallest principal variance: beyond 1e-9 answers are not called exact.
    public let relativeError: Double

    /// - Parameters:
    ///   - inputVariances: eigenvalues of E[xxᵀ].
    ///   - correlations: components of E[xy] along their eigenvectors.
    ///   - noises: σ² per hidden layer.
    ///   - unexplained: E[y²] − gᵀA⁻¹g where it is known better than by subtracting.
    /// - Throws: `ControlError` where the data cannot be: E[y²] below the variance that the inputs explain.
    public init(
        gammas: [Double], widths: [Int], noises: [Double], inputVariances: [Double], correlations: [Double],
        targetSecondMoment: Double, unexplained: Double? = nil, relativeError: Double = 0
    ) throws(ControlError) {
        self.gammas = gammas
        self.widths = widths
        let logFactor = zip(widths, noises).reduce(0) { $0 + logarithmOnePlus($1.1 / Double($1.0)) }
        // Room for κ a_i and its square.
        guard logFactor < 300 else {
            throw ControlError(
                control: "noise",
                message: "`noise` is too strong for this depth: κ = Π(1 + σ²/width) is e^\(Int(logFactor)), and no "
                    + "double holds what follows from it (at most e^300)")
        }
        self.relativeError = relativeError
        path = RidgePath(
            depth: widths.count, inputVariances: inputVariances, correlations: correlations,
            targetSecondMoment: targetSecondMoment, noiseFactor: exponential(logFactor), unexplained: unexplained)
        try Self.check(inputVariances, correlations, unexplained == nil ? targetSecondMoment : .infinity)
    }

    private static func check(_ variances: [Double], _ correlations: [Double], _ target: Double) throws(ControlError) {
        var explained = 0.0
        for (a, g) in zip(variances, correlations) where g != 0 {
            guard a > 0 else {
                throw ControlError(
                    control: "inputVariances",
                    message: "a direction without input variance cannot correlate with the target (a = "
                        + "\(a), g = \(g)): give its variance, or correlation 0")
            }
            explained += g * g / a
        }
        guard target >= explained * (1 - 1e-12) else {
            throw ControlError(
                control: "targetSecondMoment",
                message: "`targetSecondMoment` E[y²] = \(target) is below gᵀA⁻¹g = \(explained), the part that the "
                    + "inputs explain: no data have such moments")
        }
    }

    public var depth: Int { path.depth }
    /// G, the geometric mean of the layers' decays.
    public var decay: Double {
        if isUniform { return gammas[0] }
        return exponential(gammas.map { logarithm($0) }.reduce(0, +) / Double(gammas.count))
    }
    public var isUniform: Bool { gammas.allSatisfy { $0 == gammas[0] } }

    /// Whether the origin is a local minimum (marginal counts as stable).
    public var isOriginStable: Bool {
        switch depth {
        case 0: path.isSilent
        case 1: path.isSilent || path.criticalDistance(decay) <= 0
        default: true
        }
    }

    /// Exact observables at a stationary point; nil stands for the origin.
    ///
    /// `lossSlope` and `lossCurvature` are derivatives by G, which is γ where one γ holds for all layers.
    public func values(at point: StationaryPoint?) -> Measured {
        let t = point?.layerSquaredNorm ?? 0
        let g = decay
        var values: Measured = [
            .loss: point?.freeEnergy ?? path.targetSecondMoment,
            .lossSlope: point?.slope ?? 0,
            .lossCurvature: point?.curvature ?? 0,
            .zeroNetLoss: path.targetSecondMoment,
            .dataLoss: point?.dataLoss ?? path.targetSecondMoment,
            .squaredNorm: isUniform ? Double(depth + 1) * t : gammas.reduce(0) { $0 + g * t / $1 },
            .layerSquaredNorm: t,
        ]
        if let width = widths.first, isUniform, widths.allSatisfy({ $0 == width }) {
            values[.weightAmplitude] = t.squareRoot() / Double(width)
        }
        return values
    }

    /// In the global phase.
    func equilibrium() throws -> Measured { values(at: try path.globalMinimum(atDecay: decay)) }

    /// Values in the global phase, and at all stationary points by rising norm, the origin first.
    public func theory() throws -> Theory {
        let points = try path.stationaryPoints(atDecay: decay)
        var branches = points.map { Theory.Branch(values: values(at: $0).values, isStable: $0.isStable) }
        if depth > 0 || path.isSilent {
            branches.insert(Theory.Branch(values: values(at: nil).values, isStable: isOriginStable), at: 0)
        }
        return Theory(measured: try equilibrium(), branches: branches)
    }

    /// How sure answers are: exact as far as the data's principal axes are.
    public var claim: Claim { relativeError > PrincipalInputs.exactness ? .estimate : .exact }

    /// Transitions along a common decay, by rising location.
    public func transitions() throws -> [Transition] {
        try exactTransitions().map { transition in
            var transition = transition
            transition.claim = claim
            if claim == .estimate, let x = transition.location?.value {
                let half = relativeError * x
                transition.location = Estimate(x, Interval(x - half, x + half))
                transition.sentence +=
                    "; the inputs are nearly collinear, which leaves a relative error of \(relativeError)"
            }
            return transition
        }
    }

    private func exactTransitions() throws -> [Transition] {
        guard let trivial = try path.trivialTransition() else {
            let why = depth == 0 ? "no hidden layer" : "no correlation between inputs and target"
            return [Transition(order: .none, sentence: "no transition: \(why)")]
        }
        let factor = Double(depth + 1)
        let secondary = try path.secondaryTransitions().filter(\.isGlobal).map { tie in
            var transition = Transition(order: .first, location: Estimate(tie.decay))
            let jump = factor * (tie.largerSquaredNorm - tie.smallerSquaredNorm)
            transition.jump = Estimate(jump)
            transition.latentHeat = Estimate(tie.decay * jump)
            transition.sentence = "first order between two trained phases"
            return transition
        }
        var last = Transition(
            order: trivial.isFirstOrder ? .first : .second, location: Estimate(trivial.decay),
            sentence: trivial.isFirstOrder ? "first order" : "second order")
        last.jump = Estimate(factor * trivial.layerSquaredNorm)
        last.latentHeat = Estimate(trivial.decay * factor * trivial.layerSquaredNorm)
        last.spinodal = Estimate(trivial.spinodal)
        last.barrier = Estimate(trivial.barrier)
        if trivial.isFirstOrder {
            last.lowerSpinodal = Estimate(0)
        } else {
            last.lowerSpinodal = Estimate(trivial.decay)
            last.curvatureJump = Estimate(trivial.curvatureJump)
            last.exponent = Estimate(0.5)
        }
        return secondary + [last]
    }
}

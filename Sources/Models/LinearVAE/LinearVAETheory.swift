import Lanes
import PhaseSpace

/// Exact minimum of the linear β-VAE and its transitions (Wang & Ziyin, arXiv 2205.04009).
///
/// With Z = A^{-1/2} E[x yᵀ] and its singular values ζ₁ ≥ ζ₂ ≥ …, mode i is active where ζ_i² > β η_dec² and i ≤ d₁; it
/// collapses continuously, one second-order transition per mode.
public struct LinearVAETheory: Sendable {
    /// What the latent variances are.
    public enum Posterior: String, ControlChoice {
        /// σ_i is learned with the weights.
        case learned
        /// σ_i = η_enc throughout.
        case fixed
    }

    /// Singular values ζ of A^{-1/2} E[x yᵀ], falling; only the first d₁ of them are ever used.
    public let singularValues: [Double]
    /// d₁.
    public let latentDimension: Int
    /// E‖y‖².
    public let targetSecondMoment: Double
    /// η_dec².
    public let decoderVariance: Double
    /// η_enc², the prior's variance.
    public let encoderVariance: Double
    public let posterior: Posterior
    /// About the relative error of ζ²: beyond 1e-9 answers are not called exact.
    public let relativeError: Double

    /// One latent mode at the minimum.
    public struct Mode: Sendable, Hashable {
        /// ζ.
        public let strength: Double
        public let isActive: Bool
        /// λ, the singular value of the decoder.
        public let decoder: Double
        /// θ, the singular value of A^{1/2} W.
        public let encoder: Double
        /// σ, the posterior's standard deviation.
        public let deviation: Double
        /// Divergence of the posterior from the prior, in nats.
        public let divergence: Double
        /// β_i = ζ²/η_dec², where the mode collapses.
        public let criticalBeta: Double
    }

    public init(
        singularValues: [Double], latentDimension: Int, targetSecondMoment: Double, decoderVariance: Double,
        encoderVariance: Double, posterior: Posterior, relativeError: Double = 0
    ) {
        self.singularValues = singularValues
        self.latentDimension = latentDimension
        self.targetSecondMoment = targetSecondMoment
        self.decoderVariance = decoderVariance
        self.encoderVariance = encoderVariance
        self.posterior = posterior
        self.relativeError = relativeError
    }

    /// How sure answers are: exact as far as the singular values are.
    public var claim: Claim { relativeError > PrincipalInputs.exactness ? .estimate : .exact }

    /// ζ² − β η_dec², to rounding of the difference itself, not of its terms.
    private func excess(_ zeta: Double, _ beta: Double) -> Double {
        let (square, tau) = (zeta * zeta, beta * decoderVariance)
        let rest = (-square).addingProduct(zeta, zeta) - (-tau).addingProduct(beta, decoderVariance)
        return square - tau + rest
    }

    private var used: ArraySlice<Double> { singularValues.prefix(latentDimension) }

    public func modes(beta: Double) -> [Mode] {
        let tau = beta * decoderVariance
        let prior = encoderVariance.squareRoot()
        return used.map { zeta in
            let excess = excess(zeta, beta)
            let isActive = excess > 0
            let critical = zeta * zeta / decoderVariance
            guard isActive else {
                return Mode(
                    strength: zeta, isActive: false, decoder: 0, encoder: 0, deviation: prior, divergence: 0,
                    criticalBeta: critical)
            }
            switch posterior {
            case .learned:
                let amplitude = excess.squareRoot()
                return Mode(
                    strength: zeta, isActive: true, decoder: amplitude / prior, encoder: prior * amplitude / zeta,
                    deviation: prior * tau.squareRoot() / zeta, divergence: 0.5 * logarithmOnePlus(excess / tau),
                    criticalBeta: critical)
            case .fixed:
                let root = tau.squareRoot()
                let distance = excess / (zeta + root)
                return Mode(
                    strength: zeta, isActive: true, decoder: (root * distance).squareRoot() / prior,
                    encoder: prior * (distance / root).squareRoot(), deviation: prior,
                    divergence: distance / (2 * root),
                    criticalBeta: critical)
            }
        }
    }

    /// Observables at the global minimum.
    public func values(beta: Double) -> Measured {
        let tau = beta * decoderVariance
        let modes = modes(beta: beta)
        let active = modes.filter(\.isActive)
        // What is left of E‖y‖², in sums of positive terms: in active modes, and beyond them.
        var (rest, curvature) = (0.0, 0.0)
        for mode in active {
            switch posterior {
            case .learned:
                rest += tau
                curvature -= 1 / (2 * beta)
            case .fixed:
                rest += mode.strength * tau.squareRoot()
                curvature -= mode.strength * decoderVariance / (4 * tau * tau.squareRoot())
            }
        }
        let lost = singularValues.enumerated().reduce(0) { sum, mode in
            mode.offset < modes.count && modes[mode.offset].isActive ? sum : sum + mode.element * mode.element
        }
        let explained = singularValues.reduce(0) { $0 + $1 * $1 }
        let unexplained = targetSecondMoment - explained
        // Less than rounding of the sum is nothing.
        rest += lost + (unexplained > 1e-15 * Double(singularValues.count) * explained ? unexplained : 0)
        let divergence = active.reduce(0) { $0 + $1.divergence }
        let distortion = rest / (2 * decoderVariance)
        let loss = distortion + beta * divergence
        var values: Measured = [
            .loss: loss, .lossSlope: divergence, .lossCurvature: curvature,
            .zeroNetLoss: targetSecondMoment / (2 * decoderVariance),
            .distortion: distortion, .divergence: divergence,
            .decoderSquaredNorm: active.reduce(0) { $0 + $1.decoder * $1.decoder },
            .activeModes: Double(active.count),
            .meanDeviation: modes.reduce(0) { $0 + $1.deviation } / Double(max(1, modes.count)),
        ]
        for (index, mode) in modes.prefix(LinearVAE.namedModes).enumerated() {
            values[.mode(index + 1)] = mode.decoder
        }
        return values
    }

    /// One transition per distinct threshold, by rising β; several modes of one strength collapse together.
    public func transitions() -> [Transition] {
        var found: [Transition] = []
        for mode in modes(beta: 1).reversed() where mode.strength > 0 {
            let jump = (posterior == .learned ? 0.5 : 0.25) / mode.criticalBeta
            if let last = found.last, let location = last.location?.value,
                mode.criticalBeta - location <= 1e-9 * location
            {
                found[found.count - 1].curvatureJump = Estimate((last.curvatureJump?.value ?? 0) + jump)
                continue
            }
            var transition = Transition(
                order: .second, location: Estimate(mode.criticalBeta), sentence: "second order: a mode collapses")
            transition.claim = claim
            if claim == .estimate {
                let half = relativeError * mode.criticalBeta
                transition.location = Estimate(
                    mode.criticalBeta, Interval(mode.criticalBeta - half, mode.criticalBeta + half))
            }
            transition.jump = Estimate(0)
            transition.latentHeat = Estimate(0)
            transition.curvatureJump = Estimate(jump)
            transition.exponent = Estimate(0.5)
            found.append(transition)
        }
        guard found.isEmpty else { return found }
        var none = Transition(order: .none, sentence: "no transition: nothing to encode")
        none.claim = claim
        return [none]
    }
}

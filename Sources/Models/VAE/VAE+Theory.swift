import OrderedCollections
import PhaseSpace
import Support

extension VAE {
    /// The linear VAE of the same data, prior and likelihood.
    func linearTheory(_ setting: Setting, _ ensemble: Ensemble) throws -> LinearVAETheory? {
        let strengths: [Double]
        var (lost, relativeError) = (0.0, 0.0)
        switch ensemble {
        case .population:
            guard setting.skewness == 0, let variances = populationVariances else { return nil }
            strengths = variances.map { $0.squareRoot() }.sorted(by: >)
        case .replica(let replica):
            let samples = try samples(skewness: setting.skewness, replica: replica)
            lost = samples.lostVariance
            (strengths, relativeError) =
                try LinearVAEMoments(inputs: samples.inputs, autoencoding: samples.secondMoment).singularModes()
        }
        // A ReLU unit passes half a line.
        let ways = setting.activation == .relu ? setting.hidden / 2 : setting.hidden
        return LinearVAETheory(
            singularValues: strengths, latentDimension: min(setting.latent, ways),
            targetSecondMoment: strengths.reduce(lost) { $0 + $1 * $1 },
            decoderVariance: setting.decoderVariance, encoderVariance: setting.encoderVariance,
            posterior: setting.posterior, relativeError: relativeError)
    }

    /// Exact at a point: linear nets on any data, and all others on a Gaussian distribution as long as no mode wants a
    /// latent variable that is not there.
    ///
    /// The latter is Shannon's bound (derived for this project): no autoencoder's distortion and rate lie below the
    /// rate–distortion function, and reverse water-filling, the linear VAE's solution, attains it for Gaussian data.
    func exactTheory(_ setting: Setting, _ ensemble: Ensemble, beta: Double) throws
        -> LinearVAETheory?
    {
        guard setting.gamma == 0, let theory = try linearTheory(setting, ensemble) else { return nil }
        if setting.activation == .linear { return theory }
        guard ensemble == .population || isPopulation(setting), theory.posterior == .learned else {
            return nil
        }
        let wanted = theory.singularValues.count { $0 * $0 > beta * theory.decoderVariance }
        return wanted <= theory.latentDimension ? theory : nil
    }

    public func theory(of controls: [String: ControlValue], _ ensemble: Ensemble) throws -> Theory? {
        let controls = ControlReader(controls)
        let beta = try controls[BetaVAE.beta]
        return try exactTheory(Setting(controls), ensemble, beta: beta)
            .map { Theory(measured: Self.values($0, beta: beta)) }
    }

    /// Observables of the linear VAE under the names of this model.
    static func values(_ theory: LinearVAETheory, beta: Double) -> Measured {
        var values = theory.values(beta: beta)
        let tau = beta * theory.decoderVariance
        let powers = theory.modes(beta: beta).map { mode in
            guard mode.isActive else { return 0.0 }
            return theory.posterior == .learned
                ? mode.strength * mode.strength - tau : mode.strength * (mode.strength - tau.squareRoot())
        }
        values[.decoderSquaredNorm] = nil
        values[.outputVariance] = powers.reduce(0, +)
        values[.gain] = 0
        for index in 0..<LinearVAE.namedModes {
            values[.mode(index + 1)] = index < powers.count ? powers[index].squareRoot() : nil
        }
        return values
    }

    public func exactTransitions(of key: CurveKey, _ ensemble: Ensemble) throws -> [Transition]? {
        guard key.isAlong(BetaVAE.beta) else { return nil }
        let setting = try Setting(key.reader)
        guard setting.gamma == 0, case .replica(let replica) = ensemble else { return nil }
        if setting.activation == .linear {
            return try linearTheory(setting, ensemble)?.transitions().map { Self.withExponent($0, key) }
        }
        if isPopulation(setting), let theory = try linearTheory(setting, ensemble),
            theory.posterior == .learned
        {
            // Below the first unused mode the linear VAE is not the best any more.
            let unused = theory.singularValues.dropFirst(theory.latentDimension).first ?? 0
            return theory.transitions().filter {
                ($0.location?.value ?? 0) * theory.decoderVariance > unused * unused
            }
            .map { Self.withExponent($0, key) }
        }
        let samples = try samples(skewness: setting.skewness, replica: replica)
        let mode = try samples.leadingMode()
        let theory = Self.theory(
            setting, variance: mode.variance, skewness: mode.skewness,
            subGaussianVariance: samples.subGaussianVariance)
        return [Self.withExponent(theory.transition, key)]
    }

    /// Variances and divergences vanish linearly, amplitudes with the root of the distance.
    private static func withExponent(_ transition: Transition, _ key: CurveKey) -> Transition {
        guard transition.order == .second else { return transition }
        var transition = transition
        switch Measure(key.orderParameter) {
        case .outputVariance, .divergence, .lossSlope: transition.exponent = Estimate(1)
        case let measure where (1...LinearVAE.namedModes).contains { measure == .mode($0) }:
            transition.exponent = Estimate(0.5)
        default: transition.exponent = nil
        }
        return transition
    }

    private static func theory(
        _ setting: Setting, variance: Double, skewness: Double, subGaussianVariance: Double? = nil
    ) -> VAETheory {
        VAETheory(
            variance: variance, skewness: skewness, posterior: setting.posterior, activation: setting.activation,
            hasBiases: setting.hasBiases, decoderVariance: setting.decoderVariance,
            subGaussianVariance: subGaussianVariance)
    }

    public func theoryCurves(
        named name: String, of key: CurveKey, over axisValues: [Double], _ ensemble: Ensemble
    ) throws -> [TheoryCurve] {
        guard name == "equilibrium", key.isAlong(BetaVAE.beta), let low = axisValues.min(),
            let high = axisValues.max()
        else { return [] }
        let setting = try Setting(key.reader)
        guard let linear = try linearTheory(setting, ensemble) else { return [] }
        let edges = linear.transitions().compactMap(\.location?.value).filter { $0 > low && $0 < high }
        let xs = (axisValues + edges.flatMap { [$0 * (1 - 1e-9), $0 * (1 + 1e-9)] }).sorted()
        let measures = Self.values(linear, beta: high).values.keys.sorted().map { Measure($0) }
        // Broken at each threshold, where F″ jumps.
        var pieces: [[[Double]]] = [[]]
        for x in xs {
            if let last = pieces.last?.last?[0], edges.contains(where: { last < $0 && $0 < x }) {
                pieces.append([])
            }
            guard let theory = try exactTheory(setting, ensemble, beta: x) else { continue }
            pieces[pieces.count - 1].append([x] + Self.values(theory, beta: x).row(measures))
        }
        return pieces.filter { $0.count > 1 }.map {
            TheoryCurve(name: "equilibrium", columns: [key.axis] + measures.map(\.name), rows: $0)
        }
    }

    /// Whether the data are a Gaussian distribution's own.
    private func isPopulation(_ setting: Setting) -> Bool {
        guard setting.skewness == 0, case .teacher(let teacher) = source else { return false }
        return teacher.isPopulation
    }

    // MARK: - Questions

    /// Where the collapsed net loses its stability, which is exact, and how, which is local but for linear nets: for `variance` (the largest eigenvalue of the data's covariance) and
    /// `skewness` (κ; in one dimension the skewness), `activation`, `biases`, `posterior`, `decoderVariance`.
    public static func predict(_ query: JSONValue) throws -> JSONValue {
        let question = try Question(
            query, to: declaration, example: "{\"variance\": 4, \"skewness\": 1.2}")
        let asked: [any AnyControl] = [
            Controls.activation, Controls.biases, Controls.posterior, BetaVAE.decoderVariance,
        ]
        try question.allowOnly(asked, and: ["variance", Controls.skewness.name])
        let setting = try Setting(try question.reader(of: asked))
        guard let variance = try question.number("variance", "a number ≥ 0", { $0 >= 0 }) else {
            throw ControlError(
                control: "variance",
                message: "a question needs `variance`, the largest eigenvalue of the data's covariance")
        }
        let skewness = try question.number("skewness", "a number ≥ 0", { $0 >= 0 }) ?? 0
        guard variance == 0 || (1e-100...1e100).contains(variance), skewness <= 1e100 else {
            throw ControlError(
                control: "variance", message: "`variance` must be 0 or in 1e-100…1e100, and `skewness` at most 1e100")
        }
        let theory = theory(setting, variance: variance, skewness: skewness)
        let isSilent = variance == 0
        return [
            "claim": .text((isSilent ? .exact : theory.claim).word),
            "claims": [
                "criticalBeta": .text(Claim.exact.word),
                "order": .text((isSilent || theory.order == .first ? .exact : theory.claim).word),
            ],
            "lowerBound": theory.claim == .exact || isSilent ? .null : .number(theory.criticalBeta),
            "sentence": .text(isSilent ? "no transition: nothing to encode" : theory.sentence),
            "criticalBeta": .number(theory.criticalBeta),
            "order": isSilent ? "none" : theory.order.map { .text($0.rawValue) } ?? .null,
            "curvatureJump": isSilent ? .null : .optional(theory.transition.curvatureJump?.value),
            "tricriticalSkewness": .optional(theory.tricriticalSkewness),
        ]
    }
}

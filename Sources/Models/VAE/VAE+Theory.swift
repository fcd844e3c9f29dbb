import OrderedCollections
import PhaseSpace
import Support

extension VAE {
    /// The linear VAE of the same data, prior and likelihood.
    func linearTheory(_ controls: [String: ControlValue], _ ensemble: Ensemble) throws -> LinearVAETheory? {
        let strengths: [Double]
        var (lost, relativeError) = (0.0, 0.0)
        switch ensemble {
        case .population:
            guard let variances = populationVariances(controls) else { return nil }
            strengths = variances.map { $0.squareRoot() }.sorted(by: >)
        case .replica(let replica):
            let samples = try samples(controls, replica: replica)
            lost = samples.lostVariance
            (strengths, relativeError) =
                try LinearVAEMoments(inputs: samples.inputs, autoencoding: samples.secondMoment).singularModes()
        }
        let (latent, hidden) = (Int(controls["latent"]!.number!), Int(controls["hidden"]!.number!))
        // A ReLU unit passes half a line.
        let ways = controls["activation"]!.text == VAEActivation.relu.rawValue ? hidden / 2 : hidden
        return LinearVAETheory(
            singularValues: strengths, latentDimension: min(latent, ways),
            targetSecondMoment: strengths.reduce(lost) { $0 + $1 * $1 },
            decoderVariance: controls["decoderVariance"]!.number!,
            encoderVariance: controls["encoderVariance"]!.number!,
            posterior: LinearVAETheory.Posterior(rawValue: controls["posterior"]!.text!)!, relativeError: relativeError)
    }

    /// Exact at a point: linear nets on any data, and all others on a Gaussian distribution as long as no mode wants a
    /// latent variable that is not there.
    ///
    /// The latter is Shannon's bound (derived for this project): no autoencoder's distortion and rate lie below the
    /// rate–distortion function, and reverse water-filling, the linear VAE's solution, attains it for Gaussian data.
    func exactTheory(_ controls: [String: ControlValue], _ ensemble: Ensemble, beta: Double) throws -> LinearVAETheory?
    {
        guard controls["gamma"]!.number == 0, let theory = try linearTheory(controls, ensemble) else { return nil }
        if controls["activation"]!.text == VAEActivation.linear.rawValue { return theory }
        guard ensemble == .population || isPopulation(controls), theory.posterior == .learned else { return nil }
        let wanted = theory.singularValues.count { $0 * $0 > beta * theory.decoderVariance }
        return wanted <= theory.latentDimension ? theory : nil
    }

    public func theory(of controls: [String: ControlValue], _ ensemble: Ensemble) throws -> Theory? {
        let beta = controls["beta"]!.number!
        return try exactTheory(controls, ensemble, beta: beta).map { Theory(values: Self.values($0, beta: beta)) }
    }

    /// Observables of the linear VAE under the names of this model.
    static func values(_ theory: LinearVAETheory, beta: Double) -> [String: Double] {
        var values = theory.values(beta: beta)
        let tau = beta * theory.decoderVariance
        let powers = theory.modes(beta: beta).map { mode in
            guard mode.isActive else { return 0.0 }
            return theory.posterior == .learned
                ? mode.strength * mode.strength - tau : mode.strength * (mode.strength - tau.squareRoot())
        }
        values["decoderSquaredNorm"] = nil
        values["outputVariance"] = powers.reduce(0, +)
        values["gain"] = 0
        for index in 0..<LinearVAE.namedModes {
            values["mode_\(index + 1)"] = index < powers.count ? powers[index].squareRoot() : nil
        }
        return values
    }

    public func exactTransitions(of key: CurveKey, _ ensemble: Ensemble) throws -> [Transition]? {
        guard key.axis == "beta" else { return nil }
        let controls = key.controls(at: 1)
        guard controls["gamma"]!.number == 0, case .replica(let replica) = ensemble else { return nil }
        if controls["activation"]!.text == VAEActivation.linear.rawValue {
            return try linearTheory(controls, ensemble)?.transitions().map { Self.withExponent($0, key) }
        }
        if isPopulation(controls), let theory = try linearTheory(controls, ensemble), theory.posterior == .learned {
            // Below the first unused mode the linear VAE is not the best any more.
            let unused = theory.singularValues.dropFirst(theory.latentDimension).first ?? 0
            return theory.transitions().filter { ($0.location?.value ?? 0) * theory.decoderVariance > unused * unused }
                .map { Self.withExponent($0, key) }
        }
        let samples = try samples(controls, replica: replica)
        let mode = try samples.leadingMode()
        let theory = Self.theory(
            controls, variance: mode.variance, skewness: mode.skewness,
            subGaussianVariance: samples.subGaussianVariance)
        return [Self.withExponent(theory.transition, key)]
    }

    /// Variances and divergences vanish linearly, amplitudes with the root of the distance.
    private static func withExponent(_ transition: Transition, _ key: CurveKey) -> Transition {
        guard transition.order == .second else { return transition }
        var transition = transition
        switch key.orderParameter {
        case "outputVariance", "divergence", Observable.Name.lossSlope: transition.exponent = Estimate(1)
        case let name where name.hasPrefix("mode_"): transition.exponent = Estimate(0.5)
        default: transition.exponent = nil
        }
        return transition
    }

    private static func theory(
        _ controls: [String: ControlValue], variance: Double, skewness: Double, subGaussianVariance: Double? = nil
    ) -> VAETheory {
        VAETheory(
            variance: variance, skewness: skewness,
            posterior: LinearVAETheory.Posterior(rawValue: controls["posterior"]!.text!)!,
            activation: VAEActivation(rawValue: controls["activation"]!.text!)!,
            hasBiases: controls["biases"]!.text == "all", decoderVariance: controls["decoderVariance"]!.number!,
            subGaussianVariance: subGaussianVariance)
    }

    public func theoryCurves(
        named name: String, of key: CurveKey, over axisValues: [Double], _ ensemble: Ensemble
    ) throws -> [TheoryCurve] {
        guard name == "equilibrium", key.axis == "beta", let low = axisValues.min(), let high = axisValues.max(),
            let linear = try linearTheory(key.controls(at: 1), ensemble)
        else { return [] }
        let controls = key.controls(at: 1)
        let edges = linear.transitions().compactMap(\.location?.value).filter { $0 > low && $0 < high }
        let xs = (axisValues + edges.flatMap { [$0 * (1 - 1e-9), $0 * (1 + 1e-9)] }).sorted()
        let names = Self.values(linear, beta: high).keys.sorted()
        // Broken at each threshold, where F″ jumps.
        var pieces: [[[Double]]] = [[]]
        for x in xs {
            if let last = pieces.last?.last?[0], edges.contains(where: { last < $0 && $0 < x }) { pieces.append([]) }
            guard let theory = try exactTheory(controls, ensemble, beta: x) else { continue }
            let values = Self.values(theory, beta: x)
            pieces[pieces.count - 1].append([x] + names.map { values[$0] ?? .nan })
        }
        return pieces.filter { $0.count > 1 }.map {
            TheoryCurve(name: "equilibrium", columns: ["beta"] + names, rows: $0)
        }
    }

    /// Whether the data are a Gaussian distribution's own.
    private func isPopulation(_ controls: [String: ControlValue]) -> Bool {
        guard controls["skewness"]?.number ?? 0 == 0, case .teacher(let teacher) = source else { return false }
        return teacher.isPopulation
    }

    func populationVariances(_ controls: [String: ControlValue]) -> [Double]? {
        controls["skewness"]?.number ?? 0 == 0 ? populationVariances : nil
    }

    // MARK: - Questions

    /// Where the collapsed net loses its stability, which is exact, and how, which is local but for linear nets: for `variance` (the largest eigenvalue of the data's covariance) and
    /// `skewness` (κ; in one dimension the skewness), `activation`, `biases`, `posterior`, `decoderVariance`.
    public static func predict(_ query: JSONValue) throws -> JSONValue {
        let question = try Question(query, to: declaration, example: "{\"variance\": 4, \"skewness\": 1.2}")
        let names = ["activation", "biases", "posterior", "decoderVariance"]
        try question.allowOnly(["variance", "skewness"] + names)
        let controls = try question.controls(names)
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
        let theory = theory(controls, variance: variance, skewness: skewness)
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

import Lanes
import PhaseSpace
import Support

/// The model `catapult-map`: the solvable two-layer linear net, whose training is a map of two numbers. Without random
/// numbers and in microseconds a point, it shows boundaries to any precision.
public struct CatapultNet: StaticModel {
    public init(settings: ModelSettings) throws {}

    public static let declaration = ModelDeclaration(
        name: "catapult-map",
        summary: "The solvable net f = u·v/√m with one sample: learning-rate regimes of gradient descent as a map of "
            + "ηλ and the residual.",
        sources: [
            "[standard] Lewkowycz et al., The large learning rate phase of deep learning, arXiv 2003.02218",
            "[derived] boundaries, weight decay, and the exact theory of the schedule η_t = κ/λ_t",
            "[our choice] the schedule itself: arXiv 2502.13110 version 1 announces one, its formula was not available",
        ],
        controls: Controls.all,
        observables: [
            Observable(
                .regime, symbol: "regime",
                meaning: TrainingRegime.legend + "; lazy where the residual never exceeds its start, or where the "
                    + "schedule converges [standard]",
                regimes: TrainingRegime.names),
            Observable(
                .finalRate, symbol: "ηλ_T", meaning: "learning rate times tangent kernel at the end (constant rate)"),
            Observable(.peak, symbol: "ln max z/z₀", meaning: "log of the residual's peak over its start (constant)"),
            Observable(
                .lyapunovExponent, symbol: "Λ",
                meaning: "Lyapunov exponent: mean of ln|dτ′/dτ| over the last half of the steps (schedule) [derived]"),
            Observable(
                .flatteningRate, symbol: "⟨ln λ′/λ⟩", meaning: "mean over the last half of the steps (schedule)"),
        ],
        orderParameter: .regime,
        trainingRule: "the map is gradient descent itself, of which `relativeRate` is the rate",
        theoryCurves: ["equilibrium": "exact exponents of the schedule"])

    public func validate(_ controls: [String: ControlValue]) throws(ControlError) {
        let setting = try Setting(ControlReader(controls))
        let (x, z) = (setting.relativeRate, setting.squaredResidual)
        guard z <= x * x / 4 else {
            throw ControlError(
                control: Controls.squaredResidual.name,
                message:
                    "`squaredResidual` \(z) is impossible at `relativeRate` \(x): at most \(x * x / 4), a quarter of "
                    + "its square")
        }
        if setting.schedule == .geometry, setting.decay != 0 {
            throw ControlError(control: Controls.decay.name, message: "`decay` belongs to the constant schedule")
        }
    }

    public func packKey(of chain: Chain) -> String { "" }

    public func run(_ context: any RunContext) throws {
        while !context.isCancelled, let chain = context.nextChain() {
            for point in chain.points {
                let setting = try Setting(point.reader)
                switch setting.schedule {
                case .constant: context.record(constantRate(setting, at: point))
                case .geometry: context.record(scheduled(setting, at: point))
                }
            }
        }
    }

    private func constantRate(_ setting: Setting, at point: Point) -> Observation {
        let z = setting.squaredResidual
        let map = CatapultMap(rate: setting.relativeRate, squaredResidual: z, decay: setting.decay)
        let outcome = map.fate(maximumSteps: setting.steps)
        guard let regime = outcome.regime else {
            return Observation(
                point: point, outcome: .capped, reason: "the residual has neither vanished nor exceeded all bounds")
        }
        var measured: Measured = [.regime: Double(regime.rawValue), .peak: logarithm(outcome.peak / z)]
        if regime != .divergent { measured[.finalRate] = outcome.finalRate }
        return Observation(
            point: point, outcome: regime == .divergent ? .diverged : .completed,
            reason: regime == .divergent ? "the residual exceeds all bounds" : "", measured: measured)
    }

    private func scheduled(_ setting: Setting, at point: Point) -> Observation {
        let (kappa, steps) = (setting.relativeRate, setting.steps)
        var orbit = ProlongedCatapult(kappa: kappa, imbalance: 2 * setting.squaredResidual.squareRoot() / kappa)
        var (exponent, flattening, square) = (0.0, 0.0, 0.0)
        for step in 0..<steps {
            if 2 * step >= steps {
                exponent += logarithm(abs(orbit.slope))
                flattening += orbit.flattening
                square += orbit.imbalance * orbit.imbalance
            }
            orbit.advance()
        }
        let count = Double(steps - (steps + 1) / 2)
        // τ → 0 is convergence; on the other side of the boundary τ keeps the arcsine law.
        let regime: TrainingRegime = square / count < 1e-6 ? .lazy : flattening > 0 ? .divergent : .prolonged
        return Observation(
            point: point, outcome: .completed,
            measured: [
                .regime: Double(regime.rawValue), .lyapunovExponent: exponent / count,
                .flatteningRate: flattening / count,
            ])
    }

    // MARK: - Theory

    private static func exponents(kappa: Double) -> Measured {
        [
            .lyapunovExponent: ProlongedCatapult.lyapunovExponent(kappa: kappa),
            .flatteningRate: ProlongedCatapult.flatteningRate(kappa: kappa),
        ]
    }

    public func theory(of controls: [String: ControlValue], _ ensemble: Ensemble) throws -> Theory? {
        let setting = try Setting(ControlReader(controls))
        return setting.schedule == .geometry
            ? Theory(measured: Self.exponents(kappa: setting.relativeRate)) : nil
    }

    public func theoryCurves(
        named name: String, of key: CurveKey, over axisValues: [Double], _ ensemble: Ensemble
    ) throws -> [TheoryCurve] {
        guard name == "equilibrium", key.isAlong(Controls.relativeRate), try key.reader[Controls.schedule] == .geometry
        else { return [] }
        return [
            TheoryCurve(
                name: name, over: key.axis, [.lyapunovExponent, .flatteningRate],
                rows: axisValues.map { ($0, Self.exponents(kappa: $0)) })
        ]
    }

    /// A residual of finite size moves the onset, by z₀/(1 − ω): its first step then just keeps its size.
    public func exactTransitions(of key: CurveKey, _ ensemble: Ensemble) throws -> [Transition]? {
        guard key.isAlong(Controls.relativeRate), key.isOf(.regime) else { return nil }
        let controls = key.reader
        let (z, decay) = (try controls[Controls.squaredResidual], try controls[Controls.decay])
        let onset =
            switch try controls[Controls.schedule] {
            case .constant: CatapultMap.onset(decay: decay, squaredResidual: z)
            case .geometry: ProlongedCatapult.boundaries.onset
            }
        // With decay the upper boundary is known from runs only.
        let places = decay == 0 ? [onset, CatapultMap.divergence] : [onset]
        return places.filter { decay > 0 || $0 <= CatapultMap.divergence }.map {
            var transition = Transition(
                order: .boundary, location: Estimate($0), sentence: "exact boundary at \($0)")
            transition.claim = .exact
            return transition
        }
    }

    public static func predict(_ query: JSONValue) throws -> JSONValue { try TrainingDynamics.predict(query) }
}

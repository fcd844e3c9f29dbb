import Lanes
import PhaseSpace
import Support

/// The model `catapult-map`: the solvable two-layer linear net, whose training is a map of two numbers. Without random
/// numbers and in microseconds a point, it shows boundaries to any precision.
public struct CatapultNet: Model {
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
        controls: [
            ControlParameter(
                "relativeRate", symbol: "ηλ₀", kind: .real(0...100, excludingLow: true), defaultValue: nil,
                meaning: "learning rate times the tangent kernel at the start; κ of the schedule [standard]"),
            ControlParameter(
                "squaredResidual", symbol: "z₀", kind: .real(0...100, excludingLow: true), defaultValue: .number(1e-4),
                meaning: "η²f²/m at the start, at most (ηλ₀)²/4 [standard]"),
            ControlParameter(
                "decay", symbol: "ω", kind: .real(0...0.99), defaultValue: .number(0),
                meaning: "learning rate times w of the L2 term (w/2)‖θ‖²; w = 2γ for a term γ‖θ‖² [derived]"),
            ControlParameter(
                "schedule", symbol: "", kind: .choice(["constant", "geometry"]), defaultValue: .text("constant"),
                meaning: "constant η, or η_t = κ/λ_t [our choice]"),
            ControlParameter(
                "steps", symbol: "T", kind: .integer(10...10_000_000), defaultValue: .number(200_000),
                meaning: "step limit; the schedule runs all of them"),
        ],
        observables: [
            Observable(
                "regime", symbol: "regime",
                meaning: TrainingRegime.legend + "; lazy where the residual never exceeds its start, or where the "
                    + "schedule converges [standard]",
                regimes: TrainingRegime.names),
            Observable(
                "finalRate", symbol: "ηλ_T", meaning: "learning rate times tangent kernel at the end (constant rate)"),
            Observable("peak", symbol: "ln max z/z₀", meaning: "log of the residual's peak over its start (constant)"),
            Observable(
                "lyapunovExponent", symbol: "Λ",
                meaning: "Lyapunov exponent: mean of ln|dτ′/dτ| over the last half of the steps (schedule) [derived]"),
            Observable(
                "flatteningRate", symbol: "⟨ln λ′/λ⟩", meaning: "mean over the last half of the steps (schedule)"),
        ],
        orderParameter: "regime", theoryCurves: ["equilibrium": "exact exponents of the schedule"],
        starterSpec: """
            # The solvable net's learning-rate regimes. Run it with: landau run FILE
            title: Lazy, catapult, divergent
            model: catapult-map
            axes:
              decay: [0, 0.05, 0.1]
              relativeRate: {from: 1, to: 5, points: 41}
            along: relativeRate
            refine: {axis: relativeRate, until: 1e-4}
            figures: [phase-diagram]
            """ + "\n")

    public func validate(_ controls: [String: ControlValue]) throws(ControlError) {
        guard let x = controls["relativeRate"]?.number, let z = controls["squaredResidual"]?.number else { return }
        guard z <= x * x / 4 else {
            throw ControlError(
                control: "squaredResidual",
                message:
                    "`squaredResidual` \(z) is impossible at `relativeRate` \(x): at most \(x * x / 4), a quarter of "
                    + "its square")
        }
        if controls["schedule"]?.text == "geometry", controls["decay"]?.number ?? 0 != 0 {
            throw ControlError(control: "decay", message: "`decay` belongs to the constant schedule")
        }
    }

    public func packKey(of chain: Chain) -> String { "" }

    public func run(_ context: any RunContext) throws {
        while !context.isCancelled, let chain = context.nextChain() {
            for point in chain.points {
                let isConstant = point.controls["schedule"]?.text != "geometry"
                context.record(try isConstant ? constantRate(at: point) : scheduled(at: point))
            }
        }
    }

    private func constantRate(at point: Point) throws -> Observation {
        let z = try point.number("squaredResidual")
        let map = CatapultMap(
            rate: try point.number("relativeRate"), squaredResidual: z, decay: try point.number("decay"))
        let outcome = map.outcome(maximumSteps: Int(try point.number("steps")))
        guard let regime = outcome.regime else {
            return Observation(
                point: point, outcome: .capped, reason: "the residual has neither vanished nor exceeded all bounds",
                values: [:])
        }
        var values = ["regime": Double(regime.rawValue), "peak": logarithm(outcome.peak / z)]
        if regime != .divergent { values["finalRate"] = outcome.finalRate }
        return Observation(
            point: point, outcome: regime == .divergent ? .diverged : .completed,
            reason: regime == .divergent ? "the residual exceeds all bounds" : "", values: values)
    }

    private func scheduled(at point: Point) throws -> Observation {
        let kappa = try point.number("relativeRate")
        let steps = Int(try point.number("steps"))
        var orbit = ProlongedCatapult(
            kappa: kappa, imbalance: 2 * (try point.number("squaredResidual")).squareRoot() / kappa)
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
            values: [
                "regime": Double(regime.rawValue), "lyapunovExponent": exponent / count,
                "flatteningRate": flattening / count,
            ])
    }

    // MARK: - Theory

    public func theory(of controls: [String: ControlValue], _ ensemble: Ensemble) throws -> Theory? {
        guard controls["schedule"]?.text == "geometry", let kappa = controls["relativeRate"]?.number else { return nil }
        return Theory(values: [
            "lyapunovExponent": ProlongedCatapult.lyapunovExponent(kappa: kappa),
            "flatteningRate": ProlongedCatapult.flatteningRate(kappa: kappa),
        ])
    }

    public func theoryCurves(
        named name: String, of key: CurveKey, over axisValues: [Double], _ ensemble: Ensemble
    ) throws -> [TheoryCurve] {
        guard name == "equilibrium", key.axis == "relativeRate", key.fixed["schedule"]?.text == "geometry" else {
            return []
        }
        let columns = ["lyapunovExponent", "flatteningRate"]
        let rows = try axisValues.map { x in
            let values = try theory(of: key.controls(at: x), ensemble)!.values
            return [x] + columns.map { values[$0] ?? .nan }
        }
        return [TheoryCurve(name: name, columns: [key.axis] + columns, rows: rows)]
    }

    /// A residual of finite size moves the onset, by z₀/(1 − ω): its first step then just keeps its size.
    public func exactTransitions(of key: CurveKey, _ ensemble: Ensemble) throws -> [Transition]? {
        guard key.axis == "relativeRate", key.orderParameter == "regime",
            let z = key.fixed["squaredResidual"]?.number, let decay = key.fixed["decay"]?.number
        else { return nil }
        let isConstant = key.fixed["schedule"]?.text != "geometry"
        let onset =
            isConstant ? CatapultMap.onset(decay: decay, squaredResidual: z) : ProlongedCatapult.boundaries.onset
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

import OrderedCollections
import PhaseSpace
import Support

extension TrainingDynamics {
    /// Exact theory of training, by `law`:
    /// - `catapult`: the solvable net at `relativeRate` x₀ and `squaredResidual` z₀ (default 1e-4) with `decay` ω (default
    ///   0); with `steps` also x and z after as many steps.
    /// - `prolonged`: the schedule η = κ/λ at `kappa`; with `imbalance` τ₀ and `steps` also that orbit.
    /// - `preactivations`: S_k(r) at `layer`, `widthExponent`, `activation`, `leak`.
    public static func predict(_ query: JSONValue) throws -> JSONValue {
        let example = "{\"law\": \"catapult\", \"relativeRate\": 3}"
        let question = try Question(query, to: declaration, example: example)
        guard let law = question["law"]?.text else {
            throw ControlError(
                control: "law",
                message: "a question needs `law`: one of catapult, prolonged, preactivations; for instance \(example)")
        }
        switch law {
        case "catapult": return try predictCatapult(question)
        case "prolonged": return try predictProlonged(question)
        case "preactivations": return try predictPreactivations(question)
        default:
            let laws = ["catapult", "prolonged", "preactivations"]
            throw ControlError(
                control: "law",
                message: "there is no law `\(law)`\(nearestHint(to: law, among: laws)); "
                    + "laws: \(laws.joined(separator: ", "))")
        }
    }

    private static func steps(_ question: Question) throws -> Int? {
        try question.number("steps", "a whole number in 0…10000000") {
            $0 >= 0 && $0 <= 1e7 && $0 == $0.rounded()
        }.map { Int($0) }
    }

    private static func predictCatapult(_ question: Question) throws -> JSONValue {
        try question.allowOnly(["law", "relativeRate", "squaredResidual", "decay", "steps"])
        let decay = try question.number("decay", "a number in [0, 1)") { $0 >= 0 && $0 < 1 } ?? 0
        let rate = try question.number("relativeRate", "a number in (0, 1e6]") { $0 > 0 && $0 <= 1e6 }
        let limit = rate.map { $0 * $0 / 4 } ?? .infinity
        let size = rate == nil ? "a number ≥ 0" : "a number in [0, \(limit)], a quarter of x₀²"
        let z = try question.number("squaredResidual", size) { $0 >= 0 && $0 <= limit }
        let start = z ?? (rate == nil ? 0 : min(1e-4, limit))
        let onset = CatapultMap.onset(decay: decay, squaredResidual: start)
        var answer: OrderedDictionary<String, JSONValue> = [
            "claim": .text(Claim.exact.word),
            // Of this residual; without decay nets with a larger one go from lazy to divergent.
            "onset": decay > 0 || onset < CatapultMap.divergence ? .number(onset) : .null,
            "onsetOfSmallResiduals": .number(CatapultMap.onset(decay: decay)),
            "divergence": decay == 0 ? .number(CatapultMap.divergence) : nil,
        ]
        guard let x = rate else { return .object(answer) }
        var map = CatapultMap(rate: x, squaredResidual: start, decay: decay)
        let outcome = map.fate()
        answer["regime"] = outcome.regime.map { .text($0.name) } ?? .null
        answer["finalRate"] = .number(outcome.finalRate)
        answer["peakSquaredResidual"] = .number(outcome.peak)
        if let steps = try steps(question) {
            for _ in 0..<steps { map.advance() }
            answer["rate"] = .number(map.rate)
            answer["squaredResidual"] = .number(map.squaredResidual)
        }
        return .object(answer)
    }

    private static func predictProlonged(_ question: Question) throws -> JSONValue {
        try question.allowOnly(["law", "kappa", "imbalance", "steps"])
        guard let kappa = try question.number("kappa", "a number in (0, 100]", { $0 > 0 && $0 <= 100 }) else {
            throw ControlError(control: "kappa", message: "`kappa`, the schedule's η_t λ_t, is missing")
        }
        let isProlonged = kappa > ProlongedCatapult.boundaries.onset
        var answer: OrderedDictionary<String, JSONValue> = [
            "claim": .text(Claim.exact.word),
            "regime": .text(
                (kappa < 2 ? TrainingRegime.lazy : kappa < 4 ? .prolonged : .divergent).name),
            "lyapunovExponent": .number(ProlongedCatapult.lyapunovExponent(kappa: kappa)),
            "flatteningRate": .number(ProlongedCatapult.flatteningRate(kappa: kappa)),
            "meanSquaredResidual": isProlonged ? .number(kappa * kappa / 8) : .number(0),
            "boundaries": [
                .number(ProlongedCatapult.boundaries.onset), .number(ProlongedCatapult.boundaries.divergence),
            ],
        ]
        if let steps = try steps(question) {
            guard let tau = try question.number("imbalance", "a number in [-1, 1]", { abs($0) <= 1 }) else {
                throw ControlError(control: "imbalance", message: "`steps` needs `imbalance`, the τ₀ to start from")
            }
            var orbit = ProlongedCatapult(kappa: kappa, imbalance: tau)
            var rounding = Double.ulpOfOne
            for _ in 0..<steps {
                rounding = rounding * abs(orbit.slope) + Double.ulpOfOne
                orbit.advance()
                if rounding > PrincipalInputs.exactness { break }
            }
            let isKnown = rounding <= PrincipalInputs.exactness
            answer["imbalance"] = isKnown ? .number(orbit.imbalance) : .null
            answer["logKernelRatio"] = isKnown ? .number(orbit.logKernel) : .null
            if !isKnown { answer["sentence"] = "the orbit is chaotic: no double holds where it is after so many steps" }
        }
        return .object(answer)
    }

    private static func predictPreactivations(_ question: Question) throws -> JSONValue {
        try question.allowOnly(["law", "layer", "widthExponent", "activation", "leak"])
        guard
            let layer = try question.number(
                "layer", "a whole number in 1…1000000",
                {
                    $0 >= 1 && $0 <= 1e6 && $0 == $0.rounded()
                })
        else { throw ControlError(control: "layer", message: "`layer`, the number of the hidden layer, is missing") }
        let exponent = try question.number("widthExponent", "a number in [0, 10]") { $0 >= 0 && $0 <= 10 } ?? 2
        let controls = try question.reader(of: [Controls.activation, Controls.leak])
        let name = try controls[Controls.activation]
        guard let fluctuation = SignalActivation(name: name, leak: try controls[Controls.leak])?.slopeFluctuation else {
            throw ControlError(
                control: Controls.activation.name,
                message: "`activation` must be one of linear, relu, leakyRelu, abs here, not \(name)")
        }
        return [
            "claim": .text(Claim.exact.word),
            "budget": .number(
                preactivationBudget(layer: Int(layer), widthExponent: exponent, slopeFluctuation: fluctuation)),
            "slopeFluctuation": .number(fluctuation),
        ]
    }
}

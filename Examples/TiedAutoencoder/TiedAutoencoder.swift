import PhaseSpace
import Support

/// The smallest autoencoder: x → w·x → w²·x with one shared weight, F = v (1 − w²)² + γ w² for inputs of variance v.
///
/// Its global phase is known: w² = 1 − γ/2v below γ* = 2v and 0 above, so the transition is of second order.
struct TiedAutoencoder: StaticModel {
    static let declaration = ModelDeclaration(
        name: "tied-autoencoder", summary: "one unit that encodes and decodes with the same weight",
        sources: ["docs/own-model.md"],
        controls: [
            ControlParameter(
                "gamma", symbol: "γ", kind: .real(0...Double.infinity), defaultValue: nil,
                meaning: "weight decay, without ½"),
            ControlParameter(
                "variance", symbol: "v", kind: .real(0...1e6, excludingLow: true), defaultValue: .number(1),
                meaning: "variance of the input"),
        ],
        observables: [
            Observable("loss", symbol: "F", meaning: "regularised loss", isOrderParameter: false),
            Observable("zeroNetLoss", symbol: "F₀", meaning: "loss of the zero net", isOrderParameter: false),
            Observable(
                "squaredNorm", symbol: "w²", meaning: "squared weight",
                derivative: .init(of: "loss", order: 1, by: "gamma")),
            Observable(
                "lossCurvature", symbol: "F″", meaning: "d²F/dγ²",
                derivative: .init(of: "loss", order: 2, by: "gamma"), isOrderParameter: false),
        ],
        orderParameter: "squaredNorm",
        theoryCurves: ["equilibrium": "the global phase"],
        starterSpec: """
            title: An autoencoder gives up
            model: tied-autoencoder
            axes:
              variance: [0.25, 0.5]                                     # of the input
              gamma: {from: 0.05, to: 1.5, points: 40, spacing: log}    # weight decay
            along: gamma
            replicas: 4                                                  # initial weights
            figures: [order-parameter]

            """)

    init(settings: ModelSettings) {}

    // Nothing is packed here; models that train several nets at once tell by this which may go together.
    func packKey(of chain: Chain) -> String { "" }

    func run(_ context: any RunContext) throws {
        while let chain = context.nextChain() {
            for point in chain.points where !context.isCancelled { context.record(try Self.trained(point)) }
        }
    }

    /// Newton's method from a random weight, downhill also where the loss curves down.
    private static func trained(_ point: Point) throws -> Observation {
        let (gamma, v) = (try point.number("gamma"), try point.number("variance"))
        // A function of the point's identity: results depend on no order and no thread.
        var w = Double(point.identity.randomKey >> 11) / Double(1 << 53) + 0.1
        for _ in 0..<200 {
            let gradient = 2 * w * (gamma - 2 * v * (1 - w * w))
            let curvature = 2 * gamma - 4 * v + 12 * v * w * w
            if abs(gradient) <= 1e-12 * v, curvature > 0 {
                let r = w * w
                let values = [
                    "loss": v * (1 - r) * (1 - r) + gamma * r, "zeroNetLoss": v, "squaredNorm": r,
                    // Implicit function theorem: F″ = −(dR/dw)²/curvature with R = w².
                    "lossCurvature": -4 * r / curvature,
                ]
                return Observation(point: point, outcome: .converged, values: values)
            }
            w -= max(-0.5, min(0.5, gradient / max(abs(curvature), 1e-9 * v)))
        }
        return Observation(point: point, outcome: .capped, reason: "no minimum after 200 steps", values: [:])
    }

    // MARK: - Exact theory

    private static func global(_ gamma: Double, _ v: Double) -> [String: Double] {
        let r = max(0, 1 - gamma / (2 * v))
        let loss = v * (1 - r) * (1 - r) + gamma * r
        return ["loss": loss, "squaredNorm": r, "lossCurvature": r > 0 ? -1 / (2 * v) : 0]
    }

    func theory(of controls: [String: ControlValue], _ ensemble: Ensemble) throws -> Theory? {
        guard let gamma = controls["gamma"]?.number, let v = controls["variance"]?.number else { return nil }
        return Theory(values: Self.global(gamma, v))
    }

    func theoryCurves(
        named name: String, of key: CurveKey, over axisValues: [Double], _ ensemble: Ensemble
    ) throws -> [TheoryCurve] {
        guard key.axis == "gamma", let v = key.fixed["variance"]?.number else { return [] }
        let rows = axisValues.map { gamma in
            let exact = Self.global(gamma, v)
            return [gamma, exact["loss"]!, exact["squaredNorm"]!, exact["lossCurvature"]!]
        }
        return [TheoryCurve(name: name, columns: ["gamma", "loss", "squaredNorm", "lossCurvature"], rows: rows)]
    }

    func exactTransitions(of key: CurveKey, _ ensemble: Ensemble) throws -> [Transition]? {
        guard key.axis == "gamma", let v = key.fixed["variance"]?.number else { return nil }
        return [Transition(order: .second, location: Estimate(2 * v))]
    }

    static func predict(_ query: JSONValue) throws -> JSONValue {
        let question = try Question(query, to: declaration, example: "{\"variance\": 0.5, \"gamma\": 0.25}")
        try question.allowOnly(["variance", "gamma"])
        let controls = try question.controls()
        let v = controls["variance"]!.number!
        guard let gamma = controls["gamma"]?.number else { return ["gammaStar": .number(2 * v)] }
        return ["gammaStar": .number(2 * v), "squaredNorm": .optional(global(gamma, v)["squaredNorm"])]
    }
}

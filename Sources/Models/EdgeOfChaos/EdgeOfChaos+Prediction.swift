import OrderedCollections
import PhaseSpace
import Support

extension EdgeOfChaos {
    /// Mean-field theory at a point: fixed point, phase, depth scales and the critical line.
    ///
    /// Keys: `activation`, `leak`, `weightVariance` (default: critical at that bias variance), `biasVariance`;
    /// `correlation` (with `variance`, default q*) asks for one application of the maps; `layers` for that many, and for
    /// homogeneous activations at the critical point without biases also for the tangent kernel of a net with that many
    /// weight matrices.
    public static func predict(_ query: JSONValue) throws -> JSONValue {
        let question = try Question(
            query, to: declaration, example: "{\"weightVariance\": 2, \"biasVariance\": 0.1}")
        let asked: [any AnyControl] = [
            Controls.activation, Controls.leak, Controls.weightVariance, Controls.biasVariance,
        ]
        try question.allowOnly(asked, and: ["correlation", "variance", "layers"])
        let controls = try question.reader(of: asked)
        let bias = try controls[Controls.biasVariance]
        let activation = try activation(controls)
        let critical = try activation.criticalPoint(biasVariance: bias)
        let field = MeanField(
            activation: activation,
            weightVariance: controls.sets(Controls.weightVariance)
                ? try controls[Controls.weightVariance] : critical.weightVariance,
            biasVariance: bias)
        let point = try field.fixedPoint()
        let isExact = point.relativeError <= PrincipalInputs.exactness
        var answer: OrderedDictionary<String, JSONValue> = [
            "claim": .text((isExact ? Claim.exact : .estimate).word), "phase": .text(point.phase.rawValue),
            "weightVariance": .number(field.weightVariance),
            "biasVariance": .number(bias), "variance": .optional(point.variance),
            "correlation": .optional(point.correlation), "susceptibility": .number(point.susceptibility),
            "correlationSlope": .number(point.correlationSlope),
            "correlationDepth": .optional(point.correlationDepth), "varianceDepth": .optional(point.varianceDepth),
            "criticalWeightVariance": .number(critical.weightVariance),
            "criticalVariance": .optional(critical.variance),
        ]
        // Near the critical line numbers rest on a small difference from 1.
        if !isExact { answer["relativeError"] = .number(point.relativeError) }
        if point.correlation == nil { answer["sentence"] = "correlations freeze at a value that depends on the inputs" }
        if let factor = activation.asymmetry {
            answer["asymmetry"] = .number(factor)
            answer["slopeRatio"] = .optional(activation.slopeRatio)
        }
        try answerMaps(question, field, point, into: &answer)
        return .object(answer)
    }

    /// Each takes a double integral.
    private static let layerLimit = 10_000

    private static func answerMaps(
        _ question: Question, _ field: MeanField, _ point: SignalFixedPoint,
        into answer: inout OrderedDictionary<String, JSONValue>
    ) throws {
        let layers = try question.number("layers", "a whole number in 1…1000000") {
            $0 >= 1 && $0 <= 1e6 && $0 == $0.rounded()
        }
        guard let c = try question.number("correlation", "a number in [-1, 1]", { abs($0) <= 1 }) else {
            guard layers == nil else {
                throw ControlError(control: "layers", message: "`layers` needs `correlation`, that of the inputs")
            }
            return
        }
        let given = try question.number("variance", "a number > 0") { $0 > 0 }
        // Where homogeneous nets keep no variance of their own, correlations do not depend on it without biases.
        let isScaleFree = field.activation.varianceFactor != nil && field.biasVariance == 0
        guard let q = given ?? (isScaleFree ? 1 : point.variance) else {
            throw ControlError(
                control: "variance", message: "`variance` is needed: the net has no fixed point of its own")
        }
        let homogeneous = field.activation.asymmetry.flatMap { isScaleFree ? CriticalKernel(asymmetry: $0) : nil }
        answer["correlationAfter"] = .number(field.correlation(after: c, variance: q))
        answer["susceptibilityAtCorrelation"] = .number(field.susceptibility(correlation: c, variance: q))
        guard let layers else { return }
        let count = Int(layers)
        if let homogeneous {
            let distances = homogeneous.distances(from: c, layers: count)
            let kernel = homogeneous.tangentKernel(correlation: c, matrices: count)
            answer["correlationAfterLayers"] = .number(1 - distances[count])
            answer["distanceTimesSquare"] = .number(distances[count] * layers * layers)
            answer["distanceTimesSquareLimit"] = .number(homogeneous.distanceLimit)
            answer["tangentKernelRatio"] = .number(kernel / layers)
            answer["tangentKernelRatioLimit"] = .number(CriticalKernel.ratioLimit)
            answer["inverseDistanceLaw"] = .number(kernel * max(0, distances[count - 1]).squareRoot())
            answer["inverseDistanceLimit"] = .number(homogeneous.inverseDistanceLimit)
        } else {
            guard field.activation.varianceFactor != nil || count <= layerLimit else {
                throw ControlError(
                    control: "layers", message: "`layers` of a bounded activation must be at most \(layerLimit)")
            }
            var (q, c) = (q, c)
            for _ in 0..<count {
                let next = (field.variance(after: q), field.correlation(after: c, variance: q))
                if next == (q, c) { break }
                (q, c) = next
            }
            answer["correlationAfterLayers"] = .number(c)
        }
    }
}

import OrderedCollections
import PhaseSpace

extension EdgeOfChaos {
    /// Mean-field theory at a point: fixed point, phase, depth scales and the critical line.
    ///
    /// Keys: `activation`, `leak`, `weightVariance` (default: critical at that bias variance), `biasVariance`;
    /// `correlation` (with `variance`, default q*) asks for one application of the maps; `layers` for that many, and for
    /// homogeneous activations at the critical point without biases also for the tangent kernel of a net with that many
    /// weight matrices.
    public static func predict(_ query: JSONValue) throws -> JSONValue {
        guard let members = query.object else {
            throw ControlError(
                control: "",
                message: "a question is a JSON object such as {\"weightVariance\": 2, \"biasVariance\": 0.1}")
        }
        let controlNames = ["activation", "leak", "weightVariance", "biasVariance"]
        let known = controlNames + ["correlation", "variance", "layers"]
        try checkQuestion(members, known: known, model: "edge-of-chaos")
        var controls: [String: ControlValue] = [:]
        for name in controlNames {
            let control = declaration.control(name)!
            controls[name] = try value(of: control, in: members) ?? control.defaultValue
        }
        let bias = controls["biasVariance"]!.number!
        let activation = SignalActivation(
            name: controls["activation"]!.text!, leak: controls["leak"]!.number!)!
        let critical = try activation.criticalPoint(biasVariance: bias)
        if controls["weightVariance"] == nil { controls["weightVariance"] = .number(critical.weightVariance) }
        let field = try field(controls)
        let point = try field.fixedPoint()
        var answer: OrderedDictionary<String, JSONValue> = [
            "phase": .text(point.phase.rawValue), "weightVariance": .number(field.weightVariance),
            "biasVariance": .number(bias), "variance": .optional(point.variance),
            "correlation": .number(point.correlation), "susceptibility": .number(point.susceptibility),
            "correlationSlope": .number(point.correlationSlope),
            "correlationDepth": .optional(point.correlationDepth), "varianceDepth": .optional(point.varianceDepth),
            "criticalWeightVariance": .number(critical.weightVariance),
            "criticalVariance": .optional(critical.variance),
        ]
        if let factor = activation.asymmetry {
            answer["asymmetry"] = .number(factor)
            answer["slopeRatio"] = .optional(activation.slopeRatio)
        }
        try answerMaps(members, field, point, into: &answer)
        return .object(answer)
    }

    private static func answerMaps(
        _ members: OrderedDictionary<String, JSONValue>, _ field: MeanField, _ point: SignalFixedPoint,
        into answer: inout OrderedDictionary<String, JSONValue>
    ) throws {
        let layers = try number("layers", in: members, "a whole number in 1…1000000") {
            $0 >= 1 && $0 <= 1e6 && $0 == $0.rounded()
        }
        guard let c = try number("correlation", in: members, "a number in [-1, 1]", { abs($0) <= 1 }) else {
            guard layers == nil else {
                throw ControlError(control: "layers", message: "`layers` needs `correlation`, that of the inputs")
            }
            return
        }
        let given = try number("variance", in: members, "a number > 0") { $0 > 0 }
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
            var (q, c) = (q, c)
            for _ in 0..<count { (q, c) = (field.variance(after: q), field.correlation(after: c, variance: q)) }
            answer["correlationAfterLayers"] = .number(c)
        }
    }
}

/// Refuses keys that a question does not have.
func checkQuestion(
    _ members: OrderedDictionary<String, JSONValue>, known: [String], model: String
) throws(ControlError) {
    for key in members.keys where !known.contains(key) {
        throw ControlError(
            control: key,
            message: "`\(key)` is not a key of this \(model) prediction\(nearestHint(to: key, among: known)); "
                + "known: \(known.joined(separator: ", "))")
    }
}

/// A control of a question, checked; nil where the question leaves it out.
func value(
    of control: ControlParameter, in members: OrderedDictionary<String, JSONValue>
) throws(ControlError) -> ControlValue? {
    guard let given = members[control.name], !given.isNull else { return nil }
    guard let value = ControlValue(given) else {
        throw ControlError(control: control.name, message: "`\(control.name)` must be \(control.requirement)")
    }
    try control.check(value)
    return value
}

/// A number of a question; nil where the question leaves it out.
func number(
    _ key: String, in members: OrderedDictionary<String, JSONValue>, _ requirement: String,
    _ isAllowed: (Double) -> Bool
) throws(ControlError) -> Double? {
    guard let given = members[key], !given.isNull else { return nil }
    guard let x = given.number, x.isFinite, isAllowed(x) else {
        throw ControlError(
            control: key, message: "`\(key)` must be \(requirement), not \(given.serialized(numbers: .shortest))")
    }
    return x
}

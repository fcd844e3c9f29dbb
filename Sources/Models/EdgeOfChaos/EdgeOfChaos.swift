import Foundation
import GSLNumerics
import Lanes
import PhaseSpace
import Support

/// The model `edge-of-chaos`: signals in random deep nets, of finite width beside mean-field theory.
public struct EdgeOfChaos: StaticModel {
    let settings: ModelSettings

    public init(settings: ModelSettings) throws { self.settings = settings }

    public func packKey(of chain: Chain) -> String { "" }

    public func run(_ context: any RunContext) throws {
        while !context.isCancelled, let chain = context.nextChain() {
            for point in chain.points { context.record(try observation(at: point)) }
        }
    }

    static func field(_ controls: [String: ControlValue]) throws(ControlError) -> MeanField {
        func number(_ name: String) throws(ControlError) -> Double {
            guard let x = controls[name]?.number else {
                throw ControlError(control: name, message: "`\(name)` is missing")
            }
            return x
        }
        let leak = controls["leak"]?.number ?? 0.1
        guard let activation = SignalActivation(name: controls["activation"]?.text ?? "tanh", leak: leak) else {
            throw ControlError(
                control: "activation", message: "`activation` must be one of \(SignalActivation.names)")
        }
        return MeanField(
            activation: activation, weightVariance: try number("weightVariance"),
            biasVariance: try number("biasVariance"))
    }

    /// One random net. The last half of its layers counts for the growth: the first half is for forgetting the inputs.
    func observation(at point: Point) throws -> Observation {
        let begun = ContinuousClock.now
        let field = try Self.field(point.controls)
        let depth = Int(try point.number("depth"))
        let stream = RandomStream(seed: settings.seed, key: point.identity.randomKey, purpose: .initialWeights)
        var signal = RandomNetSignal(
            field: field, width: Int(try point.number("width")), variance: try point.number("inputVariance"),
            correlation: try point.number("inputCorrelation"), stream: stream)
        var exponent = 0.0
        var counted = 0
        var rows = [TrajectoryRow(step: 1, values: Self.values(of: signal))]
        var outcome = Outcome.completed
        var reason = ""
        for layer in stride(from: 2, through: depth, by: 1) {
            let growth = signal.advance()
            guard growth.isFinite, signal.variance.isFinite, signal.secondVariance.isFinite else {
                (outcome, reason) = (.diverged, "preactivations are beyond all bounds from layer \(layer) on")
                break
            }
            guard growth > 0, signal.variance > 0 else {
                (outcome, reason) = (.dead, "no signal is left from layer \(layer) on")
                break
            }
            if 2 * layer > depth {
                exponent += logarithm(growth) / 2
                counted += 1
            }
            rows.append(TrajectoryRow(step: layer, values: Self.values(of: signal)))
        }
        var values: [String: Double] = [:]
        if outcome == .completed {
            values = Self.values(of: signal)
            if counted > 0 {
                let lyapunov = exponent / Double(counted)
                values["lyapunovExponent"] = lyapunov
                let above: Double = field.activation.varianceFactor == nil ? 1 : 2
                values["phase"] = lyapunov > 0 ? above : 0
            }
        }
        return Observation(
            point: point, outcome: outcome, reason: reason, values: values, trajectory: rows,
            seconds: elapsed(since: begun))
    }

    private static func values(of signal: RandomNetSignal) -> [String: Double] {
        ["variance": signal.variance, "correlation": signal.correlation]
    }

    // MARK: - Theory

    public func theory(of controls: [String: ControlValue], _ ensemble: Ensemble) throws -> Theory? {
        let point = try Self.field(controls).fixedPoint()
        var values: [String: Double] = [
            "lyapunovExponent": logarithm(point.susceptibility) / 2, "phase": Self.number(of: point.phase),
        ]
        values["correlation"] = point.correlation
        values["variance"] = point.variance
        return Theory(values: values)
    }

    private static func number(of phase: SignalPhase) -> Double {
        switch phase {
        case .ordered, .critical: 0
        case .chaotic: 1
        case .exploding: 2
        }
    }

    /// The edge of chaos along either variance: a boundary of phases, second order for the correlation of a bounded
    /// activation with biases. Without biases its correlations freeze below, and vanish above.
    public func exactTransitions(of key: CurveKey, _ ensemble: Ensemble) throws -> [Transition]? {
        let field = try Self.field(key.controls(at: 1))
        let location: Double?
        switch key.axis {
        case "weightVariance":
            location = try field.activation.criticalPoint(biasVariance: field.biasVariance).weightVariance
        case "biasVariance": location = try field.activation.criticalBiasVariance(weightVariance: field.weightVariance)
        default: return nil
        }
        guard let location else { return [] }
        let isOfCorrelation = key.orderParameter == "correlation"
        guard !isOfCorrelation || field.activation.varianceFactor == nil else {
            var none = Transition(
                order: .none, sentence: "no transition: correlations do not depend on the weight variance")
            none.claim = .exact
            return [none]
        }
        let isBoundary =
            key.orderParameter == "phase"
            || isOfCorrelation && key.axis == "weightVariance" && field.biasVariance == 0
        var transition = Transition(
            order: isBoundary ? .boundary : .second, location: Estimate(location),
            sentence: "edge of chaos at \(location)")
        transition.claim = .exact
        if isOfCorrelation, !isBoundary { transition.exponent = Estimate(1) }
        return [transition]
    }

    public func theoryCurves(
        named name: String, of key: CurveKey, over axisValues: [Double], _ ensemble: Ensemble
    ) throws -> [TheoryCurve] {
        guard name == "equilibrium", ["weightVariance", "biasVariance"].contains(key.axis) else { return [] }
        let columns = ["correlation", "lyapunovExponent", "phase", "variance"]
        let rows = try axisValues.map { x -> [Double] in
            let values = try theory(of: key.controls(at: x), ensemble)!.values
            return [x] + columns.map { values[$0] ?? .nan }
        }
        return [TheoryCurve(name: name, columns: [key.axis] + columns, rows: rows)]
    }
}

extension SignalActivation {
    /// The bias variance of the critical line at a weight variance; nil where the line has none.
    func criticalBiasVariance(weightVariance: Double) throws -> Double? {
        guard varianceFactor == nil, weightVariance >= 1 / slopeProduct(0, 1) else { return nil }
        var (low, high) = (0.0, 1.0)
        while criticalPoint(variance: high).weightVariance < weightVariance, high < 1e6 {
            low = high
            high *= 2
        }
        // Rising along the line: the larger the preactivations, the flatter the activation.
        let q = try root(of: { criticalPoint(variance: $0).weightVariance - weightVariance }, in: low...high)
        return criticalPoint(variance: q).biasVariance
    }
}

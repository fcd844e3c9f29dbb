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

    static func activation(_ controls: ControlReader) throws(ControlError) -> SignalActivation {
        SignalActivation(try controls[Controls.activation], leak: try controls[Controls.leak])
    }

    private static func field(_ controls: ControlReader) throws(ControlError) -> MeanField {
        MeanField(
            activation: try activation(controls), weightVariance: try controls[Controls.weightVariance],
            biasVariance: try controls[Controls.biasVariance])
    }

    /// One random net. The last half of its layers counts for the growth: the first half is for forgetting the inputs.
    func observation(at point: Point) throws -> Observation {
        let begun = ContinuousClock.now
        let controls = point.reader
        let field = try Self.field(controls)
        let depth = try controls[Controls.depth]
        let stream = RandomStream(seed: settings.seed, key: point.identity.randomKey, purpose: .initialWeights)
        var signal = RandomNetSignal(
            field: field, width: try controls[Controls.width], variance: try controls[Controls.inputVariance],
            correlation: try controls[Controls.inputCorrelation], stream: stream)
        var exponent = 0.0
        var counted = 0
        var rows = [TrajectoryRow(step: 1, measured: Self.values(of: signal))]
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
            rows.append(TrajectoryRow(step: layer, measured: Self.values(of: signal)))
        }
        var values: Measured = [:]
        if outcome == .completed {
            values = Self.values(of: signal)
            if counted > 0 {
                let lyapunov = exponent / Double(counted)
                values[.lyapunovExponent] = lyapunov
                let above: Double = field.activation.varianceFactor == nil ? 1 : 2
                values[.phase] = lyapunov > 0 ? above : 0
            }
        }
        return Observation(
            point: point, outcome: outcome, reason: reason, measured: values, trajectory: rows,
            seconds: elapsed(since: begun))
    }

    private static func values(of signal: RandomNetSignal) -> Measured {
        [.variance: signal.variance, .correlation: signal.correlation]
    }

    // MARK: - Theory

    public func theory(of controls: [String: ControlValue], _ ensemble: Ensemble) throws -> Theory? {
        Theory(measured: try Self.equilibrium(ControlReader(controls)))
    }

    private static func equilibrium(_ controls: ControlReader) throws -> Measured {
        let point = try field(controls).fixedPoint()
        var values: Measured = [
            .lyapunovExponent: logarithm(point.susceptibility) / 2, .phase: number(of: point.phase),
        ]
        values[.correlation] = point.correlation
        values[.variance] = point.variance
        return values
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
        let controls = key.reader
        let location: Double?
        if key.isAlong(Controls.weightVariance) {
            location = try Self.activation(controls).criticalPoint(biasVariance: try controls[Controls.biasVariance])
                .weightVariance
        } else if key.isAlong(Controls.biasVariance) {
            location = try Self.activation(controls).criticalBiasVariance(
                weightVariance: try controls[Controls.weightVariance])
        } else {
            return nil
        }
        guard let location else { return [] }
        let activation = try Self.activation(controls)
        let isOfCorrelation = key.isOf(.correlation)
        guard !isOfCorrelation || activation.varianceFactor == nil else {
            var none = Transition(
                order: .none, sentence: "no transition: correlations do not depend on the weight variance")
            none.claim = .exact
            return [none]
        }
        let isBoundary =
            try key.isOf(.phase)
            || isOfCorrelation && key.isAlong(Controls.weightVariance) && controls[Controls.biasVariance] == 0
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
        let isAlongVariance = key.isAlong(Controls.weightVariance) || key.isAlong(Controls.biasVariance)
        guard name == "equilibrium", isAlongVariance else { return [] }
        let rows = try axisValues.map { x in (x, try Self.equilibrium(key.reader(at: x))) }
        return [
            TheoryCurve(
                name: name, over: key.axis, [.correlation, .lyapunovExponent, .phase, .variance], rows: rows)
        ]
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

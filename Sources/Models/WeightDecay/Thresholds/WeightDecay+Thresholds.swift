import OrderedCollections
import PhaseSpace
import Support
import TinyNets

extension WeightDecay {
    /// What theory knows of the transition of nonlinear nets: one hidden layer, one output, squared errors, no biases, no
    /// neuron noise, one γ. Elsewhere nil: there is no answer to stand beside the data.
    func nonlinearTransitions(_ controls: ControlReader, _ ensemble: Ensemble) throws -> [Transition]? {
        let setting = try Setting(controls)
        guard setting.depth == 1, setting.noises == [0], setting.gammas[0] == setting.gammas[1],
            lossFunction == .squaredError, !hasBiases, outputCount == 1,
            case .replica(let replica) = ensemble, let samples = try samples(controls, replica: replica)
        else { return nil }
        let key = ThresholdKey(
            data: try DataKey(controls, replica: replica), activation: setting.activation, width: setting.widths[0])
        if let known = thresholds.withLock({ $0[key] }) { return known.map { [$0.transition] } }
        let threshold = try Self.threshold(setting.activation, samples, width: setting.widths[0])
        thresholds.withLock { $0[key] = .some(threshold) }
        return threshold.map { [$0.transition] }
    }

    struct ThresholdKey: Hashable {
        let data: DataKey
        let activation: UnitActivation
        let width: Int
    }

    /// The transition to the zero net of a net with one hidden layer, as far as it is known; nil without theory.
    static func threshold(
        _ activation: UnitActivation, _ samples: SampledData, width: Int
    ) throws -> LayerThreshold? {
        func kinked(_ above: Double, _ below: Double) throws -> LayerThreshold {
            LayerThreshold(
                try KinkThreshold(
                    inputs: samples.features, targets: samples.targets, dimension: samples.inputs, above: above,
                    below: below))
        }
        switch activation {
        case .linear: return try kinked(1, 1)
        case .relu: return try kinked(1, 0)
        case .leakyRelu(let slope): return try kinked(1, slope)
        case .twoSlopes(let above, let below): return try kinked(above, below)
        case .absolute: return try kinked(1, -1)
        case .tanh: return try SmoothThreshold(.tanh, samples, width: width).layerThreshold
        case .erf: return try SmoothThreshold(.erf, samples, width: width).layerThreshold
        case .shiftedErf(let shift) where shift == 0:
            return try SmoothThreshold(.erf, samples, width: width).layerThreshold
        // φ(h) − φ(−h) = h: on mirrored data E[y φ(w·x)] = w·E[xy]/2, and what is left is even.
        case .swish, .gelu: return samples.hasNoEvenCorrelation ? try kinked(0.5, 0.5) : nil
        case .softplus, .shiftedErf: return nil
        }
    }
}

/// The transition to the zero net of a net with one hidden layer, between what is proven on both sides.
struct LayerThreshold: Sendable {
    var order: TransitionOrder
    var lowerBound: Double
    var upperBound: Double
    /// Of the threshold.
    var claim: Claim
    /// Of the order.
    var orderClaim: Claim = .exact
    /// Where the zero net loses its stability.
    var stability: Double?
    /// Direction of the best unit found.
    var direction: [Double]?

    init(order: TransitionOrder, lowerBound: Double, upperBound: Double, claim: Claim) {
        self.order = order
        self.lowerBound = lowerBound
        self.upperBound = upperBound
        self.claim = claim
    }

    init(_ kinks: KinkThreshold) {
        self.init(
            order: kinks.isExact && kinks.lowerBound == 0 ? .none : .second, lowerBound: kinks.lowerBound,
            upperBound: kinks.upperBound, claim: kinks.isExact ? .exact : .bound)
        if claim == .exact { stability = lowerBound }
        direction = kinks.direction
    }

    /// γ*: where it is exact the lower bound, which is reached; where only the zero net's neighbourhood is known its
    /// stability; nil between bounds.
    var gamma: Double? {
        guard order != .none else { return nil }
        return switch claim {
        case .exact: lowerBound
        case .local: stability
        default: nil
        }
    }

    var sentence: String {
        switch (order, claim) {
        case (.none, _): "no transition: no unit correlates with the targets"
        case (_, .exact): "\(order) order at γ = \(lowerBound)"
        case (.second, .local):
            "the zero net loses stability at γ = \(lowerBound); a first-order transition above it, up to γ = "
                + "\(upperBound), is not excluded"
        default: "\(order) order between γ = \(lowerBound) and \(upperBound)"
        }
    }

    var transition: Transition {
        var transition = Transition(order: order, location: gamma.map { Estimate($0) }, sentence: sentence)
        transition.claim = claim
        guard order != .none else { return transition }
        if claim != .exact { (transition.lowerBound, transition.upperBound) = (lowerBound, upperBound) }
        transition.lowerSpinodal = order == .first ? stability.map { Estimate($0) } : nil
        if order == .second, orderClaim == .exact {
            transition.jump = Estimate(0)
            transition.latentHeat = Estimate(0)
            transition.exponent = Estimate(0.5)
        }
        return transition
    }
}

extension LayerThreshold {
    /// The member `transition` of an answer.
    var answer: JSONValue {
        let isContinuous = order == .second && orderClaim == .exact
        var members: OrderedDictionary<String, JSONValue> = [
            "order": .text(order.rawValue), "gamma": .optional(gamma),
            "spinodal": .optional(isContinuous ? gamma : nil),
            "lowerSpinodal": .optional(order == .none ? nil : stability),
            "layerSquaredNorm": isContinuous ? 0 : .null, "latentHeat": isContinuous ? 0 : .null,
            "barrier": isContinuous ? 0 : .null, "curvatureJump": .null, "claim": .text(claim.word),
        ]
        if orderClaim != claim { members["claims"] = ["gamma": .text(claim.word), "order": .text(orderClaim.word)] }
        let isBetween = order != .none && claim != .exact
        members["lowerBound"] = .optional(isBetween ? lowerBound : nil)
        members["upperBound"] = .optional(isBetween ? upperBound : nil)
        members["sentence"] = .text(sentence)
        return .object(members)
    }
}

extension SampledData {
    /// Whether the targets of every input and its mirror image sum to 0, so that E[y e(w·x)] = 0 for even functions e:
    /// so it is where every sample (x, y) has a mirror image (−x, −y).
    var hasNoEvenCorrelation: Bool {
        var sums: [[Double]: Double] = [:]
        for s in 0..<count {
            let row = features[s * inputs..<(s + 1) * inputs]
            // Of the two images the one whose first number that is not zero is positive; −0 is 0.
            guard let lead = row.first(where: { $0 != 0 }) else { continue }
            sums[row.map { (lead < 0 ? -$0 : $0) + 0 }, default: 0] += targets[s]
        }
        return sums.values.allSatisfy { $0 == 0 }
    }
}

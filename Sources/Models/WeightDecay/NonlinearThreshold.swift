import PhaseSpace
import TinyNets

extension WeightDecay {
    /// Exact transitions of nonlinear nets, where theory has them: one hidden layer, one output, squared errors, no
    /// biases, no neuron noise, one γ. Elsewhere nil: there is no exact answer to stand beside the data.
    func nonlinearTransitions(_ controls: [String: ControlValue], _ ensemble: Ensemble) throws -> [Transition]? {
        let setting = try Setting(controls)
        guard setting.depth == 1, setting.noises == [0], setting.gammas[0] == setting.gammas[1],
            lossFunction == .squaredError, !hasBiases, outputCount == 1,
            case .replica(let replica) = ensemble, let samples = samples(controls, replica: replica),
            let gamma = try Self.threshold(setting.activation, samples, width: setting.widths[0])
        else { return nil }
        guard gamma > 0 else { return [Transition(order: .none, sentence: "no transition: no correlation")] }
        var transition = Transition(order: .second, location: Estimate(gamma), sentence: "second order")
        transition.jump = Estimate(0)
        transition.latentHeat = Estimate(0)
        transition.exponent = Estimate(0.5)
        return [transition]
    }

    /// γ* of a net with one hidden layer where its transition is of second order and known exactly; nil elsewhere.
    ///
    /// Slopes a and b about a kink: max over unit w of |E[y φ(w·x)]|. tanh and erf: φ'(0) ‖E[xy]‖ where the quartic Landau
    /// coefficient is positive. swish and GELU, for which φ(h) − φ(−h) = h: ‖E[xy]‖/2 on data that hold with every
    /// sample its mirror image, where pairs of units make F(γ) that of the linear net at 2γ; on others their second
    /// derivative at 0 makes the transition one of first order.
    static func threshold(_ activation: UnitActivation, _ samples: SampledData, width: Int) throws -> Double? {
        let correlation = samples.moments.crossNorm
        switch activation {
        case .linear: return correlation
        case .relu: return try kinkThreshold(samples, above: 1, below: 0)
        case .leakyRelu(let slope): return try kinkThreshold(samples, above: 1, below: slope)
        case .twoSlopes(let above, let below): return try kinkThreshold(samples, above: above, below: below)
        case .absolute: return try kinkThreshold(samples, above: 1, below: -1)
        case .tanh, .erf:
            guard let quartic = quarticCoefficient(activation, samples, width: width) else { return 0 }
            return quartic > 0 ? (activation.slopeAtZero ?? 1) * correlation : nil
        case .swish, .gelu: return width >= 2 && samples.isMirrorSymmetric ? correlation / 2 : nil
        case .softplus, .shiftedErf: return nil
        }
    }

    private static func kinkThreshold(_ samples: SampledData, above: Double, below: Double) throws -> Double {
        try ReLUThreshold(
            inputs: samples.features, targets: samples.targets, dimension: samples.inputs, above: above, below: below
        ).gamma
    }

    /// K of a net with one hidden layer of odd units φ(h) = c h + c₃ h³ + …: t = (γ* − γ)/K + …, up to a positive factor,
    /// with C₃ = −2 c₃ E[y (ĝ·x)³] spread over the neurons where it is positive and carried by one of them where it is
    /// negative. Nil without correlation.
    static func quarticCoefficient(_ activation: UnitActivation, _ samples: SampledData, width: Int) -> Double? {
        let moments = samples.moments
        guard moments.crossNorm > 0 else { return nil }
        let direction = moments.crossMoment.map { $0 / moments.crossNorm }
        var (square, cubic) = (0.0, 0.0)
        for s in 0..<samples.count {
            let x = samples.features[s * samples.inputs..<(s + 1) * samples.inputs]
            let h = zip(x, direction).reduce(0) { $0 + $1.0 * $1.1 }
            square += h * h
            cubic += samples.targets[s] * h * h * h
        }
        let n = Double(samples.count)
        let slope = activation.slopeAtZero ?? 1
        // c₃ = −1/3 for tanh, −c/6 for erf(h/√2).
        let bend = activation == .tanh ? -1 / 3.0 : -slope / 6
        let c3 = -2 * bend * cubic / n
        return slope * slope * square / n + (c3 > 0 ? c3 / Double(width) : c3)
    }
}

extension SampledData {
    /// Whether every sample (x, y) has a mirror image (−x, −y), as often as itself.
    var isMirrorSymmetric: Bool {
        var surplus: [[Double]: Int] = [:]
        for s in 0..<count {
            var row = Array(features[s * inputs..<(s + 1) * inputs]) + targets[s * outputs..<(s + 1) * outputs]
            // Of the two images the one whose first number that is not zero is positive; −0 is 0.
            guard let lead = row.first(where: { $0 != 0 }) else { continue }
            row = row.map { (lead < 0 ? -$0 : $0) + 0 }
            surplus[row, default: 0] += lead < 0 ? -1 : 1
        }
        return surplus.values.allSatisfy { $0 == 0 }
    }
}

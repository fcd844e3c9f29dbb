import PhaseSpace
import TinyNets

extension WeightDecay {
    /// Exact transitions of nonlinear nets, where theory has them: one hidden layer, no neuron noise, one γ.
    ///
    /// tanh: γ* = ‖E[xy]‖, second order where the quartic Landau coefficient K is positive. ReLU: γ* = max over unit w
    /// of |E[y relu(w·x)]|, second order, for up to two inputs by visiting every activation pattern and for more by
    /// ascents from many sides. Elsewhere nil: there is no exact answer to stand beside the data.
    func nonlinearTransitions(_ controls: [String: ControlValue], _ ensemble: Ensemble) throws -> [Transition]? {
        let setting = try Setting(controls)
        guard setting.depth == 1, setting.noises == [0], setting.gammas[0] == setting.gammas[1],
            case .replica(let replica) = ensemble, let samples = samples(controls, replica: replica)
        else { return nil }
        let gamma: Double
        switch setting.activation {
        case .relu:
            gamma = try ReLUThreshold(
                inputs: samples.features, targets: samples.targets, dimension: samples.inputs
            ).gamma
        case .tanh:
            guard let quartic = Self.quarticCoefficient(samples, width: setting.widths[0]), quartic > 0 else {
                return nil
            }
            gamma = DataMoments(inputs: samples.inputs, features: samples.features, targets: samples.targets).crossNorm
        default: return nil
        }
        guard gamma > 0 else { return [Transition(order: .none, sentence: "no transition: no correlation")] }
        var transition = Transition(order: .second, location: Estimate(gamma), sentence: "second order")
        transition.jump = Estimate(0)
        transition.latentHeat = Estimate(0)
        transition.exponent = Estimate(0.5)
        return [transition]
    }

    /// K of a tanh net with one hidden layer: t = (γ* − γ)/K + …, with C₃ = (2/3) E[y (ĝ·x)³] spread over the neurons
    /// where it is positive and carried by one of them where it is negative. Nil without correlation.
    static func quarticCoefficient(_ samples: SampledData, width: Int) -> Double? {
        let moments = DataMoments(inputs: samples.inputs, features: samples.features, targets: samples.targets)
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
        let c3 = 2 / 3.0 * cubic / n
        return square / n + (c3 > 0 ? c3 / Double(width) : c3)
    }
}

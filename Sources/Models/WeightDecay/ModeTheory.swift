import GSLNumerics
import PhaseSpace
import TinyNets

/// Exact theory of a deep linear net of several outputs without neuron noise on inputs of equal variance a, E[xxᵀ] = a I:
/// the singular modes of E[y xᵀ] decouple, and each is a net of one output with a transition of its own.
///
/// Source: derived from the predictor form F = min over M of E‖y − Mx‖² + (D+1) γ Σ_k σ_k(M)^{2/(D+1)} and checked by
/// training; for D = 1 the penalty is twice the nuclear norm and γ*_k the singular value itself.
struct ModeTheory {
    /// One for each mode that the narrowest layer leaves room for, the strongest first.
    private let modes: [DeepLinearTheory]
    /// E‖y‖² beyond the modes' share.
    private let unexplained: Double

    /// - Returns: nil where the modes do not decouple.
    init?(_ data: SampledData, gammas: [Double], widths: [Int]) throws {
        let (d, k, n) = (data.inputs, data.outputs, Double(data.count))
        var second = [Double](repeating: 0, count: d * d)
        var cross = [Double](repeating: 0, count: d * k)
        var target = 0.0
        for s in 0..<data.count {
            let x = data.features[s * d..<(s + 1) * d].map { $0 }
            let y = data.targets[s * k..<(s + 1) * k].map { $0 }
            for i in 0..<d {
                for j in 0..<d { second[i * d + j] += x[i] * x[j] / n }
                for j in 0..<k { cross[i * k + j] += x[i] * y[j] / n }
            }
            target += y.reduce(0) { $0 + $1 * $1 } / n
        }
        let variance = second[0]
        for i in 0..<d {
            for j in 0..<d where abs(second[i * d + j] - (i == j ? variance : 0)) > 1e-9 * variance { return nil }
        }
        let strengths = try singularValues(columns: (0..<k).map { j in (0..<d).map { cross[$0 * k + j] } })
        let rounding = 4 * Double.ulpOfOne * (n * Double(d)).squareRoot() * (strengths.first ?? 0)
        let room = min(widths.min() ?? k, min(k, d))
        modes = try strengths.prefix(room).filter { $0 > rounding }.map { strength in
            try DeepLinearTheory(
                gammas: gammas, widths: widths, noises: widths.map { _ in 0 }, inputVariances: [variance],
                correlations: [strength], targetSecondMoment: strength * strength / variance)
        }
        unexplained = target - modes.reduce(0) { $0 + $1.path.targetSecondMoment }
    }

    /// Sums over the modes.
    func values() throws -> Measured {
        let summed: [Measure] = [
            .loss, .lossSlope, .lossCurvature, .zeroNetLoss, .dataLoss, .squaredNorm, .layerSquaredNorm,
        ]
        let parts = try modes.map { try $0.equilibrium() }
        var values = Measured()
        for measure in summed { values[measure] = parts.reduce(0) { $0 + ($1[measure] ?? .nan) } }
        for measure in [Measure.loss, .zeroNetLoss, .dataLoss] {
            values[measure] = values[measure].map { $0 + unexplained }
        }
        return values
    }

    /// Number of modes that have not vanished.
    func activeCount() throws -> Int {
        try modes.count { try $0.path.globalMinimum(atDecay: $0.decay) != nil }
    }

    /// One for each mode, by rising location.
    func transitions() throws -> [Transition] {
        let found = try modes.flatMap { try $0.transitions() }.filter { $0.location != nil }
        guard !found.isEmpty else { return [Transition(order: .none, sentence: "no transition: no hidden layer")] }
        return found.sorted { $0.location!.value < $1.location!.value }
    }
}

extension WeightDecay {
    /// Nil for nets of one output, and where their modes do not decouple.
    func modeTheory(_ controls: ControlReader, _ ensemble: Ensemble) throws -> ModeTheory? {
        guard case .teacher(let teacher) = source, teacher.modes != nil, lossFunction == .squaredError, !hasBiases
        else { return nil }
        let setting = try Setting(controls)
        guard setting.activation == .linear, setting.noises.allSatisfy({ $0 == 0 }) else { return nil }
        let data: SampledData?
        switch ensemble {
        case .replica(let replica): data = try samples(controls, replica: replica)
        case .population:
            let key = try DataKey(controls, replica: 0)
            data = teacher.design(
                signal: key.signal, labelNoise: key.labelNoise, conditionNumber: key.conditionNumber)
        }
        return try data.flatMap { try ModeTheory($0, gammas: setting.gammas, widths: setting.widths) }
    }
}

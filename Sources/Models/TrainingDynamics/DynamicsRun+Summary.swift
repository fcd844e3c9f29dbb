import GSLNumerics
import Lanes
import PhaseSpace

extension DynamicsRun {
    /// The steps whose rises of the loss count: up to 200 before the annealing.
    private var lateSteps: Range<Int> {
        let last = min(losses.count, plan.annealing > 0 ? plan.annealingStart : losses.count)
        return max(1, last - 200)..<max(1, last)
    }

    /// Share of the late steps that raise the loss; rises at a solved problem are rounding and do not count.
    public var risingFraction: Double {
        let steps = lateSteps
        guard !steps.isEmpty else { return 0 }
        let floor = 1e-20 * losses[0]
        let rises = steps.count { losses[$0] > losses[$0 - 1] * (1 + 1e-6) && losses[$0 - 1] > floor }
        return Double(rises) / Double(steps.count)
    }

    /// max L/L₀.
    public var peak: Double { (losses.filter(\.isFinite).max() ?? .infinity) / losses[0] }

    /// Mean of the last five losses over L₀.
    public var finalRatio: Double {
        let last = losses.suffix(5)
        return last.reduce(0, +) / Double(last.count) / losses[0]
    }

    /// Local maxima of the loss that exceed its running minimum by five percent.
    public var spikes: Int {
        var lowest = losses.first ?? 0
        var count = 0
        for t in losses.indices.dropFirst().dropLast() {
            lowest = min(lowest, losses[t])
            if losses[t] > losses[t - 1], losses[t] >= losses[t + 1], losses[t] > 1.05 * lowest { count += 1 }
        }
        return count
    }

    /// Spearman's rank correlation between the update cosine and the sharpening d ln λ over windows of ten steps; nil
    /// unless every step was recorded, for fewer than five windows, and where either stays the same.
    ///
    /// That the two go together is a hypothesis of arXiv 2502.13110 version 1 in our wording.
    public var sharpeningCosine: Double? {
        guard plan.record == 1 else { return nil }
        var windows: [(cosine: Double, growth: Double)] = []
        for start in stride(from: 1, through: step - 10, by: 10) {
            let found = (start..<start + 10).compactMap { cosines[$0]?.total }
            guard let first = kernels[start], let last = kernels[start + 10], first > 0, last > 0, !found.isEmpty else {
                continue
            }
            windows.append((found.reduce(0, +) / Double(found.count), logarithm(last / first)))
        }
        guard windows.count >= 5 else { return nil }
        return try? correlation(ranks(windows.map(\.cosine)), ranks(windows.map(\.growth)))
    }

    /// The regime of a run that has ended.
    public var regime: TrainingRegime {
        switch end {
        case .diverged: return .divergent
        case .dead: return .collapsed
        default: break
        }
        if plan.schedule == .constant {
            if peak <= 1.05 { return .lazy }
            return finalRatio < 1 ? .catapult : .erratic
        }
        guard risingFraction > 0.1 else { return .lazy }
        return finalRatio < 1 ? .prolonged : .erratic
    }

    /// Why the run did not complete; empty where it did.
    var reason: String {
        switch end {
        case .diverged(let step): "the loss exceeds 10⁶ times its start, or is not a number, from step \(step) on"
        case .dead(0): "the tangent kernel vanishes at the start: no weight can change the output"
        case .dead(let step): "the tangent kernel has vanished by step \(step): the net is dead"
        default: ""
        }
    }

    var outcome: Outcome {
        switch end {
        case .diverged: .diverged
        case .dead: .dead
        default: .completed
        }
    }

    // MARK: - Observables

    func row() -> TrajectoryRow {
        var values = Measured()
        values[.loss] = losses[step]
        values[.learningRate] = rate
        values[.kernel] = kernels[step]
        values[.relativeRateNow] = relativeRates[step]
        if let sharpness = sharpnesses[step] {
            values[.sharpness] = sharpness
            values[.edge] = rate * sharpness / 2
        }
        if let cosine = cosines[step] {
            values[.updateCosine] = cosine.total
            for (k, value) in cosine.layers.enumerated() { values[layerMeasures.cosines[k]] = value }
        }
        values[.lazyCosine] = lazyCosine?.value(step: step)
        if end == nil {
            for (k, change) in probe.preactivationChanges.enumerated() {
                values[layerMeasures.changes[k]] = change
            }
            values[.participationRatio] = probe.participationRatio
        }
        return TrajectoryRow(step: step, measured: values)
    }

    /// The observables of the whole run.
    func summary() -> Measured {
        var values: Measured = [
            .regime: Double(regime.rawValue), .initialLoss: losses[0], .initialKernel: initialKernel,
        ]
        guard initialKernel > 0 else { return values }
        values[.initialSharpness] = sharpnesses[0]
        if let lowest = initialSpectrum.first, lowest > 0 {
            values[.conditionNumber] = initialSpectrum[initialSpectrum.count - 1] / lowest
        }
        let early = (1...5).compactMap { cosines[$0]?.total }
        if early.count == 5 { values[.earlyCosine] = early.reduce(0, +) / 5 }
        if let lazyCosine {
            let lazy = (1...5).compactMap { lazyCosine.value(step: $0) }
            if lazy.count == 5 { values[.earlyLazyCosine] = lazy.reduce(0, +) / 5 }
        }
        guard end == .completed else { return values }
        values[.loss] = losses[losses.count - 1]
        values[.learningRate] = rate
        values[.peak] = peak
        values[.finalRatio] = finalRatio
        values[.risingFraction] = risingFraction
        values[.spikes] = Double(spikes)
        addEnd(to: &values)
        return values
    }

    private func addEnd(to values: inout Measured) {
        if let kernel = kernels[plan.steps] {
            values[.kernel] = kernel
            values[.kernelRatio] = kernel / initialKernel
            values[.relativeRateNow] = rate * kernel
        }
        if let sharpness = sharpnesses[plan.steps] {
            values[.sharpness] = sharpness
            values[.edge] = rate * sharpness / 2
        }
        let beforeAnnealing = relativeRates.filter { $0.key < plan.annealingStart && $0.key < plan.steps }
        if beforeAnnealing.count > 1 {
            values[.aboveEdge] = Double(beforeAnnealing.count { $0.value > 2 }) / Double(beforeAnnealing.count)
        }
        let recorded = cosines.filter { $0.key > 0 && plan.isRecorded($0.key) }.sorted { $0.key < $1.key }
        let totals = recorded.compactMap(\.value.total)
        values[.sharpeningCosine] = sharpeningCosine
        if !totals.isEmpty { values[.meanCosine] = totals.reduce(0, +) / Double(totals.count) }
        let changes = probe.preactivationChanges
        for (k, change) in changes.enumerated() { values[.preactivationChange(k + 1)] = change }
        if let first = changes.first, let last = changes.last, first > 0 { values[.profileRatio] = last / first }
        values[.participationRatio] = probe.participationRatio
        values[.deadFraction] = probe.deadFraction
    }
}

/// Ranks from 0; equal values share the mean of theirs.
private func ranks(_ xs: [Double]) -> [Double] {
    xs.map { x in
        let below = xs.count { $0 < x }
        let equal = xs.count { $0 == x }
        return Double(below) + Double(equal - 1) / 2
    }
}

import PhaseSpace

extension NewtonPack {
    /// The result of a lane that is through.
    func minimum(_ lane: Int) -> Minimum {
        let state = lanes[lane]
        if let kept = state.kept { return kept.withSteps(state.run.steps) }
        return current(lane)
    }

    /// The minimum that the lane stands at.
    func current(_ lane: Int) -> Minimum {
        let state = lanes[lane]
        if state.run.isCollapsing || hasCollapsed(lane), let zero = state.run.zeroMinimum { return zero }
        let problem = state.run.job.problem
        let norms = pack.gather(fields.layer_norms, count: pack.layout.layerCount, lane: lane)
        return Minimum(
            weights: pack.gather(fields.point, count: pack.layout.weightCount, lane: lane),
            loss: fields.loss[lane], dataLoss: fields.data_loss[lane], gradientNorm: state.gradientNorm,
            outcome: state.outcome, reason: state.reason, squaredNorm: norms.reduce(0, +),
            layerSquaredNorms: norms, lossSlope: zip(norms, problem.gammaRatios).reduce(0) { $0 + $1.0 * $1.1 },
            lossCurvature: state.outcome == .converged ? state.lossCurvature : nil,
            lowestCurvature: state.outcome == .converged ? state.lowestCurvature : nil, steps: state.run.steps)
    }
}

extension NewtonPack {
    /// A net through samples may have no certificate for its collapse; then the minimum itself shows it: weights at
    /// rounding level and a loss that curves upwards all round.
    private func hasCollapsed(_ lane: Int) -> Bool {
        let state = lanes[lane]
        guard state.run.job.net != nil, state.outcome == .converged, let lowest = state.lowestCurvature else {
            return false
        }
        // A function of the matrices alone: biases may be anything.
        let squaredNorm = (0..<pack.layout.layerCount).reduce(0) {
            $0 + fields.layer_norms[$1 * LanePack.laneCount + lane]
        }
        return squaredNorm < 1e-16 && lowest > 0
    }
}

extension Minimum {
    fileprivate func withSteps(_ steps: Int) -> Minimum {
        Minimum(
            weights: weights, loss: loss, dataLoss: dataLoss, gradientNorm: gradientNorm, outcome: outcome,
            reason: reason, squaredNorm: squaredNorm, layerSquaredNorms: layerSquaredNorms, lossSlope: lossSlope,
            lossCurvature: lossCurvature, lowestCurvature: lowestCurvature, steps: steps)
    }
}

extension TrainingRun {
    /// The zero net, where it is a stationary point.
    var zeroMinimum: Minimum? { job.zeroMinimum(steps: steps) }

    /// What is left to say of a job that cannot be trained.
    func refusal(reason: String) -> Minimum {
        Minimum(
            weights: weights, loss: .nan, dataLoss: .nan, gradientNorm: .nan, outcome: .diverged, reason: reason,
            squaredNorm: .nan, layerSquaredNorms: Array(repeating: .nan, count: job.layout.layerCount), lossSlope: .nan,
            lossCurvature: nil, lowestCurvature: nil, steps: steps)
    }
}

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
        if state.run.isCollapsing || hasCollapsed(lane) { return state.run.zeroMinimum(shape: pack.shape) }
        let problem = state.run.job.problem
        let norms = pack.gather(fields.layer_norms, count: pack.shape.layerCount, lane: lane)
        return Minimum(
            weights: pack.gather(fields.point, count: pack.shape.weightCount, lane: lane),
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
        return state.weightNorm < 1e-8 && lowest > 0
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
    /// The zero net, to which the run's weights certainly decay.
    func zeroMinimum(shape: DeepLinearShape) -> Minimum {
        job.problem.zeroNet(shape: shape, lowestCurvature: job.zeroNetLowestCurvature, steps: steps)
    }

    /// What is left to say of a job that cannot be trained.
    func refusal(shape: DeepLinearShape, reason: String) -> Minimum {
        Minimum(
            weights: weights, loss: .nan, dataLoss: .nan, gradientNorm: .nan, outcome: .diverged, reason: reason,
            squaredNorm: .nan, layerSquaredNorms: Array(repeating: .nan, count: shape.layerCount), lossSlope: .nan,
            lossCurvature: nil, lowestCurvature: nil, steps: steps)
    }
}

import PhaseSpace
import TinyNets

/// The net at a point of a sweep with its data: what a training job is made from.
struct Net: Sendable {
    let shape: SampledNetShape
    /// Moments, decays and noise. For a net through samples the noise is in its frozen masks.
    let problem: DeepLinearProblem
    /// Set for a net through samples: every one but the bias-free linear net of one output under squared errors.
    let sampled: SampledNet?

    func job(tag: Int, initialWeights: [Double], start: TrainingJob.Start) -> TrainingJob {
        job(problem, tag: tag, initialWeights: initialWeights, start: start)
    }

    /// A job with other decays, or other noise on moments.
    func job(
        _ problem: DeepLinearProblem, tag: Int, initialWeights: [Double], start: TrainingJob.Start
    ) -> TrainingJob {
        guard let sampled else {
            return TrainingJob(
                tag: tag, shape: shape.onMoments, problem: problem, initialWeights: initialWeights, start: start)
        }
        return TrainingJob(
            tag: tag, net: sampled, gammas: problem.gammas, initialWeights: initialWeights, start: start)
    }

    /// The trivial phase, where it is a stationary point.
    func zeroMinimum(_ problem: DeepLinearProblem) -> Minimum? {
        job(problem, tag: 0, initialWeights: [], start: .cold).zeroMinimum()
    }

    var zeroNetLoss: Double { sampled?.zeroNetLoss ?? problem.moments.targetSecondMoment }
}

extension SampledNetShape {
    /// The shape of the same net on moments.
    var onMoments: DeepLinearShape { DeepLinearShape(inputs: inputs, widths: widths) }
}

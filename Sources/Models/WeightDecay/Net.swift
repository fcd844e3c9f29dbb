import PhaseSpace
import TinyNets

/// The net at a point of a sweep with its data: what a training job is made from.
struct Net: Sendable {
    /// Moments, decays and noise. For a net through samples the noise is in its frozen masks.
    let problem: DeepLinearProblem
    /// Set for nets with an activation.
    let sampled: SampledNet?

    func job(
        tag: Int, shape: DeepLinearShape, initialWeights: [Double], start: TrainingJob.Start
    ) -> TrainingJob {
        guard let sampled else {
            return TrainingJob(
                tag: tag, shape: shape, problem: problem, initialWeights: initialWeights, start: start)
        }
        return TrainingJob(
            tag: tag, net: sampled, gammas: problem.gammas, initialWeights: initialWeights, start: start)
    }
}

import Kernels
import PhaseSpace
import TinyNets

/// Where a trainer's runs come from and go to.
public protocol DynamicsQueue: AnyObject {
    /// The next run; nil when none is left.
    func nextRun() throws -> DynamicsRun?
    /// A run has ended.
    func finished(_ run: DynamicsRun)
}

/// Trains one net after the other, its samples in the SIMD lanes.
public final class DynamicsTrainer {
    private let precision: TrainingPrecision

    /// - Parameter precision: that of gradients and curvature; weights move in double precision, so that small steps
    ///   are not lost.
    public init(precision: TrainingPrecision = .double) { self.precision = precision }

    /// Runs until the queue is empty, or `isCancelled`: what is under way then is given up.
    public func run(_ queue: any DynamicsQueue, isCancelled: () -> Bool = { false }) throws {
        while !isCancelled(), let run = try queue.nextRun() {
            let probe = run.probe
            let isSingle = precision == .single
            let net =
                isSingle
                ? SoloNet(shape: run.setting.shape, data: run.data, kernel: SoloKernel(.current, .single)) : probe.net
            let curvature = run.plan.measuresSharpness ? TopCurvature(net: net) : nil
            repeat {
                if isCancelled() { return }
                if isSingle { net.evaluate(run.weights) } else { probe.evaluate(run.weights) }
                try run.take(loss: net.loss, gradient: net.gradient(), probeIsCurrent: !isSingle)
                if let curvature { try run.measureSharpness(curvature) }
            } while run.advance()
            queue.finished(run)
        }
    }
}

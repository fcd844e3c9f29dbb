import Foundation

/// Calls something some time before a job of a cluster is ended by force.
final class Deadline: Sendable {
    /// Seconds that are left for checkpointing and writing.
    static let margin = 20.0

    // Only kept alive here; nobody touches it after `init`.
    private nonisolated(unsafe) let timer: any DispatchSourceTimer

    /// The end of the Slurm job that this process runs in; nil outside of one.
    static func ofJob(
        environment: [String: String] = ProcessInfo.processInfo.environment, _ action: @escaping @Sendable () -> Void
    ) -> Deadline? {
        guard let text = environment["SLURM_JOB_END_TIME"], let end = Double(text), end > 0, end.isFinite else {
            return nil
        }
        return Deadline(in: end - Date().timeIntervalSince1970 - margin, action)
    }

    private init(in seconds: Double, _ action: @escaping @Sendable () -> Void) {
        timer = DispatchSource.makeTimerSource()
        timer.schedule(deadline: .now() + max(0, min(seconds, 1e8)))
        timer.setEventHandler(handler: action)
        timer.activate()
    }
}

import PhaseSpace
import Synchronization

/// Stops a run whose program is broken before it has burnt the whole grid: three different values of the swept control
/// that failed without a finished point between them, or three starts that came to nothing.
final class ProgramFuse: Sendable {
    static let patience = 3

    private struct State {
        var values: Set<ControlValue> = []
        var starts = 0
        var blown: String?
    }
    private let state = Mutex(State())

    /// - Throws: `ProgramError.broken`, once the fuse has blown.
    func check() throws(ProgramError) {
        if let sentence = state.withLock(\.blown) { throw .broken(sentence) }
    }

    func noteFinished() { state.withLock { $0.values.removeAll() } }

    func noteStarted() { state.withLock { $0.starts = 0 } }

    /// - Parameter value: of the swept control at the point that failed.
    func noteFailure(at value: ControlValue, axis: String, reason: String) {
        state.withLock { state in
            state.values.insert(value)
            guard state.blown == nil, state.values.count >= Self.patience else { return }
            let values = state.values.sorted().map { "\($0)" }.joined(separator: ", ")
            state.blown =
                "the run was stopped: points failed at \(axis) = \(values) and none was finished between them; "
                + "the last one: \(reason)"
        }
    }

    func noteFailedStart(_ reason: String) {
        state.withLock { state in
            state.starts += 1
            guard state.blown == nil, state.starts >= Self.patience else { return }
            state.blown = "the run was stopped: the program ended \(state.starts) times before it was ready; \(reason)"
        }
    }
}

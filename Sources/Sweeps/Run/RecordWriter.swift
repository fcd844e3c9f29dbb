import Foundation
import PhaseSpace

/// The one thread that writes to the store: it gathers what workers record into transactions, by number and by time.
final class RecordWriter: @unchecked Sendable {
    private static let batchSize = 2_000
    private static let batchSeconds = 0.5
    /// Workers wait while this many records are unwritten: memory stays bounded on a slow disk, and a stop is quick.
    private static let bufferLimit = 8_000

    private let store: Store
    private let onFailure: @Sendable () -> Void
    /// Ends the writer's nap early. Its timeout does not follow the clock on the wall, which may be set back.
    private let wake = DispatchSemaphore(value: 0)
    // Everything below is guarded by the condition.
    private let condition = NSCondition()
    private var isWoken = false
    private var buffer: [StoreRecord] = []
    private var isClosed = false
    private var hasEnded = false
    private var failure: StoreError?
    private var counts: [Outcome: Int] = [:]
    private var settled = 0

    init(_ store: Store, onFailure: @escaping @Sendable () -> Void) {
        self.store = store
        self.onFailure = onFailure
        let thread = Thread { [self] in writeUntilClosed() }
        thread.name = "store"
        thread.start()
    }

    /// Number of observations by outcome that were handed over.
    var recorded: [Outcome: Int] {
        condition.lock()
        defer { condition.unlock() }
        return counts
    }

    /// Number of points handed over that had been unsettled.
    var newlySettled: Int {
        condition.lock()
        defer { condition.unlock() }
        return settled
    }

    /// - Parameters:
    ///   - counted: false for an observation that this run has made before.
    ///   - wasSettled: whether the store had an observation of the point before the run.
    func append(_ records: [StoreRecord], counted: Bool = true, wasSettled: Bool = true) {
        condition.lock()
        defer { condition.unlock() }
        while buffer.count >= Self.bufferLimit, failure == nil { condition.wait() }
        guard failure == nil else { return }
        if counted {
            if !wasSettled { settled += 1 }
            for case .observation(let observation) in records { counts[observation.outcome, default: 0] += 1 }
        }
        buffer.append(contentsOf: records)
        if buffer.count >= Self.batchSize { wakeWriter() }
    }

    /// Makes the run end with this error; nothing more is written.
    func fail(_ error: StoreError) {
        condition.lock()
        failure = failure ?? error
        wakeWriter()
        condition.broadcast()
        condition.unlock()
        onFailure()
    }

    /// Writes what is left and ends the thread.
    func close() throws(StoreError) {
        condition.lock()
        isClosed = true
        wakeWriter()
        while !hasEnded { condition.wait() }
        let failure = failure
        condition.unlock()
        if let failure { throw failure }
    }

    private func wakeWriter() {
        guard !isWoken else { return }
        isWoken = true
        wake.signal()
    }

    private func writeUntilClosed() {
        // What was handed over after a batch that is lost builds on it: a checkpoint kept without its points would lead
        // past them.
        var canWrite = true
        while true {
            _ = wake.wait(timeout: .now() + Self.batchSeconds)
            condition.lock()
            isWoken = false
            let batch = buffer
            buffer = []
            let isLast = isClosed || failure != nil
            condition.broadcast()
            condition.unlock()

            if canWrite, !batch.isEmpty {
                do throws(StoreError) {
                    try store.write(batch)
                    for case .action(let action) in batch { action() }
                } catch {
                    canWrite = false
                    fail(error)
                }
            }
            if isLast { break }
        }
        condition.lock()
        hasEnded = true
        condition.broadcast()
        condition.unlock()
    }
}

import PhaseSpace
import Synchronization

/// The model's workers of a run, one for each thread: made before their first chain, ended once.
final class WorkerPool: Sendable {
    private let model: any Model
    private let workers = Mutex<[Int: any ModelWorker]>([:])

    init(_ model: any Model) { self.model = model }

    /// A thread asks for its own number only, so that none is made twice.
    func worker(_ number: Int) throws -> any ModelWorker {
        if let worker = workers.withLock({ $0[number] }) { return worker }
        // Outside the lock: a worker may take long to make, and others are not to wait for it.
        let worker = try model.worker(number)
        workers.withLock { $0[number] = worker }
        return worker
    }

    /// Ends all that there are; a later run makes new ones.
    func end() {
        let ended = workers.withLock { workers in
            defer { workers = [:] }
            return workers
        }
        for (_, worker) in ended.sorted(by: { $0.key < $1.key }) { worker.end() }
    }
}

import PhaseSpace
import Synchronization

/// The chains of a run by pack key. Workers pull from one group, several at once where there is more than one worker
/// and few groups.
final class WorkQueue: Sendable {
    private struct Group {
        var indices: [Int]
        var next = 0
        var workers = 0
        var remaining: Int { indices.count - next }
    }
    private let groups: Mutex<[Group]>
    private let chain: @Sendable (Int) -> Chain

    /// Chains are made when they are pulled: the queue holds only their numbers.
    /// - Parameter indices: numbers of chains by pack key, each list in the order of running.
    init(_ indices: [[Int]], chain: @escaping @Sendable (Int) -> Chain) {
        groups = Mutex(indices.map { Group(indices: $0) })
        self.chain = chain
    }

    /// The group with the most work left for each worker that is on it; nil when no work is left.
    func claimGroup() -> Int? {
        groups.withLock { groups in
            func share(_ i: Int) -> Int { groups[i].remaining / (groups[i].workers + 1) }
            let open = groups.indices.filter { groups[$0].remaining > 0 }
            guard let best = open.max(by: { share($0) < share($1) }) else { return nil }
            groups[best].workers += 1
            return best
        }
    }

    func release(_ group: Int) { groups.withLock { $0[group].workers -= 1 } }

    func next(in group: Int) -> Chain? {
        let index: Int? = groups.withLock { groups in
            guard groups[group].remaining > 0 else { return nil }
            groups[group].next += 1
            return groups[group].indices[groups[group].next - 1]
        }
        return index.map(chain)
    }

    /// Takes all work out of a group that its model cannot run.
    /// - Returns: the number of chains that nobody will run now.
    func abandon(_ group: Int) -> Int {
        groups.withLock { groups in
            defer { groups[group].next = groups[group].indices.count }
            return groups[group].remaining
        }
    }
}

/// A queue of one.
final class Once: Sendable {
    private let chain: Mutex<Chain?>

    init(_ chain: Chain) { self.chain = Mutex(chain) }

    func take() -> Chain? {
        chain.withLock { chain in
            defer { chain = nil }
            return chain
        }
    }
}

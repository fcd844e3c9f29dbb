import PhaseSpace
import Synchronization

/// The chains of a run by pack key. Workers pull from one group, several at once where there is more than one worker
/// and few groups.
///
/// The plan is read on as the groups empty: a sweep of millions of chains begins at once, and only numbers of chains
/// wait in memory.
final class WorkQueue: Sendable {
    private struct Group {
        var indices: [Int] = []
        var next = 0
        var workers = 0
        var remaining: Int { indices.count - next }

        mutating func add(_ index: Int) {
            if next == indices.count {
                indices.removeAll(keepingCapacity: true)
                next = 0
            }
            indices.append(index)
        }
    }
    private struct State {
        var groups: [Group] = []
        var groupOfKey: [String: Int] = [:]
        /// The next chain of the plan that nobody has looked at.
        var cursor = 0
        /// Long chains that were made to be sorted, by number: each identity of theirs takes in a whole grid.
        var made: [Int: Chain] = [:]
        var madePoints = 0
    }
    private static let blockSize = 4096
    /// Points of chains that wait, at most.
    private static let waitingPoints = 50_000

    private let state = Mutex(State())
    private let count: Int
    private let open: OpenChains
    private let chain: @Sendable (Int) -> Chain
    private let packKey: @Sendable (Chain) -> String

    /// Chains are made when they are sorted into their group and, but for a few long ones, again when they are pulled.
    /// - Parameter count: number of chains, the open ones and the others.
    init(
        _ count: Int, open: OpenChains, chain: @escaping @Sendable (Int) -> Chain,
        packKey: @escaping @Sendable (Chain) -> String
    ) {
        self.count = count
        self.open = open
        self.chain = chain
        self.packKey = packKey
    }

    /// Sorts the next open chains of the plan into their groups.
    /// - Returns: false where there are no more.
    private func readOn(_ state: inout State) -> Bool {
        var added = 0
        while state.cursor < count, added < Self.blockSize {
            let index = state.cursor
            state.cursor += 1
            guard open[index] else { continue }
            let chain = self.chain(index)
            let key = packKey(chain)
            if chain.points.count > 1, state.madePoints + chain.points.count <= Self.waitingPoints {
                state.made[index] = chain
                state.madePoints += chain.points.count
            }
            if state.groupOfKey[key] == nil {
                state.groupOfKey[key] = state.groups.count
                state.groups.append(Group())
            }
            state.groups[state.groupOfKey[key]!].add(index)
            added += 1
        }
        return added > 0
    }

    /// The group with the most work left for each worker that is on it; nil when no work is left.
    func claimGroup() -> Int? {
        state.withLock { state in
            while true {
                let groups = state.groups
                func share(_ i: Int) -> Int { groups[i].remaining / (groups[i].workers + 1) }
                let open = groups.indices.filter { groups[$0].remaining > 0 }
                if let best = open.max(by: { share($0) < share($1) }) {
                    state.groups[best].workers += 1
                    return best
                }
                if !readOn(&state) { return nil }
            }
        }
    }

    func release(_ group: Int) { state.withLock { $0.groups[group].workers -= 1 } }

    func next(in group: Int) -> Chain? {
        let found: (index: Int, chain: Chain?)? = state.withLock { state in
            // One block and no more: where the plan has come to chains of another key, the worker is to go there too.
            if state.groups[group].remaining == 0 { _ = readOn(&state) }
            guard state.groups[group].remaining > 0 else { return nil }
            state.groups[group].next += 1
            let index = state.groups[group].indices[state.groups[group].next - 1]
            let made = state.made.removeValue(forKey: index)
            state.madePoints -= made?.points.count ?? 0
            return (index, made)
        }
        return found.map { $0.chain ?? chain($0.index) }
    }

    /// Takes all work out of a group that its model cannot run.
    /// - Returns: the number of chains that nobody will run now.
    func abandon(_ group: Int) -> Int {
        state.withLock { state in
            while readOn(&state) {}
            defer { state.groups[group].next = state.groups[group].indices.count }
            return state.groups[group].remaining
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

import Foundation
import PhaseSpace
import Support
import Synchronization

/// Which chains of a run have points that are not settled yet; one bit each.
struct OpenChains: Sendable {
    /// Nil where all are open.
    private let words: [UInt64]?
    /// Points of all chains, and those that the run is to settle.
    let pointCount: Int
    let unsettled: Int
    /// Number of open chains.
    let count: Int

    subscript(offset: Int) -> Bool { words.map { $0[offset >> 6] >> UInt64(offset & 63) & 1 == 1 } ?? true }

    /// Looks through all chains, on all processors; a search that is cut short by a wish to stop is worth nothing.
    init(
        of chains: some RandomAccessCollection<Chain> & Sendable, _ state: RunState
    ) {
        let identified = chains as? any IdentifiedChains
        if let identified, state.isEmpty {
            words = nil
            pointCount = identified.pointCount
            (unsettled, count) = (pointCount, chains.count)
            return
        }
        let wordCount = (chains.count + 63) / 64
        let parts = chains.count < 10_000 ? 1 : availableProcessorCount()
        let found = Mutex<[Int: Part]>([:])
        DispatchQueue.concurrentPerform(iterations: parts) { number in
            let words = wordCount * number / parts..<wordCount * (number + 1) / parts
            var part = Part(firstWord: words.lowerBound)
            for word in words where !part.isCancelled {
                part.look(at: 64 * word..<min(64 * (word + 1), chains.count), of: chains, identified, state)
            }
            found.withLock { [part] in $0[number] = part }
        }
        let all = found.withLock { $0 }.sorted { $0.key < $1.key }.map(\.value)
        words = all.flatMap(\.words)
        pointCount = all.reduce(0) { $0 + $1.points }
        unsettled = all.reduce(0) { $0 + $1.unsettled }
        count = all.reduce(0) { $0 + $1.words.reduce(0) { $0 + $1.nonzeroBitCount } }
    }

    private struct Part: Sendable {
        let firstWord: Int
        var words: [UInt64] = []
        var points = 0
        var unsettled = 0
        var isCancelled = false

        init(firstWord: Int) { self.firstWord = firstWord }

        mutating func look(
            at range: Range<Int>, of chains: some RandomAccessCollection<Chain>,
            _ identified: (any IdentifiedChains)?, _ state: RunState
        ) {
            var word: UInt64 = 0
            func add(_ offset: Int, _ identities: [PointIdentity]) {
                points += identities.count
                let missing = identities.count { !state.isSettled($0) }
                unsettled += missing
                if missing > 0 { word |= 1 << UInt64(offset & 63) }
            }
            if let identified {
                identified.forEachChain(in: range, add)
            } else {
                for offset in range {
                    add(offset, chains[chains.index(chains.startIndex, offsetBy: offset)].points.map(\.identity))
                }
            }
            words.append(word)
            isCancelled = state.isCancelled
        }
    }
}

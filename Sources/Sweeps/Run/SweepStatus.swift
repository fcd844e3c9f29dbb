import Foundation
import PhaseSpace
import Support
import Synchronization

/// How far a sweep is.
public struct SweepStatus: Sendable {
    /// Points of the plan; with `stopWhen:` those that its rule has asked for so far.
    public let planned: Int
    /// Of these, by outcome.
    public let outcomes: [Outcome: Int]
    /// Points in the store that the plan does not have: of values taken out of an axis, or off the grid.
    public let others: Int
    /// With `stopWhen:`, how many of the parts that it decides on are as good as asked.
    public let replicas: ReplicaCounts.Tally?
    /// Who is writing to the store right now.
    public let writer: String?

    public var done: Int { outcomes.reduce(0) { $1.key.isDone ? $0 + $1.value : $0 } }
    /// Points that were tried and whose outcome is none of a success.
    public var notDone: Int { outcomes.reduce(0) { $1.key.isDone ? $0 : $0 + $1.value } }
    public var left: Int { planned - done - notDone }
    /// Every point has its observation; those that are not done count.
    public var isComplete: Bool { left == 0 }
}

extension SweepPlan {
    /// - Parameters:
    ///   - store: nil where there is none yet.
    ///   - shards: stores of shards, whose points count as well; done beats failed.
    public func status(in store: Store?, shards: [Store] = []) throws(StoreError) -> SweepStatus {
        let stores = [store].compactMap { $0 } + shards
        var stored = try stores.first?.outcomes() ?? [:]
        for store in stores.dropFirst() {
            stored.merge(try store.outcomes()) { $0.isDone || !$1.isDone ? $0 : $1 }
        }
        var outcomes: [Outcome: Int] = [:]
        var planned = pointCount
        var tally: ReplicaCounts.Tally?
        if let rule = spec.replicaRule {
            var rows: RuleRows = [:]
            for store in stores {
                rows.merge(try store.ruleRows(of: rule.observable)) {
                    $0.outcome.isDone || !$1.outcome.isDone ? $0 : $1
                }
            }
            let counts = counts(by: rule, rows)
            tally = counts.tally
            planned = 0
            for point in points(by: counts) {
                planned += 1
                if let outcome = stored[point.identity] { outcomes[outcome, default: 0] += 1 }
            }
        } else if !stored.isEmpty {
            outcomes = counts(of: stored)
        }
        return SweepStatus(
            planned: planned, outcomes: outcomes, others: stored.count - outcomes.values.reduce(0, +), replicas: tally,
            writer: store.flatMap { Store.writer(of: $0.path) })
    }

    /// The plan's points among some outcomes; on all processors, because a sweep may have millions of points.
    private func counts(of stored: [PointIdentity: Outcome]) -> [Outcome: Int] {
        let parts = pointCount < 10_000 ? 1 : availableProcessorCount()
        let total = Mutex<[Outcome: Int]>([:])
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            var counts: [Outcome: Int] = [:]
            // Neighbours mostly share their outcome.
            var run: (outcome: Outcome, count: Int)?
            forEachIdentity(in: pointCount * part / parts..<pointCount * (part + 1) / parts) { identity in
                guard let outcome = stored[identity] else { return }
                if run?.outcome == outcome {
                    run!.count += 1
                } else {
                    if let run { counts[run.outcome, default: 0] += run.count }
                    run = (outcome, 1)
                }
            }
            if let run { counts[run.outcome, default: 0] += run.count }
            total.withLock { $0.merge(counts, uniquingKeysWith: +) }
        }
        return total.withLock { $0 }
    }
}

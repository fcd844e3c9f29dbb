import Lanes
import PhaseSpace

extension Consensus {
    private typealias Member = (replica: Int, change: PhaseChange)

    /// Changes that are one transition, seen in several replicas: at most one of each.
    ///
    /// Those to the trivial phase belong together, counted from the highest control, however far data sets move them.
    /// All others belong together by place: neighbours are joined, the nearest first, while no replica comes in twice.
    func groups() -> [[PhaseChange]] {
        let last = (0..<(findings.map { $0.changes.count(where: \.vanishes) }.max() ?? 0)).map { rank in
            findings.compactMap { finding in
                let changes = finding.changes.filter(\.vanishes)
                return changes.count > rank ? changes[changes.count - 1 - rank] : nil
            }
        }
        let others = findings.enumerated().flatMap { replica, finding in
            finding.changes.filter { !$0.vanishes }.map { Member(replica, $0) }
        }.sorted { $0.change.location.value < $1.change.location.value }
        var clusters = others.map { [$0] }
        while let (i, distance) = nearest(clusters), distance <= reach {
            clusters[i] += clusters.remove(at: i + 1)
        }
        return last.filter { !$0.isEmpty } + clusters.map { $0.map(\.change) }
    }

    /// The nearest two neighbours that have no replica in common.
    private func nearest(_ clusters: [[Member]]) -> (index: Int, distance: Double)? {
        clusters.indices.dropLast().filter { i in
            Set(clusters[i].map(\.replica)).isDisjoint(with: clusters[i + 1].map(\.replica))
        }.map { i in (i, centre(clusters[i + 1]) - centre(clusters[i])) }.min { $0.1 < $1.1 }
    }

    /// On an axis of positive controls distances are ratios.
    private var isPositive: Bool { (controlRange?.lowerBound ?? 0) > 0 }

    /// The mean of places. On an axis of positive controls an interval that would reach zero is that of their logarithms.
    func meanPlace(_ places: [Measured]) -> Estimate? {
        guard let plain = pooled(places) else { return nil }
        guard isPositive, plain.interval.map({ $0.low <= 0 }) ?? false, places.allSatisfy({ $0.value > 0 }),
            let ratio = pooled(places.map { Measured(logarithm($0.value), $0.error / $0.value) }),
            let range = ratio.interval
        else { return plain }
        return Estimate(exponential(ratio.value), Interval(exponential(range.low), exponential(range.high)))
    }

    /// Places farther from each other than this are not the same transition in two data sets.
    private var reach: Double {
        guard let range = controlRange else { return .infinity }
        return isPositive ? 0.5 : 0.2 * (range.upperBound - range.lowerBound)
    }

    private func centre(_ members: [Member]) -> Double {
        members.reduce(0) { $0 + place($1.change.location.value) } / Double(members.count)
    }

    private func place(_ x: Double) -> Double { isPositive && x > 0 ? logarithm(x) : x }
}

import GSLNumerics
import PhaseSpace

/// The order parameter of several replicas on one grid, with the scatter of a single value: what is judged together
/// where the scatter hides the transition from a replica on its own.
struct Ensemble {
    /// Distinct controls, rising.
    let xs: [Double]
    /// By replica, then control; nil where there is no done point.
    let values: [[Double?]]
    /// Standard deviation of one value about its replica's curve.
    let noise: Double
    /// Mean over replicas of largest minus smallest value.
    let span: Double

    /// Fewer replicas give no interval worth the name, fewer controls no shape.
    static let fewestReplicas = 4
    static let fewestPoints = 16

    /// - Returns: nil where there are too few replicas or controls, or where nothing scatters.
    init?(_ replicas: [ReplicaRows]) {
        func usable(_ direction: Direction) -> [ReplicaRows] {
            replicas.filter { replica in
                let known = replica.rows.filter { $0.direction == direction && $0.orderParameter != nil }
                return Set(known.map(\.control)).count >= Self.fewestPoints
            }
        }
        guard
            let direction = [Direction.cold, .up, .down, .branch].first(where: {
                usable($0).count >= Self.fewestReplicas
            })
        else { return nil }
        let series = usable(direction).map { replica in
            OrderParameterSeries(replica.rows.filter { $0.direction == direction })
        }
        xs = Set(series.flatMap(\.xs)).sorted()
        let index = Dictionary(uniqueKeysWithValues: xs.enumerated().map { ($1, $0) })
        var values = [[Double?]](repeating: [Double?](repeating: nil, count: xs.count), count: series.count)
        for (r, one) in series.enumerated() {
            for (x, m) in zip(one.xs, one.ms) { values[r][index[x]!] = m }
        }
        self.values = values
        span = series.reduce(0) { $0 + $1.span } / Double(series.count)
        let residuals = series.flatMap { Self.residuals($0.xs, $0.ms) }
        noise = 1.4826 * ((try? median(residuals)) ?? 0)
        guard span > 0, noise > 0 else { return nil }
    }

    /// How far each value lies from the cubic through its four neighbours, in units in which independent errors of
    /// one standard deviation give one: a smooth curve adds its fourth difference only.
    private static func residuals(_ xs: [Double], _ ms: [Double]) -> [Double] {
        guard xs.count >= 5 else { return [] }
        return (2..<xs.count - 2).map { i in
            let neighbours = [i - 2, i - 1, i + 1, i + 2]
            var (cubic, square) = (0.0, 1.0)
            for a in neighbours {
                let weight = neighbours.filter { $0 != a }.reduce(1.0) { $0 * (xs[i] - xs[$1]) / (xs[a] - xs[$1]) }
                cubic += weight * ms[a]
                square += weight * weight
            }
            return abs(ms[i] - cubic) / square.squareRoot()
        }
    }

    private init(xs: [Double], values: [[Double?]], noise: Double, span: Double) {
        (self.xs, self.values, self.noise, self.span) = (xs, values, noise, span)
    }

    /// The controls of a range alone.
    func part(_ range: Range<Int>) -> Ensemble {
        Ensemble(
            xs: Array(xs[range]), values: values.map { Array($0[range]) }, noise: noise, span: span)
    }

    func window(_ range: Range<Int>) -> EnsembleWindow {
        EnsembleWindow(xs: Array(xs[range]), values: values.map { Array($0[range]) }, noise: noise)
    }
}

/// A stretch of an ensemble, in the units of its fits: x from 0 to 1, values in standard deviations about their
/// replica's mean.
struct EnsembleWindow {
    let origin: Double
    let width: Double
    let ts: [Double]
    /// Replicas with values at the same points share their fits' geometry.
    let groups: [Group]
    let replicaCount: Int
    let valueCount: Int

    struct Group {
        /// Indices into `ts`.
        let points: [Int]
        let members: [(replica: Int, ys: [Double])]
    }

    init(xs: [Double], values: [[Double?]], noise: Double) {
        origin = xs[0]
        width = xs[xs.count - 1] - xs[0]
        let (low, size) = (origin, width)
        ts = xs.map { ($0 - low) / size }
        var members: [[Int]: [(replica: Int, ys: [Double])]] = [:]
        var kept = 0
        var total = 0
        for row in values {
            let points = row.indices.filter { row[$0] != nil }
            // A replica that failed over most of the window says nothing about it.
            guard 4 * points.count >= 3 * row.count else { continue }
            let ys = points.map { row[$0]! / noise }
            let level = ys.reduce(0, +) / Double(ys.count)
            members[points, default: []].append((kept, ys.map { $0 - level }))
            kept += 1
            total += points.count
        }
        groups = members.map { Group(points: $0.key, members: $0.value) }
            .sorted { $0.members[0].replica < $1.members[0].replica }
        replicaCount = kept
        valueCount = total
    }

    /// The polynomial in 2t − 1 through the replicas' mean.
    func meanPolynomial(degree: Int) -> [Double]? {
        var sums = [Double](repeating: 0, count: ts.count)
        var counts = sums
        for group in groups {
            for member in group.members {
                for (i, y) in zip(group.points, member.ys) {
                    sums[i] += y
                    counts[i] += 1
                }
            }
        }
        let known = ts.indices.filter { counts[$0] > 0 }
        return
            (try? polynomialFit(
                known.map { 2 * ts[$0] - 1 }, known.map { sums[$0] / counts[$0] }, degree: degree,
                weights: known.map { counts[$0] }))?.coefficients
    }

    func control(_ t: Double) -> Double { origin + width * t }
}

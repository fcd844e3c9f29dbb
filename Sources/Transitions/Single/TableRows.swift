import GSLNumerics
import Lanes
import PhaseSpace

/// A table's usable values, transformed as the options ask, with the errors that they are judged by.
struct TableRows {
    struct Row {
        var x: Double
        var y: Double
        /// Nil where the table states none.
        var error: Double?
        let control: Double
    }
    /// By rising control.
    var rows: [Row]
    let isLogControl: Bool
    let isLogValue: Bool
    let isAbsolute: Bool
    /// Values that a logarithm does not have.
    let dropped: Int

    init(_ curve: Curve, _ options: JudgingOptions, _ directions: Set<Direction>? = nil) {
        let name = curve.key.orderParameter
        var rows = curve.samples.filter {
            $0.counts && $0.control.isFinite && (directions?.contains($0.direction) ?? true)
        }.compactMap { sample -> Row? in
            guard let y = sample.values[name], y.isFinite else { return nil }
            let error = sample.values[errorName(of: name)].flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
            return Row(x: sample.control, y: y, error: error, control: sample.control)
        }
        if options.absolute {
            let magnitude = Magnitude(rows.map { ($0.y, $0.error) })
            for i in rows.indices {
                let y = rows[i].y
                rows[i].y = options.logValue ? abs(y) : magnitude.of(y, error: rows[i].error)
            }
        }
        let count = rows.count
        if options.logValue {
            rows = rows.filter { $0.y > 0 }.map { row in
                Row(x: row.x, y: logarithm(row.y), error: row.error.map { $0 / row.y }, control: row.control)
            }
        }
        let isLog = options.logControl ?? Self.isGeometric(rows.map(\.x))
        if isLog {
            let positive = Set(rows.map(\.x).filter { $0 > 0 }).sorted()
            // A control of 0 stands one step below the smallest other one.
            let zero = positive.count > 1 ? 2 * logarithm(positive[0]) - logarithm(positive[1]) : 0
            rows = rows.filter { $0.x >= 0 && (options.logControl == nil || $0.x > 0) }.map { row in
                var row = row
                row.x = row.x > 0 ? logarithm(row.x) : zero
                return row
            }
        }
        self.rows = rows
        isLogControl = isLog
        isLogValue = options.logValue
        isAbsolute = options.absolute
        dropped = count - rows.count
    }

    /// Whether neighbouring controls have one ratio, over a decade at least; a zero below them does not count.
    static func isGeometric(_ controls: [Double]) -> Bool {
        let xs = Set(controls).sorted().drop { $0 == 0 }.map { $0 }
        guard xs.count >= 6, xs[0] > 0, xs[xs.count - 1] >= 10 * xs[0] else { return false }
        let steps = zip(xs, xs.dropFirst()).map { logarithm($1 / $0) }
        guard let middle = try? median(steps) else { return false }
        return steps.allSatisfy { abs($0 - middle) <= 0.1 * middle }
    }

    var distinct: Int { Set(rows.map(\.x)).count }
    var span: Double {
        guard let first = rows.first else { return 0 }
        var (low, high) = (first.y, first.y)
        // A loop: it is asked for often, and a table may have 10⁴ rows.
        for row in rows { (low, high) = (min(low, row.y), max(high, row.y)) }
        return high - low
    }
    /// Whether every value has an error, and not all of them are zero.
    var isStated: Bool {
        !rows.isEmpty && rows.allSatisfy { $0.error != nil } && rows.contains { $0.error! > 0 }
    }

    /// The control of a place on the judged axis.
    func control(_ x: Double) -> Double { isLogControl ? exponential(x) : x }
    func value(_ y: Double) -> Double { isLogValue ? exponential(y) : y }

    /// How many runs a share rests on: the smallest number that makes all values whole, where both 0 and 1 occur.
    var runs: Int? {
        guard !rows.isEmpty, !isLogValue, rows.allSatisfy({ (0...1).contains($0.y) }),
            rows.contains(where: { $0.y == 0 }), rows.contains(where: { $0.y == 1 })
        else { return nil }
        return (1...1000).first { m in
            rows.allSatisfy { abs($0.y * Double(m) - ($0.y * Double(m)).rounded()) < 1e-6 * Double(m) }
        }
    }

    /// - Returns: nil for fewer than four controls, or where nothing varies.
    func series(fewest: Int) -> SingleSeries? {
        let span = span
        guard distinct >= fewest, span > 0 else { return nil }
        // Asked for once: it looks at all rows, and a table may have 10⁴ of them.
        let finest = SingleSeries.finest * span
        let ys = rows.map(\.y)
        let stated = rows.map { $0.error ?? 0 }
        if isStated {
            // A share of exactly 0 or 1 has no binomial error of its own; a stated zero elsewhere is the least other.
            let positive = stated.filter { $0 > 0 }
            let least = positive.min()!
            let number = runsBehindErrors
            let errors = zip(rows, stated).map { row, e in
                let binomial = number.map { (row.y == 0 || row.y == 1) && e == 0 ? 1 / $0 : 0 } ?? 0
                return max(e > 0 ? e : max(least, binomial), finest)
            }
            return SingleSeries(xs: rows.map(\.x), ys: ys, errors: errors, isStated: true)
        }
        if let runs = runs ?? runsBehindScatter, runs >= 2, runs <= 200 {
            let m = Double(runs)
            let errors = rows.map { row in
                let p = (row.y * m + 0.5) / (m + 1)
                return (p * (1 - p) / m).squareRoot()
            }
            return SingleSeries(xs: rows.map(\.x), ys: ys, errors: errors, isStated: true)
        }
        let xs = rows.map(\.x)
        let noise =
            repeatScatter.map { [Double](repeating: $0, count: ys.count) } ?? SingleSeries.localScatter(xs, ys)
        return SingleSeries(xs: xs, ys: ys, errors: noise.map { max($0, finest) }, isStated: false)
    }

    /// The same where the shares end at 0 or at 1 alone, and scatter as shares of so many runs do: numbers that are
    /// rounded to two digits are whole hundredths, too.
    private var runsBehindScatter: Int? {
        let ys = rows.map(\.y)
        guard !isLogValue, ys.allSatisfy({ (0...1).contains($0) }), ys.count(where: { $0 == 0 || $0 == 1 }) >= 3,
            let runs = (2...200).first(where: { m in
                ys.allSatisfy { abs($0 * Double(m) - ($0 * Double(m)).rounded()) < 1e-6 * Double(m) }
            })
        else { return nil }
        let ratios = SingleSeries.deviations(rows.map(\.x), ys).compactMap { i, size -> Double? in
            let y = ys[i]
            return y > 0 && y < 1 ? size / (y * (1 - y) / Double(runs)).squareRoot() : nil
        }
        guard ratios.count >= 6, let middle = try? median(ratios) else { return nil }
        return (0.5...2).contains(1.4826 * middle) ? runs : nil
    }

    /// The number of runs that binomial errors speak of, from the values between 0 and 1.
    private var runsBehindErrors: Double? {
        guard rows.allSatisfy({ (0...1).contains($0.y) }) else { return nil }
        let numbers = rows.compactMap { row -> Double? in
            guard row.y > 0, row.y < 1, let e = row.error, e > 0 else { return nil }
            return row.y * (1 - row.y) / (e * e)
        }
        return numbers.isEmpty ? nil : try? median(numbers)
    }

    /// Scatter of repeated rows about their means, where at least a third of the rows repeat.
    private var repeatScatter: Double? {
        var (sum, freedom) = (0.0, 0)
        for (_, group) in Dictionary(grouping: rows, by: \.x).sorted(by: { $0.key < $1.key }) where group.count > 1 {
            let mean = group.reduce(0) { $0 + $1.y } / Double(group.count)
            sum += group.reduce(0) { $0 + ($1.y - mean) * ($1.y - mean) }
            freedom += group.count - 1
        }
        return freedom >= 5 && 3 * freedom >= rows.count && sum > 0 ? (sum / Double(freedom)).squareRoot() : nil
    }
}

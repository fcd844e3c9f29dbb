import PhaseSpace

/// Shares of repeated runs whose stated errors are √(s(1 − s)/N), which is 0 at shares of exactly 0 and 1.
public struct BinomialErrors: Sendable {
    /// The same measurements, with the error that N runs leave at 0 and 1.
    public let data: [SizedValue]
    /// How many errors were 0.
    public let replacedCount: Int
    /// N, by size.
    public let runs: [Double: Double]

    /// The error in place of 0 is that of a share in N runs of which none (or all) succeeded: the standard deviation of
    /// the beta distribution with ½ and N + ½ (Jeffreys), about 0.7/N.
    /// - Returns: nil where errors of 0 stand at other values than 0 and 1, or the other errors are not binomial.
    public init?(_ data: [SizedValue]) {
        let isShares = data.allSatisfy {
            (0...1).contains($0.value) && ($0.error > 0 || $0.value == 0 || $0.value == 1)
        }
        guard isShares else { return nil }
        var counts: [Double: [Double]] = [:]
        // Near 0 and 1 printed digits decide.
        for point in data where point.error > 0 && point.value > 0.02 && point.value < 0.98 {
            counts[point.size, default: []].append(point.value * (1 - point.value) / (point.error * point.error))
        }
        let all = counts.values.joined().sorted()
        guard all.count >= 5 else { return nil }
        var runs: [Double: Double] = [:]
        for size in Set(data.map(\.size)) {
            let own = (counts[size] ?? []).sorted()
            let used = own.count >= 3 ? own : all
            let middle = used[used.count / 2]
            guard middle >= 2, used.count(where: { $0 > middle / 1.3 && $0 < middle * 1.3 }) * 10 >= used.count * 8
            else {
                return nil
            }
            runs[size] = middle
        }
        self.runs = runs
        replacedCount = data.count { $0.error == 0 }
        self.data = data.map { point in
            guard point.error == 0, let n = runs[point.size] else { return point }
            let variance = 0.5 * (n + 0.5) / ((n + 1) * (n + 1) * (n + 2))
            return SizedValue(
                size: point.size, control: point.control, value: point.value, error: variance.squareRoot())
        }
    }

    /// `86 errors of 0 at shares 0 and 1 are taken as those of 1000 runs`.
    public var sentence: String {
        let numbers = Set(runs.values.map { $0.rounded() }).sorted()
        let text =
            numbers.count == 1
            ? Words.plain(numbers[0]) : "\(Words.plain(numbers[0])) to \(Words.plain(numbers[numbers.count - 1]))"
        return "\(replacedCount) errors of 0 at shares 0 and 1 are taken as binomial ones of \(text) runs"
    }
}

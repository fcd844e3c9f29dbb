import PhaseSpace

/// Shares of repeated runs whose stated errors are √(s(1 − s)/N), which is 0 at shares of exactly 0 and 1.
public struct BinomialErrors: Sendable {
    /// The measurements that can be taken as normal, with the error that N runs leave at 0 and 1 where any of those are
    /// among them.
    public let data: [SizedValue]
    /// How many errors were 0.
    public let zeroCount: Int
    /// How many shares of fewer than 20 successes or failures are left out.
    public let leftOutCount: Int
    /// N, by size.
    public let runs: [Double: Double]

    /// A share of fewer successes or failures is far from normal, and its small error would decide about corrections to
    /// scaling far from the transition.
    static let leastCount = 20.0

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
        zeroCount = data.count { $0.error == 0 }
        let normal = data.filter { point in
            min(point.value, 1 - point.value) * (runs[point.size] ?? 0) >= Self.leastCount
        }
        // A study that has little else keeps them.
        let isEnough = Set(data.map(\.size)).allSatisfy { size in
            Set(normal.filter { $0.size == size }.map(\.control)).count >= 6
        }
        let kept = isEnough ? normal : data
        leftOutCount = data.count - kept.count
        self.data = kept.map { point in
            guard point.error == 0, let n = runs[point.size] else { return point }
            let variance = 0.5 * (n + 0.5) / ((n + 1) * (n + 1) * (n + 2))
            return SizedValue(
                size: point.size, control: point.control, value: point.value, error: variance.squareRoot())
        }
    }

    /// `53 errors of 0 at shares 0 and 1: binomial of 1000 runs; 60 shares … are left out`.
    public var sentence: String {
        let numbers = Set(runs.values.map { $0.rounded() }).sorted()
        let text =
            numbers.count == 1
            ? Words.plain(numbers[0]) : "\(Words.plain(numbers[0])) to \(Words.plain(numbers[numbers.count - 1]))"
        let start = "\(zeroCount) errors of 0 at shares 0 and 1 are taken as binomial ones of \(text) runs"
        guard leftOutCount > 0 else { return start }
        return start
            + "; \(leftOutCount) shares of fewer than \(Int(Self.leastCount)) successes or failures are left out"
    }
}

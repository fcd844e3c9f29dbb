import Lanes

extension SingleSeries {
    /// More values than this are judged in stretches: a description has a few numbers, whatever the table's length.
    static let longest = 120

    /// Neighbouring values averaged; nil for a table that is short enough.
    ///
    /// A stretch whose values differ by far more than their errors, as one that a jump divides, has that as its error.
    var binned: SingleSeries? {
        guard count > Self.longest else { return nil }
        let size = (count + 99) / 100
        var (xs, ys, errors): ([Double], [Double], [Double]) = ([], [], [])
        for start in stride(from: 0, to: count, by: size) {
            let range = start..<min(start + size, count)
            let weights = range.map { 1 / (self.errors[$0] * self.errors[$0]) }
            let total = weights.reduce(0, +)
            let mean = zip(range, weights).reduce(0) { $0 + self.ys[$1.0] * $1.1 } / total
            let chi = zip(range, weights).reduce(0) { sum, pair in
                let d = self.ys[pair.0] - mean
                return sum + d * d * pair.1
            }
            let freedom = Double(range.count - 1)
            let excess = freedom > 0 ? chi / freedom : 1
            xs.append(range.reduce(0) { $0 + self.xs[$1] } / Double(range.count))
            ys.append(mean)
            // Where no errors are stated, what the values of a stretch differ by is the best guess of them.
            let factor = isStated ? 1 : max(0.25, excess)
            errors.append(
                excess > 9
                    ? (excess / total).squareRoot() * Double(range.count).squareRoot() : (factor / total).squareRoot())
        }
        return SingleSeries(xs: xs, ys: ys, errors: errors, isStated: isStated)
    }
}

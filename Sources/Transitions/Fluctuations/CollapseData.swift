import Lanes

/// A finite-size study in the units in which its collapse is fitted.
struct CollapseData {
    /// By size, then control, then value.
    let points: [SizedValue]
    /// (γ − origin)/unit.
    let controls: [Double]
    /// y over the largest |y|, or ln y about its mean.
    let values: [Double]
    let errors: [Double]
    /// ln L about the sizes' mean.
    let logSizes: [Double]
    /// ln L above the smallest size's.
    let lifts: [Double]
    let origin: Double
    let unit: Double
    /// What was taken off ln y, or divided out of y.
    let valueUnit: Double
    /// Mean of the sizes' logarithms.
    let meanLogSize: Double
    /// Whether ln y is fitted: where every value is positive and known to an eighth. A power of the size and powers of
    /// the scaled control are then straight lines.
    let isLogarithmic: Bool
    /// Whether the size's part is added to the values, as −(β/ν) ln L, and not multiplied.
    let isAdditive: Bool

    var count: Int { points.count }
    var sizes: [Double] { Array(Set(points.map(\.size))).sorted() }

    init(_ data: [SizedValue]) {
        points = data.sorted { ($0.size, $0.control, $0.value, $0.error) < ($1.size, $1.control, $1.value, $1.error) }
        let sizes = Array(Set(data.map(\.size))).sorted()
        meanLogSize = sizes.reduce(0) { $0 + logarithm($1) } / Double(max(1, sizes.count))
        let leastLog = logarithm(sizes.first ?? 1)
        logSizes = points.map { [meanLogSize] in logarithm($0.size) - meanLogSize }
        lifts = points.map { logarithm($0.size) - leastLog }
        let sorted = points.map(\.control).sorted()
        origin = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
        let width = (sorted.last ?? 1) - (sorted.first ?? 0)
        unit = width > 0 ? width / 2 : 1
        controls = points.map { [origin, unit] in ($0.control - origin) / unit }
        isLogarithmic = points.allSatisfy { $0.value > 8 * $0.error }
        isAdditive = isLogarithmic
        if isLogarithmic {
            let logs = points.map { logarithm($0.value) }
            let mean = logs.reduce(0, +) / Double(max(1, logs.count))
            valueUnit = mean
            values = logs.map { $0 - mean }
            errors = points.map { $0.error / $0.value }
        } else {
            let largest = Self.largestValue(points)
            valueUnit = largest
            values = points.map { $0.value / largest }
            errors = points.map { $0.error / largest }
        }
    }

    private init(
        _ other: CollapseData, keeping kept: [Int], values: [Double]? = nil, errors: [Double]? = nil,
        logSizes: [Double]? = nil, lifts: [Double]? = nil, isAdditive: Bool? = nil
    ) {
        func part(_ numbers: [Double]?, _ instead: [Double]) -> [Double] { kept.map { (numbers ?? instead)[$0] } }
        points = kept.map { other.points[$0] }
        controls = part(nil, other.controls)
        self.values = part(values, other.values)
        self.errors = part(errors, other.errors)
        self.logSizes = part(logSizes, other.logSizes)
        self.lifts = part(lifts, other.lifts)
        (origin, unit, isLogarithmic) = (other.origin, other.unit, other.isLogarithmic)
        (valueUnit, meanLogSize) = (other.valueUnit, other.meanLogSize)
        self.isAdditive = isAdditive ?? other.isAdditive
    }

    private static func largestValue(_ points: [SizedValue]) -> Double {
        let largest = points.reduce(0) { max($0, abs($1.value)) }
        return largest > 0 ? largest : 1
    }

    /// Some of the points, in the same units.
    func keeping(_ kept: [Int]) -> CollapseData {
        CollapseData(self, keeping: kept)
    }

    /// As if every point were of one size: its collapse is the data as they are.
    var withoutSizes: CollapseData {
        let zeros = [Double](repeating: 0, count: count)
        return CollapseData(self, keeping: Array(0..<count), logSizes: zeros, lifts: zeros)
    }

    /// The same measurements as y + κ ln L = F(x): a logarithm of the size where a power of it stood.
    var withLogarithmOfSize: CollapseData {
        let largest = Self.largestValue(points)
        return CollapseData(
            self, keeping: Array(0..<count), values: points.map { $0.value / largest },
            errors: points.map { $0.error / largest }, isAdditive: true)
    }

    /// The same points with errors no smaller than a part of their own size's range of values: where a search begins,
    /// small corrections to scaling must not lead it astray.
    func withErrors(atLeast part: Double) -> CollapseData {
        var ranges: [Double: (low: Double, high: Double)] = [:]
        for (point, y) in zip(points, values) {
            let range = ranges[point.size] ?? (y, y)
            ranges[point.size] = (min(range.low, y), max(range.high, y))
        }
        let raised = points.indices.map { i in
            let range = ranges[points[i].size]!
            let least = part * (range.high - range.low)
            return (errors[i] * errors[i] + least * least).squareRoot()
        }
        return CollapseData(self, keeping: Array(0..<count), errors: raised)
    }

    /// About `most` points spread over all.
    func thinned(to most: Int) -> CollapseData {
        keeping(Array(Swift.stride(from: 0, to: count, by: max(1, count / most))))
    }
}

/// Threshold of a net with one hidden layer of units φ with slopes a above and b below 0 (ReLU: 1 and 0), no biases, any
/// width: γ* = max over unit w of |E[y φ(w·x)]|.
///
/// At and above γ* the loss is at least E[y²] − 2 Σ |v||w| γ* + γ Σ (v² + |w|²) ≥ E[y²]; below it one unit lowers the
/// loss. A global minimum at γ < γ* has 2 (γ* − γ)/E[φ²] ≤ Σ‖W‖² ≤ 2 (γ* − γ) E[y²]/γ², with φ the unit at γ*: the
/// transition is of second order whatever the samples.
///
/// For one or two inputs all activation patterns are visited. For more inputs branch and bound encloses the maximum;
/// few terms or dimensions end with a gap of rounding, others with two bounds.
/// Source: own derivation; the maximum is that of the convex reformulation of two-layer ReLU training of Pilanci &
/// Ergen (arXiv 2002.10553).
public struct KinkThreshold: Sendable {
    /// |E[y φ(w·x)]| at `direction`: γ* is not below it. 0 where no direction correlates.
    public let lowerBound: Double
    /// γ* is not above it, up to a relative 1e-11.
    public let upperBound: Double
    /// The unit w of the best unit found.
    public let direction: [Double]
    /// Whether the bounds are within 1e-9 of each other, rounding of the samples' sums included.
    public let isExact: Bool

    /// The multiplications that are spent on each sign of the correlation at most: some tenths of a second.
    public static let budget = 60_000_000
    /// Beyond so many convex terms in so few dimensions cones are searched where signs do not decide.
    private static let signLimit = 12
    private static let coneDimensions = 6

    /// - Parameters:
    ///   - inputs: samples × dimension, row-major.
    ///   - above: slope of the activation above 0.
    ///   - below: slope below 0.
    public init(
        inputs: [Double], targets: [Double], dimension: Int, above: Double = 1, below: Double = 0
    ) throws {
        // Powers of two, so that no square over- or underflows; γ* is linear in inputs and targets.
        func unit(_ numbers: [Double]) -> Double {
            let largest = numbers.reduce(0) { max($0, abs($1)) }
            return largest > 0 ? Double(sign: .plus, exponent: Int(largest.exponent), significand: 1) : 1
        }
        let (inputUnit, targetUnit) = (unit(inputs), unit(targets))
        let whole = KinkedFunction(
            inputs: inputs.map { $0 / inputUnit }, targets: targets.map { $0 / targetUnit }, dimension: dimension,
            above: above, below: below)
        let (function, frame) = whole.inItsSpan()
        // What the sums of so many terms may lose.
        let rounding = 8 * Double.ulpOfOne * whole.scale
        var best = (lower: 0.0, w: [Double](repeating: 0, count: dimension))
        var upper = 0.0
        for half in [function, function.negated] {
            let found = try Self.maximum(of: half)
            upper = max(upper, found.upper)
            guard found.lower > best.lower else { continue }
            best.lower = found.lower
            best.w = (0..<dimension).map { i in zip(frame, found.w).reduce(0) { $0 + $1.0[i] * $1.1 } }
        }
        guard best.lower > rounding else {
            (lowerBound, direction) = (0, [Double](repeating: 0, count: dimension))
            upperBound = upper <= rounding ? 0 : upper * inputUnit * targetUnit
            isExact = upper <= rounding
            return
        }
        (lowerBound, direction) = (best.lower * inputUnit * targetUnit, best.w)
        upper = max(upper, best.lower)
        upperBound = upper * inputUnit * targetUnit
        isExact = upper - best.lower + rounding <= 1e-9 * best.lower
    }

    private static func maximum(
        of function: KinkedFunction
    ) throws -> (lower: Double, upper: Double, w: [Double]) {
        switch function.dimension {
        case 0: return (0, 0, [])
        case 1:
            let w = function.value([1]) >= function.value([-1]) ? [1.0] : [-1]
            return (function.value(w), function.value(w), w)
        case 2:
            let w = function.highestOnCircle()
            return (function.value(w), function.value(w), w)
        default:
            var search = KinkedMaximum(function, budget: budget)
            search.climb(randomStarts: 400, share: 2)
            let hasCones = function.dimension <= coneDimensions && function.convex.count > signLimit
            try search.searchSigns(limit: hasCones ? search.work + budget / 8 : budget)
            if hasCones, search.upperBound > search.goal { search.searchCones() }
            return (search.lowerBound, search.upperBound, search.direction)
        }
    }
}

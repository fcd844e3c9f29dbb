import GSLNumerics
import Lanes
import PhaseSpace

/// Whether labels have a mean square, and how far out the points lie that make it.
struct LabelTails {
    private let target: ReducedTarget
    private let directions: [[Double]]

    /// - Throws: `ControlError` with a sentence where E[y²] is not finite: tails that grow like exp(|z|²/4) or faster, or
    ///   poles that are too strong for their codimension.
    init(_ target: ReducedTarget) throws {
        self.target = target
        directions = Self.directions(target.dimension)
        try refuseTails()
        try refusePoles()
    }

    private func logarithm(_ direction: [Double], _ radius: Double) -> Double {
        func label(_ direction: [Double]) -> Double {
            let point = target.variables(direction.map { [radius * $0] }).map { $0[0] }
            return target.target.formula.value(in: LogMagnitudeAlgebra(values: point)).logarithm
        }
        let here = label(direction)
        if here < .infinity { return here }
        // A pole on the ray itself, such as log|z1| along z2, is no tail.
        let beside = label(direction.enumerated().map { $1 + 1e-7 * Double($0 + 1) })
        return beside.isNaN ? .infinity : beside
    }

    // MARK: - Tails

    /// 2 log|y| over |z|²/2: below 1 where tails are light enough.
    private static let far = 1e8
    private func growth(_ direction: [Double]) -> Double {
        4 * logarithm(direction, Self.far) / (Self.far * Self.far)
    }

    private func refuseTails() throws {
        var stream = RandomStream(seed: 5, key: 0, purpose: .resampling)
        var best = directions.map { (direction: $0, growth: growth($0)) }.sorted { $0.growth > $1.growth }
        for n in best.indices.prefix(5) where best[n].growth > 1e-3 {
            var step = 0.5
            while step > 1e-6 {
                let trial = unit(best[n].direction.map { $0 + step * stream.normal() })
                let value = growth(trial)
                if value > best[n].growth { best[n] = (trial, value) } else { step *= 0.93 }
            }
        }
        if let worst = best.max(by: { $0.growth < $1.growth }), worst.growth > 1 - 1e-6 {
            throw Self.refusal(
                target.target,
                "it grows like exp(|z|²/4) or faster along \(Self.text(target.original(worst.direction)))")
        }
    }

    private static func refusal(_ target: Target, _ reason: String) -> ControlError {
        ControlError(
            control: "target",
            message: "`target` \(target) has no finite mean square E[y²]: \(reason). Give a target of lighter tails")
    }

    private static func text(_ x: [Double]) -> String {
        "(" + x.map { "\((1000 * $0).rounded() / 1000)" }.joined(separator: ", ") + ")"
    }

    /// Axes, diagonals and random directions.
    private static func directions(_ r: Int) -> [[Double]] {
        if r == 1 { return [[1], [-1]] }
        var result: [[Double]] = []
        if r <= 4 {
            var digits = [Double](repeating: -1, count: r)
            for _ in 0..<Int(power(3, Double(r))) {
                if digits.contains(where: { $0 != 0 }) { result.append(unit(digits)) }
                var i = 0
                while i < r {
                    digits[i] += 1
                    if digits[i] <= 1 { break }
                    digits[i] = -1
                    i += 1
                }
            }
        } else {
            for i in 0..<r {
                for sign in [1.0, -1] {
                    result.append((0..<r).map { $0 == i ? sign : 0 })
                    for j in 0..<i {
                        for other in [1.0, -1] {
                            result.append(unit((0..<r).map { $0 == i ? sign : $0 == j ? other : 0 }))
                        }
                    }
                }
            }
        }
        var stream = RandomStream(seed: 5, key: 1, purpose: .resampling)
        for _ in 0..<100 { result.append(unit((0..<r).map { _ in stream.normal() })) }
        return result
    }

    /// The radius, at least 9, beyond which y² φ(z) is negligible along all directions that were looked at.
    var reach: Double {
        let radii = (0...120).map { 0.5 * Double($0) + 1 }
        let best = directions.prefix(160).map { direction in
            radii.map { 2 * max(logarithm(direction, $0), 0) - $0 * $0 / 2 }
        }
        let top = best.joined().filter(\.isFinite).max() ?? 0
        let last = radii.indices.last { n in best.contains { $0[n] > top - 45 } } ?? 0
        return min(max(radii[last] + 0.5, 9), 60)
    }

    // MARK: - Poles

    private func refusePoles() throws {
        let probe = target.trace(directions[0].map { [$0] })
        guard !probe.poles.isEmpty else { return }
        var stream = RandomStream(seed: 5, key: 2, purpose: .resampling)
        let steps = (0...1600).map { -8.003 + 0.01 * Double($0) }
        for line in 0..<min(24, directions.count + 12) {
            let direction =
                line < 12 ? directions[line % directions.count] : unit(directions[0].map { _ in stream.normal() })
            let start = directions[0].map { _ in line < 6 ? 0.0 : stream.normal() }
            func point(_ t: Double) -> [[Double]] { zip(start, direction).map { [$0 + t * $1] } }
            let columns = target.trace(zip(start, direction).map { a, b in steps.map { a + $0 * b } }).poles
            for (p, column) in columns.enumerated() {
                for i in 1..<steps.count where (column[i - 1] < 0) != (column[i] < 0) {
                    let zero = bisected(steps[i - 1], steps[i]) { target.trace(point($0)).poles[p][0] < 0 }
                    try refuse(at: point(zero).map { $0[0] }, along: direction, codimension: 1)
                }
            }
            for p in columns.indices {
                guard let zero = try zeroWithoutSign(p, from: start) else { continue }
                let codimension = try codimension(p, at: zero)
                try refuse(
                    at: zero, along: unit(direction.map { $0 + 0.3 * stream.normal() }), codimension: codimension)
            }
        }
    }

    private func poleValue(_ p: Int, _ x: [Double]) -> Double { abs(target.trace(x.map { [$0] }).poles[p][0]) }

    /// A zero of a divisor that does not change its sign there.
    private func zeroWithoutSign(_ p: Int, from start: [Double], step first: Double = 0.5) throws -> [Double]? {
        let scale = poleValue(p, start)
        // The origin may be where several sets of zeros meet: random starts find their general points.
        guard scale > 0 else { return nil }
        var (place, value, step) = (start, scale, first)
        // A pattern search: the derivative may not exist at the zero.
        while step > 1e-13 {
            var moved = false
            for i in place.indices {
                for sign in [1.0, -1] {
                    var trial = place
                    trial[i] += sign * step
                    let next = poleValue(p, trial)
                    if next < value { (place, value, moved) = (trial, next, true) }
                }
            }
            if !moved { step /= 2 }
            if place.contains(where: { abs($0) > 12 }) { return nil }
        }
        return value < 1e-10 * scale ? place : nil
    }

    /// The codimension of the zero set at one of its points: zeros nearby, found from random places, span the rest.
    private func codimension(_ p: Int, at zero: [Double]) throws -> Int {
        let (r, h) = (zero.count, 1e-3)
        var stream = RandomStream(seed: 5, key: 3, purpose: .resampling)
        var span: [[Double]] = []
        for _ in 0..<2 * r {
            let start = zero.map { $0 + h * stream.normal() }
            guard let near = try zeroWithoutSign(p, from: start, step: h / 8) else { continue }
            var rest = zip(near, zero).map { ($0 - $1) / h }
            for b in span {
                let overlap = zip(rest, b).reduce(0) { $0 + $1.0 * $1.1 }
                rest = zip(rest, b).map { $0 - overlap * $1 }
            }
            // Zeros are found to 1e-5 where the divisor is a square; curved sets leave the tangent by about h.
            if rest.reduce(0, { $0 + $1 * $1 }) > 1e-3 { span.append(unit(rest)) }
        }
        return max(1, r - span.count)
    }

    /// Near a zero at distance δ labels grow like δ^−p: 2p must be below the codimension.
    private func refuse(at zero: [Double], along direction: [Double], codimension: Int) throws {
        func label(_ distance: Double) -> Double {
            [1.0, -1].map { sign in
                let point = target.variables(zip(zero, direction).map { [$0 + sign * distance * $1] }).map { $0[0] }
                return target.target.formula.value(in: LogMagnitudeAlgebra(values: point)).logarithm
            }.max()!
        }
        let (near, far) = (label(1e-6), label(1e-4))
        let exponent = (near - far) / Lanes.logarithm(100)
        guard exponent > 0.05, 2 * exponent >= Double(codimension) - 0.02 else { return }
        throw Self.refusal(
            target.target, "it has a pole of too high an order near z = \(Self.text(target.original(zero)))")
    }
}

/// Where a condition changes between two points at which it differs, to rounding.
func bisected(_ low: Double, _ high: Double, _ condition: (Double) -> Bool) -> Double {
    var (low, high) = (low, high)
    let atLow = condition(low)
    while true {
        let middle = low + (high - low) / 2
        guard middle > low, middle < high else { return low }
        if condition(middle) == atLow { low = middle } else { high = middle }
    }
}

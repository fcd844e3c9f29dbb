import Lanes

extension KinkedFunction {
    /// The unit w in two dimensions with the highest f: every arc between neighbouring kinks, where f is a cosine, is
    /// maximised in closed form.
    func highestOnCircle() -> [Double] {
        struct Kink {
            let angle: Double
            let term: [Double]
            /// +1 for |·|, −1 for −|·|.
            let sign: Double
        }
        func modulo(_ angle: Double, _ period: Double) -> Double {
            let rest = angle - period * (angle / period).rounded(.down)
            return rest < period ? max(rest, 0) : 0
        }
        // In [0, π); the other half of the circle has them again.
        var kinks = convex.map { Kink(angle: modulo(arctangent($0[0], -$0[1]), .pi), term: $0, sign: 1) }
        kinks += concave.map { Kink(angle: modulo(arctangent($0[0], -$0[1]), .pi), term: $0, sign: -1) }
        kinks.sort { $0.angle < $1.angle }
        guard let first = kinks.first else { return unitVector(linear) ?? [1, 0] }

        var best = (value: -Double.infinity, w: [1.0, 0])
        func consider(_ angle: Double) {
            let w = [cosine(angle), sine(angle)]
            let value = value(w)
            if value > best.value { best = (value, w) }
        }
        // The coefficients of cos and sin on the arc around an angle.
        func slope(at angle: Double) -> [Double] {
            let w = [cosine(angle), sine(angle)]
            return kinks.reduce(into: linear) { sum, kink in
                let sign = innerProduct(kink.term, w) > 0 ? kink.sign : -kink.sign
                for i in 0..<2 { sum[i] += sign * kink.term[i] }
            }
        }
        let ends = kinks.map(\.angle) + kinks.map { $0.angle + .pi } + [first.angle + 2 * .pi]
        func width(_ arc: Int) -> Double { ends[arc + 1] - ends[arc] }
        // Kinks that are one but for rounding leave arcs on which no sign can be counted: the widest comes first.
        let arcs = 2 * kinks.count
        let widest = (0..<arcs).max { width($0) < width($1) }!
        var current = slope(at: ends[widest] + width(widest) / 2)
        var age = 0
        for arc in (0..<arcs).map({ (widest + $0) % arcs }) {
            let (low, high) = (ends[arc], ends[arc + 1])
            age += 1
            if arc == widest {
                age = 0
            } else if age >= 64, width(arc) > 1e-9 {
                // Sums by differences drift.
                current = slope(at: low + width(arc) / 2)
                age = 0
            } else {
                // Past its kink the term rises.
                let kink = kinks[arc % kinks.count]
                let along = cosine(low) * kink.term[1] - sine(low) * kink.term[0]
                for i in 0..<2 { current[i] += (along > 0 ? 2 : -2) * kink.sign * kink.term[i] }
            }
            consider(low)
            let peak = low + modulo(arctangent(current[1], current[0]) - low, 2 * .pi)
            if peak < high { consider(peak) }
        }
        return best.w
    }
}

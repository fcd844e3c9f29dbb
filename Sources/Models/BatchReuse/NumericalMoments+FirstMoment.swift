extension NumericalMoments {
    /// E[y z] with errors: what two rules differ by, or the scatter of scrambles. Nothing but rounding is no error.
    var firstMoment: [(value: Double, error: Double)] {
        let r = relevant.count
        let moments = rules.map { rule in
            (0..<r).map { i in zip(rule.points[i], rule.transforms[0]).reduce(0) { $0 + $1.0 * $1.1 } }
        }
        // A sign flip that leaves the label as it is leaves nothing along its coordinates.
        let possible = (0..<r).filter { i in
            !(1..<1 << r).contains { flip in
                flip >> i & 1 == 1
                    && reduced.isUnchanged { x in x.indices.map { flip >> $0 & 1 == 1 ? -x[$0] : x[$0] } }
            }
        }
        let size = zip(rules[0].transforms[0], rules[0].points[0]).reduce(0) { $0 + abs($1.0 * $1.1) }
        return (0..<dimension).map { j in
            let samples = moments.map { moment in possible.reduce(0) { $0 + moment[$1] * reduced.basis[$1][j] } }
            let scatter = Scatter(samples)
            let (value, error) =
                isDeterministic ? (samples[0], abs(samples[0] - samples[1])) : (scatter.mean, scatter.error)
            return (abs(value) < 1e-13 * size ? 0 : value, error < 1e-10 * size ? 0 : error)
        }
    }
}

import PhaseSpace

/// The identities of a plan's points in canonical order, without making the points: what a sweep of a million points
/// asks for again and again.
struct PlanIdentities: Sendable {
    private enum Value: Sendable {
        case fixed([UInt8])
        /// The values along a dimension.
        case along(dimension: Int, [[UInt8]])
    }

    private let spec: SweepSpec
    private let cold: IdentityForm
    private let chained: IdentityForm
    /// In canonical order of the controls.
    private let values: [Value]

    /// Nil where controls are derived from others: their values are not a list.
    init?(_ spec: SweepSpec, cold: IdentityForm, chained: IdentityForm) {
        guard spec.derived.isEmpty else { return nil }
        self.spec = spec
        self.cold = cold
        self.chained = chained
        func text(_ value: ControlValue) -> [UInt8] { Array(value.json.canonical.utf8) }
        values = cold.controls.map { name in
            for (d, dimension) in spec.dimensions.enumerated() {
                guard let column = dimension.controls.firstIndex(of: name) else { continue }
                return .along(dimension: d, dimension.values.map { text($0[column]) })
            }
            return .fixed(text(spec.fixed[name]!))
        }
    }

    /// Visits the points of a range of indices.
    func forEach(in range: Range<Int>, _ body: (PointIdentity) -> Void) {
        let perCombination = spec.replicas * spec.directions.count
        var digits = [Int](repeating: 0, count: spec.dimensions.count)
        var buffer: [UInt8] = []
        var combination = -1
        for index in range {
            if index / perCombination != combination {
                combination = index / perCombination
                var rest = combination
                for d in digits.indices.reversed() {
                    (rest, digits[d]) = rest.quotientAndRemainder(dividingBy: spec.dimensions[d].values.count)
                }
            }
            let direction = spec.directions[index % spec.directions.count]
            let form = direction == .cold ? cold : chained
            let replica = index / spec.directions.count % spec.replicas
            body(
                form.identity(replica: replica, direction: direction, text: &buffer) { control in
                    switch values[control] {
                    case .fixed(let text): text
                    case .along(let dimension, let texts): texts[digits[dimension]]
                    }
                })
        }
    }
}

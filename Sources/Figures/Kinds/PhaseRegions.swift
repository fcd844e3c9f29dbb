import PhaseSpace

/// What a part of a phase diagram is. The raw value is its number in tables.
enum PhaseRegion: Int, CaseIterable {
    case ordered = 1
    case coexistence, trivial, undecided, firstRegime, secondRegime, thirdRegime, fourthRegime, fifthRegime,
        sixthRegime, secondOrdered, thirdOrdered

    static let regimes: [PhaseRegion] = [
        .firstRegime, .secondRegime, .thirdRegime, .fourthRegime, .fifthRegime, .sixthRegime,
    ]

    /// - Parameter names: of the order parameter's regimes by their numbers, where it has any.
    func legend(_ names: [Int: String]) -> String {
        let sorted = names.sorted { $0.key < $1.key }.map(\.value)
        if let rank = Self.regimes.firstIndex(of: self), rank < sorted.count { return sorted[rank] }
        return legend
    }

    var legend: String {
        switch self {
        case .ordered: "ordered"
        case .coexistence: "trivial, ordered metastable"
        case .trivial: "trivial"
        case .undecided: "undecided"
        case .firstRegime: "regime 1"
        case .secondRegime: "regime 2"
        case .thirdRegime: "regime 3"
        case .fourthRegime: "regime 4"
        case .fifthRegime: "regime 5"
        case .sixthRegime: "regime 6"
        case .secondOrdered: "ordered, second phase"
        case .thirdOrdered: "ordered, third phase"
        }
    }
}

/// One curve of a sweep as a line across the phase diagram: its regions from low to high values of the swept control.
struct PhaseRow {
    let height: Double
    let curve: Int
    /// Neighbouring regions with their ends; the first begins at the axis' low end, the last ends at its high end.
    let regions: [(region: PhaseRegion, low: Double, high: Double)]

    init(height: Double, curve index: Int, of input: FigureInput, on axis: FigureAxis, scale: Double) {
        self.height = height
        curve = index
        let verdict = input.verdicts[index]
        let located = verdict.transitions.filter { $0.location != nil }
        var ends: [(PhaseRegion, Double)] = []
        let names = input.regimes
        if !names.isEmpty {
            ends = Self.regimeEnds(located, of: input, index, names.keys.sorted(), on: axis)
        } else if located.contains(where: { $0.order == .boundary }) {
            for (number, transition) in located.prefix(PhaseRegion.regimes.count - 1).enumerated() {
                ends.append((PhaseRegion.regimes[number], transition.location!.value))
            }
            ends.append((PhaseRegion.regimes[ends.count], axis.high))
        } else if let transition = located.max(by: { $0.location!.value < $1.location!.value }) {
            let inner = located.filter { [.zeroth, .first, .second].contains($0.order) }
            ends = Self.split(Self.ends(around: transition, of: input, index, on: axis), at: inner)
        } else if verdict.transitions.contains(where: { $0.order == .undecided }) {
            ends = [(.undecided, axis.high)]
        } else {
            let isOrdered = input.meanOrder(index) { _ in true } > 1e-3 * scale
            ends = [(isOrdered ? .ordered : .trivial, axis.high)]
        }
        var low = axis.low
        var regions: [(region: PhaseRegion, low: Double, high: Double)] = []
        for (region, end) in ends {
            let high = min(max(end, low), axis.high)
            if high > low { regions.append((region, low, high)) }
            low = high
        }
        self.regions = regions
    }

    /// Between boundaries the regime that most points are in.
    private static func regimeEnds(
        _ located: [Transition], of input: FigureInput, _ index: Int, _ labels: [Int], on axis: FigureAxis
    ) -> [(PhaseRegion, Double)] {
        let places = located.filter { $0.order == .boundary }.map { $0.location!.value }.sorted() + [axis.high]
        var low = -Double.infinity
        var ends: [(PhaseRegion, Double)] = []
        for place in places {
            let isLast = place == places.last
            let values = input.curves[index].samples.filter { sample in
                sample.counts && sample.control > low && (isLast || sample.control < place)
            }.compactMap { $0.values[input.orderParameter].flatMap { Int(exactly: $0) } }
            low = place
            let counts = Dictionary(values.map { ($0, 1) }, uniquingKeysWith: +)
            let most = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
            let rank = most.flatMap { labels.firstIndex(of: $0) } ?? PhaseRegion.regimes.count
            ends.append((rank < PhaseRegion.regimes.count ? PhaseRegion.regimes[rank] : .undecided, place))
        }
        return ends
    }

    /// The ordered phase cut where transitions within it lie: what is farther from the outermost one has a name of its own.
    private static func split(
        _ ends: [(PhaseRegion, Double)], at inner: [Transition]
    ) -> [(PhaseRegion, Double)] {
        // Only below the outermost transition, which is the highest one, are there others.
        guard let first = ends.first, first.0 == .ordered else { return ends }
        let places = inner.map { $0.location!.value }.filter { $0 < first.1 }.sorted(by: >)
        let phases: [PhaseRegion] = [.ordered, .secondOrdered, .thirdOrdered]
        var pieces = [first]
        for (rank, place) in places.enumerated() { pieces.append((phases[(rank + 1) % phases.count], place)) }
        return pieces.reversed() + ends.dropFirst()
    }

    /// The side of the transition with the larger order parameter is the ordered one.
    private static func ends(
        around transition: Transition, of input: FigureInput, _ index: Int, on axis: FigureAxis
    ) -> [(PhaseRegion, Double)] {
        let location = transition.location!.value
        let isOrderedBelow = input.meanOrder(index) { $0 < location } >= input.meanOrder(index) { $0 > location }
        if isOrderedBelow {
            let end = max(transition.spinodal?.value ?? location, location)
            return [(.ordered, location), (.coexistence, end), (.trivial, axis.high)]
        }
        let end = min(transition.spinodal?.value ?? location, location)
        return [(.trivial, end), (.coexistence, location), (.ordered, axis.high)]
    }
}

extension FigureInput {
    /// Names of the order parameter's regimes; empty for a quantity.
    var regimes: [Int: String] { observables.first { $0.name == orderParameter }?.regimes ?? [:] }

    /// Mean size of the order parameter in the global phase where the control fulfils a condition; 0 without data.
    func meanOrder(_ index: Int, where condition: (Double) -> Bool) -> Double {
        let values = curves[index].globalPhase.filter { condition($0.control) }.compactMap {
            $0.values[orderParameter].map { abs($0) }
        }
        return values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }
}

/// A filled piece of a phase diagram.
struct PhasePolygon {
    let region: PhaseRegion
    let corners: [(x: Double, y: Double)]

    static func rectangle(_ region: PhaseRegion, _ x: (Double, Double), _ y: (Double, Double)) -> PhasePolygon {
        PhasePolygon(region: region, corners: [(x.0, y.0), (x.1, y.0), (x.1, y.1), (x.0, y.1)])
    }

    /// Bands about each row that meet half way; half a step beyond the outer ones: the control takes whole numbers only.
    static func bands(_ rows: [PhaseRow]) -> [PhasePolygon] {
        rows.indices.flatMap { k in
            let height = rows[k].height
            let low = k > 0 ? (rows[k - 1].height + height) / 2 : height - 0.5
            let high = k + 1 < rows.count ? (height + rows[k + 1].height) / 2 : height + 0.5
            return rows[k].regions.map { rectangle($0.region, ($0.low, $0.high), (low, high)) }
        }
    }

    /// Between neighbouring rows with the same regions their ends are joined; elsewhere the border lies half way.
    static func interpolated(_ rows: [PhaseRow], middle: (Double, Double) -> Double) -> [PhasePolygon] {
        zip(rows, rows.dropFirst()).flatMap { lower, upper -> [PhasePolygon] in
            if lower.regions.map(\.region) == upper.regions.map(\.region) {
                return zip(lower.regions, upper.regions).map { a, b in
                    PhasePolygon(
                        region: a.region,
                        corners: [
                            (a.low, lower.height), (a.high, lower.height), (b.high, upper.height),
                            (b.low, upper.height),
                        ])
                }
            }
            let border = middle(lower.height, upper.height)
            return lower.regions.map { rectangle($0.region, ($0.low, $0.high), (lower.height, border)) }
                + upper.regions.map { rectangle($0.region, ($0.low, $0.high), (border, upper.height)) }
        }
    }
}

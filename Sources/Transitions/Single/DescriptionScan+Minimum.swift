import GSLNumerics
import Lanes

extension DescriptionScan {
    /// Place and value of the least χ² of an onset whose exponent is free, sought from the best trial with place and exponent
    /// between the trials; as a fractional index of the grid. Nil for other descriptions, and where the search fails.
    func lowestPoint(_ series: SingleSeries) -> (place: Double, chiSquared: Double)? {
        guard description.kind == .onset, description.exponent == nil, places.count > 1, shapes.count > 1,
            least < .infinity
        else { return nil }
        let range = 1...Double(series.grid.count - 2)
        let found = try? simplexMinimum(
            of: { x in
                guard range.contains(x[0]), abs(x[1]) < 5 else { return .infinity }
                return DescriptionScan(
                    description, series, places: [x[0]], shapes: [exponential(x[1])], priorPart: priorPart
                ).least
            }, start: [bestPlace, logarithm(bestShape)],
            steps: [places[1] - places[0], logarithm(shapes[1] / shapes[0])])
        return found.map { ($0.x[0], $0.value) }
    }
}

import GSLNumerics
import Lanes
import PhaseSpace

/// How well each kind of description fits one curve.
struct SingleJudgement {
    let series: SingleSeries
    /// The coarse scans of all descriptions.
    let scans: [DescriptionScan]
    /// By description: logarithm of the marginal likelihood; the best of each order on a fine grid.
    var evidence: [Double]
    /// Finest scan of each description that was refined.
    var finest: [DescriptionScan]

    /// Longer odds where the errors themselves are estimated.
    var caution: Double { series.isStated ? 1 : 1 + 8 / Double(max(4, series.count - 4)) }

    static let orders: [TransitionOrder] = [.none, .crossover, .second, .first]

    /// - Parameter isCoarse: for comparing cuts, without the finer scans.
    init(_ series: SingleSeries, isCoarse: Bool = false) {
        self.series = series
        let n = series.count
        scans = Description.all.filter { $0.amplitudeCount + 2 <= n }.map { DescriptionScan($0, series) }
        var evidence = scans.map { $0.evidence(count: n) }
        var finest = scans
        for order in Self.orders where !isCoarse {
            // Refining raises a peak that the coarse grid missed: all that may win are refined.
            let best = zip(scans, evidence).filter { $0.0.description.order == order }.map(\.1).max() ?? 0
            // A crossover's trials lie a step apart, wider than its peak where errors are small.
            let margin = order == .crossover ? Double.infinity : 6
            for i in scans.indices where scans[i].description.order == order && evidence[i] > best - margin {
                while let finer = finest[i].refined(series) { finest[i] = finer }
                evidence[i] = finest[i].evidence(count: n)
            }
        }
        self.evidence = evidence
        self.finest = finest
    }

    func best(_ order: TransitionOrder) -> Int? {
        scans.indices.filter { scans[$0].description.order == order }.max { evidence[$0] < evidence[$1] }
    }
    func evidence(of order: TransitionOrder) -> Double { best(order).map { evidence[$0] } ?? -.infinity }

    /// The share of a description's likelihood in which its singular part is as large as `limits` asks, at places of
    /// the inner part of the grid.
    func part(_ i: Int, jumpAbove jump: Double, onsetAbove onset: Double, inner: Double = 0) -> Double {
        let scan = finest[i]
        let least = scan.least
        guard least < .infinity else { return 0 }
        let last = Double(series.grid.count - 1)
        let margin = inner > 0 ? max(3, inner * last) : 0
        var (large, all) = (0.0, 0.0)
        for cell in scan.chiSquared.indices {
            let likelihood = exponential(-(scan.chiSquared[cell] - least) / 2)
            guard likelihood > 1e-6 else { continue }
            all += likelihood
            let place = scan.places[cell / scan.shapes.count]
            let shape = scan.shapes[cell % scan.shapes.count]
            if inner > 0, scan.description.kind == .onset, shape > 1.3 { continue }
            guard !scan.description.hasPlace || (place > margin && place < last - margin) else { continue }
            let limit: Double
            switch scan.description.kind {
            case .jump: limit = jump * series.span
            case .onset: limit = onset / 2 * series.span / Lanes.power(0.5, shape)
            case .crossover: limit = 0.15 * series.span
            default: limit = 0
            }
            let (a, e) = (abs(scan.amplitude[cell]), scan.amplitudeError[cell])
            guard e.isFinite, e > 0 else { continue }
            large += likelihood * (Self.normalTail((limit - a) / e) + Self.normalTail((limit + a) / e))
        }
        return all > 0 ? large / all : 0
    }
    /// Logarithm of an order's likelihood with singular parts of some size.
    func evidence(of order: TransitionOrder, jumpAbove jump: Double, onsetAbove onset: Double, inner: Double = 0)
        -> Double
    {
        let top = evidence(of: order)
        return scans.indices.filter { scans[$0].description.order == order && evidence[$0] > top - 12 }.map {
            evidence[$0] + logarithm(max(1e-300, part($0, jumpAbove: jump, onsetAbove: onset, inner: inner)))
        }.max() ?? -.infinity
    }
    /// Probability that a standard normal number exceeds z, to 7.5e-8 (Abramowitz and Stegun 26.2.17).
    static func normalTail(_ z: Double) -> Double {
        guard z >= 0 else { return 1 - normalTail(-z) }
        guard z < 8 else { return 0 }
        let t = 1 / (1 + 0.2316419 * z)
        let series =
            t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
        return 0.3989422804014327 * exponential(-z * z / 2) * series
    }

    /// Place, and shape, of an order: weighted quantiles over all its descriptions.
    func quantiles(_ order: TransitionOrder, _ ps: [Double]) -> (places: [Double], shapes: [Double]) {
        // Exponents that are fixed beforehand make an order likely, but no interval of the exponent.
        let free = scans.indices.filter {
            scans[$0].description.order == order && (scans[$0].description.exponent ?? 1) == 1
        }
        let top = free.map { evidence[$0] }.max() ?? 0
        var places: [(Double, Double, Double)] = []
        var shapes: [(Double, Double, Double)] = []
        for i in free where evidence[i] > top - 12 {
            let scan = finest[i].extendedForEstimate(series)
            let least = scan.least
            let cells = scan.chiSquared.map { exponential(-($0 - least) / 2) }
            let total = cells.reduce(0, +)
            let weight = exponential(evidence[i] - top)
            let placeWidth = scan.places.count > 1 ? scan.places[1] - scan.places[0] : 1
            for (p, place) in scan.places.enumerated() {
                var sum = 0.0
                for s in scan.shapes.indices { sum += cells[scan.index(p, s)] }
                places.append((place, placeWidth, weight * sum / total))
            }
            let shapeRatio = scan.shapes.count > 1 ? logarithm(scan.shapes[1] / scan.shapes[0]) : 0
            for (s, shape) in scan.shapes.enumerated() {
                var sum = 0.0
                for p in scan.places.indices { sum += cells[scan.index(p, s)] }
                shapes.append((shape > 0 ? logarithm(shape) : 0, shapeRatio, weight * sum / total))
            }
        }
        var found = Self.quantiles(places, ps)
        // Without scatter place and exponent lie in a valley thinner than the trials, which rank power laws by accident:
        // the interval holds the lowest point of each that fits.
        if order == .second, ps.count > 1, ((try? median(series.errors)) ?? .infinity) < 1e-3 * series.span {
            for scan in scans {
                guard let lowest = scan.lowestPoint(series), lowest.chiSquared < Double(series.count) else { continue }
                let place = lowest.place
                found[0] = min(found[0], 2 * place - found[0])
                found[ps.count - 1] = max(found[ps.count - 1], 2 * place - found[ps.count - 1])
            }
        }
        return (found, Self.quantiles(shapes, ps).map(exponential))
    }

    /// Quantiles of a sum of boxes (middle, width, weight).
    static func quantiles(_ boxes: [(Double, Double, Double)], _ ps: [Double]) -> [Double] {
        let total = boxes.reduce(0) { $0 + $1.2 }
        let low = boxes.map { $0.0 - $0.1 / 2 }.min()!
        let high = boxes.map { $0.0 + $0.1 / 2 }.max()!
        func cumulative(_ x: Double) -> Double {
            boxes.reduce(0) { sum, box in
                let part = box.1 > 0 ? min(1, max(0, (x - box.0) / box.1 + 0.5)) : (x >= box.0 ? 1 : 0)
                return sum + box.2 * part
            } / total
        }
        return ps.map { p in
            var (a, b) = (low, high)
            for _ in 0..<50 {
                let m = (a + b) / 2
                if cumulative(m) < p { a = m } else { b = m }
            }
            return (a + b) / 2
        }
    }
}

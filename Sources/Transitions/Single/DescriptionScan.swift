import Lanes
import PhaseSpace

/// χ² of a description at trial places and shapes, the amplitudes fitted at each.
struct DescriptionScan {
    let description: Description
    /// As fractional indices of the grid, rising; one element for a description without a place.
    let places: [Double]
    let shapes: [Double]
    /// By place, then shape; infinite where the description is not allowed.
    private(set) var chiSquared: [Double]
    /// The leading amplitude (jump, onset's factor) and its error.
    private(set) var amplitude: [Double]
    private(set) var amplitudeError: [Double]
    /// c of an onset's correction 1 + cu.
    private(set) var correction: [Double]
    /// Which part of all trials the scanned rectangle is.
    let priorPart: Double

    func index(_ place: Int, _ shape: Int) -> Int { place * shapes.count + shape }
    var best: Int { chiSquared.indices.min { chiSquared[$0] < chiSquared[$1] }! }
    var least: Double { chiSquared[best] }
    var bestPlace: Double { places[best / shapes.count] }
    var bestShape: Double { shapes[best % shapes.count] }

    /// Logarithm of the marginal likelihood: the mean over places and shapes, and Schwarz's price for amplitudes.
    func evidence(count: Int) -> Double {
        let least = least
        guard least < .infinity else { return -.infinity }
        let sum = chiSquared.reduce(0) { $0 + exponential(-($1 - least) / 2) }
        return -least / 2 + logarithm(sum / Double(chiSquared.count) * priorPart)
            + description.prior - Double(description.amplitudeCount) / 2 * logarithm(Double(count))
    }

    init(_ description: Description, _ series: SingleSeries) {
        let step = 1 / Double(series.grid.count - 1)
        let last = Double(series.grid.count - 2)
        let places: [Double]
        if !description.hasPlace {
            places = [0]
        } else if description.kind == .jump, description.powers != [0.5] {
            places = (1..<max(2, series.grid.count - 2)).map { Double($0) + 0.5 }
        } else {
            // The finer scan finds what lies between; widths of crossovers span steps.
            let perStep = description.kind == .crossover ? 1.0 : series.grid.count <= 60 ? 3.0 : 2.0
            let count = max(2, Int((last - 1) * perStep)) + 1
            places = (0..<count).map { 1 + (last - 1) * Double($0) / Double(count - 1) }
        }
        self.init(description, series, places: places, shapes: description.shapes(step: step), priorPart: 1)
    }

    init(
        _ description: Description, _ series: SingleSeries, places: [Double], shapes: [Double], priorPart: Double
    ) {
        (self.description, self.places, self.shapes, self.priorPart) = (description, places, shapes, priorPart)
        let cells = places.count * shapes.count
        chiSquared = [Double](repeating: .infinity, count: cells)
        amplitude = [Double](repeating: 0, count: cells)
        amplitudeError = [Double](repeating: .infinity, count: cells)
        correction = [Double](repeating: 0, count: description.hasCorrection ? cells : 0)
        let fit = WeightedFit(series, background: description.background)
        if description.kind == .polynomial {
            chiSquared[0] = fit.remainder
            return
        }
        var logDistances = [Double](repeating: 0, count: series.count)
        for p in places.indices {
            let place = description.hasPlace ? series.place(places[p]) : 0
            var range = 0..<series.count
            if description.kind == .onset || description.kind == .jump {
                if description.isBelow {
                    range = 0..<(series.ts.firstIndex { $0 >= place } ?? series.count)
                } else {
                    range = (series.ts.lastIndex { $0 <= place } ?? -1) + 1..<series.count
                }
                guard range.count >= 2 else { continue }
                for i in range { logDistances[i] = logarithm(abs(series.ts[i] - place)) }
            }
            for (s, shape) in shapes.enumerated() {
                let cell = index(p, s)
                let result: (chi: Double, amplitude: Double, error: Double)
                switch description.kind {
                case .polynomial: continue
                case .exponential:
                    result = fit.add(range) { exponential(shape * (series.ts[$0] - (shape > 0 ? 1 : 0))) }
                case .crossover:
                    result = fit.add(range) { description.crossoverForm((series.ts[$0] - place) / shape) }
                case .onset:
                    if description.isKink {
                        result = fit.add(range) { abs(series.ts[$0] - place) }
                    } else if description.hasCorrection {
                        let corrected = fit.addCorrected(
                            range, bounds: -0.7...1.2, distance: { abs(series.ts[$0] - place) },
                            { exponential(shape * logDistances[$0]) })
                        result = (corrected.chi, corrected.amplitude, corrected.error)
                        correction[cell] = corrected.correction
                    } else {
                        result = fit.add(range) { exponential(shape * logDistances[$0]) }
                    }
                case .jump:
                    guard range.count > description.powers.count + 1 else { continue }
                    let others = description.powers.map { power in
                        { (i: Int) in
                            let u = abs(series.ts[i] - place)
                            return power == 0.5 ? u.squareRoot() : power == 1 ? u : power == 2 ? u * u : u * u * u
                        }
                    }
                    result = fit.add(range, beside: others) { _ in 1 }
                }
                chiSquared[cell] = result.chi
                amplitude[cell] = result.amplitude
                amplitudeError[cell] = result.error
            }
        }
    }

    /// For an onset whose likelihood reaches the smallest exponent that orders are decided among: with exponents below
    /// it, on a fine grid, for its place and exponent; else the scan itself.
    func extendedForEstimate(_ series: SingleSeries) -> DescriptionScan {
        guard description.kind == .onset, description.exponent == nil, shapes[0] < 0.2 else { return self }
        let least = least
        guard places.indices.contains(where: { chiSquared[index($0, 0)] < least + 12 }) else { return self }
        let ratio = shapes[shapes.count - 1] / 0.03
        let wide = (0..<15).map { 0.03 * Lanes.power(ratio, Double($0) / 14) }
        var scan = DescriptionScan(description, series, places: places, shapes: wide, priorPart: priorPart)
        while let finer = scan.refined(series) { scan = finer }
        return scan
    }

    /// The same on a finer grid about what is likely; nil where it is fine already.
    func refined(_ series: SingleSeries) -> DescriptionScan? {
        guard
            description.kind == .exponential || description.hasPlace && places.count > 1,
            description.kind != .jump || description.powers == [0.5]
        else { return nil }
        let least = least
        guard least < .infinity else { return nil }
        // Where nothing fits yet, the peak may lie between the trials of another place.
        let isFar = least > 4 * Double(series.count)
        let alive = chiSquared.indices.filter { chiSquared[$0] < least + (isFar ? 0.3 * least : 16) }
        let (ps, ss) = (alive.map { $0 / shapes.count }, alive.map { $0 % shapes.count })
        let (p0, p1) = (max(0, ps.min()! - 1), min(places.count - 1, ps.max()! + 1))
        let (s0, s1) = (max(0, ss.min()! - 1), min(shapes.count - 1, ss.max()! + 1))
        let isFiner = places.count > 1 && Double(p1 - p0) < 0.7 * Double(places.count - 1)
        let isShapeFiner = shapes.count > 1 && Double(s1 - s0) < 0.7 * Double(shapes.count - 1)
        guard isFiner || isShapeFiner else { return nil }
        let part = Double(p1 - p0 + 1) / Double(places.count) * Double(s1 - s0 + 1) / Double(shapes.count)
        let placeCount = 31
        let finer =
            places.count == 1
            ? places
            : (0..<placeCount).map {
                places[p0] + (places[p1] - places[p0]) * Double($0) / Double(placeCount - 1)
            }
        let ratio = shapes[s1] / shapes[s0]
        let shapeCount = 15
        let finerShapes =
            shapes.count == 1
            ? shapes
            : (0..<shapeCount).map { shapes[s0] * Lanes.power(ratio, Double($0) / Double(shapeCount - 1)) }
        return DescriptionScan(
            description, series, places: finer, shapes: finerShapes, priorPart: priorPart * part)
    }
}

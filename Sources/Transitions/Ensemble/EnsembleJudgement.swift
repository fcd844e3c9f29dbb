import GSLNumerics
import Lanes
import PhaseSpace

/// Which family of shapes describes an ensemble, in the largest window in which one does.
struct EnsembleJudgement {
    struct Candidate {
        let table: ProfileTable
        let chiSquared: Double
        let freedom: Double
        let stacked: Double
        let stackedFreedom: Double
        let parameters: Double
        var family: ShapeFamily { table.family }

        init(_ table: ProfileTable, _ window: EnsembleWindow) {
            let family = table.family
            self.table = table
            let perReplica = Double(family.amplitudeCount + (family.hasPlace ? 1 : 0))
            let shared = Set(table.shapes.map(\.exponent)).count > 1 ? 1.0 : 0
            let corrections = Set(table.shapes.map(\.correction)).count > 1 ? 1.0 : 0
            parameters = perReplica * Double(window.replicaCount) + shared + corrections + Double(family.commonCount)
            chiSquared = table.total(table.bestShape)
            freedom = Double(window.valueCount) - parameters
            stacked = table.stackedResiduals(in: window).reduce(0) { $0 + $1 * $1 }
            stackedFreedom = Double(window.ts.count) - perReplica
        }

        /// Schwarz's criterion, as a difference in χ²; lower is better.
        func criterion(scale: Double, values: Int) -> Double {
            chiSquared / scale + parameters * logarithm(Double(values))
        }
        /// Whether its residuals are scatter: their size, and that the replicas' residuals do not agree.
        func isAdequate(scale: Double) -> Bool {
            chiSquared / scale <= freedom + 4 * (2 * freedom).squareRoot()
                && stacked / scale <= stackedFreedom + 4 * (2 * stackedFreedom).squareRoot()
        }
    }

    let window: EnsembleWindow
    let windowRange: Range<Int>
    let best: Candidate
    /// Square of the scatter in units of the first estimate.
    let scale: Double
    /// By how much the best family of another order is worse.
    let lead: Double
    let rival: TransitionOrder

    /// The criterion's difference that decides: odds of e⁵.
    static let decisiveLead = 10.0

    /// - Returns: nil where no family describes the data even in the smallest window.
    init?(_ ensemble: Ensemble) {
        var centre: Double?
        let n = ensemble.xs.count
        for fraction in [1, 0.7, 0.5, 0.35, 0.25] {
            let count = Int((fraction * Double(n)).rounded())
            guard count >= Ensemble.fewestPoints else { return nil }
            var start = 0
            if let centre {
                let middle = ensemble.xs.firstIndex { $0 >= centre } ?? n - 1
                start = max(0, min(n - count, middle - count / 2))
            }
            let range = start..<start + count
            let window = ensemble.window(range)
            guard window.replicaCount >= Ensemble.fewestReplicas else { return nil }
            var candidates = ShapeFamily.all(in: window).map { Candidate(ProfileTable($0, window), window) }
            // The first estimate of the scatter contains what curvature the grid leaves: the best fit knows better.
            var scale = 1.0
            func criterion(_ c: Candidate) -> Double { c.criterion(scale: scale, values: window.valueCount) }
            for order in [TransitionOrder.first, .second, .crossover] {
                let best = candidates.indices.filter { candidates[$0].family.order == order }
                    .min { criterion(candidates[$0]) < criterion(candidates[$1]) }!
                for _ in 0..<2 {
                    guard let finer = candidates[best].table.refined(in: window) else { break }
                    candidates[best] = Candidate(finer, window)
                }
            }
            scale = min(1, candidates.map { $0.chiSquared / $0.freedom }.min()!)
            let ranked = candidates.sorted { criterion($0) < criterion($1) }
            if let best = ranked.first(where: { $0.isAdequate(scale: scale) }) {
                let rival = ranked.first { $0.family.order != best.family.order }!
                let lead = criterion(rival) - criterion(best)
                // A family that fits far better, though not within the scatter, will fit in a smaller window.
                if lead > -Self.decisiveLead || count <= Ensemble.fewestPoints {
                    self.window = window
                    windowRange = range
                    self.best = best
                    self.scale = scale
                    self.lead = lead
                    self.rival = rival.family.order
                    return
                }
            }
            if let singular = ranked.first(where: \.family.hasPlace), let place = try? median(singular.table.bestPlaces)
            {
                centre = window.control(place)
            }
        }
        return nil
    }

    /// Judgements of what the window leaves out on its two sides, where they show a transition beyond doubt: a curve may
    /// have several.
    func transitionsBeside(in ensemble: Ensemble) -> [EnsembleJudgement] {
        guard windowRange.count < ensemble.xs.count else { return [] }
        var (left, right) = (windowRange.lowerBound, windowRange.upperBound)
        if best.family.hasPlace, let place = (try? median(best.table.bestPlaces)).map(window.control) {
            // Up to the transition itself, but for the points that its replicas' spread may reach.
            let at = ensemble.xs.firstIndex { $0 > place } ?? ensemble.xs.count
            (left, right) = (max(left, at - 4), min(right, at + 4))
        }
        return [0..<max(0, left), min(right, ensemble.xs.count)..<ensemble.xs.count].flatMap { range in
            guard range.count >= Ensemble.fewestPoints else { return [EnsembleJudgement]() }
            let part = ensemble.part(range)
            guard let found = EnsembleJudgement(part) else { return [] }
            let isSingular = found.best.family.order == .first || found.best.family.order == .second
            return (isSingular && found.lead > 2 * Self.decisiveLead ? [found] : [])
                + found.transitionsBeside(in: part)
        }
    }

    /// The best family's table on a grid fine enough for its estimate, and the estimate.
    var located: (table: ProfileTable, posterior: PlacePosterior) {
        var table = best.table
        var range: ClosedRange<Double>?
        if case .onset = best.family {
            table = ProfileTable(best.family, window, isForEstimate: true)
            let exponents = table.shapes.map(\.exponent)
            range = exponents.min()!...exponents.max()!
        }
        for _ in 0..<9 {
            guard let finer = table.refined(in: window, within: range) else { break }
            table = finer
        }
        return (table, PlacePosterior(table, noiseScale: scale))
    }
}

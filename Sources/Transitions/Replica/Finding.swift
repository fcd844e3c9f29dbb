import GSLNumerics
import PhaseSpace

/// What one replica says of its curve.
struct Finding {
    enum Shape: Equatable {
        /// Analytic, as far as the grid can tell.
        case smooth
        /// Analytic with a finite interior extremum of |F″|.
        case crossover(Measured)
        /// Nothing can be said; the sentence says why.
        case undecided(String)

        static func == (a: Shape, b: Shape) -> Bool {
            switch (a, b) {
            case (.smooth, .smooth), (.crossover, .crossover), (.undecided, .undecided): true
            default: false
            }
        }
    }
    /// By rising location.
    var changes: [PhaseChange] = []
    /// Counts where there is no change.
    var shape = Shape.smooth
    var missed: [Double] = []
    var controlCount = 0
}

/// Fewer distinct controls than this decide nothing.
public let fewestControls = 5

extension Finding {
    /// From a free energy: F with its derivatives, the zero net's loss, and the warm sweeps.
    init(freeEnergyOf replica: ReplicaRows, amplitude: Amplitude, words: Words) {
        controlCount = replica.phases.count
        guard controlCount >= fewestControls else {
            shape = .undecided("only \(controlCount) controls have a done point, and it takes \(fewestControls)")
            return
        }
        let finder = PhaseChangeFinder(replica, amplitude: amplitude)
        let (contradictions, steps) = finder.contradictions
        guard contradictions <= max(1, steps / 5) else {
            shape = .undecided(
                "the losses and their slopes contradict each other in \(contradictions) of \(steps) intervals")
            return
        }
        missed = finder.missed
        changes = finder.changes()
        if changes.isEmpty { shape = Self.shape(of: finder.phases, zeroNet: replica.zeroNet, words: words) }
    }

    private static func shape(
        of phases: [GlobalPhase], zeroNet: [(control: Double, loss: Double)], words: Words
    ) -> Shape {
        if phases.allSatisfy(\.isZeroNet) {
            return .undecided("every point is in the zero net: a transition, if any, lies outside the grid")
        }
        let energies = phases.map(\.freeEnergy)
        let scale = energies.reduce(0) { max($0, abs($1)) }
        let slopes = phases.compactMap(\.slope)
        if energies.max()! - energies.min()! <= 1e-12 * scale, slopes.allSatisfy({ abs($0) <= 1e-12 * scale }) {
            return .undecided("the loss is the same at every point")
        }
        if let x = approachingZeroNet(phases, zeroNet: zeroNet) {
            return .undecided(
                "the grid ends in the ordered phase, which heads for the zero net near "
                    + "\(words.axis) = \(words.plain(x)): a transition there would lie outside the grid")
        }
        let curvatures = phases.compactMap { phase in phase.curvature.map { (x: phase.control, y: abs($0)) } }
        if let peak = interiorPeak(curvatures, prominence: 0.1) {
            guard sharpens(curvatures) else { return .crossover(peak) }
            return .undecided(
                "|F″| has a maximum near \(words.axis) = \(words.plain(peak.value)) that still grows as the grid gets "
                    + "finer: a crossover, or a transition within one interval")
        }
        return .smooth
    }

    /// Where the last point's quadratic continuations of F′, or of the distance to the zero net's loss, reach zero
    /// within ten times the last control. No ridge-like decay Σ g²/(a + x)ⁿ ever does that.
    private static func approachingZeroNet(
        _ phases: [GlobalPhase], zeroNet: [(control: Double, loss: Double)]
    ) -> Double? {
        let tail = phases.suffix(3).reversed().filter { $0.slope != nil }
        guard tail.count == 3, let slope = tail[0].slope else { return nil }
        let x = tail[0].control
        func continued(_ count: Int) -> (value: Double, slope: Double, curvature: Double) {
            HermitePolynomial(
                tail.prefix(count).map { phase in
                    .init(x: phase.control, [phase.slope, phase.curvature].prefix { $0 != nil }.map { $0! })
                }
            ).values(at: x)
        }
        let (fine, coarse) = (continued(3), continued(2))
        var roots: [Double] = []
        // F‴ is the one derivative that is not exact: with its error it must still lead to zero.
        let bend = fine.curvature + 2 * abs(fine.curvature - coarse.curvature)
        if vanishing(fine.value, fine.slope, bend) != nil,
            let root = vanishing(fine.value, fine.slope, fine.curvature)
        {
            roots.append(root)
        }
        if let zero = zeroNet.last(where: { $0.control == x }),
            let root = vanishing(zero.loss - tail[0].freeEnergy, -slope, -fine.slope)
        {
            roots.append(root)
        }
        let reach = max(9 * abs(x), x - phases[0].control)
        return roots.filter { $0 <= reach }.min().map { x + $0 }
    }
}

extension PhaseChangeFinder {
    /// In how many intervals F does what F′ at the ends forbids, and of how many. Points that are known to lie above the
    /// lowest minimum are none of them.
    var contradictions: (count: Int, of: Int) {
        let steps = zip(phases, phases.dropFirst()).filter { $0.slope != nil && $1.slope != nil }
        let count = steps.count { a, b in
            !isContinuous(BranchPoint(a), BranchPoint(b), tolerance: 100 * replica.lossTolerance)
        }
        return (count, steps.count)
    }
}

/// The smallest d ≥ 0 where y + y′d + y″d²/2 vanishes, for positive y; nil where it never does.
func vanishing(_ y: Double, _ slope: Double, _ curvature: Double) -> Double? {
    guard y > 0, let roots = try? realPolynomialRoots([y, slope, curvature / 2]) else { return nil }
    return roots.first { $0 >= 0 }
}

/// The largest interior maximum that rises by the prominence (a fraction of the peak) above a lower point on each
/// side; its place by a parabola, its error half the width of the three points.
func interiorPeak(_ points: [(x: Double, y: Double)], prominence: Double) -> Measured? {
    guard points.count >= fewestControls, let k = points.indices.max(by: { points[$0].y < points[$1].y }),
        k > 0, k + 1 < points.count
    else { return nil }
    let foot = (1 - prominence) * points[k].y
    guard points[..<k].contains(where: { $0.y <= foot }), points[(k + 1)...].contains(where: { $0.y <= foot })
    else { return nil }
    let parabola = HermitePolynomial((k - 1...k + 1).map { .init(x: points[$0].x, [points[$0].y]) })
    let top = parabola.values(at: points[k].x)
    let shift = top.curvature < 0 ? -top.slope / top.curvature : 0
    let (low, high) = (points[k - 1].x, points[k + 1].x)
    return Measured(min(max(points[k].x + shift, low), high), (high - low) / 2)
}

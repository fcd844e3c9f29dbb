import PhaseSpace

/// What F″ at two neighbouring lowest rows leaves unexplained of what F and F′ do between them.
///
/// On a smooth stretch F′ changes by h (F″₁ + F″₂)/2 up to h³, and F by h (F′₁ + F′₂)/2 + h² (F″₁ − F″₂)/12 up to h⁵.
/// A jump J of F′ at the fraction s of the interval leaves J in the first and J h (s − ½) in the second: wherever it is,
/// the two together show it.
struct SlopeStep {
    /// |F′| of the two ends differ by this.
    let drop: Double
    /// What F″ at the ends would let it differ by, were it the larger of the two all the way.
    let allowed: Double
    let unexplained: Double
    /// What errors of training may leave unexplained.
    let noise: Double

    /// Nil where F′ or F″ is not known at both ends.
    init?(_ a: GlobalPhase, _ b: GlobalPhase, tolerance: Double, scatter: Scatter) {
        guard let u = a.slope, let v = b.slope, let p = a.curvature, let q = b.curvature, b.control > a.control else {
            return nil
        }
        let h = b.control - a.control
        let first = v - u - h * (p + q) / 2
        let second = b.freeEnergy - a.freeEnergy - h * (u + v) / 2 - h * h * (p - q) / 12
        drop = abs(u - v)
        allowed = h * max(abs(p), abs(q))
        unexplained = max(abs(first), 2 * abs(second) / h)
        noise = 6 * scatter.slope + 3 * h * scatter.curvature + 8 * tolerance / h
    }

    /// What is unexplained as a part of the drop; 0 where errors of training explain it.
    var share: Double { unexplained > noise && drop > 0 ? unexplained / drop : 0 }
}

/// The steps between all lowest rows of a replica, with what is usual among them.
struct SlopeSteps {
    /// By the number of the left one of the two phases; nil at the zero net and where F″ is not known.
    let steps: [SlopeStep?]
    /// The median share: the grid's own.
    let usual: Double
    /// The lower quartile: where transitions are many, it is still that of smooth stretches.
    private let smooth: Double
    private let largestSlope: Double

    init(_ phases: [GlobalPhase], tolerance: Double, scatter: Scatter) {
        steps = zip(phases, phases.dropFirst()).map { a, b in
            a.isZeroNet || b.isZeroNet ? nil : SlopeStep(a, b, tolerance: tolerance, scatter: scatter)
        }
        let shares = steps.compactMap(\.?.share).sorted()
        usual = shares.isEmpty ? 0 : shares[shares.count / 2]
        smooth = shares.isEmpty ? 0 : shares[shares.count / 4]
        largestSlope = phases.compactMap(\.slope).reduce(0) { max($0, abs($1)) }
    }

    subscript(i: Int) -> SlopeStep? { steps.indices.contains(i) ? steps[i] : nil }

    /// Whether a transition may lie between the rows: worth a point there.
    func isSuspect(_ i: Int) -> Bool {
        guard let step = self[i] else { return false }
        return step.unexplained > 5e-4 * largestSlope && step.share > max(0.015, 8 * smooth)
    }

    /// Whether F′ does what no smooth curve with such F″ does: to be silent would be wrong.
    func isUnresolved(_ i: Int) -> Bool {
        guard let step = self[i] else { return false }
        return step.unexplained > 1e-3 * largestSlope && step.share > max(0.2, 8 * usual)
    }

    /// Whether the rows continue each other, so that no jump of this size is between them.
    func forbids(jump: Double, _ i: Int) -> Bool {
        guard let step = self[i] else { return false }
        return step.unexplained < 0.4 * abs(jump) || step.drop < 0.9 * abs(jump) - step.noise || step.share == 0
    }
}

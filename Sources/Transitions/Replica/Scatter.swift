import GSLNumerics

/// Standard errors of F, F′ and F″ as they were trained, estimated from the curve itself: how far every third point
/// lies off the Hermite interpolant of its two neighbours.
///
/// The lower quartile of the residuals counts: jumps and kinks do not enlarge it, and on exact data it is the
/// interpolation error of the smoothest quarter of the curve.
struct Scatter {
    var loss = 0.0
    var slope = 0.0
    var curvature = 0.0

    init() {}

    /// - Parameter phases: by rising control; needs five triples of ordered points with slopes, else there is none.
    init(_ phases: [GlobalPhase]) {
        var losses: [Double] = []
        var slopes: [Double] = []
        var curvatures: [Double] = []
        for i in phases.indices.dropFirst().dropLast() {
            let triple = phases[i - 1...i + 1]
            guard triple.allSatisfy({ !$0.isZeroNet && $0.slope != nil }) else { continue }
            let interpolant = HermitePolynomial([
                BranchPoint(phases[i - 1]).node(2), BranchPoint(phases[i + 1]).node(2),
            ])
            let expected = interpolant.values(at: phases[i].control)
            losses.append(abs(phases[i].freeEnergy - expected.value))
            slopes.append(abs(phases[i].slope! - expected.slope))
            if let curvature = phases[i].curvature { curvatures.append(abs(curvature - expected.curvature)) }
        }
        // The lower quartile of a normal deviate's magnitude, with the interpolant's own scatter beside the point's.
        func deviation(_ residuals: [Double]) -> Double {
            guard residuals.count >= 5, let quartile = try? quantile(residuals, 0.25) else { return 0 }
            return quartile / 0.3186 / 1.22
        }
        loss = deviation(losses)
        slope = deviation(slopes)
        curvature = deviation(curvatures)
    }
}

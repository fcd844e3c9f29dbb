import PhaseSpace
import Sweeps
import Transitions

/// Judges a sweep's curves and goes on with points where the verdicts need them: in intervals of the grid that may hide a
/// jump, and where its spec says `refine:`.
///
/// Rounds depend on the results alone, so that a later command that only reads takes the same points in the same
/// order, and one that was stopped continues.
struct SweepRefinement {
    let plan: SweepPlan
    let store: Store
    let observables: [Observable]
    let judge: (Curve) throws -> Verdict
    /// Trains chains that are not in the store yet; false where the run was stopped. Nil for reading only.
    let train: (([Chain]) throws -> Bool)?

    struct Result {
        var curves: [Curve]
        var verdicts: [Verdict]
        /// Points off the grid, in the order of their making.
        var points: [Point] = []
        /// Of these the ones in intervals that might hide a jump.
        var probes = 0
        /// Rounds of what `refine:` asks for.
        var rounds = 0
        /// Whether all rounds were there or could be trained.
        var isComplete = true
    }

    func run() throws -> Result {
        let curves = try plan.curves(in: store)
        var result = Result(curves: curves, verdicts: [])
        let probing = Dictionary(curves.map { ($0.key, Probing($0)) }, uniquingKeysWith: { a, _ in a })
        for _ in 0..<Probing.roundLimit {
            var points: [Point] = []
            for curve in result.curves {
                for request in probing[curve.key]?.requests(for: curve, observables: observables) ?? [] {
                    let asked = try plan.refinementPoints(
                        of: curve.key, at: request.values, replicas: curve.commonReplicas)
                    points += asked.filter { request.replica == nil || $0.replica == request.replica }
                }
            }
            if points.isEmpty { break }
            guard try add(points, to: &result) else { break }
            result.probes += points.count
        }
        result.verdicts = try result.curves.map(judge)
        guard result.isComplete || train == nil, let asked = plan.spec.refinement else { return result }
        let rule = Refinement(width: asked.until)
        var before: [CurveKey: Verdict] = [:]
        var added: [CurveKey: Int] = [:]
        for _ in 0..<Refinement.roundLimit {
            var points: [Point] = []
            for (curve, verdict) in zip(result.curves, result.verdicts) {
                let count = added[curve.key] ?? 0
                let values = rule.values(for: curve, verdict: verdict, before: before[curve.key], added: count)
                added[curve.key] = count + values.count
                points += try plan.refinementPoints(
                    of: curve.key, at: values, replicas: curve.commonReplicas)
            }
            if points.isEmpty { return result }
            let verdicts = Dictionary(
                zip(result.curves, result.verdicts).map { ($0.key, $1) }, uniquingKeysWith: { $1 })
            guard try add(points, to: &result) else { return result }
            before = verdicts
            result.rounds += 1
            result.verdicts = try result.curves.map(judge)
        }
        return result
    }

    /// - Returns: false where points are missing and cannot be trained.
    private func add(_ points: [Point], to result: inout Result) throws -> Bool {
        let known = try store.outcomes()
        let missing = points.filter { known[$0.identity] == nil }
        if !missing.isEmpty {
            guard let train, try train(plan.chains(of: missing)) else {
                result.isComplete = false
                return false
            }
        }
        result.points += points
        result.curves = try plan.curves(in: store, alsoOf: result.points)
        return true
    }
}

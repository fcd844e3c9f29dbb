import Lanes
import PhaseSpace

extension WeightDecay {
    private static let observed: [Measure] = [
        .loss, .lossSlope, .lossCurvature, .squaredNorm, .layerSquaredNorm, .weightAmplitude,
    ]

    /// The global phase, broken where it jumps, so that no line is drawn across a transition.
    func equilibriumCurves(
        of key: CurveKey, over axisValues: [Double], _ ensemble: Ensemble
    ) throws -> [TheoryCurve] {
        var xs = axisValues
        if key.isAlong(Controls.gamma) {
            let inside = (axisValues.min() ?? 0)...(axisValues.max() ?? 0)
            for location in try exactTransitions(of: key, ensemble)?.compactMap(\.location?.value) ?? []
            where inside.contains(location) {
                xs += [location * (1 - 1e-9), location * (1 + 1e-9)]
            }
        }
        var pieces: [(phase: Int, rows: [(Double, Measured)])] = []
        for x in xs.sorted() {
            guard let (phase, values) = try globalPhase(key.reader(at: x), ensemble) else { return [] }
            if pieces.last?.phase == phase {
                pieces[pieces.count - 1].rows.append((x, values))
            } else {
                pieces.append((phase, [(x, values)]))
            }
        }
        return pieces.map { TheoryCurve(name: "equilibrium", over: key.axis, Self.observed, rows: $0.rows) }
    }

    /// Exact observables in the global phase, with a number that tells it from others; 0 is the trivial one.
    private func globalPhase(
        _ controls: ControlReader, _ ensemble: Ensemble
    ) throws -> (phase: Int, values: Measured)? {
        if let modes = try modeTheory(controls, ensemble) {
            return (try modes.activeCount(), try modes.values())
        }
        guard let theory = try deepLinearTheory(controls, ensemble) else { return nil }
        let minimum = try theory.path.globalMinimum(atDecay: theory.decay)
        // Phases are told apart by the stable branch they lie on.
        let phase = try minimum.map { try theory.path.stableBranchNumber(of: $0) } ?? 0
        return (phase, theory.values(at: minimum))
    }

    /// Stable and unstable branches as parametric curves over the ridge, and the origin.
    func branchCurves(
        of key: CurveKey, over axisValues: [Double], _ ensemble: Ensemble
    ) throws -> [TheoryCurve] {
        guard key.isAlong(Controls.gamma), let low = axisValues.min(), let high = axisValues.max(), low > 0,
            let theory = try deepLinearTheory(key.reader(at: 1), ensemble)
        else { return [] }
        let path = theory.path
        var curves = try path.sampledBranches(decays: low...high, pointsPerBranch: 200).map { branch in
            TheoryCurve(
                name: "branches", over: key.axis, Self.observed,
                rows: branch.points.map { ($0.decay, theory.values(at: $0)) }, isStable: branch.isStable)
        }
        if path.depth > 0 {
            let origin = theory.values(at: nil)
            func line(_ a: Double, _ b: Double, stable: Bool) -> TheoryCurve? {
                guard a < b else { return nil }
                return TheoryCurve(
                    name: "branches", over: key.axis, Self.observed, rows: [(a, origin), (b, origin)],
                    isStable: stable)
            }
            let edge = path.depth == 1 ? path.signalStrength.squareRoot() : 0
            curves += [
                line(low, min(edge, high), stable: false), line(max(edge, low), high, stable: true),
            ].compactMap { $0 }
        }
        return curves
    }

    /// φ(B) = DγB² − Σ g²B²ᴰ/(αB²ᴰ + γ), the loss above E[y²] at its best predictor for layer norm B.
    func landscapeCurves(of key: CurveKey, _ ensemble: Ensemble) throws -> [TheoryCurve] {
        guard key.isAlong(Controls.gamma), let theory = try deepLinearTheory(key.reader(at: 1), ensemble),
            let transition = try theory.path.trivialTransition()
        else { return [] }
        let ratios = [0.6, 0.9, 1, 1.1, 1.25]
        let widest =
            try theory.path.stationaryPoints(atDecay: ratios[0] * transition.decay)
            .map(\.layerSquaredNorm).max() ?? 1
        let end = 1.25 * widest.squareRoot()
        return ratios.map { ratio in
            let decay = ratio * transition.decay
            let rows = (0...200).map { i in
                let norm = end * Double(i) / 200
                return [norm, theory.path.effectiveLoss(layerNorm: norm, decay: decay)]
            }
            return TheoryCurve(
                name: "landscape", label: ratio == 1 ? "γ = γ*" : "γ = \(ratio) γ*", columns: ["layerNorm", "loss"],
                rows: rows)
        }
    }

    /// One row for each mode that carries signal.
    func modeCurves(of key: CurveKey, _ ensemble: Ensemble) throws -> [TheoryCurve] {
        guard key.isAlong(Controls.gamma), let path = try deepLinearTheory(key.reader(at: 1), ensemble)?.path,
            !path.isSilent
        else { return [] }
        let rows = zip(path.alphas, path.weights).map { [$0, $1, path.targetSecondMoment] }
        return [TheoryCurve(name: "modes", columns: ["variance", "signal", "targetSecondMoment"], rows: rows)]
    }
}

extension RidgePath {
    /// 1, 2, … by rising μ: which stable branch a stationary point lies on.
    func stableBranchNumber(of point: StationaryPoint) throws -> Int {
        let index = try folds().count { $0 < point.logRidge }
        return index / 2 + 1
    }

    /// Branches within a range of decays, each sampled evenly in ln μ.
    func sampledBranches(
        decays: ClosedRange<Double>, pointsPerBranch count: Int
    ) throws -> [(points: [StationaryPoint], isStable: Bool)] {
        try segments().compactMap { segment in
            // The ends of the piece inside the range: folds where they lie inside, crossings of the range elsewhere.
            let crossings = try [decays.lowerBound, decays.upperBound].compactMap { try crossing(of: $0, in: segment) }
            func inside(_ x: Double) -> Bool { x.isFinite && decays.contains(exponential(logDecay(x))) }
            let ends = (crossings + [segment.low, segment.high].filter(inside)).sorted()
            guard let low = ends.first, var high = ends.last else { return nil }
            // One hidden layer: the branch ends at G = ‖g‖ with μ → ∞, where nothing is left to draw.
            if low == high { high = low + 20 }
            let points = (0...count).map { stationaryPoint(low + (high - low) * Double($0) / Double(count)) }
            return (points, segment.isStable)
        }
    }

    /// φ(B), see `landscapeCurves`.
    func effectiveLoss(layerNorm: Double, decay: Double) -> Double {
        let t = layerNorm * layerNorm
        let power = Lanes.power(t, Double(depth))
        var gain = 0.0
        for (alpha, weight) in zip(alphas, weights) { gain += weight * power / (alpha * power + decay) }
        return Double(depth) * decay * t - gain
    }
}

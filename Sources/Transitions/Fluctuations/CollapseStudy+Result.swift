import Lanes
import PhaseSpace

extension CollapseStudy {
    /// - Throws: `CollapseError` where no number can be claimed although the fit is good, or the critical point lies
    ///   outside the data.
    func result(names: [String], qualityUnscaled: Double) throws(CollapseError) -> Collapse {
        guard let widest = ranges.first else {
            throw CollapseError(
                description: "no collapse has a largest likelihood: the sizes have too little in common")
        }
        let used = used()
        // Without a good one the range of least misfit is drawn.
        let drawn = used.first ?? ranges.indices.min { ranges[$0].fit.lackOfFit < ranges[$1].fit.lackOfFit } ?? 0
        let fits = used.map { ranges[$0].fit }
        try requireCriticalPointInside(fits.isEmpty ? [widest.fit] : fits, names: names)
        if fits.isEmpty { try requireMisfit(names: names) }
        var claims = Claims(fits, study: self)
        let isLogarithm = claims.betaOverNu.map { self.isLogarithm(fits[0], betaOverNu: $0) } ?? false
        if isLogarithm { (claims.beta, claims.betaOverNu) = (nil, nil) }
        if !fits.isEmpty, claims.critical == nil {
            throw CollapseError(
                description: "many critical points and exponents collapse the data equally well: measure nearer to the "
                    + "transition, on both sides, and more sizes")
        }
        let likeliest = ranges[drawn].fit.fits.max { $0.probability < $1.probability }!.fit
        let picture = CollapsePicture(all, ranges[drawn].fit, likeliest)
        let lengths = exponential(
            exponential(likeliest.parameters[Parameter.logInverseNu]) * all.meanLogSize)
        return Collapse(
            names: names, sizes: all.sizes, pointCount: all.count, critical: claims.critical, nu: claims.nu,
            beta: claims.beta, betaOverNu: claims.betaOverNu, quality: ranges[drawn].fit.quality,
            scatter: ranges[drawn].fit.scatter, qualityUnscaled: qualityUnscaled,
            ranges: ranges.indices.map { k in
                var range = self.range(ranges[k].fit, limit: ranges[k].limit * all.unit * lengths)
                range.isUsed = used.contains(k)
                return range
            },
            isLogarithm: isLogarithm,
            correction: CollapseCorrection(
                probability: ranges[drawn].fit.correctionProbability, amplitude: likeliest.correction,
                omega: exponential(likeliest.parameters[Parameter.logOmega])),
            points: picture.points, masterCurve: picture.masterCurve)
    }

    private func requireCriticalPointInside(_ fits: [CollapseRangeFit], names: [String]) throws(CollapseError) {
        let controls = all.points.map(\.control)
        let (low, high) = (controls.min()!, controls.max()!)
        let place = critical(
            CollapseMixture(
                fits.map { $0.mixture(Parameter.critical) }, weights: fits.map { _ in 1 }
            ).mean)
        guard place < low || place > high else { return }
        throw CollapseError(
            description: "the best collapse has its critical point at \(names[1]) = \(short(place)), outside the data "
                + "(\(short(low)) to \(short(high))): measure on both sides of the transition")
    }

    /// - Throws: `CollapseError` where no range counts for another reason than a bad fit.
    private func requireMisfit(names: [String]) throws(CollapseError) {
        if ranges.allSatisfy({ $0.fit.degreesOfFreedom <= 3 }) {
            throw CollapseError(
                description: "the points are too few: a curve through nearly all of them is left with "
                    + "\(short(max(0, ranges[0].fit.degreesOfFreedom))) degrees of freedom, by which nothing is judged")
        }
        guard let fit = ranges.first(where: { $0.fit.isAcceptable })?.fit else { return }
        let place = critical(fit.mixture(Parameter.critical).mean)
        throw CollapseError(
            description:
                "the best collapse has its critical point at \(names[1]) = \(short(place)), at the edge of the "
                + "data: measure on both sides of the transition")
    }

    private func range(_ fit: CollapseRangeFit, limit: Double) -> CollapseRange {
        CollapseRange(
            range: limit, pointCount: fit.kept.count, sizes: fit.data.sizes,
            critical: mapped(fit.mixture(Parameter.critical).estimate) { critical($0) },
            nu: mapped(fit.mixture(Parameter.logInverseNu).estimate) { exponential(-$0) },
            betaOverNu: fit.mixture(Parameter.betaOverNu).estimate, quality: fit.quality, scatter: fit.scatter,
            isAcceptable: fit.isAcceptable, correctionProbability: fit.correctionProbability)
    }

    /// What may be said with an interval.
    private struct Claims {
        var critical: Estimate?
        var nu: Estimate?
        var beta: Estimate?
        var betaOverNu: Estimate?

        init(_ fits: [CollapseRangeFit], study: CollapseStudy) {
            guard !fits.isEmpty else { return }
            func mixture(_ of: (CollapseRangeFit) -> CollapseMixture) -> CollapseMixture {
                CollapseMixture(fits.map(of), weights: fits.map { _ in 1 })
            }
            let place = mixture { $0.mixture(Parameter.critical) }
            let inverseNu = mixture { $0.mixture(Parameter.logInverseNu) }
            let ratio = mixture { $0.mixture(Parameter.betaOverNu) }
            // Where a deviation comes near the prior's, the number would be the prior's. Without a critical point (within a
            // quarter of half the range of controls) and β/ν all exponents may be those of another place.
            guard place.deviation < 0.25, ratio.deviation < 0.25 else { return }
            critical = study.mapped(place.estimate) { study.critical($0) }
            betaOverNu = ratio.estimate
            if inverseNu.deviation < 0.5 * CollapseLikelihood.Prior.logInverseNu {
                nu = study.mapped(inverseNu.estimate) { exponential(-$0) }
                beta = mixture { $0.betaMixture }.estimate
            }
        }
    }
}

/// The points after a collapse, and the master curve through them.
struct CollapsePicture {
    let points: [CollapsedPoint]
    let masterCurve: [(x: Double, y: Double)]

    init(_ all: CollapseData, _ range: CollapseRangeFit, _ fit: CollapseFit) {
        typealias Parameter = CollapseLikelihood.Parameter
        let p = fit.parameters
        let inverseNu = exponential(p[Parameter.logInverseNu])
        let critical = all.origin + all.unit * p[Parameter.critical]
        let place = Dictionary(uniqueKeysWithValues: range.kept.enumerated().map { ($1, $0) })
        points = all.points.indices.map { i in
            let point = all.points[i]
            let factor = power(point.size, p[Parameter.betaOverNu])
            return CollapsedPoint(
                measured: point,
                scaled: SizedValue(
                    size: point.size, control: (point.control - critical) * power(point.size, inverseNu),
                    value: point.value * factor, error: point.error * factor),
                isUsed: place[i] != nil, residual: place[i].map { fit.residuals[$0] })
        }
        let likelihood = CollapseLikelihood(
            range.data, correction: fit.correction, expectedLogScale: p[Parameter.logScale])
        likelihood.layInterval(at: p)
        guard let value = likelihood.evaluation(at: p, withGradient: false) else {
            masterCurve = []
            return
        }
        let xs = (0..<range.data.count).map { likelihood.abscissa($0, p) }
        let scale = exponential(p[Parameter.logScale])
        let ends = (areaHyperbolicSine(xs.min()! / scale), areaHyperbolicSine(xs.max()! / scale))
        let grid = (0...200).map { k -> Double in
            let u = ends.0 + (ends.1 - ends.0) * Double(k) / 200
            return scale * (exponential(u) - exponential(-u)) / 2
        }
        let lengths = all.unit * exponential(inverseNu * all.meanLogSize)
        let factor = exponential(p[Parameter.betaOverNu] * all.meanLogSize)
        masterCurve = zip(grid, likelihood.masterCurve(at: grid, p, value.coefficients)).map { x, f in
            (x * lengths, factor * (all.isLogarithmic ? exponential(all.valueUnit + f) : all.valueUnit * f))
        }
    }
}

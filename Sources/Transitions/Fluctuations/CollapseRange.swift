import Lanes
import PhaseSpace

/// What the points with |γ − γ*| L^(1/ν) up to some range say of a collapse.
public struct CollapseRange: Sendable {
    /// The largest |γ − γ*| L^(1/ν), with the γ* and ν of the whole collapse.
    public internal(set) var range: Double
    public let pointCount: Int
    public let sizes: [Double]
    public let critical: Estimate
    public let nu: Estimate
    public let betaOverNu: Estimate
    /// χ² of the points about the common master curve over their degrees of freedom, with the errors as stated.
    public let quality: Double
    /// The same where every size has a curve of its own: how far the errors are too small.
    public let scatter: Double
    /// Whether the common curve fits as well as curves of their own do, at 99.9 %.
    public let isAcceptable: Bool
    /// Posterior probability that there are corrections to scaling.
    public let correctionProbability: Double
    /// Whether the result of the collapse rests on this range.
    public internal(set) var isUsed = false
}

/// Where a search for the most probable parameters starts, and along which directions.
struct CollapsePlace {
    let parameters: [Double]
    let directions: [[Double]]
}

/// The fits to the points of one range, one for each amplitude of corrections.
struct CollapseRangeFit {
    typealias Parameter = CollapseLikelihood.Parameter
    /// Amplitudes at the smallest size, in parts of the master curve; taken as equally probable.
    static let middle = 0.03
    static let larger = [0.1, 0.3]
    static let smaller = [0.01, 0.003, 0]

    let kept: [Int]
    let data: CollapseData
    /// With their posterior probabilities.
    let fits: [(fit: CollapseFit, probability: Double)]
    /// The posterior over all amplitudes.
    private let components: [(probability: Double, normal: CollapseFit.Component)]
    /// ln of the evidence, up to the same constant for all descriptions of the same points.
    let logEvidence: Double
    let quality: Double
    let degreesOfFreedom: Double
    let scatter: Double
    /// χ² that separate curves gain for every number that they take more, over `scatter`.
    let lackOfFit: Double
    let isAcceptable: Bool

    /// - Returns: nil where no amplitude has a most probable collapse.
    init?(_ all: CollapseData, kept: [Int], from start: CollapsePlace, expectedLogScale: Double) {
        self.kept = kept
        let data = all.keeping(kept)
        self.data = data
        var found: [CollapseFit] = []
        var profiles: [[CollapseFit.Component]] = []
        func add(_ correction: Double, like near: CollapseFit?) -> CollapseFit? {
            let likelihood = CollapseLikelihood(data, correction: correction, expectedLogScale: expectedLogScale)
            let fit = CollapseFit(
                likelihood, from: near?.parameters ?? start.parameters,
                directions: near?.directions ?? start.directions)
            if let fit {
                found.append(fit)
                profiles.append(fit.isCurved ? fit.profile(likelihood) : [fit.single])
            }
            return fit
        }
        guard let middle = add(Self.middle, like: nil) else { return nil }
        // Ten errors off with free corrections: no amplitude mends that.
        let isHopeless = middle.degreesOfFreedom > 20 && middle.chiSquared > 100 * middle.degreesOfFreedom
        // Two sizes cannot contradict a correction of a few hundredths, however well they collapse without one.
        let smaller = data.sizes.count > 2 ? Self.smaller : []
        for amplitudes in isHopeless ? [] : [Self.larger, smaller] {
            var near = middle
            for amplitude in amplitudes {
                let fit = add(amplitude, like: near)
                // A thousandth of the evidence, and falling.
                if let fit, let most = found.map(\.logEvidence).max(), fit.logEvidence < most - 7 { break }
                if let fit { near = fit }
            }
        }
        let most = profiles.joined().map(\.logWeight).max()!
        let weights = profiles.map { $0.reduce(0) { $0 + exponential($1.logWeight - most) } }
        let total = weights.reduce(0, +)
        logEvidence = most + logarithm(total)
        let fits = zip(found, weights).map { (fit: $0, probability: $1 / total) }
        self.fits = fits
        components = profiles.joined().map { (exponential($0.logWeight - most) / total, $0) }
        func mean(_ number: (CollapseFit) -> Double) -> Double {
            fits.reduce(0) { $0 + $1.probability * number($1.fit) }
        }
        let chiSquared = mean(\.chiSquared)
        let effective = mean(\.effectiveParameters)
        degreesOfFreedom = Double(kept.count) - effective - 3
        quality = degreesOfFreedom > 0 ? chiSquared / degreesOfFreedom : .infinity
        let likeliest = fits.max { $0.probability < $1.probability }!.fit
        let own = Self.separateCurves(data, like: likeliest, expectedLogScale: expectedLogScale)
        let ownDegrees = Double(kept.count) - own.effectiveParameters
        let ownQuality = ownDegrees > 4 ? own.chiSquared / ownDegrees : 1
        scatter = ownDegrees > 4 && ownQuality > chiSquaredBound(ownDegrees, deviations: 2.33) ? ownQuality : 1
        let more = own.effectiveParameters - effective - 3
        lackOfFit = more > 1 ? (chiSquared - own.chiSquared) / more / scatter : 0
        isAcceptable =
            degreesOfFreedom > 3 && quality <= scatter * chiSquaredBound(degreesOfFreedom, deviations: 3.09)
            && (more <= 1 || lackOfFit <= chiSquaredBound(more, deviations: 3.09))
    }

    /// The fit of a curve of its own to every size, by the kernel of the common one.
    private static func separateCurves(
        _ data: CollapseData, like fit: CollapseFit, expectedLogScale: Double
    ) -> (chiSquared: Double, effectiveParameters: Double) {
        var (chiSquared, effective) = (0.0, 0.0)
        for size in data.sizes {
            let own = data.keeping(data.points.indices.filter { data.points[$0].size == size })
            let likelihood = CollapseLikelihood(own, correction: 0, expectedLogScale: expectedLogScale)
            likelihood.layInterval(at: fit.parameters)
            guard let value = likelihood.evaluation(at: fit.parameters) else { continue }
            chiSquared += value.chiSquared
            effective += value.effectiveParameters
        }
        return (chiSquared, effective)
    }

    /// Where a search among a few more or a few less points starts.
    var place: CollapsePlace {
        let middle = fits.first { $0.fit.correction == Self.middle }!.fit
        return CollapsePlace(parameters: middle.parameters, directions: middle.directions)
    }

    func mixture(_ k: Int) -> CollapseMixture {
        CollapseMixture(
            components.map { probability, normal in
                .init(
                    weight: probability, mean: normal.parameters[k],
                    deviation: max(0, normal.covariance[k][k]).squareRoot())
            })
    }

    /// β = (β/ν)/(1/ν), its deviation to first order.
    var betaMixture: CollapseMixture {
        let (b, q) = (Parameter.betaOverNu, Parameter.logInverseNu)
        return CollapseMixture(
            components.map { probability, normal in
                let (ratio, nu) = (normal.parameters[b], exponential(-normal.parameters[q]))
                let c = normal.covariance
                let variance = nu * nu * (c[b][b] - 2 * ratio * c[b][q] + ratio * ratio * c[q][q])
                return .init(weight: probability, mean: ratio * nu, deviation: max(0, variance).squareRoot())
            })
    }

    /// Probability of the amplitudes above zero.
    var correctionProbability: Double { fits.reduce(0) { $0 + ($1.fit.correction > 0 ? $1.probability : 0) } }
}

/// What χ² per degree of freedom stays below with the probability of so many standard deviations (Wilson and Hilferty's
/// cube).
func chiSquaredBound(_ degrees: Double, deviations: Double) -> Double {
    let part = 2 / (9 * degrees)
    let root = 1 - part + deviations * part.squareRoot()
    return root * root * root
}

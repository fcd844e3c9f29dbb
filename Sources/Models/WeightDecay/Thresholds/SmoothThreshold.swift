import TinyNets

/// Threshold of a net with one hidden layer of tanh or erf units, no biases.
///
/// The zero net loses stability at c ‖E[xy]‖. The transition is there, and of second order, if no unit far from 0
/// pays above it; `SaturatingCertificate` proves that for all widths or does not. A net that pays above it shows
/// a first-order transition at its own γ or higher. What is between the two stays between bounds.
struct SmoothThreshold {
    private(set) var layerThreshold: LayerThreshold

    /// Samples that the proofs may look at, some tenths of a second.
    private static let proofWork = 3_000_000
    private static let boundWork = 3_000_000

    init(_ unit: SaturatingUnit, _ samples: SampledData, width: Int) throws {
        let net = SaturatingNet(unit, samples)
        // Without a row φ(w·x) is uncorrelated for every w: odd functions of inputs that differ are independent.
        guard !net.rows.isEmpty else {
            layerThreshold = LayerThreshold(order: .none, lowerBound: 0, upperBound: 0, claim: .exact)
            return
        }
        let stability = net.stability
        var found = 0.0
        // Fewer units of a wide net are a net of that width, the others being 0.
        for units in Set([1, 2, 4, 8, 16].map { min(width, $0) }).sorted() {
            found = max(found, try net.highestDecay(units: units))
        }
        let isFirst = found > stability * (1 + 1e-9)
        if !isFirst {
            var work = Self.proofWork
            let outcome = SaturatingCertificate(net, gamma: stability, isOneUnit: width == 1).prove(work: &work)
            if outcome == .proven {
                layerThreshold = LayerThreshold(
                    order: .second, lowerBound: stability, upperBound: stability, claim: .exact)
                layerThreshold.stability = stability
                return
            }
        }
        let lower = isFirst ? found : stability
        let highest = width == 1 ? lower : max(lower, try net.highestBoundingDecay())
        var upper = max(net.crudeBound, lower)
        var work = Self.boundWork
        for margin in [4e-10, 1e-6, 1e-3, 1e-2, 0.1, 0.5] where highest * (1 + margin) < upper {
            // Each try has half of what is left, so that the last ones, which are easy, have some.
            var share = work / 2
            work -= share
            let gamma = highest * (1 + margin)
            if SaturatingCertificate(net, gamma: gamma, isOneUnit: width == 1).prove(work: &share) == .proven {
                upper = gamma
                break
            }
            work += max(0, share)
        }
        let isExact = isFirst && upper - lower <= 1e-9 * lower
        layerThreshold = LayerThreshold(
            order: isFirst ? .first : .second, lowerBound: lower, upperBound: upper,
            claim: isExact ? .exact : (isFirst ? .bound : .local))
        layerThreshold.stability = stability
        if !isFirst { layerThreshold.orderClaim = .local }
    }
}

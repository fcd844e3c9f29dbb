import Lanes
import PhaseSpace

/// A number's distribution as a weighted sum of normal ones.
struct CollapseMixture {
    struct Component {
        var weight: Double
        let mean: Double
        let deviation: Double
    }
    var components: [Component]

    /// Mixtures together, each with a weight of its own.
    init(_ mixtures: [CollapseMixture], weights: [Double]) {
        components = zip(mixtures, weights).flatMap { mixture, weight in
            let total = mixture.components.reduce(0) { $0 + $1.weight }
            return mixture.components.map {
                Component(weight: $0.weight * weight / total, mean: $0.mean, deviation: $0.deviation)
            }
        }
    }
    init(_ components: [Component]) { self.components = components }

    var mean: Double {
        components.reduce(0) { $0 + $1.weight * $1.mean } / components.reduce(0) { $0 + $1.weight }
    }
    var deviation: Double {
        let mean = mean
        let sum = components.reduce(0) {
            $0 + $1.weight * ($1.deviation * $1.deviation + ($1.mean - mean) * ($1.mean - mean))
        }
        return (sum / components.reduce(0) { $0 + $1.weight }).squareRoot()
    }

    /// The median with the central 95 % interval.
    ///
    /// Every component stands for 200 numbers of equal probability: sums and a sort, which are the same on every
    /// processor.
    var estimate: Estimate {
        let parts = 200
        let nodes = (0..<parts).map { Lanes.normalQuantile((Double($0) + 0.5) / Double(parts)) }
        let draws = components.flatMap { component in
            nodes.map { (value: component.mean + component.deviation * $0, weight: component.weight / Double(parts)) }
        }.sorted { ($0.value, $0.weight) < ($1.value, $1.weight) }
        let total = draws.reduce(0) { $0 + $1.weight }
        func quantile(_ p: Double) -> Double {
            var below = 0.0
            var last = (value: draws[0].value, middle: 0.0)
            for draw in draws {
                let middle = below + draw.weight / 2
                if middle >= p * total {
                    let gap = middle - last.middle
                    return gap > 0
                        ? last.value + (draw.value - last.value) * (p * total - last.middle) / gap : draw.value
                }
                last = (draw.value, middle)
                below += draw.weight
            }
            return last.value
        }
        return Estimate(quantile(0.5), Interval(quantile(0.025), quantile(0.975)))
    }
}

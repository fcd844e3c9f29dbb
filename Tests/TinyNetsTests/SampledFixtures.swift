import Lanes
import PhaseSpace
import TinyNets

/// Samples of a target with a linear and a saturating part, and some noise.
func randomSamples(inputs: Int = 3, seed: UInt64, count: Int = 37) -> SampledData {
    var stream = RandomStream(seed: seed, key: 3, purpose: .data)
    let features = stream.normals(count * inputs)
    let noise = stream.normals(count)
    let targets = (0..<count).map { s in
        hyperbolicTangent(features[s * inputs]) + 0.5 * features[(s + 1) * inputs - 1] + 0.1 * noise[s]
    }
    return SampledData(inputs: inputs, features: features, targets: targets)
}

/// The samples and their mirror images.
func mirrored(_ samples: SampledData) -> SampledData {
    SampledData(
        inputs: samples.inputs, features: samples.features + samples.features.map { -$0 },
        targets: samples.targets + samples.targets.map { -$0 })
}

/// Cold starts of one net, in their order.
func minima(_ net: SampledNet, gamma: Double, starts: Int = 16) -> [Minimum] {
    let jobs = (0..<starts).map { start in
        TrainingJob(
            tag: start, net: net, gammas: Array(repeating: gamma, count: net.shape.layerCount),
            initialWeights: randomWeights(net.shape, seed: UInt64(start), scale: 0.3 + 0.05 * Double(start)),
            start: .cold)
    }
    let list = JobList(jobs)
    LaneTrainer().run(queue: list)
    return list.minima.sorted { $0.key < $1.key }.map(\.value)
}

func lowest(_ minima: [Minimum]) -> Minimum? {
    minima.filter { $0.outcome == .converged }.min { $0.loss < $1.loss }
}

/// The whole Hessian of the loss without decay, row by row, from plain loops.
func denseHessian(_ shape: SampledNetShape, _ data: SampledData, _ weights: [Double]) -> [Double] {
    let decays = Array(repeating: 0.0, count: shape.widths.count + 1)
    return weights.indices.flatMap { row in
        ReferenceNet.hessianProduct(
            shape, data, decays: decays, weights, direction: weights.indices.map { $0 == row ? 1 : 0 })
    }
}

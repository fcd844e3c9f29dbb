import Foundation
import Lanes
import PhaseSpace
import Testing
import TinyNets

// What theory says of nets through samples.

private func linearMinimum(_ net: SampledNet, gamma: Double) throws -> Minimum {
    let shape = DeepLinearShape(inputs: net.shape.inputs, widths: net.shape.widths)
    let problem = DeepLinearProblem(
        moments: net.moments, gammas: Array(repeating: gamma, count: net.shape.layerCount),
        noises: Array(repeating: 0, count: net.shape.depth))
    return try #require(lowestMinimum(shape, problem))
}

@Test(arguments: [[2], [6], [2, 2], [4, 5]])
func reluOnMirroredDataReachesTheLinearNetAtTwiceTheDecay(widths: [Int]) throws {
    let shape = try SampledNetShape(inputs: 3, widths: widths, activation: .relu)
    let net = SampledNet(shape: shape, data: mirrored(randomSamples(seed: 3, count: 40)))
    let relu = try #require(lowest(minima(net, gamma: 0.05, starts: 32)))
    let linear = try linearMinimum(net, gamma: 0.1)
    #expect(abs(relu.loss - linear.loss) <= 1e-8)
    let shares = relu.layerSquaredNorms
    #expect(shares.max()! - shares.min()! <= 1e-6 * shares.max()!)
}

@Test(arguments: [UnitActivation.swish, .gelu])
func swishOnMirroredDataIsTheLinearNetAtTwiceTheDecay(activation: UnitActivation) throws {
    let shape = try SampledNetShape(inputs: 3, widths: [6], activation: activation)
    let net = SampledNet(shape: shape, data: mirrored(randomSamples(seed: 3, count: 40)))
    let critical = net.moments.crossNorm / 2
    for factor in [0.3, 0.9, 0.99] {
        let found = try #require(lowest(minima(net, gamma: factor * critical)))
        let linear = try linearMinimum(net, gamma: 2 * factor * critical)
        // Units of unlike sizes nearly cancel each other's even parts too: a valley that is flat to 1e-12.
        #expect(abs(found.loss - linear.loss) <= 1e-11)
        // F′ by the chain rule.
        #expect(abs(found.squaredNorm - 2 * linear.squaredNorm) <= 1e-6)
    }
    let above = try #require(lowest(minima(net, gamma: 1.01 * critical)))
    #expect(above.squaredNorm == 0)
}

/// Where the squared norm of a second-order transition vanishes, from two points just below.
private func criticalGamma(_ net: SampledNet, near gamma: Double) throws -> Double {
    let (a, b) = (gamma * 0.998, gamma * 0.999)
    let first = try #require(lowest(minima(net, gamma: a))).squaredNorm
    let second = try #require(lowest(minima(net, gamma: b))).squaredNorm
    return b + (b - a) * second / (first - second)
}

@Test(arguments: [UnitActivation.tanh, .erf])
func oddUnitsLoseTheirSignalAtTheirSlopeTimesTheCorrelation(activation: UnitActivation) throws {
    let shape = try SampledNetShape(inputs: 3, widths: [6], activation: activation)
    let net = SampledNet(shape: shape, data: randomSamples(seed: 4))
    let expected = try #require(activation.slopeAtZero) * net.moments.crossNorm
    #expect(abs(try criticalGamma(net, near: expected) / expected - 1) < 1e-4)
}

@Test func swishOnPlainDataStaysOrderedBeyondItsLinearThreshold() throws {
    let shape = try SampledNetShape(inputs: 3, widths: [6], activation: .swish)
    let net = SampledNet(shape: shape, data: randomSamples(seed: 4))
    let found = try #require(lowest(minima(net, gamma: 0.505 * net.moments.crossNorm, starts: 24)))
    // The jump of a first-order transition: no small order parameter, and a loss below the zero net's.
    #expect(found.squaredNorm > 0.05 && found.loss < net.zeroNetLoss - 1e-4)
}

@Test func logisticNetsCollapseAtAQuarterOfTheCorrelation() throws {
    let plain = mirrored(randomSamples(seed: 4))
    let data = SampledData(inputs: 3, features: plain.features, targets: plain.targets.map { $0 > 0 ? 1 : -1 })
    let shape = try SampledNetShape(inputs: 3, widths: [4], activation: .tanh)
    let net = SampledNet(shape: shape, data: data, loss: .logistic)
    let expected = net.moments.crossNorm / 4
    #expect(abs(try criticalGamma(net, near: expected) / expected - 1) < 1e-4)
    let above = try #require(lowest(minima(net, gamma: 1.01 * expected)))
    #expect(above.squaredNorm == 0 && abs(above.loss - log(2)) < 1e-15)
}

@Test func undecayedBiasesCentreTheData() throws {
    let plain = randomSamples(seed: 6)
    let (n, d) = (plain.count, plain.inputs)
    let features = plain.features.enumerated().map { $1 + Double($0 % d) }
    let targets = plain.targets.map { $0 + 2 }
    let shape = try SampledNetShape(inputs: d, widths: [4], activation: .linear, hasBiases: true)
    let net = SampledNet(shape: shape, data: SampledData(inputs: d, features: features, targets: targets))
    let found = try #require(lowest(minima(net, gamma: 0.1)))
    let means = (0..<d).map { j in (0..<n).reduce(0) { $0 + features[$1 * d + j] } / Double(n) }
    let mean = targets.reduce(0, +) / Double(n)
    let centred = SampledData(
        inputs: d, features: features.enumerated().map { $1 - means[$0 % d] }, targets: targets.map { $0 - mean })
    let bare = try SampledNetShape(inputs: d, widths: [4], activation: .linear)
    let linear = try linearMinimum(SampledNet(shape: bare, data: centred), gamma: 0.1)
    #expect(abs(found.loss - linear.loss) < 1e-12)
    #expect(abs(found.squaredNorm - linear.squaredNorm) < 1e-8)
    // With nothing but biases left the loss is the target's variance.
    let above = try #require(lowest(minima(net, gamma: 3)))
    #expect(above.squaredNorm < 1e-20)
    #expect(abs(above.loss - targets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n)) < 1e-13)
    #expect(abs(net.zeroNetLoss - above.loss) < 1e-13)
}

/// Modes of E[y xᵀ] decouple on white inputs: F = E‖y‖² + Σ_k min_w [w² − 2 s_k w + (D+1) γ w^(2/(D+1))].
@Test(arguments: [1, 2]) func modesOfSeveralOutputsTrainOneByOne(depth: Int) throws {
    // ± unit vectors: E[x xᵀ] is the unit matrix with these lengths, and y = M x with singular values 1.5 and 0.5.
    let length = 3.0.squareRoot()
    var features: [Double] = []
    var targets: [Double] = []
    for axis in 0..<3 {
        for sign in [1.0, -1.0] {
            let x = (0..<3).map { $0 == axis ? sign * length : 0 }
            features += x
            targets += [1.5 * (0.6 * x[0] + 0.8 * x[1]), 0.5 * (0.8 * x[0] - 0.6 * x[1])]
        }
    }
    let shape = try SampledNetShape(
        inputs: 3, widths: Array(repeating: 4, count: depth), outputs: 2, activation: .linear)
    let net = SampledNet(
        shape: shape, data: SampledData(inputs: 3, outputs: 2, features: features, targets: targets))
    #expect(abs(net.moments.crossNorm - 1.5) < 1e-14)
    for gamma in [0.05, 0.3, 0.9] {
        let expected = [1.5, 0.5].reduce(net.moments.targetSecondMoment) { sum, s in
            sum
                + (0...200_000).reduce(0.0) { best, step in
                    let w = 2 * Double(step) / 200_000
                    return min(best, w * w - 2 * s * w + Double(depth + 1) * gamma * pow(w, 2 / Double(depth + 1)))
                }
        }
        let found = try #require(lowest(minima(net, gamma: gamma, starts: 32)))
        #expect(abs(found.loss - expected) < 1e-9)
    }
}

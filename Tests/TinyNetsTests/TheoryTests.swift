import Foundation
import Lanes
import PhaseSpace
import Testing
import TinyNets

struct TheoryCase: Sendable, CustomTestStringConvertible {
    let depth: Int
    let width: Int
    let a: Double
    let q: Double
    let noise: Double
    var theory: IsotropicTheory {
        IsotropicTheory(depth: depth, width: width, a: a, q: q, noise: noise, target: 1.5 * q / a)
    }
    var shape: DeepLinearShape { DeepLinearShape(inputs: 5, widths: Array(repeating: width, count: depth)) }
    func problem(_ gamma: Double) -> DeepLinearProblem {
        isotropicProblem(inputs: 5, depth: depth, a: a, q: q, gamma: gamma, noise: noise)
    }
    var testDescription: String { "D = \(depth), width \(width), a = \(a), q = \(q), σ² = \(noise)" }
}

private let cases = [1, 2, 3].flatMap { depth in
    [(1, 0.5), (2, 0.0), (4, 1.3), (8, 0.0), (8, 0.5)].map { width, noise in
        TheoryCase(depth: depth, width: width, a: 1, q: 1, noise: noise)
    } + [TheoryCase(depth: depth, width: 5, a: 0.4, q: 2.5, noise: 0.2)]
}

/// The observables that theory gives in closed form.
private func expectAgreement(_ minimum: Minimum, _ theory: IsotropicTheory, _ gamma: Double, _ note: Comment) {
    #expect(abs(minimum.loss - theory.loss(gamma)) <= 1e-10, note)
    #expect(abs(minimum.squaredNorm - theory.squaredNorm(gamma)) <= 1e-7, note)
    #expect(abs(minimum.lossSlope - theory.squaredNorm(gamma)) <= 1e-7, note)
    let curvature = theory.curvature(gamma)
    #expect(abs((minimum.lossCurvature ?? .nan) - curvature) <= 1e-8 * abs(curvature), note)
    for norm in minimum.layerSquaredNorms { #expect(abs(norm - theory.layerNorm(gamma)) <= 1e-7, note) }
    #expect(abs(minimum.dataLoss - (minimum.loss - gamma * minimum.squaredNorm)) <= 1e-12 * (1 + minimum.loss), note)
}

@Test(arguments: cases)
func coldMinimaAgreeWithExactTheory(item: TheoryCase) throws {
    for fraction in [0.1, 0.5, 0.9, 0.998] {
        let gamma = fraction * item.theory.transition
        let minimum = try #require(lowestMinimum(item.shape, item.problem(gamma), starts: 16))
        expectAgreement(minimum, item.theory, gamma, "\(item.testDescription), γ = \(fraction) γ*")
        #expect(minimum.gradientNorm <= 1e-10 * item.problem(gamma).moments.lossScale)
        #expect((minimum.lowestCurvature ?? -1) > -1e-8)
    }
}

/// Minima on anisotropic inputs, from the exact effective landscape in fifty digits.
struct AnisotropicCase: Sendable, CustomTestStringConvertible {
    let name: String
    let widths: [Int]
    let noises: [Double]
    let eigenvalues: [Double]
    let cross: [Double]
    let target: Double
    let gammas: [Double]
    let loss: Double
    let slope: Double
    let curvature: Double?
    var testDescription: String { name }

    var shape: DeepLinearShape { DeepLinearShape(inputs: cross.count, widths: widths) }
    var problem: DeepLinearProblem {
        let d = cross.count
        let second = (0..<d * d).map { $0 % (d + 1) == 0 ? eigenvalues[$0 / d] : 0 }
        return DeepLinearProblem(
            moments: DataMoments(
                inputs: d, inputSecondMoment: second, crossMoment: cross, targetSecondMoment: target),
            gammas: gammas, noises: noises)
    }
}

private let anisotropic: [AnisotropicCase] = [
    AnisotropicCase(
        name: "ridge", widths: [], noises: [], eigenvalues: [0.5, 1.3, 2.4],
        cross: [0.8, -0.5, 1.1], target: 4.0, gammas: [0.25],
        loss: 2.5287725705011157, slope: 1.4141393611972088, curvature: -3.298383047510987),
    AnisotropicCase(
        name: "one layer, noise", widths: [4], noises: [0.5], eigenvalues: [0.5, 1.3, 2.4],
        cross: [0.8, -0.5, 1.1], target: 4.0, gammas: [0.4, 0.4],
        loss: 3.2084750154015227, slope: 1.8219935600271215, curvature: -2.7556148644331677),
    AnisotropicCase(
        name: "one layer, 1e-4 below γ*", widths: [4], noises: [0.5], eigenvalues: [0.5, 1.3, 2.4],
        cross: [0.8, -0.5, 1.1], target: 4.0, gammas: [1.449, 1.449],
        loss: 3.9999999900303655, slope: 0.00014483072058143692, curvature: -1.052017221251857),
    AnisotropicCase(
        name: "two layers", widths: [5, 5], noises: [0.0, 0.0], eigenvalues: [0.5, 1.3, 2.4],
        cross: [0.8, -0.5, 1.1], target: 4.0, gammas: [0.3, 0.3, 0.3],
        loss: 3.1850572578949623, slope: 3.417770010830313, curvature: -3.3404806539463965),
    AnisotropicCase(
        name: "two layers, noise", widths: [5, 5], noises: [0.7, 0.7], eigenvalues: [0.5, 1.3, 2.4],
        cross: [0.8, -0.5, 1.1], target: 4.0, gammas: [0.3, 0.3, 0.3],
        loss: 3.4439707956234638, slope: 2.7918571761740334, curvature: -3.1621275316907105),
    AnisotropicCase(
        name: "two layers, small γ", widths: [5, 5], noises: [0.7, 0.7], eigenvalues: [0.5, 1.3, 2.4],
        cross: [0.8, -0.5, 1.1], target: 4.0, gammas: [0.0001, 0.0001, 0.0001],
        loss: 2.4795271266446526, slope: 3.5995503479441635, curvature: -2.3390156528854096),
    AnisotropicCase(
        name: "two trained phases", widths: [1, 1], noises: [0.0, 0.0], eigenvalues: [1.0, 0.001],
        cross: [1.0, 0.03162277660168379], target: 2.2, gammas: [0.045, 0.045, 0.045],
        loss: 1.2942781150113127, slope: 15.865602118801233, curvature: -785.6766290483699),
    AnisotropicCase(
        name: "three layers, noise", widths: [2, 2, 2], noises: [0.3, 0.3, 0.3], eigenvalues: [0.5, 1.3, 2.4],
        cross: [0.8, -0.5, 1.1], target: 4.0, gammas: [0.2, 0.2, 0.2, 0.2],
        loss: 3.501064351875551, slope: 3.7393531638865194, curvature: -2.9833354733740998),
    AnisotropicCase(
        name: "six layers", widths: [16, 16, 16, 16, 16, 16], noises: [0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
        eigenvalues: [0.5, 1.3, 2.4],
        cross: [0.8, -0.5, 1.1], target: 4.0, gammas: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1],
        loss: 3.120805052706187, slope: 7.537317271002441, curvature: -2.2025608090293893),
    AnisotropicCase(
        name: "unequal widths", widths: [2, 5], noises: [0.4, 0.9], eigenvalues: [0.5, 1.3, 2.4],
        cross: [0.8, -0.5, 1.1], target: 4.0, gammas: [0.3, 0.3, 0.3],
        loss: 3.5118649899027767, slope: 2.6105413622390876, curvature: nil),
    AnisotropicCase(
        name: "unequal decays", widths: [4, 4], noises: [0.5, 0.5], eigenvalues: [0.5, 1.3, 2.4],
        cross: [0.8, -0.5, 1.1], target: 4.0, gammas: [0.2, 0.2, 0.8],
        loss: 3.470802784155967, slope: 2.793851987710508, curvature: nil),
    AnisotropicCase(
        name: "all unequal", widths: [2, 3, 5], noises: [0.1, 0.6, 0.3], eigenvalues: [0.5, 1.3, 2.4],
        cross: [0.8, -0.5, 1.1], target: 4.0, gammas: [0.1, 0.3, 0.2, 0.5],
        loss: 3.5134609023995034, slope: 3.927446539920742, curvature: nil),
    AnisotropicCase(
        name: "bottleneck", widths: [5, 1, 5], noises: [0.5, 0.5, 0.5], eigenvalues: [0.5, 1.3, 2.4],
        cross: [0.8, -0.5, 1.1], target: 4.0, gammas: [0.2, 0.2, 0.2, 0.2],
        loss: 3.639405463953745, slope: 3.3714421324274007, curvature: nil),
]

@Test(arguments: anisotropic)
func anisotropicMinimaAgreeWithTheEffectiveLandscape(item: AnisotropicCase) throws {
    let minimum = try #require(lowestMinimum(item.shape, item.problem, starts: 32))
    #expect(abs(minimum.loss - item.loss) <= 1e-12)
    #expect(abs(minimum.lossSlope - item.slope) <= 1e-9 * item.slope)
    if let curvature = item.curvature {
        #expect(abs((minimum.lossCurvature ?? .nan) - curvature) <= 1e-8 * abs(curvature))
    }
    // γ_l ‖W_l‖² is the same in all layers.
    for (norm, gamma) in zip(minimum.layerSquaredNorms, item.gammas) {
        #expect(abs(norm * gamma / (minimum.layerSquaredNorms[0] * item.gammas[0]) - 1) <= 1e-8)
    }
}

@Test(arguments: cases)
func zeroNetIsReachedExactlyAboveTheOrderedBranch(item: TheoryCase) throws {
    let gamma = 1.02 * item.theory.spinodal
    let minimum = try #require(lowestMinimum(item.shape, item.problem(gamma)))
    #expect(minimum.weights.allSatisfy { $0 == 0 })
    #expect(minimum.loss == item.problem(gamma).moments.targetSecondMoment)
    #expect(minimum.squaredNorm == 0 && minimum.lossSlope == 0 && minimum.lossCurvature == 0)
}

/// A hundred layers of one unit: the loss at the start is up to 1e40, and minima are plateaus away.
@Test func deepChainsDescendFromHugeLosses() throws {
    let shape = DeepLinearShape(inputs: 1, widths: Array(repeating: 1, count: 100))
    let problem = isotropicProblem(inputs: 1, depth: 100, a: 1, q: 1, gamma: 0.009, noise: 0)
    let theory = IsotropicTheory(depth: 100, width: 1, a: 1, q: 1, noise: 0, target: 1.5)
    let jobs = (0..<48).map { start -> TrainingJob in
        var stream = RandomStream(seed: 5, key: UInt64(start), purpose: .initialWeights)
        let scale = 0.6 + 0.1 * Double(start % 12)
        let weights = (0...100).map { _ -> Double in
            let sign = stream.normal() > 0 ? 1.0 : -1.0
            return scale * sign * (1 + 0.1 * stream.normal())
        }
        return TrainingJob(tag: start, shape: shape, problem: problem, initialWeights: weights, start: .cold)
    }
    let list = JobList(jobs)
    LaneTrainer().run(queue: list)
    #expect(list.minima.values.allSatisfy { $0.outcome == .converged })
    let best = try #require(list.minima.values.min { $0.loss < $1.loss })
    expectAgreement(best, theory, 0.009, "D = 100")
}

/// The origin is a saddle below γ* for one hidden layer, and a minimum for every γ > 0 for more.
@Test(arguments: [1, 2])
func kickedZeroNetLeavesTheOriginOnlyWithOneHiddenLayer(depth: Int) throws {
    let item = TheoryCase(depth: depth, width: 6, a: 1, q: 1, noise: 0.3)
    let gamma = 0.8 * item.theory.transition
    let kick = randomWeights(item.shape, seed: 1, scale: 1e-6 / Double(item.shape.weightCount).squareRoot())
    let list = JobList([
        TrainingJob(tag: 0, shape: item.shape, problem: item.problem(gamma), initialWeights: kick, start: .warm)
    ])
    LaneTrainer().run(queue: list)
    let minimum = try #require(list.minima[0])
    if depth == 1 {
        expectAgreement(minimum, item.theory, gamma, "after the kick")
    } else {
        #expect(minimum.squaredNorm == 0 && minimum.lowestCurvature == 2 * gamma)
    }
}

@Test(arguments: cases.filter { $0.depth > 1 })
func warmSweepStaysOnTheMetastableBranchToTheSpinodal(item: TheoryCase) throws {
    let theory = item.theory
    let step = 0.003 * theory.transition
    let start = 0.9 * theory.transition
    let first = try #require(lowestMinimum(item.shape, item.problem(start), starts: 16))
    func job(_ index: Int, _ weights: [Double]) -> TrainingJob {
        TrainingJob(
            tag: index, shape: item.shape, problem: item.problem(start + Double(index) * step),
            initialWeights: weights, start: .warm)
    }
    let last = Int((1.03 * theory.spinodal - start) / step)
    let list = JobList([job(0, first.weights)]) { done, minimum in
        done.tag < last ? job(done.tag + 1, minimum.weights) : nil
    }
    LaneTrainer().run(queue: list)
    for (tag, minimum) in list.minima.sorted(by: { $0.key < $1.key }) {
        let gamma = start + Double(tag) * step
        if gamma < 0.99 * theory.spinodal {
            expectAgreement(minimum, theory, gamma, "\(item.testDescription), γ = \(gamma / theory.spinodal) γ_sp")
        }
        if gamma > 1.001 * theory.spinodal { #expect(minimum.squaredNorm == 0) }
        #expect(minimum.outcome == .converged)
    }
    #expect(list.minima.count == last + 1)
}

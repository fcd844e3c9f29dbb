import Foundation
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

@Test(arguments: cases)
func zeroNetIsReachedExactlyAboveTheOrderedBranch(item: TheoryCase) throws {
    let gamma = 1.02 * item.theory.spinodal
    let minimum = try #require(lowestMinimum(item.shape, item.problem(gamma)))
    #expect(minimum.weights.allSatisfy { $0 == 0 })
    #expect(minimum.loss == item.problem(gamma).moments.targetSecondMoment)
    #expect(minimum.squaredNorm == 0 && minimum.lossSlope == 0 && minimum.lossCurvature == 0)
}

@Test(arguments: cases.filter { $0.depth > 1 })
func warmSweepStaysOnTheMetastableBranchToTheSpinodal(item: TheoryCase) throws {
    let theory = item.theory
    let step = 0.003 * theory.transition
    let start = 0.9 * theory.transition
    let first = try #require(lowestMinimum(item.shape, item.problem(start), starts: 16))
    func job(_ index: Int, _ weights: [Double]) -> TrainingJob {
        TrainingJob(
            tag: index, problem: item.problem(start + Double(index) * step), initialWeights: weights, start: .warm)
    }
    let last = Int((1.03 * theory.spinodal - start) / step)
    let list = JobList([job(0, first.weights)]) { done, minimum in
        done.tag < last ? job(done.tag + 1, minimum.weights) : nil
    }
    LaneTrainer(shape: item.shape).run(queue: list)
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

import Foundation
import Lanes
import Testing
import TinyNets

private let shape = try! SampledNetShape(inputs: 3, widths: [5, 4], outputs: 2, activation: .swish, hasBiases: true)
private let decays = [0.01, 0.02, 0.03]

private let data: SampledData = {
    var stream = RandomStream(seed: 1, key: 5, purpose: .data)
    return SampledData(inputs: 3, outputs: 2, features: stream.normals(90), targets: stream.normals(60))
}()

private func settings(_ optimiser: Optimiser, steps: Int = 20_000) -> TrainingSettings {
    var settings = TrainingSettings()
    settings.optimiser = optimiser
    settings.maximumOptimiserSteps = steps
    return settings
}

private func jobs(_ count: Int) -> [TrainingJob] {
    let net = SampledNet(shape: shape, data: data)
    return (0..<count).map {
        TrainingJob(
            tag: $0, net: net, gammas: decays, initialWeights: randomWeights(shape, seed: UInt64($0)), start: .cold)
    }
}

/// So many steps of plain loops over the reference net.
private func plain(_ rule: Optimiser.Rule, rate: Double, steps: Int, from start: [Double]) -> [Double] {
    var w = start
    var (m, v) = ([Double](repeating: 0, count: w.count), [Double](repeating: 0, count: w.count))
    for t in 1...steps {
        let g = ReferenceNet.lossAndGradient(shape, data, decays: decays, w).gradient
        for i in w.indices {
            switch rule {
            case .descent: w[i] -= rate * g[i]
            case .momentum:
                m[i] = 0.9 * m[i] + g[i]
                w[i] -= rate * m[i]
            case .adam:
                m[i] = 0.9 * m[i] + 0.1 * g[i]
                v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i]
                let (first, second) = (m[i] / (1 - pow(0.9, Double(t))), v[i] / (1 - pow(0.999, Double(t))))
                w[i] -= rate * first / (second.squareRoot() + 1e-8)
            }
        }
    }
    return w
}

@Suite struct OptimiserTests {
    @Test(arguments: Optimiser.Rule.allCases) func optimisersStepAsPlainLoopsDo(_ rule: Optimiser.Rule) throws {
        let trainer = LaneTrainer(settings: settings(Optimiser(rule, rate: 0.02, isPolished: false), steps: 20))
        // More nets than lanes: a refilled lane begins with an empty memory.
        let minima = trainer.minima(of: jobs(11))
        #expect(minima.count == 11)
        for (tag, minimum) in minima {
            let expected = plain(rule, rate: 0.02, steps: 20, from: randomWeights(shape, seed: UInt64(tag)))
            #expect(zip(minimum.weights, expected).allSatisfy { abs($0 - $1) <= 1e-11 * (1 + abs($1)) }, "net \(tag)")
            #expect(minimum.outcome == .completed && minimum.steps == 20)
            #expect(minimum.lossCurvature == nil && minimum.lowestCurvature == nil)
            let value = ReferenceNet.lossAndGradient(shape, data, decays: decays, minimum.weights)
            #expect(abs(minimum.loss - value.loss) <= 1e-12 * value.loss)
            let norm = value.gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
            #expect(abs(minimum.gradientNorm - norm) <= 1e-9 * norm)
        }
    }

    @Test(arguments: Optimiser.Rule.allCases) func polishedStartsEndInMinima(_ rule: Optimiser.Rule) throws {
        let trainer = LaneTrainer(settings: settings(Optimiser(rule, rate: 0.01)))
        for minimum in trainer.minima(of: jobs(5)).values {
            #expect(minimum.outcome == .converged && minimum.gradientNorm <= 1e-9)
            #expect((minimum.lowestCurvature ?? -1) >= -1e-6)
        }
    }

    @Test func aResultDoesNotDependOnTheNeighboursInThePack() {
        let trainer = LaneTrainer(settings: settings(Optimiser(.adam, rate: 0.01), steps: 300))
        let together = trainer.minima(of: jobs(9))
        for job in jobs(9).reversed() { #expect(trainer.minima(of: [job])[job.tag] == together[job.tag]) }
    }

    @Test func aRateThatIsTooLargeDivergesWithAReason() {
        let trainer = LaneTrainer(settings: settings(Optimiser(.descent, rate: 1e3)))
        for minimum in trainer.minima(of: jobs(2)).values {
            #expect(minimum.outcome == .diverged && minimum.reason.contains("smaller rate"))
        }
    }

    @Test func netsOnMomentsMoveUnderTheSameRules() throws {
        let moments = SampledData(
            inputs: 2, outputs: 1, features: [1, 0, 0, 1, -1, 0, 0, -1], targets: [1, 0.5, -1, -0.5]
        ).moments
        let linear = DeepLinearShape(inputs: 2, widths: [3])
        let problem = DeepLinearProblem(moments: moments, gammas: [0.05, 0.05], noises: [0])
        let start = [0.3, -0.2, 0.1, 0.4, -0.3, 0.2, 0.5, -0.4, 0.3]
        let job = TrainingJob(tag: 0, shape: linear, problem: problem, initialWeights: start, start: .cold)
        let plain = LaneTrainer().minima(of: [job])
        // Linear convergence needs no polish.
        let alone = LaneTrainer(settings: settings(Optimiser(.momentum, rate: 0.05, isPolished: false)))
            .minima(of: [job])
        #expect(alone[0]?.outcome == .converged && (alone[0]?.gradientNorm ?? 1) <= 1e-9)
        for rule in Optimiser.Rule.allCases {
            let found = LaneTrainer(settings: settings(Optimiser(rule, rate: 0.05))).minima(of: [job])
            let (a, b) = (try #require(found[0]), try #require(plain[0]))
            #expect(abs(a.loss - b.loss) <= 1e-12 && a.outcome == .converged)
        }
    }
}

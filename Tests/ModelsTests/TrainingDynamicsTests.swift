import Foundation
import Lanes
import Models
import PhaseSpace
import Testing
import TinyNets

@Suite struct TrainingDynamicsTests {
    /// A random net on random data.
    static func run(
        _ activation: String, widths: [Int], parameterization: DynamicsSetting.Parameterization = .ntk,
        outputScale: Double = 1, seed: UInt64 = 1, samples: Int = 11, plan: DynamicsPlan
    ) -> DynamicsRun {
        let setting = try! DynamicsSetting(
            activation: activation, inputs: 5, widths: widths, parameterization: parameterization,
            outputScale: outputScale)
        var stream = RandomStream(seed: seed, key: 7, purpose: .data)
        let data = SampledData(inputs: 5, features: stream.normals(5 * samples), targets: stream.normals(samples))
        let offsets = setting.shape.layerOffsets
        var weights: [Double] = []
        for (k, scale) in setting.initialScales.enumerated() {
            weights += stream.normals(offsets[k + 1] - offsets[k]).map { $0 * scale }
        }
        return DynamicsRun(setting: setting, data: data, weights: weights, plan: plan)
    }

    static func plan(_ rate: Double, _ steps: Int, record: Int = 1) -> DynamicsPlan {
        var plan = DynamicsPlan(relativeRate: rate, steps: steps)
        plan.record = record
        return plan
    }

    // MARK: - Identities

    /// I1: ⟨θ_k, ∂L/∂θ_k⟩ = (1/n) Σ r f, the same for every layer of a homogeneous net.
    @Test(arguments: ["linear", "relu", "leakyRelu", "abs"])
    func everyLayerOfAHomogeneousNetHasTheSameEulerProduct(activation: String) {
        let run = Self.run(activation, widths: [6, 9, 4], plan: Self.plan(1, 1))
        let (_, gradient) = DeterministicNet.lossAndGradient(run.setting, run.data, run.weights)
        run.probe.evaluate(run.weights)
        let outputs = run.probe.outputs
        let expected =
            zip(outputs, run.data.targets).reduce(0.0) { $0 + ($1.0 - $1.1) * $1.0 }
            / Double(outputs.count)
        let offsets = run.setting.shape.layerOffsets
        for k in 0..<run.setting.shape.layerCount {
            let factor = run.setting.rateFactors[k].squareRoot()
            let layer = offsets[k]..<offsets[k + 1]
            let product = dot(run.weights[layer].map { $0 / factor }, Array(gradient[layer]))
            #expect(abs(product - expected) < 1e-10)
        }
    }

    /// I2: |D_{t+1}|² = |D_t|² + |u_t|² + 2|D_t||u_t| cos_t.
    @Test(arguments: ["relu", "tanh"])
    func displacementsGrowByTheCosineRule(activation: String) throws {
        let run = trained(Self.run(activation, widths: [8, 8], outputScale: 2, plan: Self.plan(2.5, 12)))
        for t in 1..<12 {
            let (now, next) = (try #require(run.cosines[t]), try #require(run.cosines[t + 1]))
            let before = now.displacementNorms.reduce(0, +)
            let update = now.updateNorms.reduce(0, +)
            let cosine = try #require(now.total)
            let expected = before + update + 2 * (before * update).squareRoot() * cosine
            #expect(abs(next.displacementNorms.reduce(0, +) / expected - 1) < 1e-10)
        }
    }

    /// I3: L(θ − sG) = L − s Σ ξ|grad|² + (s²/2) GᵀHG + O(s³): the error falls by 8 where s halves.
    @Test(arguments: ["tanh", "relu"])
    func aStepsLossHasItsTaylorCoefficients(activation: String) {
        let run = Self.run(activation, widths: [7, 5], plan: Self.plan(1, 1))
        let xi = [0.7, 1.3, 2.1]
        let offsets = run.setting.shape.layerOffsets
        let scale = (0..<3).flatMap { k in [Double](repeating: xi[k], count: offsets[k + 1] - offsets[k]) }
        let (loss, gradient) = DeterministicNet.lossAndGradient(run.setting, run.data, run.weights)
        let step = zip(gradient, scale).map { $0 * $1 }
        let first = dot(step, gradient)
        let second = dot(step, DeterministicNet.hessianProduct(run.setting, run.data, run.weights, step))
        let effective = DeterministicNet.parameters(step, run.setting)
        func error(_ s: Double) -> Double {
            let moved = zip(run.weights, effective).map { $0 - s * $1 }
            let exact = DeterministicNet.lossAndGradient(run.setting, run.data, moved).loss
            return exact - (loss - s * first + s * s / 2 * second)
        }
        #expect(abs(error(2e-4)) < 1e-10)
        let ratio = error(4e-3) / error(2e-3)
        #expect(abs(ratio - 8) < 0.2)
    }

    // MARK: - Kernel and curvature

    /// The top eigenvalue of the tangent kernel is that of the Gauss–Newton matrix.
    @Test(arguments: ["linear", "relu", "leakyRelu", "abs", "tanh"])
    func theTangentKernelIsTheGaussNewtonMatrix(activation: String) {
        let run = Self.run(activation, widths: [6, 7], outputScale: 1.7, plan: Self.plan(1, 1))
        run.probe.evaluate(run.weights)
        let top = run.probe.topKernelEigenvalue()
        var v = run.weights.map { _ in 1.0 }
        for _ in 0..<3000 {
            let product = DeterministicNet.gaussNewtonProduct(run.setting, run.data, run.weights, v)
            let norm = dot(product, product).squareRoot()
            v = product.map { $0 / norm }
        }
        let product = DeterministicNet.gaussNewtonProduct(run.setting, run.data, run.weights, v)
        #expect(abs(dot(v, product) / top - 1) < 1e-9)
    }

    @Test func normalizedLayersShareTheKernelEqually() throws {
        let run = Self.run("relu", widths: [8, 16, 8], plan: Self.plan(1, 1))
        run.probe.evaluate(run.weights)
        let residuals = zip(run.probe.outputs, run.data.targets).map { $0 - $1 }
        let scales = run.probe.normalizingScales(residuals: residuals)
        let (_, gradient) = DeterministicNet.lossAndGradient(run.setting, run.data, run.weights)
        #expect(scales.count == 4 && scales.allSatisfy { $0 > 0 })
        // With one sample the kernel is a number, and each layer's share of it exactly one.
        let single = SampledData(inputs: 5, features: Array(run.data.features[0..<5]), targets: [0.3])
        let probe = NetProbe(setting: run.setting, data: single)
        probe.evaluate(run.weights)
        let one = probe.normalizingScales(residuals: [probe.outputs[0] - 0.3])
        #expect(abs(probe.topKernelEigenvalue(scales: one) - 4) < 1e-10)
        #expect(gradient.count == run.weights.count)
    }

    @Test func theLazyCosineIsThatOfAWideNet() throws {
        let run = trained(Self.run("relu", widths: [128], samples: 4, plan: Self.plan(0.8, 8)))
        let lazy = try #require(run.lazyCosine)
        for t in 1...8 {
            let cosine = try #require(run.cosines[t]?.total)
            #expect(abs(cosine - lazy.value(step: t)!) < 0.05)
        }
        // One sample leaves one direction, along which all updates agree while ηλ < 1.
        let single = trained(Self.run("linear", widths: [], samples: 1, plan: Self.plan(0.5, 4)))
        #expect(abs(single.lazyCosine!.value(step: 3)! - 1) < 1e-12)
        #expect(abs(single.cosines[3]!.total! - 1) < 1e-12)
    }

    /// One small step on one sample of unit residual moves layer k by ρ_k² = η² S_k(r)/(γ² m), averaged over nets.
    @Test(arguments: [("abs", 0.0, 120.0, 5), ("relu", 0.0, 120.0, 5), ("abs", 1.0, 40.0, 3), ("relu", 1.0, 40.0, 3)])
    func preactivationsMoveByTheBudgetOfTheirLayer(
        activation: String, exponent: Double, base: Double, depth: Int
    ) throws {
        let fluctuation = try #require(SignalActivation(name: activation)?.slopeFluctuation)
        let widths = (1...depth).map { Int((base * pow(Double($0), exponent)).rounded()) }
        let setting = try DynamicsSetting(
            activation: activation, inputs: 16, widths: widths, parameterization: .ntk)
        var squares = [Double](repeating: 0, count: depth)
        let seeds = 60
        for seed in 1...seeds {
            var stream = RandomStream(seed: UInt64(seed), key: 11, purpose: .initialWeights)
            let raw = stream.normals(16)
            let norm = dot(raw, raw).squareRoot()
            let offsets = setting.shape.layerOffsets
            let weights = setting.initialScales.enumerated().flatMap { k, scale in
                stream.normals(offsets[k + 1] - offsets[k]).map { $0 * scale }
            }
            let features = raw.map { 4 * $0 / norm }
            let probe = NetProbe(setting: setting, data: SampledData(inputs: 16, features: features, targets: [0]))
            probe.evaluate(weights)
            let data = SampledData(inputs: 16, features: features, targets: [probe.outputs[0] - 1])
            let run = trained(
                DynamicsRun(
                    setting: setting, data: data, weights: weights, plan: DynamicsPlan(relativeRate: 1e-3, steps: 1)))
            let rate = 1e-3 / run.initialKernel
            for (k, change) in run.probe.preactivationChanges.enumerated() {
                squares[k] += pow(change / rate, 2) * base / Double(seeds)
            }
        }
        for (k, square) in squares.enumerated() {
            let budget = preactivationBudget(layer: k + 1, widthExponent: exponent, slopeFluctuation: fluctuation)
            #expect(abs(square / budget - 1) < 0.3, "layer \(k + 1): \(square) against \(budget)")
        }
    }

    // MARK: - Runs

    @Test func aLinearModelConvergesBelowTwoAndDivergesAbove() {
        let slow = trained(Self.run("linear", widths: [], plan: Self.plan(1.9, 400, record: 0)))
        #expect(slow.regime == .lazy && slow.end == .completed)
        let fast = trained(Self.run("linear", widths: [], plan: Self.plan(2.1, 400, record: 0)))
        #expect(fast.regime == .divergent)
        guard case .diverged = fast.end else { return #expect(Bool(false), "must diverge") }
    }

    @Test func aTwoLayerLinearNetCatapultsBetweenTwoAndFour() {
        let run = trained(Self.run("linear", widths: [64], samples: 1, plan: Self.plan(3, 200)))
        #expect(run.regime == .catapult)
        #expect(run.relativeRates[200]! < 2)
        let lazy = trained(Self.run("linear", widths: [64], samples: 1, plan: Self.plan(1.5, 200)))
        #expect(lazy.regime == .lazy)
        let divergent = trained(Self.run("linear", widths: [64], samples: 1, plan: Self.plan(4.5, 200)))
        #expect(divergent.regime == .divergent)
    }

    @Test func theGeometryScheduleHoldsTheProductAndProlongsTheCatapult() {
        var plan = Self.plan(3, 200)
        plan.schedule = .geometry
        let run = trained(Self.run("relu", widths: [32, 32], plan: plan))
        #expect(run.regime == .prolonged)
        #expect(run.relativeRates.values.allSatisfy { abs($0 - 3) < 1e-9 })
        plan.relativeRate = 1.5
        #expect(trained(Self.run("relu", widths: [32, 32], plan: plan)).regime == .lazy)
        plan.relativeRate = 3
        plan.annealing = 0.3
        let annealed = trained(Self.run("relu", widths: [32, 32], plan: plan))
        #expect(annealed.losses[200] < 1e-2 * annealed.losses[0] && annealed.losses[200] < run.losses[200])
    }

    /// A net's numbers do not depend on which others share its pack, nor on the lane.
    @Test func neighboursLeaveNoTrace() throws {
        func make(_ k: Int) -> DynamicsRun {
            var plan = Self.plan(k % 3 == 0 ? 9 : 0.7 + 0.3 * Double(k), 12 + k, record: 3)
            plan.measuresSharpness = true
            return Self.run("tanh", widths: [6, 6], seed: UInt64(k), plan: plan)
        }
        let together = RunList((0..<19).map(make))
        try DynamicsTrainer().run(together)
        #expect(together.done.count == 19)
        for k in [0, 4, 11, 18] {
            let alone = trained(make(k))
            let neighbour = try #require(together.done.first { $0.data == alone.data })
            #expect(alone.losses == neighbour.losses && alone.rows == neighbour.rows)
            #expect(alone.weights == neighbour.weights)
        }
    }

    @Test func deadNetsAndZeroDataAreCalledDead() {
        let zeros = SampledData(inputs: 5, features: Array(repeating: 0, count: 20), targets: [1, 2, 3, 4])
        let setting = try! DynamicsSetting(activation: "relu", inputs: 5, widths: [4], parameterization: .ntk)
        let run = trained(
            DynamicsRun(
                setting: setting, data: zeros, weights: Array(repeating: 0.5, count: setting.shape.weightCount),
                plan: Self.plan(1, 10)))
        #expect(run.end == .dead(0) && run.regime == .collapsed)
        // Every ReLU is off on positive inputs when all first weights are negative.
        let ones = SampledData(inputs: 5, features: Array(repeating: 1, count: 20), targets: [1, 2, 3, 4])
        var weights = [Double](repeating: -1, count: setting.shape.weightCount)
        weights[setting.shape.layerOffsets[1]] = 1
        let off = trained(DynamicsRun(setting: setting, data: ones, weights: weights, plan: Self.plan(1, 10)))
        #expect(off.end == .dead(0) && off.probe.deadFraction == 1)
    }

    @Test func deepNarrowNetsAndHugeRatesEndWithAReason() throws {
        let controls: [String: ControlValue] = [
            "depth": .number(16), "width": .number(2), "activation": .text("relu"), "leak": .number(0.1),
            "parameterization": .text("ntk"), "widthExponent": .number(0), "outputScale": .number(1),
            "relativeRate": .number(1e4), "schedule": .text("constant"), "annealing": .number(0),
            "gradientScaling": .text("none"), "gamma": .number(0), "steps": .number(50),
        ]
        let model = try TrainingDynamics(
            settings: ModelSettings(seed: 1, data: ["inputs": 16, "samples": 32], optimiser: [:], folder: ""))
        let context = ListContext((0..<12).map { chain(controls, model: "training-dynamics", replica: $0) })
        try model.run(context)
        #expect(context.observations.count == 12)
        for row in context.observations {
            #expect(row.outcome == .completed || !row.reason.isEmpty)
            #expect(row.values["regime"] != nil)
        }
        #expect(Set(context.observations.map(\.outcome)).contains(.dead))
    }

    /// Lazy nets: nearer to the edge of stability rounding grows from step to step.
    @Test func singlePrecisionFollowsTheSameRunsToItsOwnRounding() throws {
        let controls: [String: ControlValue] = [
            "depth": .number(3), "width": .number(16), "activation": .text("tanh"), "leak": .number(0),
            "parameterization": .text("ntk"), "widthExponent": .number(0), "outputScale": .number(1),
            "relativeRate": .number(0.2), "schedule": .text("constant"), "annealing": .number(0),
            "gradientScaling": .text("none"), "gamma": .number(0), "steps": .number(40),
        ]
        func rows(_ precision: TrainingPrecision) throws -> [Observation] {
            let model = try TrainingDynamics(
                settings: ModelSettings(
                    seed: 1, data: ["inputs": 16, "samples": 32], optimiser: ["sharpness": "true"], folder: "",
                    precision: precision))
            let context = ListContext((0..<20).map { chain(controls, model: "training-dynamics", replica: $0) })
            try model.run(context)
            return context.observations.sorted { $0.point.replica < $1.point.replica }
        }
        let (double, single) = (try rows(.double), try rows(.single))
        #expect(double.count == 20 && single.count == 20)
        for (a, b) in zip(double, single) {
            #expect(a.values.keys.sorted() == b.values.keys.sorted())
            let (x, y) = (try #require(a.values["finalRatio"]), try #require(b.values["finalRatio"]))
            #expect(abs(x - y) <= 1e-4 * abs(x))
            // Not the same numbers: the lanes did compute in single precision.
            #expect(x != y)
        }
    }
}

import Foundation
import Models
import PhaseSpace
import Support
import Testing

/// Answers of theory carry the word that they deserve.
@Suite struct TheoryClaimsTests {
    // MARK: - Signals in random nets

    @Test(arguments: ["tanh", "erf", "linear"]) func withoutBiasesCorrelationsFreezeInTheOrderedPhase(
        activation: String
    ) throws {
        let answer = try EdgeOfChaos.predict(["activation": .text(activation), "weightVariance": 0.5])
        #expect(answer["phase"] == "ordered")
        #expect(answer["correlation"] == .null && answer["correlationDepth"] == .null)
        #expect(answer["sentence"] == "correlations freeze at a value that depends on the inputs")
        #expect(try #require(answer["varianceDepth"]?.number) > 0)
    }

    @Test func theirOwnRecursionFreezes() throws {
        func after(_ layers: Double) throws -> Double {
            let answer = try EdgeOfChaos.predict([
                "weightVariance": 0.5, "correlation": 0.3, "variance": 1, "layers": .number(layers),
            ])
            return try #require(answer["correlationAfterLayers"]?.number)
        }
        #expect(abs(try after(50) - 0.27687891856634) < 1e-12)
        #expect(abs(try after(50) - after(1000)) < 1e-9)
    }

    @Test func reluCorrelationsApproachOneByAPowerWithoutBiases() throws {
        let answer = try EdgeOfChaos.predict(["activation": "relu", "weightVariance": 1])
        #expect(answer["correlation"] == 1 && answer["correlationSlope"] == 1)
        #expect(answer["correlationDepth"] == .null)
        #expect(abs(try #require(answer["varianceDepth"]?.number) - 1 / log(2.0)) < 1e-12)
    }

    @Test func justAboveTheCriticalLineCorrelationsAreBelowOneWithAFiniteDepth() throws {
        let edge = try #require(
            try EdgeOfChaos.predict(["biasVariance": 0.05])["criticalWeightVariance"]?.number)
        let answer = try EdgeOfChaos.predict(["biasVariance": 0.05, "weightVariance": .number(edge * (1 + 1e-7))])
        #expect(answer["phase"] == "chaotic" && answer["claim"] == "estimate")
        let (c, slope) = (try #require(answer["correlation"]?.number), try #require(answer["correlationSlope"]?.number))
        let depth = try #require(answer["correlationDepth"]?.number)
        #expect(1 - c > 2e-7 && 1 - c < 3e-7)
        #expect(slope < 1 && abs(depth * (1 - slope) - 1) < 1e-6)
        #expect(abs(depth / 2.6637748e7 - 1) < 1e-6)
        // As below the line, to first order.
        let below = try EdgeOfChaos.predict(["biasVariance": 0.05, "weightVariance": .number(edge * (1 - 1e-7))])
        #expect(abs(try #require(below["correlationDepth"]?.number) / depth - 1) < 1e-5)
    }

    @Test(arguments: [(20000.0, 0.1, 1.3976093e-5), (1e6, 0.1, 2.757991e-7), (1e6, 1e6, 0.7902960685)])
    func strongWeightsAreAnswered(weightVariance: Double, biasVariance: Double, correlation: Double) throws {
        let answer = try EdgeOfChaos.predict([
            "weightVariance": .number(weightVariance), "biasVariance": .number(biasVariance),
        ])
        #expect(abs(try #require(answer["correlation"]?.number) / correlation - 1) < 1e-6)
    }

    @Test func aWideAverageIsThatOfNarrowPieces() {
        // Either side of the width from which integrals are taken in pieces, against E tanh² at full correlation.
        for q in [100.0, 255, 257, 1000] {
            let field = MeanField(activation: .tanh, weightVariance: 1, biasVariance: 0)
            let (full, none) = (field.correlation(after: 1, variance: q), field.correlation(after: 0, variance: q))
            #expect(abs(full - 1) < 1e-13 && none == 0)
            let (left, right) = (
                field.correlation(after: 0.5, variance: q * (1 - 1e-6)), field.correlation(after: 0.5, variance: q)
            )
            #expect(abs(left - right) < 1e-6)
            // Saturated units keep signs: (2/π) arcsin c.
            if q == 1000 { #expect(abs(right - 1.0 / 3) < 0.02) }
        }
    }

    // MARK: - Autoencoders

    @Test func roundingIsNoMode() throws {
        // A rank-one cross moment of correlated inputs.
        let second: JSONValue = [[2, 0.3, 0.1], [0.3, 1, 0.7], [0.1, 0.7, 3]]
        let (a, b) = ([0.1, 0.7, -0.3], [0.3, -1.1, 0.9])
        let cross = JSONValue.list(a.map { x in .numbers(b.map { x * $0 }) })
        let answer = try LinearVAE.predict(["inputSecondMoment": second, "crossMoment": cross, "beta": 1e-20])
        #expect(answer["transitions"]?.list?.count == 1 && answer["activeModes"] == 1)
    }

    @Test func collinearInputsHaveNoModeOfTheirOwn() throws {
        // x, 2x and z.
        let second: JSONValue = [[1, 2, 0.1], [2, 4, 0.2], [0.1, 0.2, 1]]
        let answer = try LinearVAE.predict(["inputSecondMoment": second])
        #expect(answer["transitions"]?.list?.count == 2)
    }

    @Test func digitsThatAMatrixDoesNotHoldAreNotClaimed() throws {
        let near = try LinearVAE.predict(["inputSecondMoment": [[1, 0.999999999], [0.999999999, 1]]])
        #expect(near["claim"] == "estimate")
        let error = try #require(near["relativeError"]?.number)
        let lowest = try #require(near["transitions"]?.list?.first?["beta"]?.number)
        #expect(abs(lowest / 1e-9 - 1) < error && error < 1e-5)
        #expect(try LinearVAE.predict(["inputSecondMoment": [[1e-20, 0], [0, 1]]])["claim"] == "exact")
    }

    @Test func modesJustAboveTheirThresholdKeepTheirDigits() throws {
        // ζ² − β of ζ = 3 and β = 9 − 2⁻³⁰.
        let answer = try LinearVAE.predict(["modes": [3], "beta": .number(9 - 0x1p-30)])
        let decoder = try #require(answer["modes"]?.list?.first?["decoder"]?.number)
        #expect(abs(decoder * decoder / 0x1p-30 - 1) < 1e-14)
        let divergence = try #require(answer["divergence"]?.number)
        #expect(abs(divergence * 18 / 0x1p-30 - 1) < 1e-9)
    }

    @Test func theOrderOfAVAEsCollapseIsLocal() throws {
        let answer = try VAE.predict(["variance": 1, "activation": "relu"])
        #expect(answer["claim"] == "local" && answer["claims"]?["criticalBeta"] == "exact")
        #expect(answer["lowerBound"] == 1)
        #expect(answer["sentence"]?.text?.contains("a first-order transition above is not excluded") == true)
        #expect(try VAE.predict(["variance": 1, "activation": "linear"])["claim"] == "exact")
        let first = try VAE.predict(["variance": 1, "skewness": 2, "activation": "relu"])
        #expect(first["order"] == "first" && first["claim"] == "bound")
    }

    @Test func leptokurticDataAreBoundedByTheRateDistortionFunction() throws {
        // Two of a hundred samples at ±√50: ReLU nets collapse near β = 2.87, with first order.
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("spikes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let rows = ["x,y"] + (0..<98).map { _ in "0,0" } + ["7.0710678118654755,0", "-7.0710678118654755,0"]
        try rows.joined(separator: "\n").write(
            to: folder.appendingPathComponent("spikes.csv"), atomically: true, encoding: .utf8)
        let model = try VAE(
            settings: ModelSettings(
                seed: 1, data: ["file": "spikes.csv", "target": "y"], optimiser: [:], folder: folder.path))
        var controls = Dictionary(
            uniqueKeysWithValues: VAE.declaration.controls.compactMap { control in
                control.defaultValue.map { (control.name, $0) }
            })
        controls["activation"] = .text("relu")
        controls["beta"] = nil
        let key = CurveKey(model: "vae", fixed: controls, axis: "beta", orderParameter: "outputVariance")
        let found = try #require(try model.exactTransitions(of: key, .replica(0))?.first)
        #expect(found.claim == .local && found.claimedLocation == nil)
        #expect(abs(try #require(found.lowerBound) - 1) < 1e-12)
        // sup 2 ln(0.98 + 0.02 cosh(√50 λ))/λ².
        let scan = stride(from: 0.05, to: 3, by: 1e-4).map { (l: Double) -> Double in
            2 * log(0.98 + 0.02 * cosh(50.0.squareRoot() * l)) / (l * l)
        }
        let upper = try #require(found.upperBound)
        #expect(upper >= scan.max()! * (1 - 1e-9) && upper <= scan.max()! * (1 + 1e-4))
        #expect(upper > 2.87)
    }

    // MARK: - Training

    @Test func theOnsetOfCatapultsIsThatOfTheResidualAskedFor() throws {
        let answer = try TrainingDynamics.predict([
            "law": "catapult", "relativeRate": 3, "squaredResidual": 1,
        ])
        #expect(answer["onset"] == 3 && answer["onsetOfSmallResiduals"] == 2 && answer["regime"] == "lazy")
        for x in stride(from: 2.1, to: 3.9, by: 0.1) {
            let z = 0.3
            let answer = try TrainingDynamics.predict([
                "law": "catapult", "relativeRate": .number(x), "squaredResidual": .number(z),
            ])
            #expect(answer["regime"] == (x < 2 + z - 1e-9 ? "lazy" : x > 2 + z + 1e-9 ? "catapult" : answer["regime"]))
        }
        let large = try TrainingDynamics.predict(["law": "catapult", "squaredResidual": 2.5])
        #expect(large["onset"] == .null && large["divergence"] == 4)
    }

    @Test func aChaoticOrbitIsNotFollowedBeyondItsDigits() throws {
        func orbit(_ steps: Double) throws -> JSONValue {
            try TrainingDynamics.predict(["law": "prolonged", "kappa": 3, "imbalance": 0.3, "steps": .number(steps)])
        }
        #expect(try orbit(5)["imbalance"]?.number != nil)
        let far = try orbit(500)
        #expect(far["imbalance"] == .null && far["logKernelRatio"] == .null)
        #expect(far["sentence"]?.text?.contains("chaotic") == true)
        #expect(far["lyapunovExponent"]?.number != nil)
    }

    @Test func exponentsKeepTheirDigitsBesideTwo() {
        // Λ = √(2(κ − 2)) + … there.
        let kappa = 2 + 0x1p-40
        let c = 0x1p-40
        #expect(abs(ProlongedCatapult.lyapunovExponent(kappa: kappa) / (4 * c).squareRoot() - 1) < 1e-5)
        #expect(abs(ProlongedCatapult.lyapunovExponent(kappa: 1e-12) / -1e-12 - 1) < 1e-9)
    }

    @Test func firstOrderInTheLearningRateIsAnsweredInItsRangeOnly() throws {
        let small = try StochasticDecay.predict(["learningRate": 0.01])
        #expect(small["claim"] == "to first order" && small["in"] == "learningRate")
        #expect(abs(try #require(small["gamma"]?.number) - 0.98) < 1e-15)
        for query: JSONValue in [
            ["learningRate": 1], ["learningRate": 0.2], ["learningRate": 0.363, "batch": 64, "signal": 1.76],
        ] {
            let large = try StochasticDecay.predict(query)
            #expect(large["gamma"] == .null && large["landscape"]?.number != nil)
            #expect(large["sentence"]?.text?.contains("the first order does not tell") == true)
        }
    }

    // MARK: - All

    @Test(arguments: [
        ("weight-decay", "{\"depth\": 2}"), ("linear-vae", "{\"modes\": [1]}"), ("vae", "{\"variance\": 1}"),
        ("edge-of-chaos", "{}"), ("sgd-decay", "{}"), ("training-dynamics", "{\"law\": \"prolonged\", \"kappa\": 3}"),
        ("training-dynamics", "{\"law\": \"catapult\"}"),
        ("catapult-map", "{\"law\": \"preactivations\", \"layer\": 3}"),
    ])
    func everyAnswerCarriesItsClaim(model: String, query: String) throws {
        let type = try #require(allModels.first { $0.declaration.name == model })
        let words = ["exact", "estimate", "bound", "local", "to first order"]
        #expect(words.contains(try #require(try type.predict(try JSONValue(parsing: query))["claim"]?.text)))
    }
}

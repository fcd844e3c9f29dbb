import Foundation
import Models
import OrderedCollections
import PhaseSpace
import Support
import Testing

/// Properties that hold for every deep linear net under weight decay.
@Suite struct WeightDecayPropertyTests {
    static let a = [0.5, 1.3, 2.4]
    static let g = [0.8, -0.5, 1.1]

    func ask(_ members: [String: JSONValue]) throws -> JSONValue {
        var query: [String: JSONValue] = [
            "inputVariances": .numbers(Self.a), "correlations": .numbers(Self.g), "targetSecondMoment": 4,
            "width": 3, "noise": 0.4,
        ]
        query.merge(members) { $1 }
        return try WeightDecay.predict(.object(.init(uncheckedUniqueKeysWithValues: query.sorted { $0.key < $1.key })))
    }
    func number(_ answer: JSONValue, _ path: String...) throws -> Double {
        try #require(path.reduce(answer as JSONValue?) { $0?[$1] }?.number)
    }

    @Test(arguments: 0...5) func freeEnergyIsConcaveAndItsSlopeIsTheSquaredNorm(depth: Int) throws {
        let gammas = (1...60).map { 0.02 * Double($0) }
        let answers = try gammas.map { try ask(["depth": .number(Double(depth)), "gamma": .number($0)]) }
        let f = try answers.map { try number($0, "freeEnergy") }
        for i in 1..<f.count - 1 {
            #expect(f[i] >= f[i - 1] - 1e-14)
            #expect(f[i + 1] - 2 * f[i] + f[i - 1] <= 1e-13)
        }
        for (gamma, answer) in zip(gammas, answers) where answer["phase"] == "ordered" {
            let slope = try number(answer, "freeEnergySlope")
            #expect(relativeDeviation(slope, try number(answer, "squaredNorm")) < 1e-14)
            let h = 1e-5 * gamma
            let above = try ask(["depth": .number(Double(depth)), "gamma": .number(gamma + h)])
            let below = try ask(["depth": .number(Double(depth)), "gamma": .number(gamma - h)])
            guard above["phase"] == "ordered" else { continue }
            let difference = (try number(above, "freeEnergy") - number(below, "freeEnergy")) / (2 * h)
            #expect(relativeDeviation(slope, difference) < 1e-6)
            let curvature = (try number(above, "freeEnergySlope") - number(below, "freeEnergySlope")) / (2 * h)
            #expect(relativeDeviation(try number(answer, "freeEnergyCurvature"), curvature) < 1e-5)
        }
    }

    @Test(arguments: 2...100) func isotropicTransitionsFollowTheClosedForms(depth: Int) throws {
        let (d, q, a) = (Double(depth), 1.7, 0.6)
        let answer = try WeightDecay.predict([
            "depth": .number(d), "inputVariances": .number(a), "correlations": .number(q.squareRoot()),
            "targetSecondMoment": 5,
        ])
        let gamma = try number(answer, "transition", "gamma")
        let exact = pow(q / (d * d), d / (d + 1)) * pow((d - 1) / a, (d - 1) / (d + 1))
        #expect(relativeDeviation(gamma, exact) < 1e-12)
        let ratio = try number(answer, "transition", "spinodal") / gamma
        #expect(relativeDeviation(ratio, (d + 1) / pow(4, d / (d + 1))) < 1e-12)
        #expect(relativeDeviation(try number(answer, "transition", "latentHeat"), (1 - 1 / (d * d)) * q / a) < 1e-12)
    }

    @Test func criticalGammaOfOneHiddenLayerDependsOnNothingButTheCorrelation() throws {
        let norm = Self.g.reduce(0) { $0 + $1 * $1 }.squareRoot()
        for noise in [0, 0.3, 7.0] {
            for width in [1, 4, 100.0] {
                for scale in [0.5, 1, 3.0] {
                    let answer = try ask([
                        "depth": 1, "noise": .number(noise), "width": .number(width), "targetSecondMoment": 40,
                        "inputVariances": .numbers(Self.a.map { $0 * scale }),
                    ])
                    #expect(try number(answer, "transition", "gamma") == norm)
                }
            }
        }
    }

    @Test(arguments: 1...4) func scalingOfTargetAndInputsScalesTheTransition(depth: Int) throws {
        let (c, d) = (1.6, Double(depth))
        let plain = try number(ask(["depth": .number(d)]), "transition", "gamma")
        let target = try ask([
            "depth": .number(d), "correlations": .numbers(Self.g.map { $0 * c }), "targetSecondMoment": 40,
        ])
        #expect(relativeDeviation(try number(target, "transition", "gamma"), plain * pow(c, 2 * d / (d + 1))) < 1e-12)
        let inputs = try ask([
            "depth": .number(d), "correlations": .numbers(Self.g.map { $0 * c }),
            "inputVariances": .numbers(Self.a.map { $0 * c * c }),
        ])
        #expect(relativeDeviation(try number(inputs, "transition", "gamma"), plain * pow(c, 2 / (d + 1))) < 1e-12)
    }

    @Test func withoutNoiseTheWidthDoesNotMatter() throws {
        for depth in 1...4 {
            let values = try [1, 2, 50].map { width in
                try number(
                    ask(["depth": .number(Double(depth)), "noise": 0, "width": .number(Double(width)), "gamma": 0.1]),
                    "freeEnergy")
            }
            #expect(Set(values).count == 1)
        }
    }

    @Test func unequalDecaysEnterThroughTheirGeometricMean() throws {
        let gammas = [0.1, 0.3, 0.2]
        let mean = pow(gammas.reduce(1, *), 1 / 3.0)
        let unequal = try ask(["depth": 2, "gamma": .numbers(gammas)])
        let equal = try ask(["depth": 2, "gamma": .number(mean)])
        for key in ["freeEnergy", "layerSquaredNorm", "dataLoss"] {
            #expect(relativeDeviation(try number(unequal, key), try number(equal, key)) < 1e-13)
        }
        #expect(unequal["weightAmplitude"] == .null)
        // Along a common factor of all decays.
        let h = 1e-5
        let above = try ask(["depth": 2, "gamma": .numbers(gammas.map { $0 * (1 + h) })])
        let below = try ask(["depth": 2, "gamma": .numbers(gammas.map { $0 * (1 - h) })])
        let slope = (try number(above, "freeEnergy") - number(below, "freeEnergy")) / (2 * h)
        #expect(relativeDeviation(try number(unequal, "freeEnergySlope"), slope) < 1e-8)
        let curvature = (try number(above, "freeEnergySlope") - number(below, "freeEnergySlope")) / (2 * h)
        // The slopes belong to the nets themselves, so the product rule adds the slope.
        let along = try number(unequal, "freeEnergyCurvature") + number(unequal, "freeEnergySlope")
        #expect(relativeDeviation(along, curvature) < 1e-7)
    }

    @Test(arguments: 2...6) func transitionLiesWithinTheGeneralBounds(depth: Int) throws {
        let d = Double(depth)
        let answer = try ask(["depth": .number(d), "noise": 0])
        let gamma = try number(answer, "transition", "gamma")
        let q = Self.g.reduce(0) { $0 + $1 * $1 }
        let variance = zip(Self.a, Self.g).reduce(0) { $0 + $1.0 * $1.1 * $1.1 } / q
        let low = pow(q / (d * d), d / (d + 1)) * pow((d - 1) / variance, (d - 1) / (d + 1))
        let sum = zip(Self.a, Self.g).reduce(0) { $0 + $1.1 * $1.1 * pow((d - 1) / $1.0, (d - 1) / d) }
        let high = pow(sum / (d * d), d / (d + 1))
        #expect(low <= gamma && gamma <= high)
    }

    @Test func twoTrainedPhasesTieOnlyAboveTheCriticalConditionNumber() throws {
        // At depth 2 the line of trained–trained transitions ends at condition number 18.4.
        func ties(_ condition: Double) throws -> [JSONValue] {
            try (1...150).flatMap { step in
                let answer = try WeightDecay.predict([
                    "depth": 2, "inputVariances": .numbers([1, 1 / condition]),
                    "correlations": .numbers([1, 0.005 * Double(step)]), "targetSecondMoment": 1e4,
                ])
                return answer["secondary"]?.list ?? []
            }
        }
        #expect(try ties(18).isEmpty)
        let above = try ties(22)
        #expect(!above.isEmpty)
        // So near its end the line is hidden below the trivial phase; at large condition numbers it is not.
        #expect(above.allSatisfy { $0["global"] == false })
        #expect(try ties(200).contains { $0["global"] == true })
    }

    @Test func badQuestionsAreRefusedWithAReason() {
        let cases: [(JSONValue, String)] = [
            (["depth": -1], "`depth` must be a whole number in 0…100, not -1"),
            (
                ["depth": 2, "gamma": 0],
                "`gamma` must be a number in (0, 1000000], or a list of them, one per layer, not 0"
            ),
            (["depth": 2, "gama": 0.1], "did you mean `gamma`?"),
            (["depth": 2, "gamma": [0.1, 0.2]], "has 2 values where 3 belong"),
            (["gamma": 0.1], "`depth`, the number of hidden layers, is missing"),
            (["depth": 1, "correlations": [2], "inputVariances": [1], "targetSecondMoment": 1], "is below gᵀA⁻¹g"),
            (["depth": 1, "correlations": [1, 1], "inputVariances": [1]], "one of each per input"),
            (["depth": 1, "correlations": [1], "inputVariances": [0]], "cannot correlate with the target"),
            (["depth": 2, "activation": "relu"], "only depth 1 has theory"),
            (["depth": 1, "data": "missing.csv"], "there is no such file"),
        ]
        for (query, text) in cases {
            let error = #expect(throws: (any Error).self) { try WeightDecay.predict(query) }
            #expect("\(error!)".contains(text), "\(error!)")
        }
    }
}

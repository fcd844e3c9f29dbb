import Models
import PhaseSpace
import Support
import Testing

/// Deep linear theory where scales differ, inputs are nearly collinear or several phases tie; truths in 60 digits from the
/// effective landscape (`Benchmarks/oracles/weight_decay.py`).
@Suite struct LinearExactnessTests {
    private func answer(_ query: JSONValue) throws -> JSONValue { try WeightDecay.predict(query) }

    private func close(_ ours: JSONValue?, _ truth: Double, _ tolerance: Double = 1e-12) throws -> Bool {
        abs(try #require(ours?.number) - truth) <= tolerance * abs(truth)
    }

    @Test func modesCountHoweverWeak() throws {
        let answer = try answer([
            "depth": 0, "gamma": 1e-30, "inputVariances": [1, 1e-27], "correlations": [1, 1e-13],
        ])
        #expect(try close(answer["freeEnergy"], 0.009_990_009_990_009_990))
        #expect(answer["claim"] == "exact")
    }

    @Test func freeEnergiesFarBelowTheTargetKeepTheirDigits() throws {
        // F = 2γ − γ² of one hidden layer, a = g = 1.
        let answer = try answer(["depth": 1, "gamma": 1e-12])
        #expect(try close(answer["freeEnergy"], 2e-12 - 1e-24))
        #expect(try close(answer["dataLoss"], 1e-24))
    }

    @Test func theBarrierIsTheLowestPassPastAllOtherPhases() throws {
        let answer = try answer([
            "depth": 5, "width": 1,
            "inputVariances": [3.3770731664159213, 17.421975891395576, 0.23290504488705832],
            "correlations": [0.7037025965122424, -3.655228570545616, -0.7308137564498811],
        ])
        #expect(try close(answer["transition"]?["barrier"], 0.509_786_521_793, 1e-11))
    }

    @Test(arguments: [1.0, 1e8, 1e-8]) func whetherATieIsGlobalDoesNotDependOnUnits(scale: Double) throws {
        let variances = JSONValue.numbers([1, 0.013280829926491456])
        let correlations = JSONValue.numbers([1e-5 * scale, 1.7786983e-6 * scale])
        let queries: [JSONValue] = [
            ["depth": 4, "inputVariances": variances, "correlations": correlations],
            [
                "depth": 4, "inputVariances": variances, "correlations": correlations,
                "targetSecondMoment": .number(1e10 * scale * scale),
            ],
        ]
        for query in queries {
            let answer = try answer(query)
            #expect(answer["secondary"]?.list?.map { $0["global"] } == [.bool(false)])
            // γ scales as y^{2D/(D+1)}.
            let factor = scale == 1 ? 1 : scale == 1e8 ? 6.309573444801932e12 : 1.584893192461114e-13
            #expect(try close(answer["transition"]?["gamma"], 2.6006316095598153e-09 * factor, 1e-11))
        }
    }

    private let x = [1, -2, 3, 0.5]
    private let z = [0.3, 1, -1, 2]

    private func data(_ columns: [[Double]], _ targets: [Double] = [1, 2, -1, 0.5]) -> JSONValue {
        let rows = targets.indices.map { row in JSONValue.numbers(columns.map { $0[row] }) }
        return ["inputs": .list(rows), "targets": .numbers(targets)]
    }

    @Test func nearlyCollinearInputsAreAnsweredWithTheErrorThatTheyLeave() throws {
        let columns = [x, zip(x, z).map { $0 + 1e-6 * $1 }]
        for (gamma, truth) in [(0.015625, 1.0026928194128715667), (0x1p-40, 0.59841983355471233097)] {
            let answer = try answer(["depth": 2, "gamma": .number(gamma), "data": data(columns)])
            #expect(answer["claim"] == "estimate" && answer["rank"] == 2)
            let error = try #require(answer["relativeError"]?.number)
            #expect(error < 1e-7)
            #expect(try close(answer["freeEnergy"], truth, error))
            #expect(try close(answer["transition"]?["gamma"], 0.53112328148080261, error))
        }
    }

    @Test func collinearInputsAreAnsweredByTheirRank() throws {
        let one = try answer(["depth": 2, "gamma": 0.01, "data": data([x.map { $0 * 5.0.squareRoot() }])])
        let two = try answer(["depth": 2, "gamma": 0.01, "data": data([x, x.map { 2 * $0 }])])
        #expect(two["rank"] == 1)
        for name in ["freeEnergy", "squaredNorm", "dataLoss"] {
            #expect(try close(two[name], try #require(one[name]?.number), 1e-12), "\(name)")
        }
    }

    @Test func dummiesBesideAnInterceptAndAYearAreAnswered() throws {
        let columns: [[Double]] = [[1, 1, 1, 1], [2000, 2001, 2003, 2010], [1, 0, 1, 0], [0, 1, 0, 1]]
        let answer = try answer(["depth": 1, "gamma": 0.25, "data": data(columns)])
        #expect(answer["rank"] == 3)
        let error = answer["relativeError"]?.number ?? 1e-9
        #expect(error < 1e-7)
        #expect(try close(answer["freeEnergy"], 1.0992700322731406589, error))
        #expect(try close(answer["transition"]?["gamma"], 1251.0003122501608712, error))
    }

    @Test func differencesWithinRoundingAreNoColumnOfTheirOwn() throws {
        let answer = try answer([
            "depth": 2, "gamma": 0.01, "data": data([x, zip(x, z).map { $0 + 1e-15 * $1 }]),
        ])
        #expect(answer["rank"] == 1)
    }

    @Test func numbersOfWhichNoProductsCanBeTakenAreRefused() {
        for query: JSONValue in [
            ["depth": 2, "correlations": [1e-200, 1]], ["depth": 2, "inputVariances": [1e90]],
            ["depth": 2, "data": ["inputs": [[1e200]], "targets": [1]]],
        ] { #expect(throws: ControlError.self) { try WeightDecay.predict(query) } }
    }

    @Test func unstablePointsAreFoundHoweverSmallTheDecay() throws {
        // The last unstable point lies where G/tᴰ is beyond e^{700}.
        let answer = try answer(["depth": 2, "gamma": 1e-300])
        #expect(answer["minima"]?.list?.count == 1 && answer["unstable"]?.list?.count == 1)
        #expect(try close(answer["freeEnergy"], 3e-300, 1e-9))
    }
}

import Models
import PhaseSpace
import Support
import Testing

@Suite struct WeightDecayReferenceTests {
    @Test(arguments: ReferenceCase.deepLinear)
    func deepLinearCasesAgreeWithFiftyDigitResults(_ reference: ReferenceCase) throws {
        let answer = try WeightDecay.predict(reference.query)
        let expected = reference.expected
        #expect(answer["phase"]?.text == (expected["phase"]?.text == "nontrivial" ? "ordered" : "trivial"))
        func compare(_ ours: JSONValue?, _ theirs: JSONValue?, _ what: String, tolerance: Double = 1e-9) {
            guard let theirs = theirs?.number else { return }
            let x = ours?.number ?? .nan
            #expect(relativeDeviation(x, theirs) <= tolerance, "\(what): \(x) against \(theirs)")
        }
        // The file's own note: t to 1e-6 for points within 1e-3 of a fold or of a critical point.
        let norm = nearSingular(reference) ? 1e-6 : 1e-9
        compare(answer["freeEnergy"], expected["F"], "F")
        compare(answer["dataLoss"], expected["data_loss"], "data loss", tolerance: norm)
        compare(answer["layerSquaredNorm"], expected["t_min"], "t", tolerance: norm)
        compare(answer["freeEnergySlope"], expected["dF_dgamma"], "F′", tolerance: norm)
        compare(answer["freeEnergyCurvature"], expected["d2F_dgamma2"], "F″", tolerance: norm)
        compare(answer["squaredNorm"], expected["total_sq_norm"], "R", tolerance: norm)
        compare(answer["weightAmplitude"], expected["b_min"], "b", tolerance: norm)
        if let origin = expected["origin"]?.text {
            #expect(answer["originStable"] == .bool(origin == "stable"))
        }
        for (ours, theirs) in [("minima", "local_minima"), ("unstable", "unstable")] {
            guard let list = expected[theirs]?.list else { continue }
            let points = answer[ours]?.list ?? []
            #expect(points.count == list.count, "\(ours)")
            for (point, other) in zip(points, list.sorted { $0["t"]!.number! < $1["t"]!.number! }) {
                compare(point["layerSquaredNorm"], other["t"], "\(ours) t", tolerance: norm)
                compare(point["freeEnergy"], other["F"], "\(ours) F")
            }
        }
        try compareTransition(answer, expected["transition"], compare)
    }

    private func compareTransition(
        _ answer: JSONValue, _ expected: JSONValue?,
        _ compare: (JSONValue?, JSONValue?, String, Double) -> Void
    ) throws {
        guard let expected else { return }
        let ours = try #require(answer["transition"])
        let order: [JSONValue: String] = ["none": "none", 1: "first", 2: "second"]
        #expect(ours["order"]?.text == order[expected["order"]!])
        compare(ours["gamma"], expected["gamma_star"], "γ*", 1e-9)
        compare(ours["spinodal"], expected["gamma_spinodal_upper"], "spinodal", 1e-9)
        compare(ours["layerSquaredNorm"], expected["t_at_transition"], "t*", 1e-9)
        compare(ours["latentHeat"], expected["latent_heat"], "latent heat", 1e-9)
        compare(ours["barrier"], expected["barrier_at_gamma_star"], "barrier", 1e-9)
        compare(ours["curvatureJump"], expected["d2F_jump"], "jump of F″", 1e-9)
        let secondary = expected["secondary_first_order"]?.list ?? []
        let found = answer["secondary"]?.list ?? []
        #expect(found.count == secondary.count)
        for (mine, other) in zip(found, secondary) {
            compare(mine["gamma"], other["gamma"], "secondary γ", 1e-9)
            compare(mine["layerSquaredNorm"]?.list?.first, other["t_small"], "secondary small t", 1e-9)
            compare(mine["layerSquaredNorm"]?.list?.last, other["t_large"], "secondary large t", 1e-9)
        }
    }

    private func nearSingular(_ reference: ReferenceCase) -> Bool {
        guard let answer = try? WeightDecay.predict(reference.query)["transition"],
            let gamma = reference.expected["gamma_eff"]?.number, let spinodal = answer["spinodal"]?.number
        else { return false }
        return abs(gamma / spinodal - 1) < 1e-3
    }

    @Test func theFileHoldsThirtyEightLinearAndTwoReLUCases() {
        #expect(ReferenceCase.deepLinear.count == 38)
        #expect(ReferenceCase.reluThresholds.count == 2)
    }

    @Test(arguments: ReferenceCase.reluThresholds)
    func reluThresholdsAgree(_ reference: ReferenceCase) throws {
        let data: JSONValue = ["inputs": reference.input["X"]!, "targets": reference.input["y"]!]
        let answer = try WeightDecay.predict(["depth": 1, "activation": "relu", "data": data])
        let gamma = try #require(answer["transition"]?["gamma"]?.number)
        #expect(relativeDeviation(gamma, reference.expected["gamma_star"]!.number!) < 1e-9)
        #expect(answer["transition"]?["order"] == "second")
        let direction = try #require(answer["direction"]?.numbers)
        for (ours, theirs) in zip(direction, reference.expected["direction_w"]!.numbers!) {
            #expect(abs(ours - theirs) < 1e-9)
        }
    }
}

import PhaseSpace
import Testing

@Suite struct VerdictTests {
    let key = CurveKey(model: "m", fixed: ["depth": .number(2)], axis: "gamma", orderParameter: "r")

    @Test func eachTransitionStandsBesideTheNearestExactOne() {
        var verdict = Verdict(
            key: key,
            transitions: [
                Transition(order: .first, location: Estimate(0.05)), Transition(order: .first, location: Estimate(0.4)),
            ])
        verdict.theory = [
            Transition(order: .first, location: Estimate(0.39)), Transition(order: .first, location: Estimate(0.046)),
        ]
        #expect(verdict.theory(for: 0)?.location?.value == 0.046)
        #expect(verdict.theory(for: 1)?.location?.value == 0.39)
        #expect(verdict.json.count == 2)
        #expect(verdict.json[1]["theory"]?["location"] == 0.39)
    }

    @Test func jsonHasTheDocumentedMembersAndNullWhereNothingApplies() {
        var transition = Transition(order: .second, location: Estimate(1, Interval(0.9, 1.1)), sentence: "s")
        transition.evidence["slope"] = 2
        let json = Verdict(key: key, transitions: [transition], outcomes: [.converged: 3, .capped: 1]).json[0]
        #expect(json["curve"]?["depth"] == 2)
        #expect(json["axis"] == "gamma")
        #expect(json["order"] == "second")
        #expect(json["interval"]?.numbers == [0.9, 1.1])
        #expect(json["evidence"]?["slope"] == 2)
        #expect(json["outcomes"]?["capped"] == 1)
        for key in ["jump", "spinodal", "latentHeat", "lowerSpinodal", "exponent", "theory"] {
            #expect(json[key] == .null, "\(key)")
        }
    }

    @Test func theoryOfARowIsTheStableBranchOfNearestLoss() {
        let theory = Theory(
            values: [:],
            branches: [(1.0, true), (1.2, false), (0.7, true)].map {
                Theory.Branch(values: ["loss": $0.0], isStable: $0.1)
            })
        #expect(theory.branch(nearestToLoss: 1.15)?.values["loss"] == 1.0)
        #expect(theory.branch(nearestToLoss: 0.6)?.values["loss"] == 0.7)
    }
}

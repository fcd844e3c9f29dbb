import PhaseSpace
import Testing

/// What stands beside a measured transition follows from how sure theory is.
@Suite struct TheoryClaimTests {
    private let key = CurveKey(model: "m", fixed: [:], axis: "gamma", orderParameter: "r")

    private func theory(_ claim: Claim?, at x: Double? = nil, low: Double? = nil, high: Double? = nil) -> Transition {
        var transition = Transition(order: .second, location: x.map { Estimate($0) }, sentence: "what is known")
        transition.claim = claim
        (transition.lowerBound, transition.upperBound) = (low, high)
        return transition
    }

    private func verdict(_ found: [Double], _ theory: [Transition]) -> Verdict {
        Verdict(
            key: key, varying: [],
            transitions: found.map { Transition(order: .first, location: Estimate($0)) }, theory: theory)
    }

    @Test func aLocalAnswerIsNoLocationOfTheCurve() {
        let verdict = verdict([0.4], [theory(.local, at: 0.02)])
        let member = verdict.json[0]["theory"]
        #expect(member?["claim"] == "local")
        #expect(member?["location"] == .null)
        #expect(member?["lowerSpinodal"] == 0.02)
        #expect(member?["sentence"] == "what is known")
        #expect(verdict.knownTransitions.map(\.location?.value) == [0.4])
    }

    @Test func exactAnswersStandAsBefore() {
        let verdict = verdict([0.4], [theory(.exact, at: 0.39)])
        #expect(verdict.json[0]["theory"]?["location"] == 0.39)
        #expect(verdict.json[0]["theory"]?["claim"] == "exact")
        #expect(verdict.knownTransitions.map(\.location?.value) == [0.39])
        #expect(theory(nil, at: 1).claimedLocation?.value == 1)
        #expect(theory(.upToPowers(6), at: 1).claimedLocation?.value == 1)
        for claim in [Claim.local, .bound, .toFirstOrder] { #expect(theory(claim, at: 1).claimedLocation == nil) }
    }

    @Test func aBoundStandsBesideTheHighestTransitionThatItAllows() {
        let verdict = verdict([0.1, 0.5, 0.7], [theory(.bound, low: 0.431)])
        #expect(verdict.theory(for: 2)?.lowerBound == 0.431)
        #expect(verdict.theory(for: 0) == nil && verdict.theory(for: 1) == nil)
        #expect(verdict.json[2]["theory"]?["lowerBound"] == 0.431)
        #expect(verdict.json[2]["theory"]?["upperBound"] == .null)
        #expect(self.verdict([0.3], [theory(.bound, low: 0.431)]).theory(for: 0) != nil, "a broken bound is shown")
    }

    @Test func exactNumbersOfReplicasAverage() throws {
        let means = try #require(TheoryAverage.transitions([[theory(.exact, at: 1)], [theory(nil, at: 2)]]))
        #expect(means.map(\.location?.value) == [1.5])
        #expect(means[0].claim == .exact)
        #expect(means[0].lowerBound == nil && means[0].upperBound == nil)
    }

    @Test func exactAndBoundedReplicasHaveABoundedMean() throws {
        let means = try #require(
            TheoryAverage.transitions([[theory(.exact, at: 1)], [theory(.bound, low: 2, high: 4)]]))
        #expect(means[0].claim == .bound)
        #expect(means[0].lowerBound == 1.5)
        #expect(means[0].upperBound == 2.5)
        let half = try #require(TheoryAverage.transitions([[theory(.bound, low: 1)], [theory(.bound, high: 4)]]))
        #expect(half[0].lowerBound == nil && half[0].upperBound == nil)
    }

    @Test func oneLocalReplicaMakesTheMeanLocal() throws {
        let replicas = [theory(.exact, at: 1), theory(.local, at: 2, low: 2), theory(.exact, at: 3)]
        let means = try #require(TheoryAverage.transitions(replicas.map { [$0] }))
        #expect(means[0].claim == .local)
        #expect(means[0].claimedLocation == nil)
        #expect(means[0].lowerBound == 2)
        #expect(means[0].sentence == "for 1 of 3 replicas; the first of them: what is known")
    }

    @Test func errorsOfReplicasShrinkInTheirMean() throws {
        var a = theory(.estimate)
        a.location = Estimate(1, Interval(0.8, 1.2))
        let means = try #require(TheoryAverage.transitions([[a], [a], [a], [a]]))
        #expect(abs(try #require(means[0].location?.interval).width - 0.2) < 1e-12)
    }

    @Test func replicasThatDisagreeHaveNoMean() {
        var first = theory(.exact, at: 1)
        first.order = .first
        #expect(TheoryAverage.transitions([[first], [theory(.exact, at: 1)]])?.isEmpty == true)
        #expect(TheoryAverage.transitions([[first], []])?.isEmpty == true)
        #expect(TheoryAverage.transitions([]) == nil)
    }
}

import Models
import PhaseSpace
import Support
import Testing

/// Transitions of trained nets against 50-digit results; theory is not consulted.
@Suite struct BranchChainTests {
    static let cases = ReferenceCase.deepLinear.filter { reference in
        // Ten thousand weights take half a minute.
        (reference.input["D"]?.number ?? 9) <= 4 && reference.expected["transition"]?["gamma_star"] != nil
            && (reference.input["d0"]?.number ?? 1) < 50
    }

    private func observations(
        _ reference: ReferenceCase, from low: Double, to high: Double, points: Int = 12
    ) throws -> [Observation] {
        var data: [(String, JSONValue)] = []
        for (theirs, ours) in [
            ("eig_Exx", "inputVariances"), ("Exy_rot", "correlations"), ("Ey2", "targetSecondMoment"),
        ] { if let value = reference.input[theirs] { data.append((ours, value)) } }
        let model = try WeightDecayTrainingTests.model(
            .object(.init(uniqueKeysWithValues: data)), optimiser: ["starts": 48])
        var fixed: [String: ControlValue] = [
            "depth": .number(reference.input["D"]!.number!), "activation": .text("linear"),
        ]
        fixed["width"] = .number(reference.input["d0"]?.number ?? 1)
        fixed["noise"] = .number(reference.input["sigma2"]?.number ?? 0)
        let grid = (0..<points).map { low + (high - low) * Double($0) / Double(points - 1) }
        let context = ListContext(chains(fixed, gammas: grid, directions: [.branch]))
        try model.run(context)
        return context.observations
    }

    @Test(arguments: cases) func everyTransitionIsRecoveredFromTrainedNetsAlone(_ reference: ReferenceCase) throws {
        let expected = try #require(reference.expected["transition"])
        let critical = try #require(expected["gamma_star"]?.number)
        let secondary = expected["secondary_first_order"]?.list?.first?["gamma"]?.number
        let observations = try observations(reference, from: 0.2 * (secondary ?? critical), to: 1.8 * critical)
        #expect(observations.allSatisfy { $0.outcome == .converged })
        let rows = try #require(observations.first?.branch?.rows)
        func controls(_ event: BranchEvent) -> [Double] { rows.filter { $0.event == event }.map(\.control) }
        if expected["order"]?.number == 2 {
            #expect(controls(.fold).isEmpty && controls(.maxwell).isEmpty)
            #expect(controls(.branchPoint).count == 1)
            #expect(relativeDeviation(controls(.branchPoint)[0], critical) < 1e-11)
        } else {
            #expect(controls(.branchPoint).isEmpty)
            #expect(controls(.maxwell).contains { relativeDeviation($0, critical) < 1e-11 })
            let spinodal = try #require(expected["gamma_spinodal_upper"]?.number)
            #expect(relativeDeviation(controls(.fold).max()!, spinodal) < 1e-11)
            #expect(controls(.fold).count == Int(expected["n_folds"]!.number!))
            if let secondary {
                #expect(controls(.maxwell).filter { relativeDeviation($0, secondary) < 1e-11 }.count == 2)
            }
            let barrier = try #require(rows.last { $0.event == .barrier })
            let height = barrier.values["loss"]! - barrier.values["zeroNetLoss"]!
            #expect(relativeDeviation(height, expected["barrier_at_gamma_star"]!.number!) < 1e-9)
        }
        for row in rows where row.event != nil { #expect(row.uncertainty! <= 1e-10 * row.control) }
        // Beyond its last fold or meeting the branch is gone.
        let end = (controls(.fold) + controls(.branchPoint)).max()!
        for observation in observations {
            let gamma = try observation.point.number("gamma")
            #expect((observation.values["squaredNorm"]! > 1e-6) == (gamma < end), "γ \(gamma)")
        }
    }

    @Test func theReferenceHoldsEnoughCases() { #expect(Self.cases.count == 16) }

    @Test func branchesAlongOtherControlsSayWhyTheyAreNotFollowed() throws {
        let model = try WeightDecayTrainingTests.model(WeightDecayTrainingTests.sampled)
        let physics = Physics(model: "weight-decay", seed: 1, data: [:], settings: [:])
        let points = [0.5, 1, 2].map { scale in
            var controls = WeightDecayTrainingTests.fixed(depth: 2)
            controls["gamma"] = .number(0.1)
            controls["initScale"] = .number(scale)
            return Point(
                controls: controls, replica: 0, direction: .branch,
                identity: physics.identity(controls: controls, replica: 0, direction: .branch, grid: [0.5, 1, 2]))
        }
        let context = ListContext([Chain(points: points, axis: "initScale")])
        try model.run(context)
        #expect(context.observations.count == 3)
        for observation in context.observations {
            #expect(observation.outcome == .stalled)
            #expect(observation.reason.contains("not along `initScale`"))
        }
    }
}

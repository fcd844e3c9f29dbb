import PhaseSpace
import Sweeps
import Testing

@Suite struct ConditionalAxisTests {
    let bench = Workbench()

    private func spec(_ axes: String, more: String = "") throws -> SweepSpec {
        try bench.spec("model: toy-equilibrium\n\(more)axes:\n\(axes)\n  gamma: [0.5, 1, 1.5]\n")
    }

    @Test func anAxisVariesOnlyWhereItsConditionHolds() throws {
        let spec = try spec("  depth: [0, 1, 2]\n  noise: {values: [0.1, 0.2], when: {depth: [1, 2]}}")
        let plan = try SweepPlan(spec)
        let combinations = spec.dimensions[0].values
        #expect(spec.dimensions[0].controls == ["depth", "noise"])
        #expect(
            combinations == [
                [.number(0), .number(0)], [.number(1), .number(0.1)], [.number(1), .number(0.2)],
                [.number(2), .number(0.1)], [.number(2), .number(0.2)],
            ])
        #expect(plan.pointCount == 15)
        #expect(Set(plan.points.map(\.identity)).count == 15)
        #expect(spec.along == "gamma")
    }

    @Test func elsewhereTheControlIsWhatOtherwiseSays() throws {
        let spec = try spec(
            "  width: {from: 2, to: 6, step: 2, when: {activation: tanh}, otherwise: 9}\n  activation: [linear, tanh]")
        #expect(spec.dimensions[0].controls == ["activation", "width"])
        #expect(
            spec.dimensions[0].values == [
                [.text("linear"), .number(9)], [.text("tanh"), .number(2)], [.text("tanh"), .number(4)],
                [.text("tanh"), .number(6)],
            ])
    }

    @Test func severalConditionsMustHoldTogether() throws {
        let spec = try spec(
            "  depth: [1, 2]\n  activation: [linear, relu]\n"
                + "  noise: {values: [0.5, 1], when: {depth: 2, activation: linear}}")
        #expect(spec.combinationCount == 3 * (4 + 1))
    }

    @Test func aPairedAxisMayBeACondition() throws {
        let text = """
            model: toy-equilibrium
            zip: {size: {width: [4, 8], depth: [1, 2]}}
            axes:
              noise: {values: [0.5, 1], when: {depth: 2}}
              gamma: [1]
            """
        let spec = try bench.spec(text)
        #expect(spec.dimensions[0].controls == ["width", "depth", "noise"])
        #expect(spec.dimensions[0].values.count == 3)
    }

    @Test func anOverrideTakesTheWholeAxis() throws {
        let text =
            "model: toy-equilibrium\naxes:\n  depth: [0, 1]\n  noise: {values: [0.1, 0.2], when: {depth: 1}}\n"
            + "  gamma: [1]\n"
        #expect(try bench.spec(text, ["noise=0.3,0.4"]).combinationCount == 4)
    }

    @Test(arguments: [
        ("noise: {values: [0, 1], when: {dept: 1}}", "`when` names a swept control"),
        ("noise: {values: [0, 1], when: {width: 4}}", "which is no axis"),
        ("noise: {values: [0, 1], when: {depth: 7}}", "which is no value of that axis"),
        ("noise: {values: [0, 1], when: {noise: 1}}", "lead back to itself"),
        ("noise: {values: [0, 1], when: {}}", "`when` is empty"),
        ("noise: {values: [0, 1], otherwise: 2}", "goes with `when`"),
        ("noise: {values: [0, 1], then: 2}", "unknown key `then`"),
        ("noise: {values: {values: [1]}, when: {depth: 1}}", "must be a list or a range"),
    ])
    func mistakesAreNamed(axis: String, message: String) throws {
        do {
            _ = try spec("  depth: [0, 1]\n  \(axis)")
            Issue.record("the spec was taken")
        } catch let error as SpecError {
            #expect(error.description.contains(message), "\(error)")
            #expect(error.description.contains(":4:"), "\(error)")
        }
    }
}

import PhaseSpace
import Support
import Sweeps
import Testing

/// What 0.1.0 called `optimiser` is read as before, means the same points, and is told where it lives now.
@Suite struct OldWordsTests {
    private let bench = Workbench()
    private static let head = "model: toy-equilibrium\naxes: {gamma: [0.5, 1.5]}\n"

    @Test func oldAndNewSectionsMeanTheSamePoints() throws {
        let old = try bench.plan(Self.head + "optimiser: {tolerance: 0.25}\n")
        let new = try bench.plan(Self.head + "training: {tolerance: 0.25}\n")
        #expect(old.points.map(\.identity) == new.points.map(\.identity))
        #expect(old.constants == new.constants)
        #expect(new.spec.notes.isEmpty)
        let place = bench.folder + "/sweeps/toy.yaml:3:1"
        #expect(old.spec.notes == ["\(place): `optimiser:` is an old name; write `tolerance` under `training:`"])
    }

    @Test func identitiesHoldWhatTheyHeldIn010() throws {
        let then = Physics(
            model: "toy-equilibrium", seed: 1, data: ["samples": "population"],
            settings: ["precision": "double", "optimiser": ["tolerance": 1e-10]])
        #expect(try bench.plan(Self.head).physics == then)
        #expect(try bench.plan(Self.head).physics.json.canonical == then.json.canonical)
    }

    @Test func oldOverridesGoOnWorking() throws {
        let text = Self.head + "training: {tolerance: 0.25}\n"
        let old = try bench.plan(text, ["optimiser.tolerance=0.5"])
        let new = try bench.plan(text, ["training.tolerance=0.5"])
        #expect(old.points.map(\.identity) == new.points.map(\.identity))
        #expect(
            old.spec.notes == [
                "command line: optimiser.tolerance=0.5: `optimiser.tolerance` is called `training.tolerance` now"
            ])
        let oldFile = try bench.plan(Self.head + "optimiser: {tolerance: 0.25}\n", ["training.tolerance=0.5"])
        #expect(oldFile.points.map(\.identity) == new.points.map(\.identity))
    }

    @Test func aKeyUnderBothNamesIsSetTwice() {
        let error = #expect(throws: SpecError.self) {
            try bench.spec(Self.head + "training: {tolerance: 0.25}\noptimiser: {tolerance: 0.5}\n")
        }
        #expect(error?.message.contains("`tolerance` is set twice, here and under `training` at") == true)
    }
}

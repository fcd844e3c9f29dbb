import Foundation
import PhaseSpace
import Support
import Testing

@Suite struct RefinementTests {
    private static func sweep(points: Int, until: String, more: String = "") -> String {
        """
        model: weight-decay
        fixed: {width: 3, depth: 2}
        data: {inputVariances: [0.5, 1.3, 2.4], correlations: [0.8, -0.5, 1.1], targetSecondMoment: 4}
        axes:
          gamma: {from: 0.1, to: 1.2, points: \(points)}
        refine: {axis: gamma, until: \(until)}
        \(more)

        """
    }

    private func judge(_ landau: Landau) throws -> JSONValue {
        let list = try JSONValue(parsing: try landau.run("transitions", "fine.yaml", "--json").output).list
        let found = try #require(list)
        try #require(found.count == 1)
        return found[0]
    }

    @Test func pointsAreAddedUntilTheIntervalIsAsNarrowAsAsked() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.write(Self.sweep(points: 9, until: "1e-6"), to: "fine.yaml")
        let run = try landau.run("run", "fine.yaml")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains(" of refinement"))
        let found = try judge(landau)
        #expect(found["order"] == "first")
        let interval = try #require(found["interval"]?.numbers)
        #expect(interval[1] - interval[0] <= 1e-6)
        let exact = try #require(found["theory"]?["location"]?.number)
        #expect(interval[0] <= exact && exact <= interval[1])
        // The same command trains nothing again.
        let again = try landau.run("run", "fine.yaml")
        #expect(again.output == run.output)
        #expect(again.errors.contains("9 were there already"), "\(again.errors)")
        #expect(try landau.run("status", "fine.yaml").output.contains("more in the store"))
    }

    @Test func aFlatPhaseGetsNoPoints() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let flat = Self.sweep(points: 9, until: "1e-9").replacingOccurrences(of: "depth: 2", with: "depth: 0")
        try landau.write(flat, to: "fine.yaml")
        let run = try landau.run("run", "fine.yaml")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("0 points in 0 rounds of refinement"), "\(run.errors)")
        #expect(try judge(landau)["order"] == "none")
    }

    @Test func replicasThatDifferEndTheRefinement() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let text = """
            model: weight-decay
            fixed: {width: 3, depth: 2, labelNoise: 0.3}
            data: {teacher: gaussian, inputs: 3, samples: 100}
            axes: {gamma: {from: 0.1, to: 0.8, points: 9}}
            replicas: 3
            refine: {until: 1e-7}

            """
        try landau.write(text, to: "fine.yaml")
        let run = try landau.run("run", "fine.yaml")
        #expect(run.status == 0, "\(run.errors)")
        let words = try #require(run.errors.split(separator: "\n").last { $0.contains("of refinement") })
        let points = try #require(Int(words.split(separator: " ")[0]))
        #expect(points <= 3 * 20, "\(words)")
    }

    @Test func whatIsWrongInRefineIsSaidWithItsPlace() throws {
        let landau = try Landau()
        defer { landau.remove() }
        for (old, new, complaint) in [
            ("axis: gamma", "axis: depth", "along the curves' own axis, `gamma`"),
            ("until: 1e-4", "until: 0", "`until` must be a number > 0"), ("until: 1e-4", "untli: 1", "did you mean"),
            (", until: 1e-4", "", "needs `until`"),
        ] {
            let text = Self.sweep(points: 9, until: "1e-4").replacingOccurrences(of: old, with: new)
            try landau.write(text, to: "fine.yaml")
            let run = try landau.run("run", "fine.yaml")
            #expect(run.status == 2)
            #expect(run.errors.contains(complaint) && run.errors.contains("fine.yaml:6"), "\(run.errors)")
        }
    }
}

import Foundation
import Testing

/// What a newcomer types first.
@Suite struct StarterTests {
    /// With overrides that only make it shorter.
    @Test(
        arguments: [
            ("linear-vae", []), ("vae", ["activation=linear"]), ("batch-reuse", []), ("catapult-map", []),
            ("training-dynamics", ["replicas=2"]),
        ] as [(String, [String])])
    func aStarterEndsInAVerdictAndAFigure(_ model: String, _ overrides: [String]) throws {
        let landau = try Landau()
        defer { landau.remove() }
        #expect(try landau.run("new", model, "mine.yaml").status == 0)
        let run = try landau.run(["run", "mine.yaml"] + overrides)
        #expect(run.status == 0, "\(run.errors)")
        #expect(!run.output.contains("nothing to judge") && !run.output.contains("undecided"), "\(run.output)")
        #expect(run.output.contains("boundary") || run.output.contains("second order"), "\(run.output)")
        #expect(run.output.contains(".svg") && !run.errors.contains("landau: "), "\(run.errors)")
    }

    @Test func everyModelHasAStarterThatIsASweep() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let names = try landau.run("models").output.split(separator: "\n").compactMap { $0.split(separator: ":").first }
        for model in names where !model.hasPrefix(" ") {
            let new = try landau.run("new", String(model), "\(model).yaml")
            #expect(new.status == 0, "\(new.errors)")
            let text = try String(contentsOf: landau.folder.appendingPathComponent("\(model).yaml"), encoding: .utf8)
            let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
            #expect(lines.contains { $0.prefix(2) == ["model:", model] }, "\(model)")
            #expect(text.hasSuffix("\n") && !text.contains("expect:"), "\(model)")
            let dry = try landau.run("run", "\(model).yaml", "--dry-run", "--no-calibration")
            #expect(dry.status == 0, "\(dry.errors)")
        }
        let nowhere = try landau.run(["new", "vae"], environment: ["LANDAU_SHARE": landau.folder.path])
        #expect(nowhere.status == 2 && nowhere.errors.contains("sweeps/starters/vae.yaml"), "\(nowhere.errors)")
    }

    @Test func theAnswerForPeopleHasTheNumbersOfTheOther() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let question = ["predict", "weight-decay", "depth=2", "gamma=0.3", "labelNoise=0.1"]
        let text = try landau.run(question + ["--text"])
        #expect(text.status == 0, "\(text.errors)")
        #expect(text.output.contains("phase ") && text.output.contains("\ntransition\n  order "), "\(text.output)")
        #expect(text.output.contains("0.396850263\n") && !text.output.contains("{"), "\(text.output)")
    }

    @Test func whyZeroIsExcludedIsSaid() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        let zero = try landau.run("run", "small.yaml", "gamma=0,log(0.01,1,8)", "--dry-run", "--no-calibration")
        #expect(zero.status == 2 && zero.errors.contains("must be a number in (0, 1000000]"), "\(zero.errors)")
        #expect(zero.errors.contains("without decay") && zero.errors.contains("take a small γ such as 1e-6"))
        let joined = try landau.run("run", "small.yaml", "gamma=0.001,log(0.01,1,8)", "--dry-run", "--no-calibration")
        #expect(joined.status == 0 && joined.output.contains("gamma: 9 values"), "\(joined.errors)")
    }
}

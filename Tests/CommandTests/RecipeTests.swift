import Foundation
import PhaseSpace
import Support
import Testing

/// Sweeps that say what must come out of them.
@Suite struct RecipeTests {
    private func recipe(_ landau: Landau, _ expectations: String, quick: String = "") throws {
        let folder = landau.folder.appendingPathComponent("sweeps/own")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try landau.spec(replacing: ["[order-parameter, phase-diagram]": "[]"])
        let text = try landau.text(of: "small.yaml") + "\n" + quick + "expect:\n" + expectations
        try landau.write(text, to: "sweeps/own/depth.yaml")
    }

    @Test func aRecipeIsGreenWhenEverythingComesOutAsExpected() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try recipe(
            landau,
            """
              - {transition: order, curve: {depth: 1}, value: second, source: "arXiv 2205.12510"}
              - {transition: location, curve: {depth: 2}, value: theory, errors: 2}
              - {transition: count, curve: {depth: 2}, value: 1, tolerance: 0}
              - {observable: squaredNorm, at: {depth: 2, gamma: 0.1}, value: theory, relative: 1.0e-6}
              - {observable: squaredNorm, at: {depth: 2, gamma: 0.1}, minus: {depth: 2, gamma: 1.5}, between: [0.1, ~]}
              - {predict: transition.order, query: {depth: 3, inputVariances: [1], correlations: [1]}, value: first}
              - {predict: transition.gamma, query: {depth: 2, inputVariances: [1], correlations: [1]},
                 value: 0.3968502630, relative: 1.0e-9}
              - {name: "more norm, less decay", observable: squaredNorm, at: {depth: 1, gamma: 0.1}, between: [~, 0],
                 finding: not reproduced}

            """)
        let result = try landau.run("reproduce", "own")
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.output.contains("source: arXiv 2205.12510"))
        #expect(!result.output.contains("FAILED") && result.output.contains("more norm, less decay"))
        let json = try JSONValue(parsing: try landau.run("reproduce", "own/depth", "--json").output)
        let checks = try #require(json.list?.first?["checks"]?.list)
        #expect(checks.count == 8 && checks.allSatisfy { $0["passed"] == true })
        #expect(checks[7]["finding"] == "not reproduced")
        #expect(try landau.run("reproduce").output == "own/depth\n")
    }

    @Test func whatComesOutOtherwiseFails() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try recipe(
            landau,
            """
              - {transition: order, curve: {depth: 1}, value: first}
              - {transition: location, curve: {depth: 2}, value: 0.3, tolerance: 1.0e-3}
              - {transition: location, curve: {depth: 2}, which: 2, value: 0.3, tolerance: 1.0e-3}
              - {observable: squaredNorm, at: {depth: 2, gamma: 1.5}, value: 0.3, errors: 4}
              - {observable: squaredNorm, at: {depth: 2, gamma: 0.1}, between: [0.1, 9], finding: not reproduced}
              - {predict: transition.nothing, query: {depth: 2, inputVariances: [1], correlations: [1]}, value: none}
              - {predict: minima.9999.x, query: {depth: 2, inputVariances: [1], correlations: [1], gamma: 0.1},
                 value: 1, errors: 2}
              - {predict: minima.x, query: {depth: 2, inputVariances: [1], correlations: [1], gamma: 0.1},
                 value: 1, errors: 2}

            """)
        let result = try landau.run("reproduce", "own")
        #expect(result.status == 1)
        #expect(
            result.output.split(separator: "FAILED", omittingEmptySubsequences: false).count == 9, "\(result.output)")
        for reason in [
            "the curve has only 1 transitions", "the prediction has no member `transition.nothing`",
            "no member `minima.9999.x`: its `minima` has", "no member `minima.x`: its `minima` is a list",
        ] { #expect(result.output.contains(reason), "\(result.output)") }
        #expect(result.errors.contains("landau: failed: own/depth"))
    }

    @Test func whatTheSweepDoesNotHaveIsSaidBeforeTraining() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let lines = [
            (
                "{transition: order, curve: {depth: 3}, value: first}",
                "no curve of this sweep has depth 3; the nearest is 2"
            ),
            ("{transition: location, value: 0.3, errors: 2}", "it chooses several depth"),
            ("{transition: order, curve: {gamma: 0.1}, value: first}", "cannot choose by `gamma`"),
            (
                "{special: tricritical, over: depth, curve: {depth: 1}, value: 1, errors: 2}",
                "needs curves of several depth"
            ),
            (
                "{observable: loss, at: {depth: 2, gamma: 0.105}, value: 1, errors: 2}",
                "has gamma 0.105; the nearest is 0.1"
            ),
            (
                "{observable: loss, at: {depth: 2}, value: 1, errors: 2}",
                "`at` chooses points of several gamma; name one"
            ),
            (
                "{observable: loss, at: {depth: 2, gamma: 0.1}, minus: {width: 5}, value: 1, errors: 2}",
                "no point of this sweep has width 5; the nearest is 4"
            ),
        ]
        try recipe(
            landau,
            "  - {transition: order, curve: {depth: 1}, value: second}\n"
                + lines.map { "  - \($0.0)\n" }.joined())
        for arguments in [["reproduce", "own"], ["run", "sweeps/own/depth.yaml", "--dry-run", "--no-calibration"]] {
            let result = try landau.run(arguments)
            #expect(result.status == (arguments[0] == "run" ? 0 : 1))
            for (number, line) in lines.enumerated() {
                let places = result.errors.split(separator: "\n").filter { $0.contains(line.1) }
                #expect(
                    places.count == 1 && places[0].contains("sweeps/own/depth.yaml:\(16 + number):"),
                    "\(line.1): \(result.errors)")
            }
            #expect(result.errors.components(separatedBy: "depth.yaml:").count == lines.count + 1, "\(result.errors)")
        }
        #expect(!landau.exists("results"))
    }

    @Test func aPointThatOnlyTheQuickGridLacksIsNoMistakeOfTheRecipe() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try recipe(
            landau, "  - {observable: squaredNorm, at: {depth: 1, gamma: 0.1}, between: [0, ~]}\n",
            quick: "quick: [depth=1, \"gamma=log(0.5,1.5,8)\"]\n")
        let result = try landau.run("reproduce", "own", "--quick")
        #expect(
            result.status == 1 && result.output.contains("no done point there has `squaredNorm`"), "\(result.output)")
        let dry = try landau.run("run", "sweeps/own/depth.yaml", "gamma=0.2,0.3", "--dry-run", "--no-calibration")
        #expect(dry.status == 0 && !dry.errors.contains("no point"), "\(dry.errors)")
    }

    @Test func quickRecipesRunWithTheirOverridesInAFolderOfTheirOwn() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try recipe(
            landau, "  - {transition: order, value: second}\n", quick: "quick: [depth=1, \"gamma=log(0.5,1.5,8)\"]\n")
        let result = try landau.run("reproduce", "all", "--quick")
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.errors.contains("24 points"))
        #expect(landau.exists("results/quick/own/depth/store.sqlite"))
        #expect(!landau.exists("results/own/depth/store.sqlite"))
    }

    @Test func faultsInExpectationsAreNamedWithTheirPlace() throws {
        let landau = try Landau()
        defer { landau.remove() }
        for (line, message) in [
            ("- {transition: ordre, value: first}", "a verdict has no member `ordre` (did you mean `order`?)"),
            ("- {transition: order, value: third}", "a transition has no order `third`"),
            ("- {transition: location, value: 1}", "a number needs a `tolerance`, `relative` or `errors`"),
            ("- {transition: location}", "an expectation needs a `value` or two bounds in `between`"),
            ("- {observable: norm, value: 1, errors: 4}", "weight-decay has no observable `norm`"),
            ("- {observable: loss, transition: order, value: 1}", "names one of `transition`, `observable`"),
            (
                "- {observable: loss, at: {gama: 1}, value: 1, errors: 4}",
                "has no control `gama` (did you mean `gamma`?)"
            ),
            ("- {observable: loss, step: 3, value: 1, errors: 4}", "`loss` is not recorded along trajectories"),
            ("- {observable: loss, which: 3, value: 1, errors: 4}", "`which` belongs to `transition`"),
            ("- {observable: loss, between: [2, 1]}", "`between` is empty"),
            ("- {observable: loss, valu: 1}", "`valu` is no key of an expectation (did you mean `value`?)"),
            ("- {predict: phase, value: trivial}", "`predict` needs a `query`"),
            (
                "- {predict: minima.-1.x, query: {depth: 2}, value: 1, errors: 2}",
                "`-1` in `minima.-1.x` is no such number"
            ),
            ("- {predict: minima.+1, query: {depth: 2}, value: 1, errors: 2}", "counted from 0, and `+1`"),
            ("- {predict: minima..x, query: {depth: 2}, value: 1, errors: 2}", "`minima..x` has an empty part"),
            ("- {predict: \"\", query: {depth: 2}, value: 1, errors: 2}", "has an empty part"),
        ] {
            try recipe(landau, "  \(line)\n")
            let result = try landau.run("run", "sweeps/own/depth.yaml")
            #expect(result.status == 2)
            #expect(
                result.errors.contains("sweeps/own/depth.yaml:15:") && result.errors.contains(message),
                "\(result.errors)")
        }
        let missing = try landau.run("reproduce", "own/deph")
        #expect(missing.status == 2 && missing.errors.contains("did you mean `own/depth`?"))
    }
}

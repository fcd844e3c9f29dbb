import Foundation
import PhaseSpace
import Support
import Testing

/// Figures and refusals as a user meets them.
@Suite struct FigureCommandTests {
    @Test func aCollapseLeavesAFolderThatRebuilds() throws {
        let landau = try Landau()
        defer { landau.remove() }
        var lines: [String] = []
        for size in [8.0, 16, 32] {
            for k in 0..<11 {
                let control = 1.8 + 0.04 * Double(k)
                let y = pow(size, -0.125) / (1 + exp(0.5 * (control - 2) * size))
                lines.append("\(Int(size)) \(control) \(y) \(0.01 * y)")
            }
        }
        try landau.write(lines.joined(separator: "\n"), to: "study.tsv")
        let result = try landau.run("collapse", "study.tsv", "--figure", "drawn", "--format", "svg")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("drawn/collapse.svg"))
        for file in ["figure.gp", "values.tsv", "collapse.svg"] { #expect(landau.exists("drawn/" + file)) }
        let json = try landau.run("collapse", "study.tsv", "--json", "--figure", "drawn", "--format", "svg")
        #expect(json.status == 0 && json.errors.hasSuffix("\ndrawn/collapse.svg\n"))
        #expect(try JSONValue(parsing: json.output)["nu"] != nil)
    }

    @Test func aTablesCurvesAreDrawnAsTheyWereJudged() throws {
        let landau = try Landau()
        defer { landau.remove() }
        func rows(_ end: Double) -> String {
            (1...20).map { "\(Double($0) / 10) \($0 < Int(10 * end) ? 1 : 0.2) 0.01\n" }.joined()
        }
        try landau.write("# T m err\n" + rows(1), to: "one.txt")
        let one = try landau.run("transitions", "one.txt", "--figure", "drawn", "--format", "svg")
        #expect(one.status == 0 && one.output.hasSuffix("drawn/judgement.svg\n"), "\(one.errors)")
        for file in ["figure.gp", "values.tsv", "fits.tsv"] { #expect(landau.exists("drawn/" + file)) }
        try landau.write("# L = 8\n" + rows(1) + "\n\n# L = 16\n" + rows(1.2), to: "two.txt")
        let two = try landau.run("transitions", "two.txt", "--json", "--figure", "two", "--format", "svg")
        #expect(two.errors.hasSuffix("\ntwo/curve-1/judgement.svg\ntwo/curve-2/judgement.svg\n"))
        #expect(try JSONValue(parsing: two.output).list?.count == 2)
        let format = try landau.run("transitions", "one.txt", "--figure", "drawn", "--format", "gif")
        #expect(format.status == 2)
    }

    @Test func aLossIsNoOrderParameter() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec(replacing: ["[order-parameter, phase-diagram]": "[]"])
        let result = try landau.run("run", "small.yaml", "orderParameter=loss")
        #expect(result.status == 2 && result.output.isEmpty)
        #expect(result.errors.contains("`loss` is no order parameter"))
        #expect(result.errors.contains("squaredNorm"))
    }

    @Test func aSweepWithoutFiguresSaysThatItDrawsNone() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec(replacing: ["[order-parameter, phase-diagram]": "[]"])
        let result = try landau.run("run", "small.yaml")
        #expect(result.status == 0 && result.errors.contains("no figures"))
        #expect(!landau.exists("results/small/figures"))
        let plot = try landau.run("plot", "small.yaml", "--format", "svg")
        #expect(plot.status == 0 && landau.exists("results/small/figures/order-parameter/order-parameter.svg"))
    }

    @Test func thePopulationsCurveIsLeftOutWhereItIsTheTheorys() throws {
        let landau = try Landau()
        defer { landau.remove() }
        // Two of the values of β are thresholds, at which rounding decides on which side of a jump they are.
        try landau.write(
            """
            model: vae
            fixed: {activation: linear, hidden: 2}
            data: {teacher: gaussian, inputVariances: [4, 2], samples: population}
            axes: {beta: [1.5, 2, 3, 4, 4.5]}
            figures: [order-parameter, loss-derivatives]
            """, to: "collapse.yaml")
        for (samples, isDrawn) in [("population", false), ("50", true)] {
            let result = try landau.run("run", "collapse.yaml", "data.samples=\(samples)", "--out", samples)
            #expect(result.status == 0, "\(result.errors)")
            for figure in ["order-parameter", "loss-derivatives"] {
                let svg = try landau.text(of: "\(samples)/figures/\(figure)/\(figure).svg")
                #expect(svg.contains(">theory<") && svg.contains(">population<") == isDrawn, "\(samples): \(figure)")
            }
        }
    }

    @Test func aFigureThatIsAskedForAndCannotBeDrawnIsAFailure() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec(replacing: ["[order-parameter, phase-diagram]": "[trajectory]", "[cold, up, down]": "cold"])
        let run = try landau.run("run", "small.yaml")
        #expect(run.status == 0 && run.errors.contains("nothing to draw for `trajectory`"), "\(run.errors)")
        #expect(try landau.run("plot", "small.yaml", "--format", "svg").status == 0)
        for extra in [["--format", "svg"], ["--show"]] {
            let none = try landau.run(["plot", "small.yaml", "--figure", "trajectory,bifurcation"] + extra)
            #expect(none.status == 2 && none.output.isEmpty)
            for name in ["trajectory", "bifurcation"] {
                #expect(none.errors.contains("nothing to draw for `\(name)`: "), "\(none.errors)")
            }
            let some = try landau.run(["plot", "small.yaml", "--figure", "trajectory,order-parameter"] + extra)
            #expect(some.status == 0 && some.errors.contains("nothing to draw for `trajectory`"), "\(some.errors)")
            #expect(!some.output.isEmpty)
        }
        let empty = try landau.run("plot", "small.yaml", "--figure", "")
        #expect(empty.status == 2 && empty.errors.contains("`--figure` is empty"))
    }

    @Test func theSpinodalOverTheTransitionDependsOnDepthAlone() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let sweep = Landau.root.path + "/sweeps/weight-decay/spinodal.yaml"
        try landau.write(try String(contentsOfFile: sweep, encoding: .utf8), to: "spinodal.yaml")
        #expect(try landau.run("run", "spinodal.yaml").status == 0)
        let found = try #require(
            try JSONValue(parsing: try landau.run("transitions", "spinodal.yaml", "--json").output).list)
        try #require(found.count == 3)
        for (depth, transition) in zip([2.0, 3, 4], found) {
            let location = try #require(transition["location"]?.number)
            let spinodal = try #require(transition["spinodal"]?.number)
            #expect(abs(spinodal / location - (depth + 1) / pow(4, depth / (depth + 1))) < 1e-9)
        }
    }
}

import Foundation
import PhaseSpace
import Support
import Testing

@Suite struct CollapseCommandTests {
    /// L^(−1/8) f((T − 2)·L) with errors of one percent and no noise.
    private var table: String {
        var lines = ["# L T m error"]
        for size in [8.0, 16, 32] {
            for k in 0..<21 {
                let control = 1.8 + 0.02 * Double(k)
                let y = pow(size, -0.125) / (1 + exp(0.5 * (control - 2) * size))
                lines.append("\(Int(size))\t\(control)\t\(y)\t\(0.01 * y)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    @Test func aTableIsCollapsed() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.write(table, to: "study.tsv")
        let result = try landau.run("collapse", "study.tsv", "--json")
        #expect(result.status == 0, "\(result.errors)")
        let found = try JSONValue(parsing: result.output)
        for (name, exact, tolerance) in [("critical", 2, 0.005), ("nu", 1, 0.05), ("beta", 0.125, 0.02)] {
            let value = try #require(found[name]?["value"]?.number)
            let interval = try #require(found[name]?["interval"]?.numbers)
            #expect(abs(value - exact) < tolerance, "\(name) \(value)")
            #expect(interval[0] < exact && exact < interval[1])
        }
        #expect(found["sizes"]?.numbers == [8, 16, 32] && found["points"]?.number == 63)
        let text = try landau.run("collapse", "study.tsv")
        #expect(text.status == 0 && text.output.hasPrefix("T*   ") && text.output.contains("the sizes collapse"))
    }

    @Test func aSweepIsCollapsedAndDrawnByTheSameCode() throws {
        let landau = try Landau()
        defer { landau.remove() }
        // The signal's variance at the edge of chaos: σ_w² = 1, ν = 1 and β/ν = 1, the depth being the size.
        try landau.write(
            """
            model: edge-of-chaos
            seed: 3
            fixed: {width: 1000, biasVariance: 0}
            axes:
              depth: [8, 16, 32, 64]
              weightVariance: {from: 0.9, to: 1.1, points: 15}
            along: weightVariance
            replicas: 6
            orderParameter: variance
            figures: []
            """, to: "depths.yaml")
        let early = try landau.run("collapse", "depths.yaml")
        #expect(early.status == 2 && early.output.isEmpty && early.errors.contains("no results yet"), "\(early.errors)")
        #expect(try landau.run("run", "depths.yaml").status == 0)
        let result = try landau.run("collapse", "depths.yaml", "--json", "--figure", "drawn", "--format", "svg")
        #expect(result.status == 0, "\(result.errors)")
        let found = try JSONValue(parsing: result.output)
        #expect(found["sizes"]?.numbers == [8, 16, 32, 64])
        for name in ["critical", "nu", "betaOverNu"] {
            let interval = try #require(found[name]?["interval"]?.numbers)
            #expect(interval[0] < 1 && 1 < interval[1] && interval[1] - interval[0] < 1, "\(name) \(interval)")
        }
        let text = try landau.run("collapse", "depths.yaml")
        #expect(text.status == 0 && text.output.hasPrefix("σ_w²*  "), "\(text.errors)")
        let plot = try landau.run("plot", "depths.yaml", "--figure", "collapse", "--format", "svg")
        #expect(plot.status == 0, "\(plot.errors)")
        for table in ["values.tsv", "master.tsv", "residuals.tsv", "ranges.tsv"] {
            #expect(
                try landau.text(of: "drawn/" + table) == landau.text(of: "results/depths/figures/collapse/" + table))
        }
    }

    @Test func badTablesEndWithTwoAndAReason() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.write("8 1 2 0.1\n8 2 x 0.1\n", to: "bad.tsv")
        let bad = try landau.run("collapse", "bad.tsv")
        #expect(bad.status == 2 && bad.output.isEmpty)
        #expect(bad.errors == "landau: bad.tsv:2:5: `x` is not a number\n")
        try landau.write("8 1 2 0.1\n", to: "one.tsv")
        let one = try landau.run("collapse", "one.tsv")
        #expect(
            one.status == 2 && one.errors.hasSuffix("\nlandau: one.tsv: a collapse needs two sizes or more, not 1\n"))
        let none = try landau.run("collapse", "none.tsv")
        #expect(none.status == 2 && none.errors == "landau: none.tsv: cannot be read: there is no such file\n")
        let folder = try landau.run("collapse", ".")
        #expect(folder.status == 2 && folder.errors.contains("no results yet"))
        // Three sizes on one curve: any exponents would do.
        let rows = [8, 16, 32].flatMap { size in (1...12).map { "\(size) \(Double($0) / 10) \(1.0 / Double($0)) 0.01" }
        }
        try landau.write(rows.joined(separator: "\n") + "\n", to: "same.tsv")
        let same = try landau.run("collapse", "same.tsv")
        #expect(same.status == 2 && same.errors.contains("nothing depends on the size"), "\(same.errors)")
    }
}

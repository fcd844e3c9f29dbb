import Foundation
import PhaseSpace
import Support
import Testing

/// Derived controls, schemas and dry runs, as a user meets them.
@Suite struct SpecKeyTests {
    @Test func derivedControlsFollowTheirFormula() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec(replacing: [
            "fixed: {noise: 0.5, width: 4}":
                "derived: {noise: \"min(1, 0.25 * initScale)\", width: 2 * depth + 2, initScale: 1 + depth}"
        ])
        let run = try landau.run("run", "small.yaml")
        #expect(run.status == 0, "\(run.errors)")
        let rows = try landau.sql(
            "results/small/store.sqlite",
            "SELECT DISTINCT depth || ' ' || width || ' ' || noise || ' ' || initScale FROM observations ORDER BY 1")
        #expect(rows == "1 4 0.5 2.0\n2 6 0.75 3.0\n")
        #expect(run.output.contains("second") && run.output.contains("first"))
    }

    @Test func alongAnAxisThatMovesOtherControlsTheModelsDerivativesAreNotUsed() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec(replacing: [
            "fixed: {noise: 0.5, width: 4}": "fixed: {width: 4}\nderived: {noise: gamma / 2}",
            "points: 16": "points: 40",
        ])
        let run = try landau.run("run", "small.yaml")
        #expect(run.status == 0, "\(run.errors)")
        let result = try landau.run("transitions", "small.yaml", "--json")
        let list = try #require(try JSONValue(parsing: result.output).list)
        // One curve for each depth, though the noise differs at each of its points.
        #expect(list.count >= 2 && list.allSatisfy { $0["theory"]?.isNull == true })
    }

    @Test(arguments: [
        ("{noise: 0.5 / gama}", "bad.yaml:4:18: `gama` is no control of weight-decay (did you mean `gamma`?)"),
        ("{noise: 0.5 /}", "bad.yaml:4:18: the formula of `noise`, character 6: the formula ends where"),
        ("{gamma: 1 + 1}", "bad.yaml:4:11: `gamma` is set twice, here and at bad.yaml:8:3; keep one"),
        ("{nose: 1}", "bad.yaml:4:11: weight-decay has no control `nose`"),
        ("{activation: 1}", "`activation` must be one of linear, tanh, erf, shiftedErf(a), relu, relu(a,b), leakyRelu"),
        ("{noise: signal, signal: noise + 1}", "`noise`, `signal`: the formulas need each other in a circle"),
        ("{noise: 1 - 2}", "`noise` must be a number"),
        ("{noise: log(depth - 1)}", "is not a finite number here (at depth = 1"),
        ("{noise: [1, 2]}", "must be a formula such as"),
        ("{noise: exp(activation)}", "must be a number, not `linear`"),
        ("{noise: system(1)}", "there is no function `system`"), ("noise", "must be a mapping"),
    ]) func errorsInFormulasNameTheirPlace(_ derived: String, _ message: String) throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec(as: "bad", replacing: ["fixed: {noise: 0.5, width: 4}": "derived: \(derived)"])
        let result = try landau.run("run", "bad.yaml")
        #expect(result.status == 2)
        #expect(result.errors.contains(message), "\(result.errors)")
    }

    @Test func aChangedFormulaIsOtherPhysics() throws {
        let landau = try Landau()
        defer { landau.remove() }
        func write(_ formula: String) throws {
            try landau.spec(replacing: [
                "fixed: {noise: 0.5, width: 4}": "fixed: {width: 4}\nderived: {noise: \(formula)}"
            ])
        }
        try write("0.25 * depth")
        #expect(try landau.run("run", "small.yaml").status == 0)
        try write("0.5 * depth")
        let refused = try landau.run("run", "small.yaml")
        #expect(refused.status == 2)
        #expect(refused.errors.contains(#"derived.noise: "0.25 * depth" → "0.5 * depth""#), "\(refused.errors)")
    }

    @Test func dryRunsTellPointsTimeAndDiskAndLeaveNothing() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec(replacing: ["samples: population": "samples: 50"])
        let dry = try landau.run("run", "small.yaml", "--dry-run", "replicas=100", "--threads", "2")
        #expect(dry.status == 0, "\(dry.errors)")
        #expect(dry.output.contains("9600 points in 3600 chains"), "\(dry.output)")
        #expect(!landau.exists("results"))
        let found = try #require(dry.output.firstMatch(of: /about ([\d.]+) (MB|kB) of disk/))
        let bytes = try #require(Double(found.1)) * (found.2 == "MB" ? 1e6 : 1e3)
        #expect(try landau.run("run", "small.yaml", "replicas=100", "figures=order-parameter").status == 0)
        let size = try landau.folder.appendingPathComponent("results/small/store.sqlite")
            .resourceValues(forKeys: [.fileSizeKey]).fileSize!
        #expect(bytes / Double(size) > 0.6 && bytes / Double(size) < 1.6, "\(bytes) for \(size)")
    }

    @Test func theSchemaKnowsEveryKeyOfTheShippedSweeps() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let schema = try JSONValue(parsing: try landau.run("models", "weight-decay", "--schema").output)
        #expect(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema")
        let properties = try #require(schema["properties"])
        #expect(properties["model"]?["const"] == "weight-decay")
        #expect(properties["axes"]?["properties"]?["gamma"]?["description"]?.text?.contains("weight decay") == true)
        #expect(properties["fixed"]?["additionalProperties"] == false)
        #expect(properties["direction"]?["anyOf"]?.list?.first?["enum"] == ["cold", "up", "down", "branch"])
        let names = try #require(properties.object).keys
        for file in try FileManager.default.subpathsOfDirectory(atPath: Landau.root.path + "/sweeps")
        where file.hasSuffix(".yaml") {
            let text = try String(contentsOfFile: Landau.root.path + "/sweeps/" + file, encoding: .utf8)
            for line in text.split(separator: "\n") where !line.hasPrefix(" ") && !line.hasPrefix("#") {
                #expect(names.contains(String(line.prefix { $0 != ":" })), "\(file): \(line)")
            }
        }
        let all = try JSONValue(parsing: try landau.run("models", "--schema").output)
        #expect(all["title"] != nil)
    }
}

import Foundation
import PhaseSpace
import Support
import Testing

/// Every verb, end to end.
@Suite struct CommandTests {
    @Test func aSweepRunsIsJudgedDrawnAndContinued() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        #expect(try landau.run("status", "small.yaml").status == 1)
        let first = try landau.run("run", "small.yaml")
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.errors.contains("96 points (96 converged)"))
        #expect(first.output.contains("depth 1  second"))
        #expect(first.output.contains("depth 2  first"))
        for figure in ["order-parameter", "phase-diagram"] {
            for suffix in ["svg", "pdf", "png"] {
                #expect(landau.exists("results/small/figures/\(figure)/\(figure).\(suffix)"))
            }
            #expect(landau.exists("results/small/figures/\(figure)/figure.gp"))
        }
        #expect(!landau.exists("canary") && !landau.exists("results/small/figures/order-parameter/canary"))
        #expect(try landau.run("status", "small.yaml").status == 0)
        let again = try landau.run("run", "small.yaml")
        #expect(again.errors.contains("0 points") && again.errors.contains("96 were there already"))
        #expect(again.output == first.output)
        let more = try landau.run("run", "small.yaml", "depth=0,1,2")
        #expect(more.status == 0, "\(more.errors)")
        #expect(more.errors.contains("48 points (48 converged)"))
        #expect(more.output.contains("depth 0  none"))
        #expect(try landau.run("list").output.hasPrefix("small  "))
        #expect(try landau.run("delete", "small.yaml").status == 0)
        #expect(!landau.exists("results/small"))
    }

    @Test func verdictsAgreeWithTheExactTransitions() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec(replacing: ["points: 16": "points: 64"])
        #expect(try landau.run("run", "small.yaml").status == 0)
        let result = try landau.run("transitions", "small.yaml", "--json")
        let list = try #require(try JSONValue(parsing: result.output).list)
        #expect(list.map { $0["order"]?.text } == ["second", "first"])
        for transition in list {
            let location = try #require(transition["location"]?.number)
            let interval = try #require(transition["interval"]?.numbers)
            let exact = try #require(transition["theory"]?["location"]?.number)
            #expect(abs(location - exact) < 1e-3)
            #expect(interval[0] <= exact && exact <= interval[1])
            #expect(interval[0] < interval[1])
            #expect(!transition["sentence"]!.text!.isEmpty)
        }
        let spinodal = try #require(list[1]["spinodal"]?.number)
        #expect(abs(spinodal / list[1]["theory"]!["spinodal"]!.number! - 1) < 0.01)
        #expect(abs(list[1]["latentHeat"]!.number! / list[1]["theory"]!["latentHeat"]!.number! - 1) < 1e-4)
    }

    @Test func exportsDoNotDependOnThreadsKernelOrInterruption() throws {
        var exports: Set<String> = []
        for (threads, kernel) in [("1", "avx512"), ("2", ""), ("7", "avx2"), ("2", "baseline")] {
            let landau = try Landau()
            defer { landau.remove() }
            try landau.spec()
            let environment = ["LANDAU_KERNEL": kernel]
            let result = try landau.run("run", "small.yaml", "--threads", threads, environment: environment)
            if result.errors.contains("does not run") { continue }
            #expect(result.status == 0, "\(result.errors)")
            exports.insert(try landau.run("export", "small.yaml").output)
        }
        #expect(exports.count == 1)
        #expect(exports.first!.split(separator: "\n").count == 97)
        #expect(exports.first!.hasPrefix("gamma,depth,width,noise,"))
    }

    @Test func everyFigureFolderRebuildsWithGnuplotAlone() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec(replacing: [
            "[order-parameter, phase-diagram]":
                "[order-parameter, loss-derivatives, effective-landscape, phase-diagram]"
        ])
        let run = try landau.run("run", "small.yaml")
        #expect(run.status == 0, "\(run.errors)")
        let figures = landau.folder.appendingPathComponent("results/small/figures")
        let names = try FileManager.default.contentsOfDirectory(atPath: figures.path)
        #expect(names.count == 4)
        for name in names {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["gnuplot", "figure.gp"]
            process.currentDirectoryURL = figures.appendingPathComponent(name)
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0, "\(name)")
        }
    }

    @Test func predictionsAnswerLineByLineAndGoOnAfterABadOne() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let questions = """
            {"depth": 2, "gamma": 0.3}
            {"depth": 2, "gamma": -1}
            not json

            {"depth": 1}
            """
        let result = try landau.run("predict", "weight-decay", "--points", "-", "noise=0.5", input: questions)
        #expect(result.status == 2)
        let answers = try result.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
        #expect(answers.count == 4)
        #expect(answers[0]["phase"] == "ordered")
        #expect(answers[1]["error"]?.text?.contains("`gamma` must be") == true)
        #expect(answers[2]["error"]?.text?.contains("not valid JSON") == true)
        #expect(answers[3]["transition"]?["order"] == "second")
        #expect(answers[3]["phase"] == nil)
        let shell = try landau.run("predict", "weight-decay", "depth=2", "gamma=0.3", "noise=0.5")
        #expect(shell.status == 0)
        #expect(try JSONValue(parsing: shell.output) == answers[0])
    }

    @Test func theStarterSpecRuns() throws {
        let landau = try Landau()
        defer { landau.remove() }
        #expect(try landau.run("new", "weight-decay", "mine.yaml").status == 0)
        #expect(try landau.run("new", "weight-decay", "mine.yaml").status == 2)
        let result = try landau.run("run", "mine.yaml", "replicas=2")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("second") && result.output.contains("first"))
    }

    @Test func changedPhysicsIsRefusedWithTheDifference() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        #expect(try landau.run("run", "small.yaml").status == 0)
        try landau.spec(replacing: ["seed: 3": "seed: 4", "title: \"A": "title: \"Another"])
        let refused = try landau.run("run", "small.yaml")
        #expect(refused.status == 2)
        #expect(refused.errors.contains("seed") && refused.errors.contains("--restart"), "\(refused.errors)")
        try landau.spec(replacing: ["title: \"A": "title: \"Another"])
        #expect(try landau.run("run", "small.yaml").errors.contains("96 were there already"))
    }

    @Test func everyRestartKeepsTheStoreThatItReplaces() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        for seed in 1...3 {
            #expect(try landau.run("run", "small.yaml", "seed=\(seed)", "--restart").status == 0)
        }
        for (kept, seed) in [("store.sqlite.old", 1), ("store.sqlite.old.2", 2), ("store.sqlite", 3)] {
            let found = try landau.sql("results/small/\(kept)", "SELECT seed FROM provenance")
            #expect(found == "\(seed)\n", "\(kept): \(found)")
        }
    }

    @Test func versionNamesEverythingThatNumbersDependOn() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let version = try landau.run("--version").output
        for word in ["landau 0.2.0", "kernel ", "GSL 2", "gnuplot 5"] { #expect(version.contains(word), "\(version)") }
    }

    @Test func modelsListControlsAndObservables() throws {
        let landau = try Landau()
        defer { landau.remove() }
        #expect(try landau.run("models").output.contains("weight-decay: "))
        let page = try landau.run("models", "weight-decay").output
        for word in ["gamma", "depth", "squaredNorm", "default 8", "arXiv 2205.12510"] {
            #expect(page.contains(word), "\(word)")
        }
    }

    @Test func anybodysCurveIsJudged() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let rows = (0...40).map { i -> String in
            let x = 0.05 * Double(i)
            return "\(x)\t\(x < 1 ? 2 - x : 0.1)\t0.01"
        }
        try landau.write("# control\tvalue\terror\n" + rows.joined(separator: "\n") + "\n", to: "jump.tsv")
        let result = try landau.run("transitions", "jump.tsv", "--json")
        #expect(result.status == 0, "\(result.errors)")
        let list = try #require(try JSONValue(parsing: result.output).list)
        #expect(list.count == 1)
        #expect(list[0]["order"] == "first")
        #expect(abs(list[0]["location"]!.number! - 0.975) < 0.05)
    }
}

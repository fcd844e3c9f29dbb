import Foundation
import Testing

/// Sweeps whose points a program trains, as a user runs them.
@Suite struct ProgramTests {
    /// The example in a folder of its own, with a small sweep of it.
    func example(_ landau: Landau, replacing: [String: String] = [:]) throws {
        try program(
            landau,
            String(
                contentsOf: Landau.root.appendingPathComponent("Examples/Programs/tied_autoencoder.py"), encoding: .utf8
            ))
        var text = """
            title: A tied autoencoder collapses
            model: ./net.py
            axes:
              variance: [0.5, 1]
              gamma: {from: 0.2, to: 3, points: 24, spacing: log}
            along: gamma
            direction: [cold, up, down]
            """
        for (old, new) in replacing { text = text.replacingOccurrences(of: old, with: new) }
        try landau.write(text + "\n", to: "small.yaml")
    }

    func program(_ landau: Landau, _ text: String) throws { try landau.write(text, to: "net.py") }

    func run(_ landau: Landau, _ arguments: String..., environment: [String: String] = [:]) throws
        -> Landau.Result
    {
        try landau.run(arguments, environment: Self.environment.merging(environment) { $1 })
    }
    private static let environment = ["LANDAU_SHARE": Landau.root.path]

    func export(_ landau: Landau, _ sweep: String = "small.yaml") throws -> String {
        let result = try run(landau, "export", sweep)
        #expect(result.status == 0, "\(result.errors)")
        return result.output
    }

    /// A small program with the helper: `body` is the inside of `train(chain)`.
    func toy(_ body: String, more: String = "", head: String = "") -> String {
        """
        import random
        import landau_nets as landau
        \(head)
        def train(chain):
        \(body.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
        landau.serve(train, name="toy", version="1", controls={"gamma": landau.real(low=0)},
                     observables={"loss": landau.free_energy(), "squaredNorm": landau.derivative("loss", "gamma")},
                     order_parameter="squaredNorm", directions=["cold", "up", "down"], \(more)
                     starter="model: ./net.py\\naxes:\\n  gamma: {from: 0.2, to: 1.6, points: 8}\\nalong: gamma\\ndirection: [cold, up]\\n")
        """
    }

    // MARK: - From the sweep file to the verdict

    @Test func aProgramsSweepIsTrainedAndJudged() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try example(landau)
        let result = try run(landau, "run", "small.yaml")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("variance 0.5: second order at γ = 1.0000"), "\(result.output)")
        #expect(result.output.contains("variance 1: second order at γ = 2.0000"), "\(result.output)")
        #expect(try run(landau, "status", "small.yaml").output.hasPrefix("144 points: 144 done"))
        #expect(landau.exists("results/small/program-0.log"))
    }

    @Test func verbsThatReadStartNoProgram() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try example(landau)
        #expect(try run(landau, "run", "small.yaml").status == 0)
        let table = try run(landau, "transitions", "small.yaml").output
        try program(landau, "raise SystemExit('started')")
        #expect(try run(landau, "status", "small.yaml").status == 0)
        #expect(try run(landau, "transitions", "small.yaml").output == table)
        #expect(try export(landau).split(separator: "\n").count == 145)
        #expect(try run(landau, "merge", "results/small", "--into", "joined").status == 0)
        #expect(try run(landau, "repair", "results/small").status == 0)
        #expect(try export(landau).split(separator: "\n").count == 145)
        #expect(try run(landau, "delete", "small.yaml").output.contains("removed results/small"))
    }

    @Test func aDryRunLeavesNothingBehind() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try example(landau)
        let result = try run(landau, "run", "small.yaml", "--dry-run")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("model program:tied-autoencoder"))
        #expect(result.output.contains("144 points in 52 chains"), "\(result.output)")
        #expect(!landau.exists("results"))
    }

    @Test func aStarterAndAPageComeFromTheProgram() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try example(landau)
        #expect(try run(landau, "new", "./net.py", "mine.yaml").status == 0)
        #expect(try landau.text(of: "mine.yaml").contains("model: ./net.py\n"))
        #expect(try run(landau, "models", "./net.py").output.contains("variance of the data"))
        #expect(try run(landau, "models", "./net.py", "--schema").output.contains("\"gamma\""))
    }

    @Test func workersShardsAndStopsChangeNoResult() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try example(landau)
        #expect(try run(landau, "run", "small.yaml").status == 0)
        let straight = try export(landau)
        #expect(try run(landau, "run", "small.yaml", "workers=2", "--out", "two").status == 0)
        #expect(try run(landau, "export", "small.yaml", "--out", "two").output == straight)
        for shard in 1...3 {
            #expect(try run(landau, "run", "small.yaml", "--shard", "\(shard)/3", "--out", "parts").status == 0)
        }
        let parts = (1...3).map { "parts/shard-\($0)-of-3" }
        #expect(try landau.run(["merge"] + parts, environment: Self.environment).status == 0)
        #expect(try run(landau, "export", "small.yaml", "--out", "parts").output == straight)
    }

    @Test func aLoopOfItsOwnAsksForPointsAndTells() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.write(
            """
            model: {run: [python3, -m, landau_nets]}
            axes:
              gamma: [0.5, 1, 1.5]
            direction: [up, down]

            """, to: "small.yaml")
        try landau.write(
            """
            import os, sys
            sys.path.insert(0, os.environ["LANDAU_SHARE"] + "/python")
            import landau_nets
            asked = []
            for point in landau_nets.points(
                    "small.yaml", name="loop", version="1", controls={"gamma": landau_nets.real(low=0)},
                    observables={"loss": landau_nets.free_energy(), "m": landau_nets.observable()}, order_parameter="m",
                    directions=["cold", "up", "down"], landau=[sys.argv[1]]):
                asked.append((point["gamma"], point.is_first))
                point.converged(loss=1, m=point["gamma"])
            assert asked == [(0.5, True), (1.0, False), (1.5, False), (1.5, True), (1.0, False), (0.5, False)], asked

            """, to: "loop.py")
        let loop = try landau.shell(
            "-c", "python3 loop.py '\(Landau.executable.path)'", environment: Self.environment)
        #expect(loop.status == 0, "\(loop.errors)")
        #expect(try run(landau, "status", "small.yaml").output.hasPrefix("6 points: 6 done"))
        // Nobody asks now.
        #expect(try run(landau, "run", "small.yaml", "--restart").status == 3)
    }

    @Test func theShellScriptNeedsNoHelper() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let script = Landau.root.appendingPathComponent("Examples/Programs/tied_autoencoder.sh")
        try FileManager.default.copyItem(at: script, to: landau.folder.appendingPathComponent("net.sh"))
        try landau.write(
            "model: {run: [sh, net.sh]}\naxes:\n  gamma: [0.5, 1, 1.5, 2.5]\ndirection: [up]\n", to: "small.yaml")
        let result = try run(landau, "run", "small.yaml")
        #expect(result.status == 0, "\(result.errors)")
        #expect(try export(landau).contains("0.5,0,up,converged,,0.4375,0.75000000000000"))
    }

    // MARK: - Errors

    @Test func errorsOfTheSweepPointAtItsLines() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try example(landau, replacing: ["variance: [0.5, 1]": "varianze: [0.5, 1]"])
        let unknown = try run(landau, "run", "small.yaml")
        #expect(unknown.status == 2)
        #expect(unknown.errors.contains("small.yaml:4:3: "), "\(unknown.errors)")
        #expect(unknown.errors.contains("did you mean `variance`"))
        #expect(!landau.exists("results/small"))
        try example(landau, replacing: ["./net.py": "./nett.py"])
        #expect(
            try run(landau, "run", "small.yaml").errors.contains(
                "small.yaml:2:8: the program `./nett.py` cannot be run"))
        try example(landau, replacing: ["model: ./net.py": "model: weight-decay\nworkers: 2"])
        #expect(try run(landau, "run", "small.yaml").errors.contains("small.yaml:3:1: `workers` is for programs"))
    }

    @Test func aRefusedSettingPointsAtItsLine() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try program(
            landau,
            toy(
                "yield from ()", more: "setup=setup, settings={'data': {'samples': landau.integer(1, default=4)}},",
                head: """
                    def setup(opened):
                        if opened.data["samples"] > 10:
                            raise landau.Refused("data.samples", "there are 10 samples only")
                    """))
        try landau.write("model: ./net.py\ndata:\n  samples: 12\naxes:\n  gamma: [1, 2]\n", to: "small.yaml")
        let result = try run(landau, "run", "small.yaml")
        #expect(result.status == 2)
        #expect(
            result.errors.contains("small.yaml:3:3: ./net.py refuses this: there are 10 samples only"),
            "\(result.errors)")
    }

    @Test func aMissingLibraryIsAMissingTool() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try program(landau, "import landau_nets\nlandau_nets.unavailable('No module named torch')\n")
        try landau.write(
            "model: ./net.py\naxes:\n  gamma: [1, 2]\nexpect:\n  - {at: {gamma: 1}, observable: loss, value: 1}\n",
            to: "small.yaml")
        let result = try run(landau, "run", "small.yaml")
        #expect(result.status == 3)
        #expect(result.errors.contains("it cannot work here: No module named torch"), "\(result.errors)")
        let recipe = try run(landau, "reproduce", "small.yaml")
        #expect(recipe.status == 3)
        #expect(recipe.errors.contains("LEFT OUT"))
    }

    // MARK: - Failures

    @Test(arguments: ["cold", "up"])
    func oneFailingValueCostsThatValueAlone(direction: String) throws {
        let landau = try Landau()
        defer { landau.remove() }
        try program(
            landau,
            toy(
                "for point in chain:\n    g = point['gamma']\n    assert g != 3, 'three'\n    yield point.converged(loss=g, squaredNorm=1)"
            ))
        try landau.write(
            "model: ./net.py\nreplicas: 4\naxes:\n  gamma: [1, 2, 3, 4, 5]\ndirection: \(direction)\n", to: "small.yaml"
        )
        let result = try run(landau, "run", "small.yaml")
        #expect(result.status == 0, "\(result.errors)")
        let rows = try export(landau).split(separator: "\n").dropFirst()
        #expect(rows.filter { $0.contains(",failed,") }.count == 4)
        #expect(rows.filter { $0.contains(",failed,") }.allSatisfy { $0.hasPrefix("3,") && $0.contains("three") })
        #expect(rows.filter { $0.contains("continued past gamma = 3") }.count == (direction == "up" ? 8 : 0))
        // Mended, the failed points are trained, and those behind them with them.
        try program(landau, toy("for point in chain:\n    yield point.converged(loss=point['gamma'], squaredNorm=1)"))
        let changed = try run(landau, "run", "small.yaml", "--retry", "failed")
        #expect(changed.status == 2)
        #expect(changed.errors.contains("net.py has changed since 20 points were trained"), "\(changed.errors)")
        #expect(try run(landau, "run", "small.yaml", "--retry", "failed", "--same-results").status == 0)
        #expect(!(try export(landau)).contains(/failed|continued/))
    }

    @Test func aBrokenProgramStopsTheRunWithItsSentence() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try program(landau, toy("for point in chain:\n    raise ValueError('broken')\n    yield"))
        try landau.write("model: ./net.py\naxes:\n  gamma: {from: 1, to: 50, points: 50}\n", to: "small.yaml")
        let result = try run(landau, "run", "small.yaml")
        #expect(result.status == 1)
        #expect(result.errors.contains("points failed at gamma = 1, 2, 3"), "\(result.errors)")
        #expect(result.errors.components(separatedBy: "the run was stopped").count == 2)
        #expect(try export(landau).split(separator: "\n").count == 4)
    }

    /// - Parameter isPolished: whether points wait for Newton's method until their chain is done, and no state is kept.
    @Test(arguments: [(false, 5), (true, 1)])
    func killsAtRandomTimesLeaveTheStraightRunsResults(isPolished: Bool, rounds: Int) throws {
        let landau = try Landau()
        defer { landau.remove() }
        // Slow enough to be killed in the middle, with states behind every point.
        try example(landau, replacing: ["variance: [0.5, 1]": "variance: [1]", "[cold, up, down]": "[up, down]"])
        var text = try landau.text(of: "net.py")
        if !isPolished { text.replace(", theta=[w]", with: "") }
        try program(
            landau,
            text.replacingOccurrences(of: "import random\n", with: "import random\nimport time\n")
                .replacingOccurrences(
                    of: "        chain.save(w)", with: "        chain.save(w)\n        time.sleep(0.02)"))
        #expect(try run(landau, "run", "small.yaml").status == 0)
        let straight = try export(landau)
        for round in 0..<rounds {
            for kill in 0..<4 {
                let running = try landau.start(
                    ["run", "small.yaml", "--out", "killed\(round)"],
                    environment: Self.environment.merging(["LANDAU_SAVE_EVERY": "0"]) { $1 })
                usleep(UInt32(150_000 + (round * 37 + kill * 113) % 400 * 1000))
                post(running.process.processIdentifier, SIGKILL)
                _ = try running.result()
            }
            let end = try run(landau, "run", "small.yaml", "--out", "killed\(round)")
            #expect(end.status == 0, "\(end.errors)")
            #expect(try run(landau, "export", "small.yaml", "--out", "killed\(round)").output == straight)
        }
    }

    @Test func aChildOfAnEarlierRunThatTrainsOnIsWaitedForAndNamed() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try program(
            landau,
            toy(
                "import time\nfor point in chain:\n    time.sleep(1000)\n    yield",
                head: """
                    import os
                    real = os._exit
                    os._exit = lambda status: None
                    """))
        try landau.write("model: ./net.py\naxes:\n  gamma: [1, 2]\n", to: "small.yaml")
        let running = try landau.start(["run", "small.yaml"], environment: Self.environment)
        var child: pid_t = 0
        for _ in 0..<100 where child == 0 {
            usleep(100_000)
            child =
                (try? landau.text(of: "results/small/scratch/worker-0.lock")).flatMap { pid_t($0.filter(\.isNumber)) }
                ?? 0
        }
        usleep(500_000)
        post(running.process.processIdentifier, SIGKILL)
        _ = try running.result()
        let second = try run(landau, "run", "small.yaml")
        #expect(second.status == 2)
        #expect(
            second.errors.contains("a program of an earlier run still trains here (process \(child))"),
            "\(second.errors)")
        #expect(post(child, 0) == 0, "nobody is killed by number")
        post(-child, SIGKILL)
    }
}

/// The system's, which a local of the same name hides.
@discardableResult private func post(_ process: pid_t, _ signal: Int32) -> Int32 { kill(process, signal) }

import Foundation
import Support
import Testing

/// Minima and branches of a program's own net, by what it answers to `evaluate`.
@Suite struct ProgramBranchTests {
    private func run(_ landau: Landau, _ arguments: String...) throws -> Landau.Result {
        try landau.run(arguments, environment: ["LANDAU_SHARE": Landau.root.path])
    }

    private func verdicts(_ landau: Landau, _ file: String) throws -> [JSONValue] {
        let result = try run(landau, "transitions", file, "--json")
        #expect(result.status == 0, "\(result.errors)")
        return try #require(try JSONValue(parsing: result.output).list)
    }

    /// Columns of the export as numbers, row by row; a value that is absent is nil.
    private func rows(_ landau: Landau, _ file: String) throws -> [[String: String]] {
        let lines = try run(landau, "export", file).output.split(separator: "\n", omittingEmptySubsequences: false)
        let names = lines[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        return lines.dropFirst().filter { !$0.isEmpty }.map { line in
            Dictionary(
                zip(names, line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)),
                uniquingKeysWith: { $1 })
        }
    }

    @Test func aBranchOfAProgramLocatesItsTransitionToTheCorrectorsAccuracy() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.write(
            String(
                contentsOf: Landau.root.appendingPathComponent("Examples/Programs/tied_autoencoder.py"), encoding: .utf8
            ), to: "net.py")
        try landau.write(
            """
            model: ./net.py
            axes:
              variance: [0.5, 1]
              gamma: {from: 0.2, to: 3, points: 16, spacing: log}
            along: gamma
            direction: [cold, up, branch]
            figures: [bifurcation]

            """, to: "small.yaml")
        let result = try run(landau, "run", "small.yaml")
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(landau.exists("results/small/figures/bifurcation/bifurcation.svg"))
        let found = try verdicts(landau, "small.yaml")
        try #require(found.count == 2)
        for (transition, v) in zip(found, [0.5, 1]) {
            #expect(transition["order"] == "second")
            #expect(transition["evidence"]?["method"] == "branches followed round their folds")
            #expect(abs((transition["location"]?.number ?? .nan) - 2 * v) < 1e-10)
            let interval = try #require(transition["interval"]?.numbers)
            #expect(interval[0] <= 2 * v && 2 * v <= interval[1] && interval[1] - interval[0] < 1e-8)
            #expect(abs((transition["curvatureJump"]?.number ?? .nan) - 0.5 / v) < 1e-6)
        }
        // F″ = −1/2v on the ordered side and 0 beyond, at every point and in every direction.
        for row in try rows(landau, "small.yaml") {
            let v = try #require(Double(row["variance"]!))
            let gamma = try #require(Double(row["gamma"]!))
            #expect(row["outcome"] == "converged", "\(row)")
            let curvature = try #require(row["lossCurvature"].flatMap(Double.init), "\(row)")
            #expect(abs(curvature - (gamma < 2 * v ? -0.5 / v : 0)) < 1e-9, "\(row)")
            let square = try #require(row["squaredNorm"].flatMap(Double.init))
            #expect(abs(square - max(0, 1 - gamma / (2 * v))) < 1e-12, "\(row)")
        }
    }

    /// F = (1 − w³)² + γ w²: γ = 3 w (1 − w³) on the branch, which ends at w³ = 1/4 and is as low as the zero net at w³ = 1/2.
    /// `descend` is how many steps of descent the program makes.
    private func cubic(descend: Int = 4000, evaluates: String = "gradient, hessianAction", fault: String = "") -> String
    {
        """
        import os
        import landau_nets as landau
        def train(chain):
            w = 1.0
            for point in chain:
                g = point["gamma"]
                for _ in range(\(descend)):
                    w -= 0.02 * (2 * g * w - 6 * w * w * (1 - w ** 3))
                yield point.completed(loss=(1 - w ** 3) ** 2 + g * w * w, squaredNorm=w * w, own=g, theta=[w])
        def evaluate(question):
            w, g = question.theta[0], question.controls["gamma"]
            \(fault)
            answer = {"loss": (1 - w ** 3) ** 2 + g * w * w, "gradient": [2 * g * w - 6 * w * w * (1 - w ** 3)],
                      "hessianAction": [[(2 * g - 12 * w + 30 * w ** 4) * v[0]] for v in question.vectors],
                      "controlDerivative": w * w, "controlGradient": [2 * w]}
            return {name: answer[name] for name in question.want}
        landau.serve(train, name="cubic", version="1", controls={"gamma": landau.real(low=0)},
                     observables={"loss": landau.free_energy(), "squaredNorm": landau.derivative("loss", "gamma"),
                                  "own": landau.observable(order_parameter=False)},
                     order_parameter="squaredNorm", directions=["cold", "up"], evaluate=evaluate, parameters=1,
                     evaluates="\(evaluates)".split(", "))

        """
    }

    private func sweep(_ landau: Landau, _ program: String, _ direction: String, gamma: String) throws {
        try landau.write(program, to: "net.py")
        try landau.write(
            "model: ./net.py\naxes:\n  gamma: \(gamma)\nalong: gamma\ndirection: \(direction)\n", to: "cubic.yaml")
    }

    @Test(arguments: ["gradient, hessianAction", "gradient, hessianAction, controlGradient"])
    func aFoldOfAProgramsBranchIsItsSpinodal(evaluates: String) throws {
        let landau = try Landau()
        defer { landau.remove() }
        try sweep(
            landau, cubic(evaluates: evaluates), "[cold, branch]", gamma: "{from: 0.4, to: 2, points: 9}")
        let result = try run(landau, "run", "cubic.yaml")
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        let found = try verdicts(landau, "cubic.yaml")
        try #require(found.count == 1)
        #expect(found[0]["order"] == "first")
        #expect(abs((found[0]["location"]?.number ?? .nan) - 1.5 / 2.0.cubeRoot) < 1e-9)
        #expect(abs((found[0]["spinodal"]?.number ?? .nan) - 2.25 / 4.0.cubeRoot) < 1e-8)
    }

    @Test func minimaArePolishedFromWhereTheProgramHasStopped() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try sweep(landau, cubic(descend: 10), "[cold, up]", gamma: "[0.4, 0.6, 0.8]")
        #expect(try run(landau, "run", "cubic.yaml").status == 0)
        for row in try rows(landau, "cubic.yaml") {
            #expect(row["outcome"] == "converged" && row["reason"] ?? "" == "")
            let (gamma, square) = (Double(row["gamma"]!)!, Double(row["squaredNorm"]!)!)
            let w = square.squareRoot()
            #expect(abs(3 * w * (1 - w * w * w) - gamma) < 1e-13, "\(row)")
            // Newton's method has gone far from where this was measured.
            #expect(row["own"] == "", "\(row)")
        }
    }

    @Test func aSaddleIsNoMinimum() throws {
        let landau = try Landau()
        defer { landau.remove() }
        // From 1 it falls to 0.9; w³ < 1/4 is the unstable part of the branch.
        let program = cubic(descend: 0).replacingOccurrences(of: "w = 1.0", with: "w = 0.2")
        try sweep(landau, program, "cold", gamma: "[0.6]")
        _ = try run(landau, "run", "cubic.yaml")
        let row = try #require(try rows(landau, "cubic.yaml").first)
        #expect(row["outcome"] == "stalled")
        let reason = try landau.sql("results/cubic/store.sqlite", "SELECT reason FROM observations")
        #expect(reason.contains("a saddle: its lowest curvature is -"), "\(reason)")
    }

    @Test(arguments: [
        ("os.abort() if abs(g - 0.6) < 1e-6 else None", "failed", "SIGABRT"),
        ("1 / (abs(g - 0.6) > 1e-6)", "completed", "ZeroDivisionError"),
        ("g = g if abs(g - 0.6) > 1e-6 else float('nan')", "completed", "without `loss`"),
    ])
    func aFaultInEvaluateCostsItsPointAlone(fault: String, outcome: String, sentence: String) throws {
        let landau = try Landau()
        defer { landau.remove() }
        try sweep(landau, cubic(fault: fault), "[cold, up]", gamma: "[0.4, 0.6, 0.8]")
        _ = try run(landau, "run", "cubic.yaml")
        for row in try rows(landau, "cubic.yaml") {
            let isFaulty = row["gamma"].flatMap(Double.init) == 0.6
            #expect(row["outcome"] == (isFaulty ? outcome : "converged"), "\(row)")
        }
        let reasons = try landau.sql("results/cubic/store.sqlite", "SELECT reason FROM observations WHERE gamma = 0.6")
        #expect(reasons.components(separatedBy: sentence).count == 3, "\(reasons)")
    }

    @Test func aBranchAsksForGradientAndHessian() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try sweep(landau, cubic(evaluates: "gradient"), "branch", gamma: "[0.4, 0.6]")
        let refused = try run(landau, "run", "cubic.yaml")
        #expect(refused.status == 2 && refused.errors.contains("branch"), "\(refused.errors)")
    }
}

extension Double {
    fileprivate var cubeRoot: Double { cbrt(self) }
}

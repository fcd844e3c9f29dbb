import Foundation
import PhaseSpace
import Support
import Sweeps
import Synchronization

/// Calls that a test wants to hear of, by the seed of its sweep: tests run side by side.
enum Ears {
    static let onPoint = Mutex<[UInt64: @Sendable (Point) -> Void]>([:])
    static func hear(_ point: Point, seed: UInt64) { onPoint.withLock { $0[seed] }?(point) }
}

/// A free energy in closed form with a transition at γ = 1: continuous for depth 1, first order with metastable
/// branches in 0.8 < γ < 1.2 above. Warm chains have a memory, so that their history shows.
struct ToyEquilibrium: StaticModel {
    static let declaration = ModelDeclaration(
        name: "toy-equilibrium", summary: "a closed-form transition", sources: [],
        controls: [
            ControlParameter(
                "gamma", symbol: "γ", kind: .real(0...Double.infinity, excludingLow: true), defaultValue: nil,
                meaning: "weight decay"),
            ControlParameter("depth", symbol: "D", kind: .integer(0...8), defaultValue: .number(1), meaning: "layers"),
            ControlParameter("width", symbol: "d", kind: .integer(1...64), defaultValue: .number(4), meaning: "units"),
            ControlParameter(
                "noise", symbol: "σ²", kind: .realPerLayer(0...10), defaultValue: .number(0), meaning: "noise"),
            ControlParameter(
                "activation", symbol: "φ", kind: .choice(["linear", "tanh", "relu"]), defaultValue: .text("linear"),
                meaning: "activation"),
            ControlParameter(
                "fault", symbol: "", kind: .choice(["none", "throws", "silent", "undeclared", "dead"]),
                defaultValue: .text("none"), meaning: "what goes wrong"),
            ControlParameter(
                "tilt", symbol: "h", kind: .real(-1...1), defaultValue: nil, meaning: "of no effect", isOptional: true),
        ],
        observables: [
            Observable("loss", symbol: "F", meaning: "loss"),
            Observable("zeroNetLoss", symbol: "F₀", meaning: "loss of the zero net"),
            Observable("squaredNorm", symbol: "R", meaning: "order parameter"),
            Observable("overlap", symbol: "q", meaning: "absent in the trivial phase"),
        ],
        orderParameter: "squaredNorm",
        dataKeys: [
            ControlParameter(
                "samples", symbol: "n", kind: .choice(["population"]), defaultValue: .text("population"), meaning: ""),
            ControlParameter("samples", symbol: "n", kind: .integer(1...100_000), defaultValue: nil, meaning: ""),
            ControlParameter("file", symbol: "", kind: .formula, defaultValue: nil, meaning: "a file"),
        ],
        training: [
            ControlParameter("tolerance", symbol: "", kind: .real(0...1), defaultValue: .number(1e-10), meaning: "")
        ],
        directions: [.cold, .up, .down], starterSpec: "")

    let settings: ModelSettings
    let dataFingerprint: String

    init(settings: ModelSettings) throws {
        self.settings = settings
        guard let file = settings.data["file"]?.text else {
            dataFingerprint = ""
            return
        }
        guard let text = try? String(contentsOfFile: settings.folder + "/" + file, encoding: .utf8) else {
            throw ControlError(control: "file", message: "no data file `\(file)` in the folder of the spec")
        }
        dataFingerprint = sha256(text)
    }

    func validate(_ controls: [String: ControlValue]) throws(ControlError) {
        if case .list(let values) = controls["noise"], Double(values.count) != controls["depth"]?.number {
            throw ControlError(control: "noise", message: "`noise` needs one value per hidden layer")
        }
    }

    func packKey(of chain: Chain) -> String {
        "\(chain.points[0].controls["depth"]!) \(chain.points[0].controls["fault"]!) \(chain.direction)"
    }

    func run(_ context: any RunContext) throws {
        while let chain = context.nextChain() {
            var (first, isOrdered) = (0, chain.direction == .up)
            if let state = context.checkpoint(of: chain) { (first, isOrdered) = (Int(state[0]), state[1] == 1) }
            for index in first..<chain.points.count {
                if context.isCancelled { return }
                let point = chain.points[index]
                Ears.hear(point, seed: settings.seed)
                guard let observation = try observe(point, &isOrdered) else { continue }
                context.record(observation)
                if chain.points.count > 1 {
                    context.save(checkpoint: [UInt8(index + 1), isOrdered ? 1 : 0], of: chain)
                }
            }
        }
    }

    private func observe(_ point: Point, _ isOrdered: inout Bool) throws -> Observation? {
        let gamma = try point.number("gamma")
        let depth = try point.number("depth")
        let half = depth > 1 ? 0.2 : 0
        switch point.direction {
        case .up: isOrdered = isOrdered && gamma < 1 + half
        case .down: isOrdered = isOrdered || gamma < 1 - half
        default: isOrdered = gamma < 1
        }
        switch point.controls["fault"]!.text! {
        case "throws" where gamma > 0.5: throw ControlError(control: "fault", message: "the net has burst")
        case "silent" where gamma > 0.5: return nil
        case "undeclared": return Observation(point: point, outcome: .converged, values: ["sharpness": 1])
        case "dead" where gamma > 0.5:
            return Observation(point: point, outcome: .dead, reason: "layer 1, \"all\" units", values: [:], seconds: 1)
        default: break
        }
        // Replicas differ by their own random numbers, which only the identity decides.
        let jitter = Double(point.identity.randomKey >> 40) * 1e-12
        let norm = isOrdered ? (depth > 1 ? 0.5 : 0) + abs(1 - gamma) + jitter : 0
        var values = ["zeroNetLoss": 1.0, "loss": 1 - norm * (1 - gamma), "squaredNorm": norm]
        if isOrdered { values["overlap"] = 1 / 3.0 + jitter }
        return Observation(
            point: point, outcome: .converged, values: values, seconds: Double.random(in: 0...1))
    }

    static func predict(_ query: JSONValue) throws -> JSONValue { .null }
}

/// Gradient descent on x²/2, step by step: a model of dynamics, whose result is its trajectory.
struct ToyDynamics: StaticModel {
    static let declaration = ModelDeclaration(
        name: "toy-dynamics", summary: "gradient descent on a parabola", sources: [],
        controls: [
            ControlParameter(
                "learningRate", symbol: "η", kind: .real(0...10, excludingLow: true), defaultValue: nil, meaning: ""),
            ControlParameter("steps", symbol: "T", kind: .integer(1...1000), defaultValue: .number(8), meaning: ""),
        ],
        observables: [
            Observable("x", symbol: "x", meaning: "the weight", isRecordedAlongTrajectory: true),
            Observable("loss", symbol: "L", meaning: "x²/2", isRecordedAlongTrajectory: true),
            Observable("contraction", symbol: "", meaning: "|1 − η|; of the whole run"),
        ],
        orderParameter: "x", starterSpec: "")

    init(settings: ModelSettings) {}

    func packKey(of chain: Chain) -> String { "\(chain.points[0].controls["steps"]!)" }

    func run(_ context: any RunContext) throws {
        while let chain = context.nextChain() {
            let point = chain.points[0]
            let eta = try point.number("learningRate")
            var x = 1.0
            var rows: [TrajectoryRow] = []
            var outcome = Outcome.completed
            for step in 0...Int(try point.number("steps")) {
                rows.append(TrajectoryRow(step: step, values: ["x": x, "loss": x * x / 2]))
                x -= eta * x
                if abs(x) > 100 {
                    outcome = .diverged
                    break
                }
            }
            context.record(
                Observation(
                    point: point, outcome: outcome, reason: outcome == .diverged ? "|x| > 100" : "",
                    values: outcome == .diverged ? [:] : ["x": x, "loss": x * x / 2, "contraction": abs(1 - eta)],
                    trajectory: rows))
        }
    }

    static func predict(_ query: JSONValue) throws -> JSONValue { .null }
}

let toys = [ModelFamily(ToyEquilibrium.self), ModelFamily(ToyDynamics.self)]

/// A folder of its own for a test, gone when the test is.
final class Workbench {
    let folder: String

    init() {
        folder = NSTemporaryDirectory() + "sweeps-tests-" + UUID().uuidString
        try! FileManager.default.createDirectory(atPath: folder + "/sweeps", withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var storePath: String { folder + "/results/store.sqlite" }

    func spec(
        _ text: String, _ overrides: [String] = [], file: String = "sweeps/toy.yaml", models: [ModelFamily] = toys
    ) throws -> SweepSpec {
        let path = folder + "/" + file
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return try SweepSpec.read(path: path, overrides: overrides, models: models)
    }
    func plan(_ text: String, _ overrides: [String] = []) throws -> SweepPlan {
        try SweepPlan(try spec(text, overrides))
    }

    /// Runs a whole sweep into a store of its own and exports it.
    func result(
        of plan: SweepPlan, threads: Int = 1, store name: String = UUID().uuidString, format: ExportFormat = .csv
    ) throws -> String {
        let store = try Store.open("\(folder)/\(name).sqlite", for: plan, .writing)
        _ = try SweepRunner(plan: plan, store: store, threads: threads).run()
        defer { try? store.close() }
        return try plan.export(from: store, format)
    }
}

extension SweepPlan {
    func export(from store: Store, _ format: ExportFormat = .csv, timings: Bool = false) throws -> String {
        var text = ""
        try export(from: store, as: format, timings: timings) { text += $0 }
        return text
    }
}

/// A text that several threads write to.
final class Shared: Sendable {
    private let text = Mutex("")
    func append(_ piece: String) { text.withLock { $0 += piece } }
    var value: String { text.withLock { $0 } }
}
